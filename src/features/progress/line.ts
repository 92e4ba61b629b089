import type { Progress } from './progress.ts';
import { progressShapeOf } from './schemas.ts';

/**
 * The progress as one line for a log, without a line break:
 * `2023-06-30 yueping-estate-renovation 85 atLeast [85,100] basis=report stated="85%以上" missing=3 silent=0d`.
 * What is unknown is `?`, never 0. Where something is planned, `plan=49.59 gap=-9.59 finish=2024-03-28` come before the
 * silence, and the light, where there is one, right before it.
 */
export function progressLine(progress: Progress): string {
  const {
    projectId,
    asOf,
    percent,
    qualifier,
    low,
    high,
    basis,
    inconsistency,
    sources,
    plan,
    schedule,
    light,
    silentDays,
  } = progressShapeOf(progress);
  const { report, children } = sources;
  return [
    asOf,
    projectId,
    percent === null ? '?' : `${percent} ${qualifier}`,
    `[${low},${high}]`,
    `basis=${basis ?? '?'}`,
    basis === 'report' && report?.stated ? `stated=${JSON.stringify(report.stated)}` : null,
    children === null ? null : `coverage=${children.coverage} missing=${children.missingCount}`,
    inconsistency === null ? null : `inconsistent=${inconsistency.sources.join('/')}:${inconsistency.gap}`,
    plan === null
      ? null
      : `plan=${plan.percent} gap=${plan.gap ?? '?'} finish=${schedule?.forecastFinish ?? '?'}`,
    light === null ? null : `light=${light}`,
    `silent=${silentDays === null ? '?' : `${silentDays}d`}`,
  ]
    .filter((part) => part !== null)
    .join(' ');
}
