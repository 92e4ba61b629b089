import { sql } from 'drizzle-orm';
import { defineTables } from '../../database/index.ts';
import type { Citation } from '../../shared/citation.ts';
import { dealStages } from '../parties/index.ts';
import { projectTables } from '../projects/index.ts';

export const dealTables = defineTables((c, engine) => {
  const { projects } = projectTables(engine);
  const setStages = c.table(
    'deal_stages',
    {
      projectId: c
        .text('project_id')
        .notNull()
        .references(() => projects.id),
      asOf: c.date('as_of').notNull(),
      revision: c.integer('revision').notNull(),
      stage: c.enumText('stage', dealStages).notNull(),
      since: c.date('since'),
      reason: c.text('reason'),
      note: c.text('note'),
      citation: c.json<Citation>('citation'),
      withdrawn: c.boolean('withdrawn').notNull(),
      recordedAt: c.instant('recorded_at').notNull(),
      recordedBy: c.text('recorded_by').notNull(),
      /** Null: it is the current revision. */
      supersededAt: c.instant('superseded_at'),
    },
    (t) => [
      c.primaryKey({ columns: [t.projectId, t.asOf, t.revision] }),
      c.enumCheck(t.stage),
      c.check('deal_stages_since', sql`${t.since} is null or ${t.since} <= ${t.asOf}`),
    ],
  );
  return { setStages };
});
