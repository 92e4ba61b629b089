import type { Instant } from '../shared/clock.ts';
import type { CommittedGroup } from './unit.ts';

/** What came of a turn to write that a queue has lent. */
export interface Lent {
  /** What was committed in it; null if nothing was. */
  group: CommittedGroup | null;
  /** How many works ended with an error of their own. */
  failed: number;
}

/**
 * Calls `use` when it is its turn among the works of a queue, which writes nothing until `use` is done. Resolves then.
 * @param use is given the `now` of the units that it runs
 * @throws what `use` throws; JinduError `overloaded` if its turn does not come soon enough, and `storage_unavailable`
 *   if the database is being closed
 */
export type Lend = (use: (now: Instant) => Promise<Lent>) => Promise<void>;
