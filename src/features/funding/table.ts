import { sql } from 'drizzle-orm';
import { defineTables } from '../../database/index.ts';
import type { Citation } from '../../shared/citation.ts';
import { qualifiers } from '../../shared/qualified-value.ts';
import { organizationTables } from '../organizations/index.ts';
import { projectTables } from '../projects/index.ts';
import { fundingStatuses } from './funding.ts';

export const fundingTables = defineTables((c, engine) => {
  const { projects } = projectTables(engine);
  const { organizations } = organizationTables(engine);
  const funding = c.table(
    'funding',
    {
      projectId: c
        .text('project_id')
        .notNull()
        .references(() => projects.id),
      id: c.text('id').notNull(),
      revision: c.integer('revision').notNull(),
      title: c.text('title').notNull(),
      purpose: c.text('purpose'),
      currency: c.text('currency').notNull(),
      sourceOrganizationId: c.text('source_organization_id').references(() => organizations.id),
      sourceName: c.text('source_name'),
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
      c.uniqueIndex('funding_current').on(t.projectId, t.id).where(sql`superseded_at is null`),
      c.index('funding_source').on(t.sourceOrganizationId).where(sql`source_organization_id is not null`),
      c.check('funding_one_source', sql`${t.sourceOrganizationId} is null or ${t.sourceName} is null`),
    ],
  );
  const fundingAmounts = c.table(
    'funding_amounts',
    {
      projectId: c
        .text('project_id')
        .notNull()
        .references(() => projects.id),
      fundingId: c.text('funding_id').notNull(),
      status: c.enumText('status', fundingStatuses).notNull(),
      asOf: c.date('as_of').notNull(),
      revision: c.integer('revision').notNull(),
      since: c.date('since'),
      amountMinor: c.integer('amount_minor'),
      qualifier: c.enumText('qualifier', qualifiers).notNull(),
      stated: c.text('stated'),
      note: c.text('note'),
      reason: c.text('reason'),
      citation: c.json<Citation>('citation'),
      withdrawn: c.boolean('withdrawn').notNull(),
      recordedAt: c.instant('recorded_at').notNull(),
      recordedBy: c.text('recorded_by').notNull(),
      /** Null: it is the current revision. */
      supersededAt: c.instant('superseded_at'),
    },
    (t) => [
      c.primaryKey({ columns: [t.projectId, t.fundingId, t.status, t.asOf, t.revision] }),
      c.enumCheck(t.status),
      c.enumCheck(t.qualifier),
      c.check('funding_amounts_since', sql`${t.since} is null or ${t.since} <= ${t.asOf}`),
      c.check('funding_amounts_amount', sql`${t.amountMinor} is null or ${t.amountMinor} >= 0`),
    ],
  );
  return { funding, fundingAmounts };
});
