import { and, asc, desc, eq, gt, inArray, lt, ne, or, type SQL, type SQLWrapper } from 'drizzle-orm';
import { type Column, gatheredInsert, type ReadUnit, type WriteUnit } from '../../database/index.ts';
import type { Instant } from '../../shared/clock.ts';
import type { Change, SubjectType } from './change.ts';
import { changeTables, exceptReports } from './table.ts';

const insert = gatheredInsert((engine) => changeTables(engine).changes, ['sequence']);

/** An entry as it is kept: of a report, the revision that the change made stands for what it was before and after. */
export type KeptChange = Change & { revision: number | null };

export async function insertChange(unit: WriteUnit, change: Omit<KeptChange, 'sequence'>): Promise<void> {
  await insert(unit, change);
}

/** The moments at which the revisions of a report were recorded, of which the subject is `<projectId>/<asOf>`. */
export type MomentsOfReport = (unit: ReadUnit, subjectId: string) => SQLWrapper;

/** By which the record is narrowed to what an actor sees. */
export function organizationColumn(unit: ReadUnit): Column {
  return changeTables(unit.engine).changes.organizationId;
}

export interface ChangeFilters {
  subjectType?: SubjectType;
  subjectId?: string;
  organizationId?: string;
  /** Leaves out what was done with tokens, which only those see who may see the tokens themselves. */
  exceptTokens: boolean;
}

/** Entries beyond `after` in the order asked for, at most `limit`, of those that `visible` lets through. */
export async function listChanges(
  unit: ReadUnit,
  filters: ChangeFilters,
  order: { descending: boolean; after: number | null; limit: number },
  visible: SQL | undefined,
  momentsOfReport: MomentsOfReport,
): Promise<KeptChange[]> {
  const { changes: t } = changeTables(unit.engine);
  const { subjectType, subjectId } = filters;
  const conditions = [visible];
  if (filters.exceptTokens) conditions.push(ne(t.subjectType, 'token'));
  if (subjectType !== undefined) conditions.push(eq(t.subjectType, subjectType));
  if (subjectType !== undefined && subjectType !== 'report') conditions.push(exceptReports);
  if (subjectId !== undefined) {
    const wasRecorded = inArray(t.at, momentsOfReport(unit, subjectId));
    conditions.push(eq(t.subjectId, subjectId));
    if (subjectType === undefined)
      conditions.push(or(exceptReports, and(eq(t.subjectType, 'report'), wasRecorded)));
    if (subjectType === 'report') conditions.push(wasRecorded);
  }
  if (filters.organizationId !== undefined) conditions.push(eq(t.organizationId, filters.organizationId));
  if (order.after !== null) {
    conditions.push(order.descending ? lt(t.sequence, order.after) : gt(t.sequence, order.after));
  }
  return await unit.db
    .select()
    .from(t)
    .where(and(...conditions))
    .orderBy(order.descending ? desc(t.sequence) : asc(t.sequence))
    .limit(order.limit);
}

/** When the newest entry was made; null for an empty record. */
export async function newestInstant(unit: ReadUnit): Promise<Instant | null> {
  const { changes: t } = changeTables(unit.engine);
  const [newest] = await unit.db.select({ at: t.at }).from(t).orderBy(desc(t.sequence)).limit(1);
  return newest?.at ?? null;
}
