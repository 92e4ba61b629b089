import { sql } from 'drizzle-orm';
import { defineTables } from '../../database/index.ts';
import type { Citation } from '../../shared/citation.ts';
import { qualifiers } from '../../shared/qualified-value.ts';
import { projectTables } from '../projects/index.ts';
import { agreementTypes } from './agreement.ts';

export const agreementTables = defineTables((c, engine) => {
  const { projects } = projectTables(engine);
  const agreements = c.table(
    'agreements',
    {
      projectId: c
        .text('project_id')
        .notNull()
        .references(() => projects.id),
      id: c.text('id').notNull(),
      revision: c.integer('revision').notNull(),
      type: c.enumText('type', agreementTypes).notNull(),
      title: c.text('title').notNull(),
      signedOn: c.date('signed_on'),
      signedByDay: c.date('signed_by_day').notNull(),
      effectiveOn: c.date('effective_on'),
      endsOn: c.date('ends_on'),
      partyIds: c.json<string[]>('party_ids').notNull(),
      valueMinor: c.integer('value_minor'),
      valueCurrency: c.text('value_currency'),
      valueQualifier: c.enumText('value_qualifier', qualifiers),
      valueStated: c.text('value_stated'),
      documentUrl: c.text('document_url'),
      note: c.text('note'),
      citation: c.json<Citation>('citation'),
      reason: c.text('reason'),
      createdAt: c.instant('created_at').notNull(),
      archivedAt: c.instant('archived_at'),
      recordedAt: c.instant('recorded_at').notNull(),
      recordedBy: c.text('recorded_by').notNull(),
      /** Null: it is the current revision. */
      supersededAt: c.instant('superseded_at'),
    },
    (t) => [
      c.primaryKey({ columns: [t.projectId, t.id, t.revision] }),
      c.uniqueIndex('agreements_current').on(t.projectId, t.id).where(sql`superseded_at is null`),
      c.enumCheck(t.type),
      c.enumCheck(t.valueQualifier),
      c.check('agreements_value_whole', sql`(${t.valueMinor} is null) = (${t.valueCurrency} is null)`),
    ],
  );
  const agreementAmendments = c.table(
    'agreement_amendments',
    {
      projectId: c
        .text('project_id')
        .notNull()
        .references(() => projects.id),
      agreementId: c.text('agreement_id').notNull(),
      asOf: c.date('as_of').notNull(),
      revision: c.integer('revision').notNull(),
      rationale: c.text('rationale').notNull(),
      scope: c.text('scope'),
      effectiveOn: c.date('effective_on'),
      endsOn: c.date('ends_on'),
      valueMinor: c.integer('value_minor'),
      valueCurrency: c.text('value_currency'),
      valueQualifier: c.enumText('value_qualifier', qualifiers),
      valueStated: c.text('value_stated'),
      documentUrl: c.text('document_url'),
      reason: c.text('reason'),
      citation: c.json<Citation>('citation'),
      withdrawn: c.boolean('withdrawn').notNull(),
      recordedAt: c.instant('recorded_at').notNull(),
      recordedBy: c.text('recorded_by').notNull(),
      /** Null: it is the current revision. */
      supersededAt: c.instant('superseded_at'),
    },
    (t) => [
      c.primaryKey({ columns: [t.projectId, t.agreementId, t.asOf, t.revision] }),
      c.enumCheck(t.valueQualifier),
      c.check(
        'agreement_amendments_value_whole',
        sql`(${t.valueMinor} is null) = (${t.valueCurrency} is null)`,
      ),
    ],
  );
  return { agreements, agreementAmendments };
});
