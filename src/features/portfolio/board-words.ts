import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { PictureLocale } from '../pictures/index.ts';
import type { Shown } from './light-sign.ts';

interface BoardWords {
  lights: Record<Shown, string>;
  project: string;
  progress: string;
  gap: string;
  planned: string;
  whole: string;
  nothing: string;
  neverReported: string;
  asOf(date: CalendarDate): string;
  projects(count: number): string;
  more(count: number): string;
  silent(days: number): string;
  covers(percent: number): string;
  separator: string;
  stop: string;
}

export const boardWords: Record<PictureLocale, BoardWords> = {
  zh: {
    lights: { green: '正常', yellow: '滞后', red: '严重滞后', grey: '未按时报告', none: '无灯' },
    project: '项目',
    progress: '进度',
    gap: '较计划（百分点）',
    planned: '计划',
    whole: '总体',
    nothing: '没有项目',
    neverReported: '从未报告',
    asOf: (date) => `截至${date}`,
    projects: (count) => `共${count}个项目`,
    more: (count) => `另有${count}个项目未列出`,
    silent: (days) => `${days}天未报告`,
    covers: (percent) => `覆盖${percent}%`,
    separator: '，',
    stop: '。',
  },
  en: {
    lights: { green: 'on plan', yellow: 'behind', red: 'far behind', grey: 'silent', none: 'no light' },
    project: 'project',
    progress: 'progress',
    gap: 'against plan (points)',
    planned: 'planned',
    whole: 'all together',
    nothing: 'no projects',
    neverReported: 'never reported',
    asOf: (date) => `as of ${date}`,
    projects: (count) => `${count} ${count === 1 ? 'project' : 'projects'}`,
    more: (count) => `and ${count} more`,
    silent: (days) => `silent ${days} days`,
    covers: (percent) => `covers ${percent}%`,
    separator: ', ',
    stop: '. ',
  },
};
