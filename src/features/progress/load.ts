import type { ReadUnit } from '../../database/index.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { Instant } from '../../shared/clock.ts';
import { type CountedMilestone, countedMilestones, sumsByProject } from '../milestones/index.ts';
import { plansInForce } from '../plans/index.ts';
import {
  doneWith,
  encodeRecent,
  knownProjects,
  knownStatuses,
  type ProjectStatus,
  recentAtMost,
  saysDone,
  statusOn,
} from '../projects/index.ts';
import {
  doneSinceInForce,
  newestDaysInForce,
  newestInForce,
  newestPercents,
  ownReportOf,
  quantitiesInForce,
  type Report,
  reportsInForce,
  spentOf,
} from '../reports/index.ts';
import { ProgressTree } from './tree.ts';

const chunkSize = 500;

/** Of so many projects all reports are read at a time. */
const reportedAtATime = 50;

/** How a part is read: all in one unit, or each in one of its own. */
export type Reading = <Part>(work: (unit: ReadUnit) => Promise<Part>) => Promise<Part>;

const inUnit =
  (unit: ReadUnit): Reading =>
  (work) =>
    work(unit);

/** A status entry of one of the tree's projects. */
export interface StatusEvent {
  projectId: string;
  asOf: CalendarDate;
  status: ProjectStatus;
}

/**
 * Projects, none of which lies below another, and all below them as known at a moment (null: now), with nothing told
 * yet. Empty if none was known then. A place in the tree has one clock only, that of our knowledge: it is the one known
 * then, on whatever day is asked of.
 */
export async function loadStructure(
  read: Reading,
  rootIds: readonly string[],
  knownAt: Instant | null,
): Promise<ProgressTree> {
  const tree = new ProgressTree();
  let level = await inChunks(read, rootIds, (unit, ids) => knownProjects(unit, { ids }, knownAt));
  for (let depth = 0; level.length > 0 && depth < 32; depth += 1) {
    for (const project of level) tree.add(project);
    const ids = level.map((project) => project.id);
    level = await inChunks(read, ids, (unit, parentIds) => knownProjects(unit, { parentIds }, knownAt));
  }
  return tree;
}

/** The same, told what was true on a day. */
export async function loadTree(
  unit: ReadUnit,
  rootIds: readonly string[],
  asOf: CalendarDate,
  knownAt: Instant | null,
): Promise<ProgressTree> {
  const read = inUnit(unit);
  const tree = await loadStructure(read, rootIds, knownAt);
  const { ids } = tree;
  for (const [projectId, entries] of Map.groupBy(
    await loadStatuses(read, ids, knownAt),
    (entry) => entry.projectId,
  )) {
    tree.tell(projectId, { status: statusOn(entries, asOf) });
  }
  for (const report of await inChunks(read, ids, (unit, some) =>
    newestInForce(unit, 'percent', some, asOf, knownAt),
  ))
    tellOwn(tree, report);
  const done = [...tree.nodes]
    .filter(({ own }) => own !== null && saysDone(own))
    .map(({ project }) => project.id);
  for (const { projectId, doneSince } of await inChunks(read, done, (unit, some) =>
    doneSinceInForce(unit, some, asOf, knownAt),
  )) {
    tree.tell(projectId, ({ own }) => ({ own: own && { ...own, doneSince } }));
  }
  for (const report of await inChunks(read, ids, (unit, some) =>
    newestInForce(unit, 'spent', some, asOf, knownAt),
  ))
    tree.tell(report.projectId, { spent: spentOf(report) });
  for (const report of await inChunks(read, ids, (unit, some) =>
    quantitiesInForce(unit, some, asOf, knownAt),
  ))
    tellDone(tree, report);
  for (const [projectId, milestones] of sumsByProject(await loadMilestones(read, ids, knownAt), asOf))
    tree.tell(projectId, { milestones });
  for (const newest of await inChunks(read, ids, (unit, some) =>
    newestDaysInForce(unit, some, asOf, knownAt),
  ))
    tree.tell(newest.projectId, { ownSaidAsOf: newest.asOf });
  await tellPlans(read, tree, knownAt);
  return tree;
}

/** Tells a project what its newest reports said. */
export async function tellRecent(
  unit: ReadUnit,
  tree: ProgressTree,
  projectId: string,
  asOf: CalendarDate,
  knownAt: Instant | null,
): Promise<void> {
  const recent = await newestPercents(unit, projectId, asOf, knownAt, recentAtMost);
  tree.tell(projectId, { recent: encodeRecent(recent.reverse()) });
}

/** Tells every project its own plan as it was known at a moment (null: now); a plan speaks of all days. */
export async function tellPlans(read: Reading, tree: ProgressTree, knownAt: Instant | null): Promise<void> {
  for (const plan of await inChunks(read, tree.ids, (unit, some) => plansInForce(unit, some, knownAt)))
    tree.plan(plan.projectId, { points: plan.points, revision: plan.revision });
}

export async function loadStatuses(
  read: Reading,
  ids: readonly string[],
  knownAt: Instant | null,
): Promise<StatusEvent[]> {
  return await inChunks(read, ids, (unit, some) => knownStatuses(unit, some, knownAt));
}

export async function loadMilestones(
  read: Reading,
  ids: readonly string[],
  knownAt: Instant | null,
): Promise<CountedMilestone[]> {
  return await inChunks(read, ids, (unit, some) => countedMilestones(unit, some, knownAt));
}

/** Their reports, those of some projects after those of others, each by day. */
export async function* loadReports(
  read: Reading,
  ids: readonly string[],
  upTo: CalendarDate,
  knownAt: Instant | null,
): AsyncGenerator<Report[]> {
  for (let from = 0; from < ids.length; from += reportedAtATime) {
    const some = ids.slice(from, from + reportedAtATime);
    yield await read((unit) => reportsInForce(unit, some, upTo, knownAt));
  }
}

/** Takes in a report that is newer than all before it. */
export function tellReport(tree: ProgressTree, report: Report): void {
  if (report.percentHundredths !== null) tellOwn(tree, report);
  if (report.quantities.length > 0) tellDone(tree, report);
}

function tellOwn(tree: ProgressTree, report: Report): void {
  const { percentHundredths } = report;
  if (percentHundredths === null) return;
  const said = ownReportOf({ ...report, percentHundredths });
  tree.tell(report.projectId, ({ own }) => ({
    own: saysDone(said) ? { ...said, doneSince: own?.doneSince ?? said.asOf } : said,
  }));
}

function tellDone(
  tree: ProgressTree,
  report: Pick<Report, 'projectId' | 'asOf' | 'revision' | 'quantities'>,
): void {
  tree.tell(report.projectId, ({ done }) => ({ done: doneWith(done, report) }));
}

async function inChunks<T>(
  read: Reading,
  ids: readonly string[],
  load: (unit: ReadUnit, some: readonly string[]) => Promise<T[]>,
): Promise<T[]> {
  const found: T[] = [];
  for (let from = 0; from < ids.length; from += chunkSize) {
    const some = ids.slice(from, from + chunkSize);
    for (const each of await read((unit) => load(unit, some))) found.push(each);
  }
  return found;
}
