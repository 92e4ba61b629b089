import { defineTables } from '../../database/index.ts';

export const keptStateTables = defineTables((c) => {
  /** By which way of counting what is kept ready was made, and how far a count that has begun has come. */
  const keptState = c.table('kept_state', {
    part: c.text('part').primaryKey(),
    counting: c.integer('counting').notNull(),
    /** Null: all of it is counted. Else the trees up to this root are. */
    countedUpTo: c.text('counted_up_to'),
    countedAt: c.instant('counted_at').notNull(),
  });
  return { keptState };
});
