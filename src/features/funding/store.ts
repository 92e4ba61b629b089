import { and, eq, isNotNull } from 'drizzle-orm';
import { datedStatements, type ReadUnit, revisedThings } from '../../database/index.ts';
import type { Instant } from '../../shared/clock.ts';
import type { Funding, FundingAmount } from './funding.ts';
import { fundingTables } from './table.ts';

export const fundingLines = revisedThings<Funding>((engine) => fundingTables(engine).funding);

/** What was said of how much had come by a day. */
export const fundingAmounts = datedStatements<FundingAmount, 'projectId' | 'fundingId' | 'status'>(
  (engine) => fundingTables(engine).fundingAmounts,
  ['projectId', 'fundingId', 'status'],
);

export type FundingSort = 'id' | 'title' | 'updatedAt';

const columnOf = { id: 'id', title: 'title', updatedAt: 'recordedAt' } as const;

/** A project's lines in the order of a page, at most `limit + 1`. */
export async function listLines(
  unit: ReadUnit,
  projectId: string,
  filters: {
    currency?: string | undefined;
    sourceOrganizationId?: string | undefined;
    archived: boolean;
    knownAt: Instant | null;
  },
  page: {
    sort: FundingSort;
    descending: boolean;
    after: { value: string | number; id: string | number } | null;
    limit: number;
  },
): Promise<Funding[]> {
  const { funding: t } = fundingTables(unit.engine);
  const { currency, sourceOrganizationId, archived, knownAt } = filters;
  const conditions = [
    currency === undefined ? undefined : eq(t.currency, currency),
    sourceOrganizationId === undefined ? undefined : eq(t.sourceOrganizationId, sourceOrganizationId),
  ];
  return await fundingLines.list(
    unit,
    projectId,
    { archived, knownAt, conditions },
    { ...page, by: columnOf[page.sort] },
  );
}

/** The place of a line in a list, as its cursor holds it. */
export function sortValueOf(line: Funding, sort: FundingSort): string {
  return line[columnOf[sort]];
}

/** Whether an amount was ever said on a line, be it taken back since. */
export async function hasAmounts(unit: ReadUnit, projectId: string, fundingId: string): Promise<boolean> {
  const { fundingAmounts: t } = fundingTables(unit.engine);
  const rows = await unit.db
    .select({ revision: t.revision })
    .from(t)
    .where(and(eq(t.projectId, projectId), eq(t.fundingId, fundingId), isNotNull(t.amountMinor)))
    .limit(1);
  return rows.length > 0;
}
