import type { ReadUnit } from '../../database/index.ts';
import { type EffectiveProgress, effectiveProgress } from '../../formulas/effective-progress.ts';
import { thinned } from '../../formulas/thinning.ts';
import { trendOf } from '../../formulas/trend.ts';
import type { Actor } from '../../shared/actor.ts';
import { addDays, type CalendarDate, daysBetween } from '../../shared/calendar-date.ts';
import type { Instant } from '../../shared/clock.ts';
import { JinduError, notYet } from '../../shared/errors.ts';
import { knownMoment } from '../../shared/known-moment.ts';
import { FULL, type PercentFine } from '../../shared/percent.ts';
import { sumsOn } from '../milestones/index.ts';
import { getNode, type KeptBaseline, statusOn } from '../projects/index.ts';
import { type AgainstPlan, againstPlan, nothingToCompare } from './against-plan.ts';
import { TreeBaselines } from './baselines.ts';
import { loadMilestones, loadReports, loadStatuses, loadStructure, tellPlans, tellReport } from './load.ts';
import type { History, HistoryPoint, PlannedPoint } from './progress.ts';
import { keptIn, type ProgressTree, sourcesIn } from './tree.ts';

/** What is asked of a history; null where it asks for all that there is. */
export interface HistoryQuestion {
  from: CalendarDate | null;
  /** The day from which the forecast looks ahead; null: today. */
  to: CalendarDate | null;
  knownAt: Instant | null;
  /** Of each curve. */
  maxPoints: number | null;
}

/**
 * How a project came to where it stands, how it was planned, and where it leads. The actual curve has a point for each
 * day on which something was said of the source that counts, or the figure changed, from `from` to `to`; the planned one
 * is whole.
 * @throws JinduError `not_found`, `future_date`, `unprocessable`
 */
export async function getHistory(
  unit: ReadUnit,
  actor: Actor,
  projectId: string,
  question: HistoryQuestion,
  today: CalendarDate,
): Promise<History> {
  await getNode(unit, actor, projectId);
  const { from, to: asOf } = rangeOf(question, today);
  const knownAt = knownMoment(question.knownAt, unit.now);
  const tree = await loadStructure(unit, [projectId], knownAt);
  const all = await actualCurve(unit, tree, asOf, knownAt);
  const against = await comparison(unit, tree, asOf, knownAt);
  const planned = plannedCurve(against.plan);
  const actual = all.filter(({ date }) => from === null || date >= from);
  const maxPoints = question.maxPoints ?? Number.POSITIVE_INFINITY;
  return {
    projectId,
    asOf,
    actual: thinned(actual, maxPoints, dayOfPoint, ({ effective: { standing } }) => middleOf(standing)),
    planned: thinned(planned, maxPoints, dayOfPoint, ({ percent }) => percent),
    ...forecastOf(against, all, asOf),
    against,
  };
}

function rangeOf(
  { from, to }: HistoryQuestion,
  today: CalendarDate,
): { from: CalendarDate | null; to: CalendarDate } {
  const last = to ?? today;
  if (last > today) throw notYet('?to', last, today);
  if (from === null || from <= last) return { from, to: last };
  throw new JinduError('unprocessable', 'the range ends before it starts', [
    { pointer: '?to', code: 'range', message: `must not be before from, ${from}` },
  ]);
}

/** Tells the tree all that was said up to a day, in the order of the days, and keeps what comes of it. */
async function actualCurve(
  unit: ReadUnit,
  tree: ProgressTree,
  to: CalendarDate,
  knownAt: Instant | null,
): Promise<HistoryPoint[]> {
  const { root, ids } = tree;
  if (root === null) return [];
  const statuses = Map.groupBy(await loadStatuses(unit, ids, knownAt), (entry) => entry.projectId);
  for (const [projectId, entries] of statuses)
    tree.tell(projectId, { status: statusOn(entries, '0001-01-01') });
  const reports = Map.groupBy(await loadReports(unit, ids, to, knownAt), (report) => report.asOf);
  const turns = Map.groupBy(
    [...statuses.values()].flatMap((entries) => entries.slice(1)),
    (entry) => entry.asOf,
  );
  const milestones = Map.groupBy(await loadMilestones(unit, ids, knownAt), ({ projectId }) => projectId);
  const daysMet = Map.groupBy([...milestones.values()].flat(), ({ metBy }) => metBy ?? '');
  daysMet.delete('');

  const points: HistoryPoint[] = [];
  const days = new Set([...reports.keys(), ...turns.keys(), ...daysMet.keys()].filter((day) => day <= to));
  for (const date of [...days].sort()) {
    for (const { projectId, status } of turns.get(date) ?? []) tree.tell(projectId, { status });
    for (const report of reports.get(date) ?? []) tellReport(tree, report);
    const reaching = new Set(daysMet.get(date)?.map(({ projectId }) => projectId));
    for (const projectId of reaching)
      tree.tell(projectId, { milestones: sumsOn(milestones.get(projectId) ?? [], date) });
    const effective = effectiveProgress(root.project.progressBasis, sourcesIn(root));
    const before = points.at(-1)?.effective ?? null;
    const wasSaid =
      effective.basis === 'report'
        ? reports.get(date)?.some(({ projectId }) => projectId === root.project.id) === true
        : reports.has(date);
    // What was said of that which does not count would repeat a figure, and bend the curve and its trend.
    if (!wasSaid && before !== null && isSame(before, effective)) continue;
    // Where nothing is known any more, the curve says so; before anything was known there is none.
    const wasKnown = before !== null && before.standing.percent !== null;
    if (effective.standing.percent !== null || wasKnown)
      points.push({ date, effective, own: effective.basis === 'report' ? root.own : null });
  }
  return points;
}

function isSame(one: EffectiveProgress, other: EffectiveProgress): boolean {
  const figures = ({ basis, qualifier, standing: { percent, low, high } }: EffectiveProgress) =>
    [basis, qualifier, percent, low, high].join();
  return figures(one) === figures(other);
}

/** How the tree, told all up to the day, stands to its plan. */
async function comparison(
  unit: ReadUnit,
  tree: ProgressTree,
  asOf: CalendarDate,
  knownAt: Instant | null,
): Promise<AgainstPlan> {
  const { root } = tree;
  if (root === null) return againstPlan({ ...nothingToCompare, asOf });
  await tellPlans(unit, tree, knownAt);
  const { baseline } = new TreeBaselines().of(root);
  return againstPlan({ ...keptIn(root), asOf, baseline, budget: null, spent: null });
}

/** The bends of the plan, by the days by whose ends so much is planned. */
function plannedCurve(baseline: KeptBaseline | null): PlannedPoint[] {
  if (baseline === null) return [];
  const { startDate, knots } = baseline.curve;
  // The beginning of the first day is shown as that day, unless its end is there too.
  const shown = knots[1]?.day === 1 ? knots.slice(1) : knots;
  return shown.map(({ day, percent }) => ({ date: addDays(startDate, Math.max(day - 1, 0)), percent }));
}

/**
 * A straight line from the last point to where the schedule leads, or, without one, the trend of the last points, those
 * that the parts of a project brought about among them.
 */
function forecastOf(
  { schedule }: AgainstPlan,
  actual: readonly HistoryPoint[],
  asOf: CalendarDate,
): Pick<History, 'forecast' | 'forecastBasis'> {
  const points = actual.flatMap(({ date, effective: { standing } }) =>
    standing.percent === null ? [] : [{ date, percent: standing.percent }],
  );
  const last = points.at(-1);
  const basis = schedule?.forecastFinish ? 'schedule' : 'trend';
  const finish = schedule?.forecastFinish ?? trendOf(points, asOf).forecastFinish;
  const isOpen = last !== undefined && last.date === actual.at(-1)?.date && last.percent < FULL;
  if (!isOpen || finish === null || finish <= last.date) return { forecast: [], forecastBasis: null };
  return { forecast: [last, { date: finish, percent: FULL }], forecastBasis: basis };
}

function dayOfPoint({ date }: { date: CalendarDate }): number {
  return daysBetween('1970-01-01', date);
}

function middleOf({ percent, low, high }: HistoryPoint['effective']['standing']): PercentFine {
  return percent ?? (low + high) / 2;
}
