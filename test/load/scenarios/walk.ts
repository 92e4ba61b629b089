import Sqlite from 'better-sqlite3';
import { askers } from '../../../bench/requests.ts';
import { type Figures, quantile } from '../figures.ts';
import { Ground } from '../ground.ts';
import { type Conditions, withoutRateLimits } from '../scenario.ts';

const writesEveryMs = 10;

interface Page {
  items: { sequence: number }[];
  nextCursor: string | null;
}

/** A record of a million changes, read from its first page to its last, from either end, while it grows. */
export async function millionRows(conditions: Conditions, figures: Figures): Promise<void> {
  const count = conditions.quick ? 250_000 : 1_000_000;
  let rows = 0;
  await using ground = await Ground.open(conditions, withoutRateLimits, (file) => {
    rows = lengthenRecord(file, count);
  });
  figures.note('changes at the start', rows);
  for (const sort of ['sequence', '-sequence']) {
    const newest = await ground.demand<Page>({ path: '/v1/changes?limit=1&sort=-sequence' });
    const last = newest.items[0]?.sequence ?? 0;
    ground.stretch();
    const growing = new Growth(ground);
    const { times, seen, repeated, wrongOrder } = await walk(ground, sort, last);
    const added = await growing.stop();
    const missing = last - seen.size;
    const tenth = Math.ceil(times.length / 10);
    const first = quantile(times.slice(0, tenth), 0.5);
    const deepest = quantile(times.slice(-tenth), 0.5);
    figures.note(`${sort}: pages of 200, and rows added meanwhile`, `${times.length}, ${added}`);
    figures.is(`${sort}: rows missed`, missing, 0);
    figures.is(`${sort}: rows seen twice`, repeated, 0);
    figures.is(`${sort}: rows out of order`, wrongOrder, 0);
    figures.note(`${sort}: median of the first tenth of the pages`, first, 'ms');
    figures.atMost(`${sort}: median of the last tenth`, deepest, Math.max(2 * first, first + 2), 'ms');
    figures.within(`${sort}: p99 of a page`, quantile(times, 0.99), 50, ground.stretch());
  }
}

/** Repeats what is in the record until it is as long as that. */
function lengthenRecord(file: string, count: number): number {
  const database = new Sqlite(file);
  database.pragma('synchronous = OFF');
  const columns =
    'at, actor_token_id, actor_name, action, subject_type, subject_id, organization_id, reason, revision, before, after';
  const length = () => database.prepare('select count(*) from changes').pluck().get() as number;
  for (let rows = length(); rows < count; rows = length()) {
    database
      .prepare(`insert into changes (${columns}) select ${columns} from changes where sequence <= ?`)
      .run(count - rows);
  }
  const rows = length();
  database.close();
  return rows;
}

/** From the first page to the one that has nothing that was there when it began. */
async function walk(ground: Ground, sort: string, last: number) {
  const times: number[] = [];
  const seen = new Set<number>();
  let repeated = 0;
  let wrongOrder = 0;
  let cursor: string | null = '';
  let before: number | undefined;
  while (cursor !== null) {
    const after: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const startedMs = performance.now();
    const page: Page = await ground.demand<Page>({ path: `/v1/changes?limit=200&sort=${sort}${after}` });
    times.push(performance.now() - startedMs);
    for (const { sequence } of page.items) {
      if (before !== undefined && (sort === 'sequence' ? sequence <= before : sequence >= before))
        wrongOrder += 1;
      before = sequence;
      if (sequence > last) continue;
      if (seen.has(sequence)) repeated += 1;
      seen.add(sequence);
    }
    cursor = page.nextCursor;
    if (sort === 'sequence' && (before ?? 0) >= last) cursor = null;
  }
  return { times, seen, repeated, wrongOrder };
}

/** Reports that come in one after the other, each of which is an entry of the record. */
class Growth {
  static #turn = 1;
  readonly #running: Promise<number>;
  #isOver = false;

  constructor(ground: Ground) {
    this.#running = this.#run(ground);
  }

  /** @returns how many were taken in */
  async stop(): Promise<number> {
    this.#isOver = true;
    return await this.#running;
  }

  async #run(ground: Ground): Promise<number> {
    const ask = askers.reports(Growth.#turn);
    Growth.#turn += 1;
    let added = 0;
    while (!this.#isOver) {
      await ground.demand(ask(), 201);
      added += 1;
      await new Promise((resolve) => setTimeout(resolve, writesEveryMs));
    }
    return added;
  }
}
