import { datedStatements } from '../../database/index.ts';
import type { SetStage } from './deal.ts';
import { dealTables } from './table.ts';

/** The stages that were set by hand. */
export const setStages = datedStatements<SetStage, 'projectId'>(
  (engine) => dealTables(engine).setStages,
  ['projectId'],
);
