import { isDeepStrictEqual } from 'node:util';
import type { Database, ReadUnit, WriteUnit } from '../../database/index.ts';
import {
  areBaselinePartsKeptAs,
  type BaselineParts,
  findBaselineParts,
  findPlacedProject,
  isKeptAs,
  lightsFrom,
  type ProjectNode,
  projectTree,
  rootProjects,
  rulesOf,
  saidAsOf,
  saveBaselineParts,
  updateStanding,
} from '../projects/index.ts';
import { newestDayOf } from '../reports/index.ts';
import { TreeBaselines } from './baselines.ts';
import { loadTree, tellRecent } from './load.ts';
import { keptIn, type TreeNode } from './tree.ts';

/** What a rebuild found: how many projects it counted anew, and which of them were kept otherwise. */
export interface RebuildOutcome {
  projects: number;
  differing: string[];
}

const everyDay = '9999-12-31';

/**
 * Counts every project's standing anew from all that was ever said, and holds what is kept against it, its place in the
 * tree among it. With `repair` it puts right what differs; without, it writes nothing. One tree at a time, so that others
 * have their turn.
 * @param options.only the roots of the trees to count; all there are unless told
 */
export async function rebuildStandings(
  database: Database,
  { repair, only }: { repair: boolean; only?: readonly string[] },
): Promise<RebuildOutcome> {
  const outcome: RebuildOutcome = { projects: 0, differing: [] };
  for (const rootId of only ?? (await database.read(rootProjects))) {
    const one = repair
      ? await database.write((unit) => repairTree(unit, rootId))
      : await database.read((unit) => rebuildTree(unit, rootId, null));
    outcome.projects += one.projects;
    outcome.differing.push(...one.differing);
  }
  return outcome;
}

/** Counts the projects of one tree anew, and puts right what is kept otherwise. */
export async function repairTree(unit: WriteUnit, rootId: string): Promise<RebuildOutcome> {
  return await rebuildTree(unit, rootId, async ({ node, parts, path, isInItsPlace, isPlannedSo }) => {
    if (!isInItsPlace) await projectTree.setPath(unit, path);
    await updateStanding(unit, node);
    if (isPlannedSo) return;
    const { isKept } = await findBaselineParts(unit, node.id);
    await saveBaselineParts(unit, node.id, parts, isKept);
  });
}

/** A project that is kept otherwise than it should be, and how it should be. */
interface Different {
  node: ProjectNode;
  parts: BaselineParts;
  path: readonly string[];
  isInItsPlace: boolean;
  isPlannedSo: boolean;
}

async function rebuildTree<Unit extends ReadUnit | WriteUnit>(
  unit: Unit,
  rootId: string,
  repair: ((different: Different) => Promise<void>) | null,
): Promise<RebuildOutcome> {
  const tree = await loadTree(unit, [rootId], everyDay, null);
  const baselines = new TreeBaselines();
  const outcome: RebuildOutcome = { projects: 0, differing: [] };
  for (const id of tree.ids) {
    await tellRecent(unit, tree, id, everyDay, null);
    tree.tell(id, { newestReportAsOf: await newestDayOf(unit, id) });
  }
  for (const counted of tree.nodes) {
    outcome.projects += 1;
    const { id } = counted.project;
    const placed = await findPlacedProject(unit, id);
    if (placed === undefined) throw new Error(`the project ${id} has revisions and is not there`);
    const { baseline, parts } = baselines.of(counted);
    const kept = keptIn(counted);
    const rules = await rulesOf(unit, placed);
    const lights = lightsFrom(placed, kept.standing, saidAsOf(kept), baseline, rules);
    const shouldBe = { ...placed, kept: { ...kept, rules, lights }, baseline };
    const path = pathTo(counted);
    const isInItsPlace = isDeepStrictEqual(await projectTree.pathTo(unit, id), path);
    const isPlannedSo = await areBaselinePartsKeptAs(unit, id, parts);
    if (isInItsPlace && isPlannedSo && (await isKeptAs(unit, shouldBe))) continue;
    outcome.differing.push(id);
    await repair?.({ node: shouldBe, parts, path, isInItsPlace, isPlannedSo });
  }
  return outcome;
}

/** From the root down to the node itself. */
function pathTo({ project, parent }: TreeNode): string[] {
  return [...(parent === null ? [] : pathTo(parent)), project.id];
}
