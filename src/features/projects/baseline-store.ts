import { isDeepStrictEqual } from 'node:util';
import { eq, sql } from 'drizzle-orm';
import { prepared, type ReadUnit, type WriteUnit } from '../../database/index.ts';
import { decodePlannedSums, encodePlannedSums, noPlans } from '../../formulas/planned-roll-up.ts';
import type { BaselineParts } from './baseline.ts';
import type { ProjectNode } from './node.ts';
import { columnsOf, forgetNode } from './nodes.ts';
import { projectTables } from './table.ts';

const selectRow = prepared((db, engine) => {
  const { projectBaselines: t } = projectTables(engine);
  return db
    .select()
    .from(t)
    .where(eq(t.projectId, sql.placeholder('id')))
    .prepare();
});

/** What the project's baseline is made of, and whether there is a row of it. */
export async function findBaselineParts(
  unit: ReadUnit,
  id: string,
): Promise<BaselineParts & { isKept: boolean }> {
  const [row] = await selectRow(unit, { id });
  if (row === undefined) return { own: null, sums: noPlans, isKept: false };
  const { ownPoints: points, ownRevision: revision, sums } = row;
  return {
    own: points === null || revision === null ? null : { points, revision },
    sums: sums === null ? noPlans : decodePlannedSums(sums),
    isKept: true,
  };
}

const columns = columnsOf(
  ...['basis', 'curve', 'isAssumed', 'coverageFine', 'ownPoints', 'ownRevision', 'sums'],
);

const insertRow = prepared((db, engine) => {
  const { projectBaselines: t } = projectTables(engine);
  return db
    .insert(t)
    .values({ projectId: sql.placeholder('projectId'), ...columns } as never)
    .prepare();
});

const updateRow = prepared((db, engine) => {
  const { projectBaselines: t } = projectTables(engine);
  return db
    .update(t)
    .set(columns as never)
    .where(eq(t.projectId, sql.placeholder('projectId')))
    .prepare();
});

/** Writes the baseline of a node, with what it was made of. `isKept`: there is a row of it. */
export async function saveBaseline(
  unit: WriteUnit,
  node: ProjectNode,
  parts: BaselineParts,
  isKept: boolean,
): Promise<void> {
  const { projectBaselines: t } = projectTables(unit.engine);
  forgetNode(unit, node.id);
  const row = baselineRow(node, parts);
  if (row !== undefined) await (isKept ? updateRow : insertRow)(unit, row);
  else if (isKept) await unit.db.delete(t).where(eq(t.projectId, node.id));
}

/** Whether what is kept of the baseline, to the last column, is what would be kept of `node`. */
export async function isBaselineKeptAs(
  unit: ReadUnit,
  node: ProjectNode,
  parts: BaselineParts,
): Promise<boolean> {
  const [row] = await selectRow(unit, { id: node.id });
  return isDeepStrictEqual(row, baselineRow(node, parts));
}

function baselineRow({ id, baseline }: ProjectNode, { own, sums }: BaselineParts) {
  if (baseline === null && own === null && sums.planned === 0) return undefined;
  return {
    projectId: id,
    basis: baseline?.basis ?? null,
    curve: baseline?.curve ?? null,
    isAssumed: baseline?.isAssumed ?? false,
    coverageFine: baseline?.coverage ?? 0,
    ownPoints: own === null ? null : [...own.points],
    ownRevision: own?.revision ?? null,
    sums: sums.planned === 0 ? null : encodePlannedSums(sums),
  };
}
