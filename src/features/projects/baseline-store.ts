import { isDeepStrictEqual } from 'node:util';
import { eq, sql } from 'drizzle-orm';
import { prepared, type ReadUnit, type WriteUnit } from '../../database/index.ts';
import { decodePlannedSums, encodePlannedSums, noPlans } from '../../formulas/planned-roll-up.ts';
import type { BaselineParts } from './baseline.ts';
import { columnsOf } from './nodes.ts';
import { projectTables } from './table.ts';

const selectRow = prepared((db, engine) => {
  const { projectBaselines: t } = projectTables(engine);
  return db
    .select()
    .from(t)
    .where(eq(t.projectId, sql.placeholder('id')))
    .prepare();
});

/** What the project's baseline is made of, and whether there is a row of that. */
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

const columns = columnsOf('ownPoints', 'ownRevision', 'sums');

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

/** Writes what the baseline of a project is made of. `isKept`: there is a row of that. */
export async function saveBaselineParts(
  unit: WriteUnit,
  projectId: string,
  parts: BaselineParts,
  isKept: boolean,
): Promise<void> {
  const { projectBaselines: t } = projectTables(unit.engine);
  const row = partsRow(projectId, parts);
  if (row !== undefined) await (isKept ? updateRow : insertRow)(unit, row);
  else if (isKept) await unit.db.delete(t).where(eq(t.projectId, projectId));
}

/** Whether what is kept of them, to the last column, is what would be kept of these. */
export async function areBaselinePartsKeptAs(
  unit: ReadUnit,
  projectId: string,
  parts: BaselineParts,
): Promise<boolean> {
  const [row] = await selectRow(unit, { id: projectId });
  return isDeepStrictEqual(row, partsRow(projectId, parts));
}

function partsRow(projectId: string, { own, sums }: BaselineParts) {
  if (own === null && sums.planned === 0) return undefined;
  return {
    projectId,
    ownPoints: own === null ? null : [...own.points],
    ownRevision: own?.revision ?? null,
    sums: sums.planned === 0 ? null : encodePlannedSums(sums),
  };
}
