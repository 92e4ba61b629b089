import type { SharedCount, SharedCounts } from '../unit.ts';
import { type Connection, rowsOf } from './connection.ts';

/**
 * Keys in their order, so that two processes that add to the same ones at once wait for each other and do not lock each
 * other out. The clock is the server's, which is one for all.
 */
const addAll = `
  insert into request_counts as kept (key, since, count)
  select key, clock_timestamp(), value::bigint from json_each_text($1::json) order by key collate "C"
  on conflict (key) do update set
    since = case when kept.since <= excluded.since - $2 * interval '1 millisecond'
      then excluded.since else kept.since end,
    count = case when kept.since <= excluded.since - $2 * interval '1 millisecond'
      then excluded.count else kept.count + excluded.count end
  returning key, count, extract(epoch from clock_timestamp() - since)::float8 * 1000`;

const forgetThoseThatAreOver = `
  delete from request_counts where since <= clock_timestamp() - $1 * interval '1 millisecond'`;

/** In a table that the server does not write to its log: nobody waits for the disk, and a crash of the server empties it. */
export class CountsInTable implements SharedCounts {
  readonly #run: <T>(action: (connection: Connection) => Promise<T>) => Promise<T>;
  #tidiedMs = Number.NEGATIVE_INFINITY;

  /** @param run gives a connection on which no transaction is open */
  constructor(run: <T>(action: (connection: Connection) => Promise<T>) => Promise<T>) {
    this.#run = run;
  }

  async add(added: ReadonlyMap<string, number>, windowMs: number): Promise<ReadonlyMap<string, SharedCount>> {
    const isTidyingDue = performance.now() - this.#tidiedMs >= windowMs;
    if (isTidyingDue) this.#tidiedMs = performance.now();
    const given = JSON.stringify(Object.fromEntries(added));
    const rows = await this.#run(async (connection) => {
      if (isTidyingDue) await rowsOf(connection, forgetThoseThatAreOver, [windowMs]);
      return await rowsOf(connection, addAll, [given, windowMs]);
    });
    return new Map(
      (rows as [string, number, number][]).map(([key, count, ageMs]) => [key, { count, ageMs }]),
    );
  }
}
