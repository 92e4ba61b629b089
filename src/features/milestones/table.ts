import { sql } from 'drizzle-orm';
import { defineTables } from '../../database/index.ts';
import { projectTables } from '../projects/index.ts';
import { milestoneStatuses, milestoneTypes } from './milestone.ts';

const inUse = sql`superseded_at is null and archived_at is null`;

export const milestoneTables = defineTables((c, engine) => {
  const { projects } = projectTables(engine);
  const milestones = c.table(
    'milestones',
    {
      projectId: c
        .text('project_id')
        .notNull()
        .references(() => projects.id),
      id: c.text('id').notNull(),
      revision: c.integer('revision').notNull(),
      title: c.text('title').notNull(),
      type: c.enumText('type', milestoneTypes),
      code: c.text('code'),
      description: c.text('description'),
      dueDate: c.date('due_date'),
      /** What a list goes by: those without a due date come last. */
      dueOrder: c.date('due_order').notNull(),
      firstDueDate: c.date('first_due_date'),
      status: c.enumText('status', milestoneStatuses).notNull(),
      dateMet: c.date('date_met'),
      metBy: c.date('met_by'),
      /** `metBy` of one that is met; null while it is open, be it partly met. */
      closedOn: c.date('closed_on'),
      /** From the due date now to the first one: below 0 where it was put off. */
      daysGained: c.integer('days_gained'),
      weightScaled: c.integer('weight_scaled'),
      valueMinor: c.integer('value_minor'),
      valueCurrency: c.text('value_currency'),
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
      c.uniqueIndex('milestones_current').on(t.projectId, t.id).where(sql`superseded_at is null`),
      c.index('milestones_due').on(t.closedOn, t.firstDueDate, t.projectId, t.id).where(inUse),
      c.index('milestones_put_off').on(t.closedOn, t.daysGained, t.projectId, t.id).where(inUse),
      c.enumCheck(t.type),
      c.enumCheck(t.status),
      c.check('milestones_value_whole', sql`(${t.valueMinor} is null) = (${t.valueCurrency} is null)`),
      c.check('milestones_met_by', sql`(${t.metBy} is null) = (${t.status} in ('scheduled', 'notMet'))`),
    ],
  );
  return { milestones };
});
