import { datedStatements, revisedThings } from '../../database/index.ts';
import type { Party, PartyStage } from './party.ts';
import { partyTables } from './table.ts';

export const parties = revisedThings<Party>((engine) => partyTables(engine).parties);

/** What was said of where the parties were. */
export const partyStages = datedStatements<PartyStage, 'projectId' | 'partyId'>(
  (engine) => partyTables(engine).partyStages,
  ['projectId', 'partyId'],
);
