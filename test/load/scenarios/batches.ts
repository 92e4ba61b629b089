import { firstSilentDay, places, randomFrom } from '../../../bench/portfolio.ts';
import type { Figures } from '../figures.ts';
import { type Answer, Ground } from '../ground.ts';
import { type Conditions, withoutRateLimits } from '../scenario.ts';
import { askingAlone, askingSteadily, besides } from '../steady.ts';

const mebibytes = 16;
const perSecond = 200;

interface Row {
  projectId: string;
  asOf: string;
  percent: number;
  note: string;
}

const formats = {
  JSON: { type: 'application/json', write: (rows: Row[]) => JSON.stringify(rows) },
  NDJSON: {
    type: 'application/x-ndjson',
    write: (rows: Row[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
  },
  CSV: {
    type: 'text/csv',
    write: (rows: Row[]) =>
      `projectId,asOf,percent,note\n${rows.map((row) => `${row.projectId},${row.asOf},${row.percent},"${row.note}"\n`).join('')}`,
  },
};

/** The largest batch that is taken, in each of its formats and under a key, while others read. */
export async function batches(conditions: Conditions, figures: Figures): Promise<void> {
  await using ground = await Ground.open(conditions, withoutRateLimits);
  const all = places();
  const random = randomFrom(5);
  const next = () => ({ path: `/v1/projects/${all[Math.floor(random() * all.length)]?.id}/progress` });
  await askingAlone(ground, perSecond, next, 10_000);
  const quiet = await askingAlone(ground, perSecond, next, 3_000);
  figures.note('p99 of reads, nothing else going on', quiet.p99, 'ms');
  for (const [turn, [name, { type, write }]] of Object.entries(formats).entries()) {
    const body = sized(write, turn);
    await ground.longestDelayMs();
    ground.stretch();
    const startedMs = performance.now();
    const { result, stream } = await askingSteadily(ground, perSecond, next, () =>
      ground.ask({
        method: 'POST',
        path: '/v1/report-batches',
        headers: { 'content-type': type, 'idempotency-key': name },
        body,
      }),
    );
    const seconds = (performance.now() - startedMs) / 1000;
    const delayMs = await ground.longestDelayMs();
    figures.note(`${name}: megabytes`, body.length / 1e6, 'MB');
    figures.is(`${name}: rows created`, createdBy(result), 10_000);
    figures.note(`${name}: time taken`, seconds, 's');
    figures.note(`${name}: longest delay of the event loop`, delayMs, 'ms');
    figures.is(`${name}: reads refused`, stream.othersTold, 0);
    figures.within(`${name}: p99 of reads meanwhile`, stream.p99, ...besides(quiet, ground.stretch()));
    figures.note(`${name}: longest read`, stream.longest, 'ms');
  }
}

/** As large a body of 10,000 rows as is taken: the notes fill it up. */
function sized(write: (rows: Row[]) => string, turn: number): Buffer {
  const bare = Buffer.byteLength(write(rows(turn, '')));
  const note = '现场核查'.repeat(1_000).slice(0, Math.floor((mebibytes * 2 ** 20 - bare) / 10_000 / 3));
  return Buffer.from(write(rows(turn, note)));
}

/** Of days on which nobody has reported, other ones in each turn. */
function rows(turn: number, note: string): Row[] {
  const components = places().filter((place) => place.level === 2);
  return Array.from({ length: 10_000 }, (_, index) => {
    const day = 10 * turn + Math.floor(index / components.length);
    const asOf = new Date(Date.parse(firstSilentDay) + day * 86_400_000).toISOString().slice(0, 10);
    const projectId = components[index % components.length]?.id ?? '';
    return { projectId, asOf, percent: 86 + day / 10, note };
  });
}

function createdBy({ status, text }: Answer): number | string {
  if (status !== 200) return `${status} ${text.slice(0, 300)}`;
  return (JSON.parse(text) as { summary: { created: number } }).summary.created;
}
