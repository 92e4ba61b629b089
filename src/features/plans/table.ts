import { defineTables } from '../../database/index.ts';
import type { PlanPoint } from '../../formulas/planned-percent.ts';
import { projectTables } from '../projects/index.ts';

export const planTables = defineTables((c, engine) => {
  const { projects } = projectTables(engine);
  const plans = c.table(
    'plans',
    {
      projectId: c
        .text('project_id')
        .notNull()
        .references(() => projects.id),
      revision: c.integer('revision').notNull(),
      points: c.json<PlanPoint[]>('points').notNull(),
      note: c.text('note'),
      reason: c.text('reason'),
      withdrawn: c.boolean('withdrawn').notNull(),
      recordedAt: c.instant('recorded_at').notNull(),
      recordedBy: c.text('recorded_by').notNull(),
      /** Null: it is the current revision. */
      supersededAt: c.instant('superseded_at'),
    },
    (t) => [c.primaryKey({ columns: [t.projectId, t.revision] })],
  );
  return { plans };
});
