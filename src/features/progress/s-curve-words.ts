import { type CalendarDate, daysBetween } from '../../shared/calendar-date.ts';
import { escaped, figureLabel, type PictureLocale } from '../pictures/index.ts';
import {
  type ActualPoint,
  type Curve,
  type CurveFinish,
  type CurveGap,
  type CurveMilestone,
  isOverdue,
} from './curve.ts';

interface CurveWords {
  plan: Record<Curve['plannedBy'], string>;
  actual: string;
  bounds: string;
  forecast: string;
  range: string;
  met: string;
  due: string;
  overdue: string;
  nothing: string;
  noPlan: string;
  asOf(date: CalendarDate): string;
  planned(percent: number): string;
  gap: {
    none: string;
    /** Of a bound at the plan itself. */
    notBehind: string;
    notAhead: string;
    points(points: number): string;
    atLeast(said: string): string;
    atMost(said: string): string;
    between(said: string, low: string, high: string): string;
  };
  finish(dates: string): string;
  finished(date: string): string;
  between(earliest: CalendarDate, latest: CalendarDate): string;
  notBefore(date: CalendarDate): string;
  late(days: number): string;
  span(name: string, from: CalendarDate, to: CalendarDate): string;
  reports(count: number): string;
  milestones(all: number, met: number, overdue: number, undated: number): string;
  milestone(title: string, dueDate: CalendarDate | null, dateMet: CalendarDate | null): string;
  separator: string;
  stop: string;
}

/** In English a count of one has no plural. */
function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

const words: Record<PictureLocale, CurveWords> = {
  zh: {
    plan: {
      plan: '计划',
      period: '计划（按工期匀速推算）',
      children: '计划（由下级汇总）',
      assumedChildren: '计划（由下级汇总，含按工期匀速推算）',
    },
    actual: '实际',
    bounds: '实际的可能范围',
    forecast: '预测',
    range: '预测的可能范围',
    met: '里程碑，已完成',
    due: '里程碑，未完成',
    overdue: '里程碑，已逾期',
    nothing: '暂无计划，也暂无报告',
    noPlan: '暂无计划',
    asOf: (date) => `截至${date}`,
    planned: (percent) => `计划${percent}%`,
    gap: {
      none: '与计划持平',
      notBehind: '不落后于计划',
      notAhead: '不超前于计划',
      points: (points) => `${points > 0 ? '超前' : '落后'}${Math.abs(points)}个百分点`,
      atLeast: (gap) => `至少${gap}`,
      atMost: (gap) => `最多${gap}`,
      between: (gap, low, high) => `${gap}（${low}～${high}）`,
    },
    finish: (dates) => `预计${dates}完成`,
    finished: (date) => `已于${date}完成`,
    between: (earliest, latest) => `${earliest}至${latest}`,
    notBefore: (date) => `不早于${date}`,
    late: (days) => (days === 0 ? '按期' : days > 0 ? `晚${days}天` : `早${-days}天`),
    span: (name, from, to) => (from === to ? `${name}${from}` : `${name}${from}至${to}`),
    reports: (count) => `报告${count}次：`,
    milestones: (all, met, overdue, undated) =>
      [
        `里程碑${all}个，已完成${met}个`,
        overdue > 0 ? `逾期${overdue}个` : '',
        undated > 0 ? `${undated}个没有日期，未画出` : '',
      ]
        .filter(Boolean)
        .join('，'),
    milestone: (title, dueDate, dateMet) => {
      const facts = [dueDate === null ? '' : `应于${dueDate}`, dateMet === null ? '' : `${dateMet}完成`];
      return `${title}：${facts.filter(Boolean).join('，')}`;
    },
    separator: '，',
    stop: '。',
  },
  en: {
    plan: {
      plan: 'plan',
      period: 'plan (straight line over the period)',
      children: 'plan (from its parts)',
      assumedChildren: 'plan (from its parts, straight lines among them)',
    },
    actual: 'actual',
    bounds: 'bounds of what is known',
    forecast: 'forecast',
    range: 'bounds of the forecast',
    met: 'milestone met',
    due: 'milestone due',
    overdue: 'milestone overdue',
    nothing: 'no plan and no reports yet',
    noPlan: 'no plan',
    asOf: (date) => `as of ${date}`,
    planned: (percent) => `planned ${percent}%`,
    gap: {
      none: 'as planned',
      notBehind: 'not behind plan',
      notAhead: 'not ahead of plan',
      points: (points) => `${Math.abs(points)} points ${points > 0 ? 'ahead' : 'behind'}`,
      atLeast: (gap) => `at least ${gap}`,
      atMost: (gap) => `at most ${gap}`,
      between: (gap, low, high) => `${gap} (${low} to ${high})`,
    },
    finish: (dates) => `forecast finish ${dates}`,
    finished: (date) => `finished ${date}`,
    between: (earliest, latest) => `${earliest} to ${latest}`,
    notBefore: (date) => `not before ${date}`,
    late: (days) =>
      days === 0 ? 'on time' : `${counted(Math.abs(days), 'day')} ${days > 0 ? 'late' : 'early'}`,
    span: (name, from, to) => (from === to ? `${name} ${from}` : `${name} ${from} to ${to}`),
    reports: (count) => `${counted(count, 'report')},`,
    milestones: (all, met, overdue, undated) =>
      [
        `${counted(all, 'milestone')}, ${met} met`,
        overdue > 0 ? `${overdue} overdue` : '',
        undated > 0 ? `${undated} without a date and not drawn` : '',
      ]
        .filter(Boolean)
        .join(', '),
    milestone: (title, dueDate, dateMet) => {
      const facts = [dueDate === null ? '' : `due ${dueDate}`, dateMet === null ? '' : `met ${dateMet}`];
      return `${title}: ${facts.filter(Boolean).join(', ')}`;
    },
    separator: ', ',
    stop: '. ',
  },
};

export function wordsOf({ locale }: Pick<Curve, 'locale'>): CurveWords {
  return words[locale];
}

/** Where it stands, as it was said. */
export function standingLabel({ actual, locale }: Curve): string {
  return figureLabel(actual.at(-1) ?? silence, actual.at(-1)?.stated ?? null, locale);
}

const silence: ActualPoint = {
  date: '0001-01-01',
  percent: null,
  low: 0,
  high: 100,
  qualifier: 'between',
  stated: null,
};

/** The day, and how it compares with the plan. */
export function captionOf(curve: Curve): string {
  const said = wordsOf(curve);
  const { comparison, planned, asOf } = curve;
  const facts = [
    said.asOf(asOf),
    comparison === null ? (planned.length === 0 ? said.noPlan : '') : said.planned(comparison.planned),
    comparison === null || comparison.gap === null ? '' : gapSaying(comparison.gap, said.gap),
  ];
  return facts.filter(Boolean).join(' · ');
}

/** 85%以上 of 80 % planned is at least 5 points ahead, and not 5. */
function gapSaying({ points, low, high }: CurveGap, said: CurveWords['gap']): string {
  const gap = points === 0 ? said.none : said.points(points);
  if (low === high) return gap;
  if (low < points && points < high) return said.between(gap, signed(low), signed(high));
  const isFloor = low === points;
  if (points === 0) return isFloor ? said.notBehind : said.notAhead;
  return isFloor === points > 0 ? said.atLeast(gap) : said.atMost(gap);
}

function signed(points: number): string {
  return points > 0 ? `+${points}` : points < 0 ? `−${-points}` : '0';
}

/** When it was or will be finished; empty if nobody can say. */
export function finishSaying(curve: Curve): string {
  const said = wordsOf(curve);
  const days = curve.finish && finishDays(curve, curve.finish);
  if (curve.finish === null || days === null) return '';
  const { daysLate, earliest, latest, isFinished } = curve.finish;
  const isOneDay = earliest === latest || (earliest === null && latest === null);
  const finish = isFinished ? said.finished(days) : said.finish(days);
  return [finish, isOneDay && daysLate !== null ? said.late(daysLate) : '']
    .filter(Boolean)
    .join(said.separator);
}

function finishDays(curve: Curve, { forecast, earliest, latest }: CurveFinish): string | null {
  const said = wordsOf(curve);
  if (earliest !== null && latest !== null && earliest !== latest) return said.between(earliest, latest);
  if (earliest !== null && latest === null) return said.notBefore(earliest);
  return forecast ?? latest;
}

export function milestoneSaying(curve: Curve, milestone: CurveMilestone): string {
  const said = wordsOf(curve);
  const { title, dueDate, dateMet } = milestone;
  const days = dueDate === null ? 0 : daysBetween(dueDate, dateMet ?? curve.asOf);
  const isLate = dateMet === null ? isOverdue(milestone, curve.asOf) : days > 0;
  return `${said.milestone(title, dueDate, dateMet)}${isLate ? `${said.separator}${said.late(days)}` : ''}`;
}

/** What is to be seen, for those who do not see it. */
export function descriptionOf(curve: Curve): string {
  const said = wordsOf(curve);
  const { planned, actual, milestones, asOf } = curve;
  const [firstPlanned, lastPlanned] = [planned[0], planned.at(-1)];
  const [firstActual, lastActual] = [actual[0], actual.at(-1)];
  const met = milestones.filter(({ dateMet }) => dateMet !== null).length;
  const overdue = milestones.filter((milestone) => isOverdue(milestone, asOf)).length;
  const undated = milestones.filter(({ dueDate, dateMet }) => dueDate === null && dateMet === null).length;
  const sentences = [
    [captionOf(curve), `${said.actual} ${standingLabel(curve)}`].join(said.separator),
    finishSaying(curve),
    firstPlanned && lastPlanned
      ? said.span(said.plan[curve.plannedBy], firstPlanned.date, lastPlanned.date)
      : '',
    firstActual && lastActual
      ? said.span(said.reports(actual.length), firstActual.date, lastActual.date)
      : '',
    milestones.length > 0 ? said.milestones(milestones.length, met, overdue, undated) : '',
    curve.note ?? '',
  ];
  return sentences.filter(Boolean).join(said.stop).trim();
}

/** The figures, a row for each day, as XML; what is unknown is left out. */
export function tableOf(curve: Curve): string {
  const rows = new Map<CalendarDate, string[]>();
  const tell = (date: CalendarDate, facts: Record<string, string | number | null>) => {
    const cells = Object.entries(facts).filter(([, value]) => value !== null);
    const texts = cells.map(([name, value]) => ` ${name}="${escaped(String(value))}"`);
    rows.set(date, [...(rows.get(date) ?? []), ...texts]);
  };
  for (const { date, percent } of curve.planned) tell(date, { planned: percent });
  for (const { date, percent, low, high, qualifier, stated } of curve.actual)
    tell(date, { actual: percent, qualifier, low, high, stated });
  for (const { date, percent } of curve.forecast) tell(date, { forecast: percent });
  const days = [...rows].sort(([one], [other]) => (one < other ? -1 : 1));
  const milestones = curve.milestones.map(({ title, dueDate, dateMet }) => {
    const cells = [
      ` title="${escaped(title)}"`,
      dueDate === null ? '' : ` dueDate="${dueDate}"`,
      dateMet === null ? '' : ` dateMet="${dateMet}"`,
    ];
    return `<milestone${cells.join('')}/>`;
  });
  return `<figures xmlns="urn:jindu:figures" asOf="${curve.asOf}">
${[...days.map(([date, cells]) => `<row date="${date}"${cells.join('')}/>`), ...milestones].join('\n')}
</figures>`;
}
