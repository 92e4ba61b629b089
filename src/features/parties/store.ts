import { datedStatements } from '../../database/index.ts';
import type { PartyStage } from './party.ts';
import { partyTables } from './table.ts';

/** What was said of where the parties were. */
export const partyStages = datedStatements<PartyStage, 'projectId' | 'partyId'>(
  (engine) => partyTables(engine).partyStages,
  ['projectId', 'partyId'],
);
