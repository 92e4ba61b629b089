import type { FastifyRateLimitStore, FastifyRateLimitStoreCtor } from '@fastify/rate-limit';
import type { SharedCounts } from '../database/index.ts';

/** How long what one process has counted may be unknown to the others. */
const exchangeEveryMs = 250;

/** Whoever sends from ever new addresses must not fill the memory: the one that came first is forgotten. */
const keysKept = 10_000;

/** The requests of one key within its window. */
interface Count {
  /** As far as this process knows. */
  total: number;
  /** How many of them the others have not been told. */
  untold: number;
  sinceMs: number;
}

/**
 * Counts requests over all processes on one database. Each counts for itself, and a few times a second tells the
 * database what it has counted and hears what it has come to in all. So a limit holds to within what each process lets
 * through in a quarter of a second, and no request waits for the database. While the database is away, each process
 * holds the limit for itself.
 */
export function sharedRateLimitStore(counts: SharedCounts): FastifyRateLimitStoreCtor {
  return class extends SharedStore {
    constructor() {
      super(counts);
    }
  };
}

class SharedStore implements FastifyRateLimitStore {
  readonly #shared: SharedCounts;
  readonly #counts = new Map<string, Count>();
  #isExchangeDue = false;

  constructor(shared: SharedCounts) {
    this.#shared = shared;
  }

  incr(
    key: string,
    callback: (error: Error | null, result?: { current: number; ttl: number }) => void,
    windowMs = 60_000,
  ): void {
    const nowMs = Date.now();
    let count = this.#counts.get(key);
    if (count === undefined || nowMs - count.sinceMs >= windowMs) count = this.#begin(key, nowMs);
    count.total += 1;
    count.untold += 1;
    this.#exchangeSoon(windowMs);
    callback(null, { current: count.total, ttl: count.sinceMs + windowMs - nowMs });
  }

  /** The key of an address and that of a token are never the same, so all limits may share one store. */
  child(): this {
    return this;
  }

  #begin(key: string, nowMs: number): Count {
    const [first] = this.#counts.keys();
    if (this.#counts.size >= keysKept && first !== undefined) this.#counts.delete(first);
    const count = { total: 0, untold: 0, sinceMs: nowMs };
    this.#counts.set(key, count);
    return count;
  }

  #exchangeSoon(windowMs: number): void {
    if (this.#isExchangeDue) return;
    this.#isExchangeDue = true;
    setTimeout(async () => {
      // What cannot be told now is told with what comes later.
      const isMoreUntold = await this.#exchange(windowMs).catch(() => false);
      this.#isExchangeDue = false;
      if (isMoreUntold) this.#exchangeSoon(windowMs);
    }, exchangeEveryMs).unref();
  }

  /** Answers whether there is more to tell: what was counted meanwhile may be the last for long. */
  async #exchange(windowMs: number): Promise<boolean> {
    const told = [...this.#counts].filter(([, { untold }]) => untold > 0);
    const added = new Map(told.map(([key, { untold }]) => [key, untold]));
    const shared = await this.#shared.add(added, windowMs);
    for (const [key, count] of told) {
      const { count: total, ageMs } = shared.get(key) ?? { count: 0, ageMs: 0 };
      count.untold -= added.get(key) ?? 0;
      count.total = total + count.untold;
      count.sinceMs = Date.now() - ageMs;
    }
    return [...this.#counts.values()].some(({ untold }) => untold > 0);
  }
}
