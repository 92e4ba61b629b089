import { asc, gt } from 'drizzle-orm';
import { datedStatements, type ReadUnit } from '../../database/index.ts';
import { agreementTables } from '../agreements/index.ts';
import { fundingTables } from '../funding/index.ts';
import { partyTables } from '../parties/index.ts';
import type { SetStage } from './deal.ts';
import { dealTables } from './table.ts';

/** The stages that were set by hand. */
export const setStages = datedStatements<SetStage, 'projectId'>(
  (engine) => dealTables(engine).setStages,
  ['projectId'],
);

/**
 * The next projects of which anything was ever said that makes a deal, by their ids, be it taken back since: at most
 * `limit`, after an id.
 */
export async function projectsSpokenOf(
  unit: ReadUnit,
  afterId: string | null,
  limit: number,
): Promise<string[]> {
  const tables = [
    partyTables(unit.engine).parties,
    agreementTables(unit.engine).agreements,
    fundingTables(unit.engine).funding,
    dealTables(unit.engine).setStages,
  ];
  const ids = new Set<string>();
  for (const { projectId, table } of tables.map((t) => ({ projectId: t.projectId, table: t }))) {
    const rows = await unit.db
      .selectDistinct({ id: projectId })
      .from(table)
      .where(afterId === null ? undefined : gt(projectId, afterId))
      .orderBy(asc(projectId))
      .limit(limit);
    for (const { id } of rows) ids.add(id);
  }
  return [...ids].sort().slice(0, limit);
}

export type SetStageSort = 'asOf';

export interface SetStageFilters {
  from?: string;
  to?: string;
  withdrawn: boolean;
}
