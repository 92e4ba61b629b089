import { AsyncLocalStorage } from 'node:async_hooks';
import type { Instant } from '../shared/clock.ts';
import type { Engine } from './columns.ts';
import type { Recollection } from './memory.ts';
import type { Db, ReadUnit } from './unit.ts';

/** What a read and a write unit have in common: they know their database, and that they end. */
export class Unit implements ReadUnit {
  readonly engine: Engine;
  readonly now: Instant;
  /** The database that opened it; it only serves to tell one from another. */
  readonly owner: object;
  readonly #recollect: () => Recollection | null;
  #db: Db | undefined;

  constructor(
    owner: object,
    engine: Engine,
    db: Db,
    now: Instant,
    recollect: () => Recollection | null = nothing,
  ) {
    this.owner = owner;
    this.engine = engine;
    this.now = now;
    this.#recollect = recollect;
    this.#db = db;
  }

  get recollection(): Recollection | null {
    return this.#recollect();
  }

  get db(): Db {
    this.assertRunning();
    return this.#db as Db;
  }

  /** Throws once the unit has ended. */
  assertRunning(): void {
    if (this.#db === undefined) {
      throw new Error('This unit has ended. Something in its work was not awaited, or the unit was kept.');
    }
  }

  get hasEnded(): boolean {
    return this.#db === undefined;
  }

  end(): void {
    this.#db = undefined;
  }
}

const nothing = () => null;

const running = new AsyncLocalStorage<Unit>();

/** Runs `work` on `unit` so that {@link assertNotInside} knows of it. The caller ends the unit. */
export function runInside<U extends Unit, T>(unit: U, work: (unit: U) => Promise<T>): Promise<T> {
  return running.run(unit, work, unit);
}

/**
 * Throws if the caller is part of a work on the same database. A write inside of a work would wait for ever for that
 * work to end; a read inside of one would not see what the work has written.
 */
export function assertNotInside(owner: object): void {
  const unit = running.getStore();
  if (unit !== undefined && unit.owner === owner && !unit.hasEnded) {
    throw new Error('A unit was opened inside of another one. Hand the unit on instead.');
  }
}
