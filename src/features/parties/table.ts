import { sql } from 'drizzle-orm';
import { defineTables } from '../../database/index.ts';
import type { Citation } from '../../shared/citation.ts';
import { organizationTables } from '../organizations/index.ts';
import { projectTables } from '../projects/index.ts';
import { dealStages, partyRoles } from './party.ts';

export const partyTables = defineTables((c, engine) => {
  const { projects } = projectTables(engine);
  const { organizations } = organizationTables(engine);
  const parties = c.table(
    'parties',
    {
      projectId: c
        .text('project_id')
        .notNull()
        .references(() => projects.id),
      id: c.text('id').notNull(),
      revision: c.integer('revision').notNull(),
      organizationId: c.text('organization_id').references(() => organizations.id),
      name: c.text('name'),
      role: c.enumText('role', partyRoles).notNull(),
      splitFrom: c.text('split_from'),
      splitOn: c.date('split_on'),
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
      c.uniqueIndex('parties_current').on(t.projectId, t.id).where(sql`superseded_at is null`),
      c.index('parties_organization').on(t.organizationId).where(sql`organization_id is not null`),
      c.enumCheck(t.role),
      c.check('parties_named_once', sql`${t.organizationId} is null or ${t.name} is null`),
      c.check('parties_split_whole', sql`(${t.splitFrom} is null) = (${t.splitOn} is null)`),
    ],
  );
  const partyStages = c.table(
    'party_stages',
    {
      projectId: c
        .text('project_id')
        .notNull()
        .references(() => projects.id),
      partyId: c.text('party_id').notNull(),
      asOf: c.date('as_of').notNull(),
      revision: c.integer('revision').notNull(),
      stage: c.enumText('stage', dealStages).notNull(),
      since: c.date('since'),
      count: c.integer('count'),
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
      c.primaryKey({ columns: [t.projectId, t.partyId, t.asOf, t.revision] }),
      c.enumCheck(t.stage),
      c.check('party_stages_since', sql`${t.since} is null or ${t.since} <= ${t.asOf}`),
      c.check('party_stages_count', sql`${t.count} is null or ${t.count} >= 1`),
    ],
  );
  return { parties, partyStages };
});
