import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { keepResults, surroundings, tableOf } from './results.ts';
import { countiesFile } from './scale-database.ts';
import { measureScale, type ScaleFigure, scaleMeasures } from './scale-measures.ts';

const usage = `npm run bench:scale -- [options]
  --projects n     how many projects the large database has: a multiple of 10,000, at most 10,000,000 (1,000,000)
  --only a,b       some of ${Object.keys(scaleMeasures).join(', ')}
  --rounds n       rounds of each measure (7)
  --seconds n      seconds of each side in a round (1)
  --main FILE      the built server, instead of building it
  --strict         exit with 1 when a target is missed
Compares a database of so many projects, with twenty reports each, with one of 10,000. Both are built once and kept in
bench/.cache; a million projects take some ten minutes and 17 GB. A whole run with a million is kept in bench/results.
`;

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: options } = parseArgs({
  options: {
    projects: { type: 'string', default: '1000000' },
    only: { type: 'string' },
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '1' },
    main: { type: 'string' },
    strict: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  process.stdout.write(usage);
  process.exit();
}
const chosen = options.only?.split(',') ?? Object.keys(scaleMeasures);
const unknown = chosen.filter((name) => !Object.hasOwn(scaleMeasures, name));
const counties = Number(options.projects) / 10_000;
if (unknown.length > 0 || !Number.isInteger(counties) || counties < 1 || counties > 1000) {
  process.stderr.write(usage);
  process.exit(2);
}

const about = surroundings();
if (options.main === undefined) execFileSync(process.execPath, ['scripts/build.ts'], { cwd: root });
const small = await countiesFile(1, tell);
const large = await countiesFile(counties, tell);
const figures = await measureScale({
  main: options.main ?? join(root, 'dist/main.js'),
  small: { file: small, counties: 1 },
  large: { file: large, counties },
  chosen: chosen as (keyof typeof scaleMeasures)[],
  rounds: Number(options.rounds),
  secondsPerRound: Number(options.seconds),
  tell,
});
const size = `${sizeOf(small, 1)}; ${sizeOf(large, counties)}`;
const columns = ['measure', '10,000 projects', `${(counties * 10_000).toLocaleString('en')} projects`];
const shown = tableOf([...columns, 'ratio', 'target', 'ok', 'why it grows'], figures.map(cells));
process.stdout.write(`\n${size}\n\n${shown}\n`);
if (options.only === undefined && counties >= 100) {
  const kept = keepResults(
    'scale-',
    { ...about, files: size },
    'Ten thousand and a million projects',
    [shown],
    figures,
  );
  process.stdout.write(`\nKept in ${kept}\n`);
}
if (options.strict && figures.some((figure) => figure.ok === false)) process.exitCode = 1;

function cells({ measure, small, large, ratio, target, ok, why }: ScaleFigure): string[] {
  return [measure, small, large, ratio, target, ok === null ? '' : ok ? 'yes' : 'NO', why];
}

function sizeOf(file: string, counties: number): string {
  const { size } = statSync(file);
  const reports = counties * 200_000 + 20_002;
  return `${(size / 1e9).toFixed(2)} GB for ${reports.toLocaleString('en')} reports, ${Math.round(size / reports)} bytes for each with all that belongs to it`;
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
