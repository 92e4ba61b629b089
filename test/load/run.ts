import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { portfolioFile } from '../../bench/database.ts';
import { type Figure, Figures, tableOf } from './figures.ts';
import type { Scenario } from './scenario.ts';
import { batches } from './scenarios/batches.ts';
import { endlessBodies } from './scenarios/endless-bodies.ts';
import { flood } from './scenarios/flood.ts';
import { slowClients } from './scenarios/slow-clients.ts';
import { tenThousandTokens } from './scenarios/tokens.ts';
import { millionRows } from './scenarios/walk.ts';

const scenarios = {
  flood,
  slow: slowClients,
  endless: endlessBodies,
  tokens: tenThousandTokens,
  batches,
  walk: millionRows,
} satisfies Record<string, Scenario>;

const usage = `npm run test:load -- [options]
  --quick      shorter, and fewer of everything; only to see that all of it runs
  --only a,b   some of ${Object.keys(scenarios).join(', ')}
Exits with 1 when a bound is missed. The bounds are those of a machine of two cores that does nothing else.
`;

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  process.stdout.write(usage);
  process.exit();
}
const chosen = (options.only?.split(',') ?? Object.keys(scenarios)) as (keyof typeof scenarios)[];
const unknown = chosen.filter((name) => !Object.hasOwn(scenarios, name));
if (unknown.length > 0) {
  process.stderr.write(`There is no scenario ${unknown.join(', ')}.\n${usage}`);
  process.exit(2);
}

execFileSync(process.execPath, ['scripts/build.ts'], { cwd: root });
const conditions = {
  main: join(root, 'dist/main.js'),
  portfolio: await portfolioFile(tell),
  quick: options.quick,
};
const all: Figure[] = [];
for (const name of chosen) {
  tell(`\n${name}`);
  const startedMs = performance.now();
  const figures = new Figures(name, tell);
  await scenarios[name](conditions, figures);
  all.push(...figures.all);
  tell(`  (${Math.round((performance.now() - startedMs) / 1000)} s)`);
}
tell(`\n${tableOf(all)}`);
const missed = all.filter((figure) => figure.ok === false).length;
tell(
  missed === 0 ? '\nAll bounds are kept.' : `\n${missed} ${missed === 1 ? 'bound is' : 'bounds are'} missed.`,
);
process.exitCode = missed === 0 ? 0 : 1;

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
