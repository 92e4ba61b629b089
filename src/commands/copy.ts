import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { configured, end, wordsOf } from '../command-line.ts';
import { type DatabasePlace, settings } from '../config.ts';
import type { CopiedTable, Database, ReadableDatabase } from '../database/index.ts';

const usage = `Usage: npm run copy -- --from URL --to URL
One of the two may be left out, and is the database of the settings then.`;

/**
 * `npm run copy -- --from file:./data/jindu.db --to postgres://user@host/db`: copies a whole database into an empty
 * one, whatever the engine of either, and compares the two. Exits with 0 when every table is equal, with 1 when nothing
 * was copied, with 2 when it was not told from where to where.
 */
const given = urlsGiven(process.argv.slice(2));
if (given === null || (given.from === undefined && given.to === undefined)) end(2, usage);
const config = configured();
const from = placeOf('--from', given.from);
const to = placeOf('--to', given.to);
await copy().catch((error) => end(1, `The copy of ${from.shown} to ${to.shown} failed: ${wordsOf(error)}`));

/** Null for anything else than the two; what was typed is not repeated, as it may hold a password. */
function urlsGiven(args: string[]): { from?: string | undefined; to?: string | undefined } | null {
  try {
    return parseArgs({ args, options: { from: { type: 'string' }, to: { type: 'string' } } }).values;
  } catch {
    return null;
  }
}

function placeOf(name: string, url: string | undefined): DatabasePlace {
  if (url === undefined) return config.database;
  const parsed = settings.database.parse(url.trim());
  return parsed.ok ? parsed.value : end(2, `${name} ${parsed.wanted}`);
}

async function copy(): Promise<void> {
  const [{ openReadable }, { makeWholeFile }] = await Promise.all([
    import('../app.ts'),
    import('../database/index.ts'),
  ]);
  const begun = performance.now();
  const source = await openReadable(from).catch((error) => failOf(from, error));
  const isNewFile = to.engine === 'sqlite' && !existsSync(to.file);
  const copying = isNewFile
    ? makeWholeFile(to.file, (file) => copyInto({ ...to, file }, source))
    : copyInto(to, source);
  const tables = await copying.finally(() => source.close());
  const rows = tables.reduce((sum, table) => sum + table.to.rows, 0);
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  process.stdout.write(`\n${tableOf(tables)}\n\n`);
  process.stdout.write(`Copied ${rows} rows from ${from.shown} to ${to.shown} in ${seconds} s.\n`);
}

async function copyInto(place: DatabasePlace, source: ReadableDatabase): Promise<CopiedTable[]> {
  const { openConfiguredDatabase } = await import('../app.ts');
  const opening = openConfiguredDatabase({ ...config, database: place }, undefined, { migrates: 'new' });
  const target = await opening.catch((error) => failOf(place, error));
  return await copyAll(source, target).finally(() => target.close());
}

function failOf(place: DatabasePlace, error: unknown): never {
  throw new Error(`${place.shown} cannot be used. ${wordsOf(error)}`);
}

async function copyAll(source: ReadableDatabase, target: Database): Promise<CopiedTable[]> {
  const [{ CopyDiffers, copyDatabase }, { tablesOf }] = await Promise.all([
    import('../database/index.ts'),
    import('../tables.ts'),
  ]);
  try {
    return await copyDatabase({ from: source, to: target, tablesOf, onProgress: tellProgress });
  } catch (error) {
    if (error instanceof CopyDiffers) process.stdout.write(`\n${tableOf(error.tables)}\n\n`);
    throw error;
  }
}

function tellProgress(table: string, rows: number, total: number): void {
  process.stdout.write(`${table}: ${rows === total ? rows : `${rows} of ${total}`} rows\n`);
}

/** The checksums are shortened; the whole of them was compared. Where the two differ, both are shown. */
function tableOf(tables: readonly CopiedTable[]): string {
  const lines = tables.map(({ name, from, to, isEqual }) => {
    const both = (was: string, is: string) => (isEqual ? was : `${was} ${is}`);
    const checksum = both(from.checksum.slice(0, 16), to.checksum.slice(0, 16));
    return [name, both(String(from.rows), String(to.rows)), checksum, isEqual ? 'yes' : 'no'];
  });
  const all = [['table', 'rows', 'checksum', 'equal'], ...lines];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
  return all
    .map((line) =>
      line
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
