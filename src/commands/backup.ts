import { statSync } from 'node:fs';
import { configured, end, wordsOf } from '../command-line.ts';

/**
 * `npm run backup -- FILE`: copies the database that the settings name to FILE, which must not be there yet; the server
 * may go on meanwhile. Exits with 0 when the copy is checked and on the disk, with 1 when there is none, with 2 when it
 * was not told where to.
 */
const [file, ...more] = process.argv.slice(2);
if (file === undefined || more.length > 0 || file.startsWith('-')) end(2, 'Usage: npm run backup -- FILE');
const config = configured();
const { database } = config;
if (database.engine === 'postgres')
  end(1, 'A PostgreSQL database is copied with pg_dump; see docs/postgresql.md.');
await backUp(database.file, file).catch((error) =>
  end(1, `The backup of ${database.file} failed: ${wordsOf(error)}`),
);

async function backUp(from: string, to: string): Promise<void> {
  const { backupFile } = await import('../database/index.ts');
  const begun = performance.now();
  await backupFile(from, to);
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const megabytes = (statSync(to).size / 1_000_000).toFixed(1);
  process.stdout.write(`Copied ${from} to ${to}: ${megabytes} MB in ${seconds} s.\n`);
}
