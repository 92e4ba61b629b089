import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { assertKeptAsCounted, copyOf, portfolioFile } from './database.ts';
import { type Figure, type MeasureName, measures } from './measures.ts';
import { detailTable, keepResults, surroundings, table } from './results.ts';

const usage = `npm run bench -- [options]
  --quick          short rounds; only to see that all of it runs
  --only a,b       some of ${Object.keys(measures).join(', ')}
  --rounds n       rounds of each measure (15)
  --seconds n      seconds of each side in a round (1)
  --main FILE      the built server, instead of building it
  --strict         exit with 1 when a target is missed
A whole run that is not quick is kept in bench/results.
`;

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    main: { type: 'string' },
    strict: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  process.stdout.write(usage);
  process.exit();
}
const chosen = (options.only?.split(',') ?? Object.keys(measures)) as MeasureName[];
const unknown = chosen.filter((name) => !Object.hasOwn(measures, name));
if (unknown.length > 0) {
  process.stderr.write(`There is no measure ${unknown.join(', ')}.\n${usage}`);
  process.exit(2);
}

const about = surroundings();
if (options.main === undefined) execFileSync(process.execPath, ['scripts/build.ts'], { cwd: root });
const portfolio = await portfolioFile(tell);
await checkPortfolio();

const conditions = {
  main: resolve(options.main ?? join(root, 'dist/main.js')),
  portfolio,
  rounds: Number(options.rounds ?? (options.quick ? 3 : 15)),
  secondsPerRound: Number(options.seconds ?? 1),
  secondsOfMixedLoad: options.quick ? 5 : 60,
  tell,
};
const figures: Figure[] = [];
for (const name of chosen) figures.push(...(await measures[name](conditions)));

const tables = [table(figures), detailTable(figures)];
process.stdout.write(`\n${tables.join('\n\n')}\n`);
if (options.only === undefined && !options.quick) {
  process.stdout.write(`\nKept in ${keepResults('', about, 'Benchmarks', tables, figures)}\n`);
}
if (options.strict && figures.some((figure) => figure.ok === false)) process.exitCode = 1;

async function checkPortfolio(): Promise<void> {
  const copy = copyOf(portfolio, join(tmpdir(), `jindu-bench-${process.pid}.db`));
  try {
    await assertKeptAsCounted(copy, options.quick ? 20 : 100);
  } finally {
    for (const end of ['', '-wal', '-shm']) rmSync(`${copy}${end}`, { force: true });
  }
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
