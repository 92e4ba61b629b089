import type { ReadUnit, WriteUnit } from '../../database/index.ts';
import {
  type Contribution,
  noChildren,
  type RollUpSums,
  withChild,
  withoutChild,
} from '../../formulas/roll-up.ts';
import type { LightRules } from '../../formulas/traffic-light.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { KeptBaseline } from './baseline.ts';
import { lightsFrom, rulesOf } from './lights.ts';
import type { PlacedProject, ProjectNode } from './node.ts';
import {
  type ChildDay,
  childDays,
  childrenOf,
  findNewestOfChildren,
  findNode,
  insertStanding,
  setUnweighted,
  updateMilestoneStanding,
  updateReportedStanding,
  updateRolledUpStanding,
  updateStanding,
} from './nodes.ts';
import { counts } from './rules.ts';
import { settleBaseline } from './settle-baseline.ts';
import { asOfBasis, finishedOn, type KeptStanding, saidAsOf, sourcesOf, standingOf } from './sources.ts';
import { weighAlike, weightOf } from './weights.ts';

/**
 * Where a project stands now, kept ready so that reading it costs the same whatever its history and however many
 * projects lie below it. A parent keeps the sums over its children; a child that changes takes away what it gave and
 * gives anew, up to the root or to where nothing changes any more. All of it in the unit of work of the change itself.
 */

/** Takes in what the project's own reports say now. `node` is the project as it stands before. */
export async function settleReports(
  unit: WriteUnit,
  node: ProjectNode,
  told: Pick<KeptStanding, 'own' | 'spent' | 'recent' | 'done' | 'ownSaidAsOf' | 'newestReportAsOf'>,
): Promise<void> {
  const after = resettled(node, { ...node.kept, ...told }, node.baseline);
  await updateReportedStanding(unit, after);
  await passUp(unit, node.parentId, node, after);
}

/** Takes in what the project's milestones come to now. `node` is the project as it stands before. */
export async function settleMilestones(
  unit: WriteUnit,
  node: ProjectNode,
  milestones: KeptStanding['milestones'],
): Promise<void> {
  const after = resettled(node, { ...node.kept, milestones }, node.baseline);
  await updateMilestoneStanding(unit, after);
  await passUp(unit, node.parentId, node, after);
}

/** Takes in a project that was made or changed. `before` is null for a new one. */
export async function settleProject(
  unit: WriteUnit,
  before: ProjectNode | null,
  project: PlacedProject,
): Promise<void> {
  const isWeighingNew = before !== null && !weighAlike(before, project);
  const sums = isWeighingNew ? await weighedAnew(unit, project) : (before?.kept.sums ?? noChildren);
  const parent = project.parentId === null ? undefined : await findNode(unit, project.parentId);
  const isUnweighted = parent !== undefined && weightOf(project, parent) === null;
  const baseline = before?.baseline ?? null;
  const rules = await rulesAfter(unit, before, project);
  const after = resettled(
    { ...project, baseline },
    { ...(before?.kept ?? nothingSaid), sums, isUnweighted, rules },
    baseline,
  );
  if (before === null) await insertStanding(unit, after);
  else await updateStanding(unit, after);
  if (before !== null && before.parentId === project.parentId) {
    await passUp(unit, project.parentId, before, after);
  } else {
    if (before !== null) await passUp(unit, before.parentId, before, null);
    await passUp(unit, project.parentId, null, after);
  }
  await settleBaseline(unit, before, after, isWeighingNew);
}

/** The parent after one of its children changed, came or went; and its parent, as long as anything changes. */
async function passUp(
  unit: WriteUnit,
  parentId: string | null,
  before: ProjectNode | null,
  after: ProjectNode | null,
): Promise<void> {
  if (parentId === null) return;
  const parent = await findNode(unit, parentId);
  if (parent === undefined) return;
  const taken = before === null ? null : contributionOf(before, parent);
  const given = after === null ? null : contributionOf(after, parent);
  const [was, is] = [countedDays(before), countedDays(after)];
  if (isSame(taken, given) && childDays.every((day) => was[day] === is[day])) return;
  let { sums } = parent.kept;
  if (taken !== null) sums = withoutChild(sums, taken);
  if (given !== null) sums = withChild(sums, given);
  const made = {
    ...parent.kept,
    sums,
    newestChildAsOf: await newestAfter(unit, parent, 'asOf', was, is),
    newestChildSaidAsOf: await newestAfter(unit, parent, 'saidAsOf', was, is),
    newestChildFinishedOn: await newestAfter(unit, parent, 'finishedOn', was, is),
  };
  const settled = resettled(parent, made, parent.baseline);
  await updateRolledUpStanding(unit, settled);
  await passUp(unit, parent.parentId, parent, settled);
}

/** What a child gives to its parent's sums; null if it does not count. */
export function contributionOf(child: ProjectNode, parent: PlacedProject): Contribution | null {
  return counts(child) ? { weight: weightOf(child, parent), standing: child.kept.standing } : null;
}

/** The project with all that it is made of, and where that leaves it. */
function resettled<Placed extends PlacedProject>(
  project: Placed,
  made: Omit<KeptStanding, 'standing' | 'basis' | 'asOf' | 'finishedOn' | 'lights'>,
  baseline: KeptBaseline | null,
): Placed & Pick<ProjectNode, 'kept'> {
  const sources = sourcesOf(project, made);
  const effective = standingOf(project, sources);
  const { standing, basis } = effective;
  return {
    ...project,
    kept: {
      own: made.own,
      spent: made.spent,
      recent: made.recent,
      done: made.done,
      milestones: made.milestones,
      sums: made.sums,
      standing,
      basis,
      asOf: asOfBasis(basis, sources),
      finishedOn: finishedOn(effective, sources, made.own, made.newestChildFinishedOn),
      ownSaidAsOf: made.ownSaidAsOf,
      newestReportAsOf: made.newestReportAsOf,
      newestChildAsOf: made.newestChildAsOf,
      newestChildSaidAsOf: made.newestChildSaidAsOf,
      newestChildFinishedOn: made.newestChildFinishedOn,
      isUnweighted: made.isUnweighted,
      rules: made.rules,
      lights: lightsFrom(project, standing, saidAsOf(made), baseline, made.rules),
    },
  };
}

const nothingSaid = {
  own: null,
  spent: null,
  recent: null,
  done: [],
  milestones: null,
  newestChildAsOf: null,
  ownSaidAsOf: null,
  newestReportAsOf: null,
  newestChildSaidAsOf: null,
  newestChildFinishedOn: null,
};

/** The light rules that hold for a project that was made or changed. */
async function rulesAfter(
  unit: WriteUnit,
  before: ProjectNode | null,
  project: PlacedProject,
): Promise<LightRules> {
  const isAsBefore =
    before !== null && before.organizationId === project.organizationId && before.cadence === project.cadence;
  return isAsBefore ? before.kept.rules : await rulesOf(unit, project);
}

type CountedDays = Record<ChildDay, CalendarDate | null>;

const noDays: CountedDays = { asOf: null, saidAsOf: null, finishedOn: null };

/** The days that count for its parent. */
function countedDays(child: ProjectNode | null): CountedDays {
  if (child === null || !counts(child)) return noDays;
  const { kept } = child;
  return { asOf: kept.asOf, saidAsOf: saidAsOf(kept), finishedOn: kept.finishedOn };
}

/**
 * The newest such day of the parent's children after that of one of them went from what it `was` to what it `is`. Only
 * when the newest itself goes back are all of them asked.
 */
async function newestAfter(
  unit: ReadUnit,
  { id, kept }: ProjectNode,
  day: ChildDay,
  was: CountedDays,
  is: CountedDays,
): Promise<CalendarDate | null> {
  const [from, to] = [was[day], is[day]];
  const newest = kept[newestChildDay[day]];
  if (to !== null && (newest === null || to >= newest)) return to;
  return from !== null && from === newest ? await findNewestOfChildren(unit, id, day) : newest;
}

const newestChildDay = {
  asOf: 'newestChildAsOf',
  saidAsOf: 'newestChildSaidAsOf',
  finishedOn: 'newestChildFinishedOn',
} as const satisfies Record<ChildDay, keyof KeptStanding>;

/** The sums over the children when the parent weighs them in another way than before. */
async function weighedAnew(unit: WriteUnit, parent: PlacedProject): Promise<RollUpSums> {
  let sums = noChildren;
  for (const child of await childrenOf(unit, parent.id)) {
    const contribution = contributionOf(child, parent);
    if (contribution !== null) sums = withChild(sums, contribution);
    const isUnweighted = weightOf(child, parent) === null;
    if (isUnweighted !== child.kept.isUnweighted) await setUnweighted(unit, child.id, isUnweighted);
    await unit.breathe();
  }
  return sums;
}

function isSame(one: Contribution | null, other: Contribution | null): boolean {
  if (one === null || other === null) return one === other;
  const [a, b] = [one.standing, other.standing];
  return (
    one.weight === other.weight &&
    a.percent === b.percent &&
    a.low === b.low &&
    a.high === b.high &&
    a.approximate === b.approximate &&
    a.coverage === b.coverage
  );
}
