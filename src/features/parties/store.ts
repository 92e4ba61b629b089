import { datedStatements, type ReadUnit, revisedThings } from '../../database/index.ts';
import type { Instant } from '../../shared/clock.ts';
import type { Party, PartyStage } from './party.ts';
import { partyTables } from './table.ts';

export const parties = revisedThings<Party>((engine) => partyTables(engine).parties);

/** What was said of where the parties were. */
export const partyStages = datedStatements<PartyStage, 'projectId' | 'partyId'>(
  (engine) => partyTables(engine).partyStages,
  ['projectId', 'partyId'],
);

/** A party of a project, be it archived, as it is now. */
export async function findParty(unit: ReadUnit, projectId: string, id: string): Promise<Party | undefined> {
  return await parties.find(unit, projectId, id);
}

/** The parties that these projects had in use, as was known at a moment (null: now). Who may see them is asked before. */
export async function partiesIn(
  unit: ReadUnit,
  projectIds: readonly string[],
  knownAt: Instant | null,
): Promise<Party[]> {
  return await parties.inUseIn(unit, projectIds, knownAt);
}

/** What was in force, of whatever day, of where their parties were, in the same way; those of archived parties as well. */
export async function partyStagesIn(
  unit: ReadUnit,
  projectIds: readonly string[],
  knownAt: Instant | null,
): Promise<PartyStage[]> {
  return await partyStages.inForceIn(unit, projectIds, null, knownAt);
}
