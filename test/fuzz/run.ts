import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

/**
 * `npm run test:fuzz -- [--seed N] [--runs N] [--project pglite] [files or -t words]`: the searches of `test/fuzz` and
 * `test/model` for as long as one likes, from another seed each time, on SQLite unless told. `FUZZ_SEED` and `FUZZ_RUNS`
 * say the same. The seed is printed first: with it, and with the same number of runs, everything happens again.
 */
const { values, tokens } = parseArgs({
  options: { seed: { type: 'string' }, runs: { type: 'string' } },
  allowPositionals: true,
  strict: false,
  tokens: true,
});
const ours = new Set(
  tokens.flatMap((token) =>
    token.kind === 'option' && (token.name === 'seed' || token.name === 'runs')
      ? [token.index, ...(token.inlineValue === false ? [token.index + 1] : [])]
      : [],
  ),
);
const passedOn = process.argv.slice(2).filter((_, index) => !ours.has(index));
const seed = String(values.seed ?? process.env.FUZZ_SEED ?? Math.floor(Math.random() * 1_000_000_000));
const runs = String(values.runs ?? process.env.FUZZ_RUNS ?? 1_000);

process.stdout.write(`seed ${seed}, ${runs} runs of each property\n`);
const places = passedOn.some((word) => word.includes('test/')) ? [] : ['test/fuzz', 'test/model'];
const engine = passedOn.some((word) => word.startsWith('--project'))
  ? []
  : ['--project', 'sqlite', '--project', 'once'];
const { status } = spawnSync('vitest', ['run', ...engine, ...places, ...passedOn], {
  stdio: 'inherit',
  env: { ...process.env, FUZZ_SEED: seed, FUZZ_RUNS: runs },
});
process.exitCode = status ?? 1;
