import type { SQL } from 'drizzle-orm';
import type { Column, ReadUnit, WriteUnit } from '../../database/index.ts';
import { encodeCursor, type Page, pageRequest } from '../../http/paging.ts';
import { type Actor, holdsScope } from '../../shared/actor.ts';
import type { Change, ChangeAction, SubjectType } from './change.ts';
import {
  type ChangeFilters,
  insertChange,
  type KeptChange,
  listChanges,
  type MomentsOfReport,
  organizationColumn,
} from './store.ts';

/** What a feature tells of its change; who and when are taken from the actor and the unit of work. */
export type Told = {
  action: ChangeAction;
  subjectId: string;
  organizationId: string | null;
  reason?: string | null;
} & (
  | { subjectType: Exclude<SubjectType, 'report'>; before: unknown; after: unknown }
  | { subjectType: 'report'; revision: number }
);

/** Adds an entry to the record, as part of the unit of work that makes the change. */
export async function recordChange(unit: WriteUnit, actor: Actor, told: Told): Promise<void> {
  await insertChange(unit, {
    at: unit.now,
    actorTokenId: actor.tokenId,
    actorName: actor.name,
    action: told.action,
    subjectType: told.subjectType,
    subjectId: told.subjectId,
    organizationId: told.organizationId,
    reason: told.reason ?? null,
    ...(told.subjectType === 'report'
      ? { revision: told.revision, before: null, after: null }
      : { revision: null, before: told.before, after: told.after }),
  });
}

/** What the record is told by those who record their own changes in it. */
export interface RecordSources {
  /** Narrows a query to the organizations that the actor sees; undefined where that is everything. */
  scope: (unit: ReadUnit, actor: Actor, organizationId: Column) => SQL | undefined;
  momentsOfReport: MomentsOfReport;
  revisionsOfReports: RevisionsOfReports;
}

/** A revision of a report, whose id is `<projectId>/<asOf>`. */
export interface ReportRevision {
  reportId: string;
  revision: number;
}

/** These revisions as clients see them, by {@link revisionKey}. */
export type RevisionsOfReports = (
  unit: ReadUnit,
  wanted: readonly ReportRevision[],
) => Promise<ReadonlyMap<string, unknown>>;

export function revisionKey({ reportId, revision }: ReportRevision): string {
  return `${reportId}/${revision}`;
}

/** In ascending order there is always a cursor: the record goes on. */
export async function pageOfChanges(
  unit: ReadUnit,
  actor: Actor,
  query: Omit<ChangeFilters, 'exceptTokens'> & { limit: number; cursor?: string; sort: string },
  { scope, momentsOfReport, revisionsOfReports }: RecordSources,
): Promise<Page<Change>> {
  const page = pageRequest(query, { value: 'number', id: 'number' });
  const after = page.after === null ? null : Number(page.after.id);
  const rows = await listChanges(
    unit,
    { ...query, exceptTokens: !holdsScope(actor, 'admin') },
    { descending: page.descending, after, limit: page.limit + 1 },
    scope(unit, actor, organizationColumn(unit)),
    momentsOfReport,
  );
  const shown = await told(unit, rows.slice(0, page.limit), revisionsOfReports);
  const last = shown.at(-1)?.sequence ?? (page.descending ? null : (after ?? 0));
  const more = !page.descending || rows.length > page.limit;
  return {
    items: shown,
    nextCursor: last !== null && more ? encodeCursor({ sort: query.sort, value: last, id: last }) : null,
  };
}

/** The entries with what each thing was before and after; of a report, what its revisions say. */
async function told(
  unit: ReadUnit,
  kept: readonly KeptChange[],
  revisionsOfReports: RevisionsOfReports,
): Promise<Change[]> {
  const wanted = kept.flatMap(({ subjectId: reportId, revision }) => {
    if (revision === null) return [];
    const after = { reportId, revision };
    return revision === 1 ? [after] : [{ reportId, revision: revision - 1 }, after];
  });
  const revisions = await revisionsOfReports(unit, wanted);
  return kept.map(({ revision, ...change }) => {
    if (revision === null) return change;
    const at = (number: number) =>
      revisions.get(revisionKey({ reportId: change.subjectId, revision: number })) ?? null;
    return { ...change, before: at(revision - 1), after: at(revision) };
  });
}
