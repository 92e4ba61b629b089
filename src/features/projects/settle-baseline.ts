import { isDeepStrictEqual } from 'node:util';
import type { WriteUnit } from '../../database/index.ts';
import {
  noPlans,
  type PlannedPart,
  type PlannedSums,
  plannedSumsOf,
  withPlanChanged,
} from '../../formulas/planned-roll-up.ts';
import { type BaselineParts, effectiveBaseline, type OwnPlan, plannedPart } from './baseline.ts';
import { findBaselineParts, saveBaselineParts } from './baseline-store.ts';
import { relit } from './lights.ts';
import type { ProjectNode } from './node.ts';
import { childrenOf, findNode, updateBaseline } from './nodes.ts';
import { counts } from './rules.ts';
import { weightOf } from './weights.ts';

/**
 * The planned curve that counts for a project, kept ready beside its standing and in the same way: a parent keeps the
 * sums over its children's plans; a child that changes takes away what it gave and gives anew, up to the root or to where
 * nothing changes any more. A report changes no plan, and comes nowhere near.
 */

/** Takes in the project's own plan; null if it has none any more. */
export async function settlePlan(unit: WriteUnit, node: ProjectNode, own: OwnPlan | null): Promise<void> {
  const { isKept, sums } = await findBaselineParts(unit, node.id);
  const after = await keep(unit, node, { own, sums }, isKept);
  await passUp(unit, node.parentId, node, after);
}

/**
 * Takes in a project that was made or changed. `before` is null for a new one; `after` stands where it does now, with
 * the baseline that it had.
 * @param isWeighingNew the project weighs its children in another way than before
 */
export async function settleBaseline(
  unit: WriteUnit,
  before: ProjectNode | null,
  after: ProjectNode,
  isWeighingNew: boolean,
): Promise<void> {
  const made = before === null ? nothingPlanned : await findBaselineParts(unit, after.id);
  const sums = isWeighingNew ? await summedAnew(unit, after) : made.sums;
  const settled = await keep(unit, after, { own: made.own, sums }, made.isKept);
  if (before !== null && before.parentId === after.parentId) {
    await passUp(unit, after.parentId, before, settled);
  } else {
    if (before !== null) await passUp(unit, before.parentId, before, null);
    await passUp(unit, after.parentId, null, settled);
  }
}

const nothingPlanned = { own: null, sums: noPlans, isKept: false };

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
  const taken = before === null ? null : partOf(before, parent);
  const given = after === null ? null : partOf(after, parent);
  if (isDeepStrictEqual(taken, given)) return;
  const made = await findBaselineParts(unit, parentId);
  const isPlanned = made.isKept || Boolean(taken?.baseline) || Boolean(given?.baseline);
  if (!isPlanned) return;
  const sums = withPlanChanged(made.sums, taken, given) ?? (await summedAnew(unit, parent));
  const settled = await keep(unit, parent, { own: made.own, sums }, made.isKept);
  await passUp(unit, parent.parentId, parent, settled);
}

/** The node with the baseline that follows from its parts, once it is written. */
async function keep(
  unit: WriteUnit,
  node: ProjectNode,
  parts: BaselineParts,
  isKept: boolean,
): Promise<ProjectNode> {
  const settled = relit({ ...node, baseline: effectiveBaseline(node, parts, node.kept.sums) });
  await saveBaselineParts(unit, node.id, parts, isKept);
  if (!isPlannedAlike(settled, node)) await updateBaseline(unit, settled);
  return settled;
}

function isPlannedAlike(one: ProjectNode, other: ProjectNode): boolean {
  return (
    isDeepStrictEqual(one.baseline, other.baseline) && isDeepStrictEqual(one.kept.lights, other.kept.lights)
  );
}

/** What a child gives to its parent's plan; null if it does not count. */
function partOf(child: ProjectNode, parent: ProjectNode): PlannedPart | null {
  return counts(child) ? plannedPart(weightOf(child, parent), child.baseline) : null;
}

async function summedAnew(unit: WriteUnit, parent: ProjectNode): Promise<PlannedSums> {
  const children = await childrenOf(unit, parent.id);
  await unit.breathe();
  return plannedSumsOf(children.map((child) => partOf(child, parent)).filter((part) => part !== null));
}
