import type { Instant } from '../shared/clock.ts';
import type { CommittedGroup } from './unit.ts';

/** What came of a turn to write that one queue has lent to another. */
export interface Lent {
  /** What was committed in it; null if nothing was. */
  group: CommittedGroup | null;
  /** How many works ended with an error of their own. */
  failed: number;
}

/**
 * Calls `use` when it is its turn among the works of a queue, which writes nothing until `use` is done. Resolves then.
 * @param use is given the `now` of the units that it runs
 * @throws what `use` throws; JinduError `overloaded` if its turn does not come soon enough
 */
export type Lend = (use: (now: Instant) => Promise<Lent>) => Promise<void>;

/** Where a queue that writes to the file of another has its turns from. */
export interface Lender {
  /** Resolves when nobody else writes. */
  borrow(): Promise<void>;
  /** To be called when nothing is open any more, and before anybody is answered. */
  giveBack(lent: Lent): void;
  /** The same after a fault that concerns all who write. */
  giveBackFailed(error: unknown): void;
}

/** Of a queue that asks nobody. */
export const nobody: Lender = {
  borrow: () => noWait,
  giveBack: () => undefined,
  giveBackFailed: () => undefined,
};

const noWait = Promise.resolve();
