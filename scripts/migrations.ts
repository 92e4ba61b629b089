import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';

/**
 * Writes the migration from the last one to the tables in the code, for each engine: `--name what-changed` is handed on
 * to drizzle-kit. With `--check` it writes nothing and exits with 1 where there is one to be written.
 */
const engines = [
  { dialect: 'sqlite', schema: './src/schema.sqlite.ts', folder: 'migrations/sqlite' },
  { dialect: 'postgresql', schema: './src/schema.postgres.ts', folder: 'migrations/postgres' },
];

for (const engine of engines) {
  if (process.argv.includes('--check')) check(engine);
  else generate(engine, engine.folder, process.argv.slice(2), 'inherit');
}

function check(engine: (typeof engines)[number]): void {
  // drizzle-kit takes paths below the working directory only.
  mkdirSync('node_modules/.cache', { recursive: true });
  const folder = mkdtempSync('node_modules/.cache/migrations-');
  cpSync(engine.folder, folder, { recursive: true });
  const before = readdirSync(folder);
  const { status, stdout, stderr } = generate(engine, folder, [], 'pipe');
  const added = readdirSync(folder).filter((name) => !before.includes(name));
  rmSync(folder, { recursive: true, force: true });
  if (status === 0 && added.length === 0 && stdout.includes('No schema changes')) return;
  process.stderr.write(
    `${stdout}${stderr}\nthe tables differ from the last migration in ${engine.folder}: run npm run migration -- --name <what changed>\n`,
  );
  process.exitCode = 1;
}

function generate(
  { dialect, schema }: (typeof engines)[number],
  folder: string,
  more: readonly string[],
  stdio: 'inherit' | 'pipe',
) {
  const args = ['generate', `--dialect=${dialect}`, `--schema=${schema}`, `--out=./${folder}`, ...more];
  const done = spawnSync('drizzle-kit', args, { encoding: 'utf8', stdio });
  // A program that is not there has not found the tables different.
  if (done.error !== undefined) throw done.error;
  if (stdio === 'inherit' && done.status !== 0) process.exitCode = 1;
  return done;
}
