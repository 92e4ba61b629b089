import { and, eq, inArray, isNull, lte, or, type SQL } from 'drizzle-orm';
import { datedStatements, type ReadUnit, revisedThings } from '../../database/index.ts';
import type { PageRequest } from '../../http/paging.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { Instant } from '../../shared/clock.ts';
import type { DealStage, KnownParty, Party, PartyRole, PartyStage } from './party.ts';
import { stageOn } from './rules.ts';
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

/** A party, be it archived, with all that says how it was on a day, as was known at a moment (null: now). */
export async function findKnownParty(
  unit: ReadUnit,
  projectId: string,
  id: string,
  knownAt: Instant | null,
): Promise<KnownParty | null> {
  const party = await parties.find(unit, projectId, id, knownAt);
  if (party === undefined) return null;
  const statements = await partyStages.inForceOf(unit, { projectId, partyId: id }, null, knownAt);
  const others = await parties.inUseIn(unit, [projectId], knownAt);
  return { party, statements, others };
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

export type PartySort = 'id' | 'updatedAt';

export interface PartyFilters {
  role?: PartyRole;
  organizationId?: string;
  /** Where they were on the day that is asked about. */
  stage?: DealStage;
  archived: boolean;
}

/**
 * Those of a project's parties that were there on a day, at most `page.limit + 1`.
 * @param known `statements`: what is in force of where they were, by party
 */
export async function listParties(
  unit: ReadUnit,
  projectId: string,
  { archived, role, organizationId, stage }: PartyFilters,
  page: PageRequest<PartySort>,
  known: {
    asOf: CalendarDate;
    knownAt: Instant | null;
    statements: ReadonlyMap<string, readonly PartyStage[]>;
  },
): Promise<Party[]> {
  const { parties: t } = partyTables(unit.engine);
  const { asOf, knownAt, statements } = known;
  const conditions: (SQL | undefined)[] = [or(isNull(t.splitOn), lte(t.splitOn, asOf))];
  if (role !== undefined) conditions.push(eq(t.role, role));
  if (organizationId !== undefined) conditions.push(eq(t.organizationId, organizationId));
  if (stage !== undefined) {
    const there = [...statements].filter(([, some]) => stageOn(some, asOf)?.stage === stage);
    const ids = there.map(([id]) => id);
    conditions.push(inArray(t.id, ids));
  }
  const by = { id: 'id', updatedAt: 'recordedAt' } as const;
  return await parties.list(
    unit,
    projectId,
    { archived, knownAt, conditions },
    { ...page, by: by[page.sort] },
  );
}

/** What of the parties in use is an organization, for who wants to archive that; it names no project, which not everybody sees. */
export async function partyInUse(unit: ReadUnit, organizationId: string): Promise<string | null> {
  const { parties: t } = partyTables(unit.engine);
  const [party] = await unit.db
    .select({ id: t.id })
    .from(t)
    .where(and(eq(t.organizationId, organizationId), isNull(t.supersededAt), isNull(t.archivedAt)))
    .limit(1);
  return party === undefined ? null : 'a party to a project';
}
