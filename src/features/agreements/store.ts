import { eq, gte, lte, type SQL, sql } from 'drizzle-orm';
import { datedStatements, type ReadUnit, revisedThings } from '../../database/index.ts';
import type { PageRequest } from '../../http/paging.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { Instant } from '../../shared/clock.ts';
import type { Agreement, AgreementType, Amendment } from './agreement.ts';
import { agreementTables } from './table.ts';

export const agreements = revisedThings<Agreement>((engine) => agreementTables(engine).agreements);

/** Amendments are reasoned by what the parties agreed (`rationale`); `reason` is why a record of one was changed. */
export const amendments = datedStatements<Amendment, 'projectId' | 'agreementId'>(
  (engine) => agreementTables(engine).agreementAmendments,
  ['projectId', 'agreementId'],
);

export type AgreementSort = 'signedByDay' | 'id' | 'updatedAt';

export interface AgreementFilters {
  type?: AgreementType;
  partyId?: string;
  /** Those that were signed on this day or later, as far as is known; where the day is not, it is the one that it was by. */
  signedFrom?: CalendarDate;
  signedTo?: CalendarDate;
  archived: boolean;
  knownAt: Instant | null;
}

/** A project's agreements as they were known at a moment, in the order of a page, at most `page.limit + 1`. */
export async function listAgreements(
  unit: ReadUnit,
  projectId: string,
  { type, partyId, signedFrom, signedTo, archived, knownAt }: AgreementFilters,
  page: PageRequest<AgreementSort>,
): Promise<Agreement[]> {
  const { agreements: t } = agreementTables(unit.engine);
  const conditions: SQL[] = [];
  if (type !== undefined) conditions.push(eq(t.type, type));
  // An id has neither a quotation mark nor a wildcard, so it is found in the list as it is stored.
  if (partyId !== undefined) conditions.push(sql`${t.partyIds} like ${`%"${partyId}"%`}`);
  if (signedFrom !== undefined) conditions.push(gte(t.signedByDay, signedFrom));
  if (signedTo !== undefined) conditions.push(lte(t.signedByDay, signedTo));
  const by = page.sort === 'updatedAt' ? 'recordedAt' : page.sort;
  return await agreements.list(unit, projectId, { archived, knownAt, conditions }, { ...page, by });
}

export type AmendmentSort = 'asOf';

export interface AmendmentFilters {
  from?: CalendarDate;
  to?: CalendarDate;
  withdrawn: boolean;
}
