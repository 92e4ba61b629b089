import { existsSync } from 'node:fs';
import { configured, end, wordsOf } from '../command-line.ts';

/**
 * `npm run rebuild`: counts every project's standing anew from what was said and puts right what differs.
 * `npm run rebuild -- --check` only says so, and exits with 1 if anything differs.
 */
const given = process.argv.slice(2);
if (given.some((argument) => argument !== '--check')) end(2, 'Usage: npm run rebuild [-- --check]');
const config = configured();
if (config.database.engine === 'sqlite' && !existsSync(config.database.file))
  end(1, `There is no database ${config.database.file}.`);
await rebuild(given.length === 0).catch((error) => end(1, `The rebuild failed: ${wordsOf(error)}`));

async function rebuild(repair: boolean): Promise<void> {
  const { openConfiguredDatabase } = await import('../app.ts');
  const { markUpToDate, rebuildStandings } = await import('../features/progress/index.ts');
  const database = await openConfiguredDatabase(config);
  const { projects, differing } = await rebuildStandings(database, { repair });
  if (repair) await database.write(markUpToDate);
  await database.close();
  process.stdout.write(`${projects} projects counted anew: ${summaryOf(differing, repair)}.\n`);
  if (!repair && differing.length > 0) process.exitCode = 1;
}

function summaryOf(differing: readonly string[], repair: boolean): string {
  if (differing.length === 0) return 'all are kept as they should be';
  const named = differing.slice(0, 20).join(', ') + (differing.length > 20 ? ', …' : '');
  return `${differing.length} ${repair ? 'were put right' : 'differ'} (${named})`;
}
