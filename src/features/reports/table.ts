import { sql } from 'drizzle-orm';
import { defineTables } from '../../database/index.ts';
import type { Citation } from '../../shared/citation.ts';
import { qualifiers } from '../../shared/qualified-value.ts';
import { projectTables } from '../projects/index.ts';

export const reportTables = defineTables((c, engine) => {
  const { projects } = projectTables(engine);
  const reports = c.table(
    'reports',
    {
      projectId: c
        .text('project_id')
        .notNull()
        .references(() => projects.id),
      asOf: c.date('as_of').notNull(),
      revision: c.integer('revision').notNull(),
      percentHundredths: c.integer('percent_hundredths'),
      qualifier: c.enumText('qualifier', qualifiers).notNull(),
      stated: c.text('stated'),
      quantities: c.json<{ code: string; valueScaled: number }[]>('quantities'),
      spentMinor: c.integer('spent_minor'),
      spentCurrency: c.text('spent_currency'),
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
      c.primaryKey({ columns: [t.projectId, t.asOf, t.revision] }),
      c.enumCheck(t.qualifier),
      c.check('reports_percent', sql`${t.percentHundredths} between 0 and 10000`),
      c.check('reports_spent_whole', sql`(${t.spentMinor} is null) = (${t.spentCurrency} is null)`),
    ],
  );
  return { reports };
});
