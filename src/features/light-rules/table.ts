import { defineTables } from '../../database/index.ts';
import { reportCadences } from '../../formulas/traffic-light.ts';
import { organizationTables } from '../organizations/index.ts';

export const lightRuleTables = defineTables((c, engine) => {
  const { organizations } = organizationTables(engine);
  const lightRules = c.table(
    'light_rules',
    {
      organizationId: c
        .text('organization_id')
        .notNull()
        .references(() => organizations.id),
      revision: c.integer('revision').notNull(),
      yellowBehindHundredths: c.integer('yellow_behind_hundredths').notNull(),
      redBehindHundredths: c.integer('red_behind_hundredths').notNull(),
      cadence: c.enumText('cadence', reportCadences),
      /** Null: no report is awaited. */
      silentAfterDays: c.integer('silent_after_days'),
      reason: c.text('reason'),
      withdrawn: c.boolean('withdrawn').notNull(),
      recordedAt: c.instant('recorded_at').notNull(),
      recordedBy: c.text('recorded_by').notNull(),
      /** Null: it is the current revision. */
      supersededAt: c.instant('superseded_at'),
    },
    (t) => [c.primaryKey({ columns: [t.organizationId, t.revision] }), c.enumCheck(t.cadence)],
  );
  return { lightRules };
});
