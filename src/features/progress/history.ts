import type { Database } from '../../database/index.ts';
import { type EffectiveProgress, effectiveProgress } from '../../formulas/effective-progress.ts';
import { thinned } from '../../formulas/thinning.ts';
import { trendOf } from '../../formulas/trend.ts';
import type { Actor } from '../../shared/actor.ts';
import { breather } from '../../shared/breather.ts';
import { addDays, type CalendarDate, daysBetween } from '../../shared/calendar-date.ts';
import type { Instant } from '../../shared/clock.ts';
import { fieldError, JinduError, notYet } from '../../shared/errors.ts';
import { knownMoment } from '../../shared/known-moment.ts';
import { FULL, type PercentFine } from '../../shared/percent.ts';
import { sumsOn } from '../milestones/index.ts';
import { getNode, type KeptBaseline, projectsAtAndBelow, statusOn } from '../projects/index.ts';
import type { Report } from '../reports/index.ts';
import { type AgainstPlan, againstPlan, nothingToCompare } from './against-plan.ts';
import { TreeBaselines } from './baselines.ts';
import {
  loadMilestones,
  loadReports,
  loadStatuses,
  loadStructure,
  type Reading,
  tellPlans,
  tellReport,
} from './load.ts';
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

/** Beyond so much, a history is refused: all of it is in memory, and is counted day by day. */
export interface HistoryBounds {
  /** The project and all below it. */
  projects: number;
  /** Those of all of them, up to the last day asked for. */
  reports: number;
}

export const historyBounds: HistoryBounds = { projects: 20_000, reports: 300_000 };

/**
 * How a project came to where it stands, how it was planned, and where it leads. The actual curve has a point for each
 * day on which something was said of the source that counts, or the figure changed, from `from` to `to`; the planned one
 * is whole. It opens its own units of work, some projects in each, all by what was known at one moment, so that a large
 * tree keeps nobody waiting.
 * @param dayOf the day on which a moment falls
 * @throws JinduError `not_found`, `future_date`, `unprocessable`
 */
export async function getHistory(
  database: Database,
  actor: Actor,
  projectId: string,
  question: HistoryQuestion,
  dayOf: (moment: Instant) => CalendarDate,
  bounds: HistoryBounds = historyBounds,
): Promise<History> {
  const begun = await database.read(async (unit) => {
    await getNode(unit, actor, projectId);
    const range = rangeOf(question, dayOf(unit.now));
    const knownAt = knownMoment(question.knownAt, unit.now) ?? unit.now;
    return { ...range, knownAt, projects: await projectsAtAndBelow(unit, [projectId]) };
  });
  const { from, to: asOf, knownAt } = begun;
  assertWithin(bounds, 'projects', begun.projects);
  const breathe = breather();
  const read: Reading = async (work) => {
    await breathe();
    return await database.read(work);
  };
  const tree = await loadStructure(read, [projectId], knownAt);
  assertWithin(bounds, 'projects', tree.ids.length);
  const all = await actualCurve(read, tree, asOf, knownAt, bounds);
  const against = await comparison(read, tree, asOf, knownAt);
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

function assertWithin(bounds: HistoryBounds, what: keyof HistoryBounds, found: number): void {
  if (found <= bounds[what]) return;
  const most = bounds[what].toLocaleString('en');
  const message = `must be a project of which, with all below it, there are at most ${most} ${what}: a history is counted from all of them`;
  throw fieldError('unprocessable', '{id}', 'too_wide', message);
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
  read: Reading,
  tree: ProgressTree,
  to: CalendarDate,
  knownAt: Instant,
  bounds: HistoryBounds,
): Promise<HistoryPoint[]> {
  const { root, ids } = tree;
  if (root === null) return [];
  const statuses = Map.groupBy(await loadStatuses(read, ids, knownAt), (entry) => entry.projectId);
  for (const [projectId, entries] of statuses)
    tree.tell(projectId, { status: statusOn(entries, '0001-01-01') });
  const reports = await reportsByDay(read, ids, to, knownAt, bounds);
  const turns = Map.groupBy(
    [...statuses.values()].flatMap((entries) => entries.slice(1)),
    (entry) => entry.asOf,
  );
  const milestones = Map.groupBy(await loadMilestones(read, ids, knownAt), ({ projectId }) => projectId);
  const daysMet = Map.groupBy([...milestones.values()].flat(), ({ metBy }) => metBy ?? '');
  daysMet.delete('');

  const breathe = breather();
  const points: HistoryPoint[] = [];
  const days = new Set([...reports.keys(), ...turns.keys(), ...daysMet.keys()].filter((day) => day <= to));
  for (const date of [...days].sort()) {
    for (const { projectId, status } of turns.get(date) ?? []) tree.tell(projectId, { status });
    for (const report of reports.get(date) ?? []) {
      tellReport(tree, report);
      await breathe();
    }
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

async function reportsByDay(
  read: Reading,
  ids: readonly string[],
  to: CalendarDate,
  knownAt: Instant,
  bounds: HistoryBounds,
): Promise<Map<CalendarDate, Report[]>> {
  const byDay = new Map<CalendarDate, Report[]>();
  let count = 0;
  for await (const some of loadReports(read, ids, to, knownAt)) {
    count += some.length;
    assertWithin(bounds, 'reports', count);
    for (const report of some) {
      const ofDay = byDay.get(report.asOf);
      if (ofDay === undefined) byDay.set(report.asOf, [report]);
      else ofDay.push(report);
    }
  }
  return byDay;
}

function isSame(one: EffectiveProgress, other: EffectiveProgress): boolean {
  const figures = ({ basis, qualifier, standing: { percent, low, high } }: EffectiveProgress) =>
    [basis, qualifier, percent, low, high].join();
  return figures(one) === figures(other);
}

/** How the tree, told all up to the day, stands to its plan. */
async function comparison(
  read: Reading,
  tree: ProgressTree,
  asOf: CalendarDate,
  knownAt: Instant,
): Promise<AgainstPlan> {
  const { root } = tree;
  if (root === null) return againstPlan({ ...nothingToCompare, asOf });
  await tellPlans(read, tree, knownAt);
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
