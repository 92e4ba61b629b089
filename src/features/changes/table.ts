import { sql } from 'drizzle-orm';
import { defineTables } from '../../database/index.ts';
import { changeActions, subjectTypes } from './change.ts';

/** An engine uses an index without reports for a query that says so in these very words. */
export const exceptReports = sql`subject_type <> 'report'`;

export const changeTables = defineTables((c) => ({
  changes: c.table(
    'changes',
    {
      sequence: c.sequence('sequence'),
      at: c.instant('at').notNull(),
      actorTokenId: c.text('actor_token_id'),
      actorName: c.text('actor_name').notNull(),
      action: c.enumText('action', changeActions).notNull(),
      subjectType: c.enumText('subject_type', subjectTypes).notNull(),
      subjectId: c.text('subject_id').notNull(),
      organizationId: c.text('organization_id'),
      reason: c.text('reason'),
      /** Of a report: which revision the change made. Reports keep their revisions, so nothing is written twice. */
      revision: c.integer('revision'),
      /** Of what keeps no revisions of its own, as clients saw it. */
      before: c.json<unknown>('before'),
      after: c.json<unknown>('after'),
    },
    (t) => [
      // Not of reports: an index in the order of their subjects is written all over for each of them, and they are
      // found by the moments at which their revisions were recorded.
      c.index('changes_subject').on(t.subjectType, t.subjectId, t.sequence).where(exceptReports),
      c.index('changes_type').on(t.subjectType, t.sequence).where(exceptReports),
      c.index('changes_at').on(t.at),
      c.index('changes_organization').on(t.organizationId, t.sequence),
      c.enumCheck(t.action),
      c.enumCheck(t.subjectType),
    ],
  ),
}));
