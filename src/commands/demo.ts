import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { end } from '../command-line.ts';
import type { Config } from '../config.ts';
import { start } from '../start.ts';

/**
 * `npm run demo`: starts the server as `npm start` does, on a database file of its own, with the demo data loaded, and
 * says what to try next. A database that the demo makes has its admin token in a file beside it, so that the same
 * token is good after the next start. `npm run demo -- --illustrative` loads made-up plans, due dates and a deal too, and marks
 * the projects that have them.
 */
const given = process.argv.slice(2);
if (given.some((argument) => argument !== '--illustrative'))
  end(2, 'Usage: npm run demo [-- --illustrative]');
const isIllustrated = given.length > 0;
const isElsewhere = Boolean(process.env.DATABASE_URL?.trim() || process.env.DATABASE_URL_FILE?.trim());
let keptToken: string | null = null;

await start({
  env: isElsewhere ? process.env : { ...process.env, DATABASE_URL: 'file:./data/demo.db' },
  async prepare(config) {
    const { database } = config;
    const isNew = database.engine === 'sqlite' && !existsSync(database.file);
    await load(config);
    if (config.adminToken !== null || database.engine !== 'sqlite') return config;
    keptToken = tokenKeptIn(`${database.file}.token`, isNew);
    return { ...config, adminToken: keptToken };
  },
  more: (url, firstAdminToken) => {
    const token = keptToken ?? firstAdminToken;
    return [
      ...(keptToken === null ? [] : ['The admin token of the demo:', `  ${keptToken}`, '']),
      'What was published about 天马山街道 for the first half of 2023 is loaded.',
      ...(isIllustrated
        ? ['Plans, due dates and a deal are made up, of the projects tagged “illustrative”.']
        : []),
      'Try:',
      `  export T=${token ?? '<your admin token>'}`,
      `  curl -H "Authorization: Bearer ${token ?? '$T'}" '${url}/v1/projects/yueping-estate-renovation/progress?asOf=2023-06-30'`,
    ];
  },
});

async function load(config: Config): Promise<void> {
  const [{ openConfiguredDatabase }, { loadDemo }] = await Promise.all([
    import('../app.ts'),
    import('../demo/load.ts'),
  ]);
  const database = await openConfiguredDatabase(config);
  try {
    await loadDemo(database, config.timeZone, isIllustrated);
  } finally {
    await database.close();
  }
}

/** Null for a database that was not made by the demo: no token is added to it. */
function tokenKeptIn(file: string, isNew: boolean): string | null {
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  if (!isNew) return null;
  const token = `jindu_demo_${randomBytes(24).toString('base64url')}`;
  writeFileSync(file, `${token}\n`, { mode: 0o600, flag: 'wx' });
  return token;
}
