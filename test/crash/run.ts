import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkDisk } from './disk.ts';
import type { Place } from './place.ts';
import { postgresPlace, postgresPrograms } from './postgres-place.ts';
import { Rounds } from './rounds.ts';
import { sqlitePlace } from './sqlite-place.ts';
import { Violation } from './violation.ts';

const usage = `npm run test:crash -- [options]
  --engine NAME    sqlite or postgres; both unless told
  --kills n        how often each is killed (50)
  --seed n         what is written and when it is killed follows from it, as far as the machine allows
A database with which anything is wrong is kept, and its place is printed.
`;

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values: options } = parseArgs({
  options: {
    engine: { type: 'string' },
    kills: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  process.stdout.write(usage);
  process.exit();
}
const [kills, seed] = [Number(options.kills), Number(options.seed)];
const isEngine = options.engine === undefined || ['sqlite', 'postgres'].includes(options.engine);
if (!isEngine || !Number.isInteger(kills) || kills < 1 || !Number.isInteger(seed)) {
  process.stderr.write(usage);
  process.exit(2);
}

execFileSync(process.execPath, ['scripts/build.ts'], { cwd: root });
tell(`--seed ${seed}`);
if (options.engine !== 'postgres') {
  await runDisk();
  await run(sqlitePlace());
}
if (options.engine !== 'sqlite') await runOnPostgres();

async function runDisk(): Promise<void> {
  try {
    await checkDisk(tell);
  } catch (error) {
    process.exitCode = 1;
    tell(`disk: NOT AS PROMISED: ${wordsOf(error)}`);
  }
}

async function runOnPostgres(): Promise<void> {
  const programs = postgresPrograms();
  if (programs !== null) return await run(await postgresPlace(programs));
  tell(
    'postgres: left out, since the programs initdb and postgres are neither in PATH nor in /usr/lib/postgresql',
  );
  if (options.engine === 'postgres') process.exitCode = 1;
}

async function run(place: Place): Promise<void> {
  const rounds = new Rounds(place, seed, tell);
  let isKept = false;
  try {
    await rounds.run(kills);
  } catch (error) {
    isKept = true;
    process.exitCode = 1;
    tell(`${place.engine}: NOT AS PROMISED: ${wordsOf(error)}`);
    tell(`${place.engine}: what there is to inspect is kept in ${place.folder}`);
  } finally {
    await rounds.end();
    await place.close(isKept);
  }
  const sum = rounds.tally;
  const outcome = isKept ? 'ended by what is told above' : '0 lost, 0 in part, 0 refused and kept';
  tell(
    `${place.engine}: ${sum.rounds} rounds, ${sum.kills} kills, ${sum.acknowledged} acknowledged writes, ${outcome}; ` +
      `${sum.refused} refused, ${sum.unchanged} said nothing new, ${sum.open} in flight at a kill ` +
      `(${sum.openAndKept} kept as a whole), ${sum.retried} sent again`,
  );
}

function wordsOf(error: unknown): string {
  return error instanceof Violation ? error.message : ((error as Error).stack ?? String(error));
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
