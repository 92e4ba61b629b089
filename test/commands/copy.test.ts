import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadDemo } from '../../src/demo/load.ts';
import { scratchFolder } from '../database/scratch.ts';
import { copyInto, placeOn } from '../support/copies.ts';
import { postgresUrl } from '../support/engines.ts';
import {
  type Client,
  SqliteFile,
  settleTianmashan,
  type TestApp,
  type TestDatabase,
  testApp,
} from '../support/index.ts';
import { TestClock } from '../support/test-clock.ts';
import { aStep, ids, take } from './steps.ts';

const now = '2023-07-03T01:02:03.004Z';

/** PostgreSQL in this process, and a real server where there is one. */
const realServers = postgresUrl === null ? [] : (['postgres'] as const);
const postgresEngines = ['pglite', ...realServers] as const;

describe.each(postgresEngines)('a database that is copied from SQLite to %s and back', (engine) => {
  test('is the same to the last value, and so is all that the API says of the reference data', async () => {
    const first = await placeOn('sqlite');
    const database = await first.open(new TestClock(now));
    await loadDemo(database);
    await database.close();
    await using jindu = await testApp({ on: first, now });
    await tellMore(jindu);
    await expectSameThereAndBack(jindu, engine);
  }, 60_000);

  test('is the same to the last value, whatever was done before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(aStep, { minLength: 20, maxLength: 60 }), async (steps) => {
        await using jindu = await testApp({ on: await placeOn('sqlite'), now });
        await settleTianmashan(jindu.admin);
        for (const id of ids) {
          await jindu.admin.put(`/v1/projects/${id}`, { title: id, organizationId: 'yueping' });
        }
        for (const step of steps) {
          jindu.clock.advance({ seconds: 1 });
          expect((await take(jindu.admin, step)).status).toBeLessThan(500);
        }
        await expectSameThereAndBack(jindu, engine);
      }),
      { numRuns: 6, seed: 20230630 },
    );
  }, 120_000);

  test('goes on counting where it was, on either side', async () => {
    await using jindu = await testApp({ on: await placeOn('sqlite'), now });
    await settleTianmashan(jindu.admin);
    await jindu.admin.put('/v1/projects/works', { title: '工程', organizationId: 'yueping' });
    const { nextCursor } = (await jindu.admin.get('/v1/changes?limit=200')).body;
    const there = await placeOn(engine);
    await copyInto(there, jindu.database);
    const entry = await expectNextEntry(there, nextCursor, 'completion');
    const back = await placeOn('sqlite');
    await copyInto(back, there);
    await expectNextEntry(back, entry, 'maintenance');
    for (const on of [there, back]) {
      await using app = await testApp({ on, now });
      const put = await app.admin.put('/v1/projects/more', { title: '工程', organizationId: 'yueping' });
      expect(put.status, put.text).toBe(201);
    }
  }, 60_000);

  test('holds one moment, while others go on writing', async () => {
    await using jindu = await testApp({ on: await placeOn('sqlite'), now });
    await settleTianmashan(jindu.admin);
    const before = await entriesOf(jindu.admin);
    let writing: Promise<unknown> | undefined;
    const there = await placeOn(engine);
    const tables = await copyInto(there, jindu.database, () => {
      writing ??= jindu.admin.put('/v1/projects/late', { title: '后来', organizationId: 'yueping' });
    });
    expect(await writing).toMatchObject({ status: 201 });
    expect(tables.find(({ name }) => name === 'projects')?.to.rows).toBe(0);
    await using copy = await testApp({ on: there, now });
    expect(await entriesOf(copy.admin)).toEqual(before);
  }, 60_000);
});

describe.each(['sqlite', ...postgresEngines] as const)('a copy to %s', (engine) => {
  test('is refused where anything is there already, and changes nothing of it', async () => {
    await using jindu = await testApp({ on: await placeOn('sqlite'), now });
    await settleTianmashan(jindu.admin);
    const there = await placeOn(engine);
    await (await testApp({ on: there, now })).close();
    const before = await there.rows();
    await expect(copyInto(there, jindu.database)).rejects.toThrow(
      /^The database to be copied into must be empty, and has rows in (changes|kept_state|tokens) \(1\)/,
    );
    expect(await there.rows()).toEqual(before);
  });

  test('goes into one that is migrated and empty', async () => {
    await using jindu = await testApp({ on: await placeOn('sqlite'), now });
    const there = await placeOn(engine);
    await (await there.open()).close();
    const tables = await copyInto(there, jindu.database);
    expect(tables.find(({ name }) => name === 'tokens')?.to.rows).toBe(1);
  });

  test('that fails on the way leaves nothing, and the next one goes on from nothing', async () => {
    await using jindu = await testApp({ on: await placeOn('sqlite'), now });
    await settleTianmashan(jindu.admin);
    await jindu.database.run(`pragma foreign_keys = off;
      insert into project_tree values ('a', 'a', 0);
      insert into project_tags values ('no-such-project', 'a')`);
    const there = await placeOn(engine);
    await (await there.open()).close();
    const before = await there.rows();
    await expect(copyInto(there, jindu.database)).rejects.toThrow(/foreign key/i);
    expect(await there.rows()).toEqual(before);
    await jindu.database.run(`delete from project_tags; delete from project_tree`);
    await copyInto(there, jindu.database);
  });
});

test('a copy that is not what was read is not kept, and says where they differ', async () => {
  await using jindu = await testApp({ on: await placeOn('sqlite'), now });
  await settleTianmashan(jindu.admin);
  const there = await placeOn('sqlite');
  await (await there.open()).close();
  await there.run(`create trigger spoils after insert on organizations when new.id = 'yueping'
    begin update organizations set name = 'x' where id = 'yueping'; end`);
  const before = await there.rows();
  await expect(copyInto(there, jindu.database)).rejects.toThrow(
    'What was written differs from what was read in organizations; nothing of it is kept.',
  );
  expect(await there.rows()).toEqual(before);
});

test('a tree is copied whatever the order of its ids, and not at all where it hangs on nothing', async () => {
  await using jindu = await testApp({ on: await placeOn('sqlite'), now });
  const path = ['e', 'b', 'd', 'a', 'c'];
  for (const [level, id] of path.entries()) {
    const body = { name: id, kind: 'authority', parentId: path[level - 1] ?? null };
    expect((await jindu.admin.put(`/v1/organizations/${id}`, body)).status).toBe(201);
  }
  await copyInto(await placeOn('sqlite'), jindu.database);
  await jindu.database.run(`update organizations set parent_id = 'c' where id = 'e'`);
  await expect(copyInto(await placeOn('sqlite'), jindu.database)).rejects.toThrow(
    'In organizations there are 5 rows below what is not there, or below themselves.',
  );
});

test('every table that a database has is copied', async () => {
  await using jindu = await testApp({ on: await placeOn('sqlite'), now });
  const there = await placeOn('sqlite');
  const copied = (await copyInto(there, jindu.database)).map(({ name }) => name);
  const stored = Object.keys(await there.rows()).filter((name) => name !== 'applied_migrations');
  expect(copied.sort()).toEqual(stored.sort());
});

describe('npm run copy', () => {
  test('copies, tells how far it is, and proves that all is equal', async () => {
    await using jindu = await testApp({ on: new SqliteFile(), now });
    await settleTianmashan(jindu.admin);
    const file = fileOf(jindu.database);
    const before = readFileSync(file);
    const to = join(scratchFolder(), 'new', 'copy.db');
    const { code, out, err } = await copy(['--from', jindu.database.url, '--to', `file:${to}`]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('organizations: 9 rows\n');
    expect(out).toMatch(/^table +rows +checksum +equal$/m);
    expect(out).toMatch(/^organizations +9 +[0-9a-f]{16} +yes$/m);
    expect(out).toMatch(/\nCopied \d+ rows from .+ to .+copy\.db in [\d.]+ s\.\n$/);
    expect(readFileSync(file)).toEqual(before);
  }, 30_000);

  test('takes for the one that is left out the database of the settings', async () => {
    await using jindu = await testApp({ on: new SqliteFile(), now });
    const to = join(scratchFolder(), 'copy.db');
    const { code } = await copy(['--to', `file:${to}`], { DATABASE_URL: jindu.database.url });
    expect(code).toBe(0);
    expect(existsSync(to)).toBe(true);
  }, 30_000);

  test('makes no file where it fails, and exits with 1', async () => {
    await using jindu = await testApp({ on: new SqliteFile(), now });
    await jindu.database.run(
      `pragma foreign_keys = off; insert into project_tags values ('no-such-project', 'a')`,
    );
    const to = join(scratchFolder(), 'copy.db');
    for (const from of [jindu.database.url, 'file:no-such.db']) {
      const { code, err } = await copy(['--from', from, '--to', `file:${to}`]);
      expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^The copy of .+ failed: .+\n$/) });
      for (const suffix of ['', '-wal', '-shm']) expect(existsSync(to + suffix)).toBe(false);
    }
  }, 30_000);

  test.each([
    [[], 2],
    [['--from', 'mysql://user:s3cret@localhost/jindu', '--to', 'file:copy.db'], 2],
    [['--form', 'postgres://user:s3cret@localhost/jindu', '--to', 'file:copy.db'], 2],
    [['postgres://user:s3cret@localhost/jindu', '--to', 'file:copy.db'], 2],
    [['--from', 'postgres://user:s3cret@127.0.0.1:1/jindu', '--to', 'file:copy.db'], 1],
  ])(
    'says what is wrong, and never a password: %s',
    async (args, exitCode) => {
      const { code, out, err } = await copy(args);
      expect({ code, out }).toEqual({ code: exitCode, out: '' });
      expect(err).toMatch(/^Usage: npm run copy -- --from URL|^--from must |^The copy of postgres:\/\/127/);
      expect(err).not.toContain('s3cret');
    },
    30_000,
  );

  test.each(realServers)(
    'moves between SQLite and databases of a %s server, and back',
    async () => {
      await using jindu = await testApp({ on: new SqliteFile(), now });
      await settleTianmashan(jindu.admin);
      const [one, other, back] = [
        await placeOn('postgres'),
        await placeOn('postgres'),
        await placeOn('sqlite'),
      ];
      const places = [jindu.database, one, other, back];
      const said = [];
      for (const [index, to] of places.slice(1).entries()) {
        const { code, out, err } = await copy(['--from', places[index]?.url ?? '', '--to', to.url]);
        expect({ code, err }).toEqual({ code: 0, err: '' });
        said.push(out.slice(0, out.indexOf('\nCopied ')));
      }
      expect(new Set(said).size).toBe(1);
      expect(dataOf(await back.rows())).toEqual(dataOf(await jindu.rows()));
    },
    60_000,
  );
});

/** What the published figures do not have: corrections, withdrawals, what is archived, tokens, keys. */
async function tellMore({ admin }: TestApp): Promise<void> {
  const zone = '/v1/projects/yueping-zone-a';
  const answers = [
    await admin.put(`${zone}/reports/2023-06-30`, { percent: 90, note: 'illustrative' }),
    await admin.put(`${zone}/reports/2023-06-30`, { percent: 60, note: 'illustrative', reason: '更正' }),
    await admin.put(`${zone}/reports/2023-05-31`, {
      percent: 33.33,
      spent: { amount: 1.29, currency: 'CNY' },
    }),
    await admin.delete(`${zone}/reports/2023-05-31`),
    await admin.put(`${zone}/statuses/2023-06-01`, { status: 'implementation' }),
    await admin.delete('/v1/projects/yueping-zone-c'),
    await admin.post(
      '/v1/tokens',
      { name: 'weekly script', scopes: ['report'], organizationId: 'tianmashan' },
      { 'idempotency-key': 'k' },
    ),
  ];
  for (const { status, text } of answers) expect(status, text).toBeLessThan(300);
}

/** Copies to the engine and back, and compares what is stored and what the API says. */
async function expectSameThereAndBack(jindu: TestApp, engine: 'pglite' | 'postgres'): Promise<void> {
  const [there, back] = [await placeOn(engine), await placeOn('sqlite')];
  const sent = await copyInto(there, jindu.database);
  const returned = await copyInto(back, there);
  expect(returned).toEqual(sent);
  expect(dataOf(await back.rows())).toEqual(dataOf(await jindu.rows()));
  const said = await allSaid(jindu.admin);
  for (const on of [there, back]) {
    const copy = await testApp({ on, now: jindu.clock.now().toISOString() });
    expect(await allSaid(copy.admin)).toEqual(said);
    await copy.close();
  }
}

/** All but when the tables were made. */
function dataOf({ applied_migrations: _, ...rows }: Record<string, string>) {
  return rows;
}

async function allSaid(client: Client): Promise<unknown> {
  const { items } = (await client.get('/v1/projects?limit=200')).body as { items: { id: string }[] };
  const progress = [];
  for (const { id } of items) {
    const path = `/v1/projects/${id}`;
    progress.push((await client.get(`${path}/progress`)).body);
    progress.push((await client.get(`${path}/progress?asOf=2023-06-30`)).body);
    progress.push((await client.get(`${path}/reports`)).body);
    progress.push((await client.get(`${path}/statuses`)).body);
  }
  const found = [];
  for (const q of ['岳屏', '改造', 'a', 'en']) {
    found.push((await client.get(`/v1/projects?limit=200&q=${encodeURIComponent(q)}`)).body);
  }
  return { items, progress, found, entries: await entriesOf(client) };
}

async function entriesOf(client: Client): Promise<unknown[]> {
  const entries = [];
  let cursor = '';
  for (;;) {
    const { items, nextCursor } = (await client.get(`/v1/changes?limit=200${cursor}`)).body;
    entries.push(...items);
    if (items.length === 0) return entries;
    cursor = `&cursor=${nextCursor}`;
  }
}

/** Follows the record with a cursor from before the copy; resolves with the cursor after what is told then. */
async function expectNextEntry(on: TestDatabase, cursor: string, status: string): Promise<string> {
  await using app = await testApp({ on, now });
  const [newest] = (await app.admin.get('/v1/changes?sort=-sequence&limit=1')).body.items;
  const put = await app.admin.put('/v1/projects/works/statuses/2023-07-03', { status });
  expect(put.status, put.text).toBeLessThan(300);
  const next = (await app.admin.get(`/v1/changes?cursor=${cursor}`)).body;
  expect(next.items[0].sequence).toBe(newest.sequence + 1);
  expect(next.items).toContainEqual(
    expect.objectContaining({ subject: expect.objectContaining({ type: 'status' }) }),
  );
  return next.nextCursor;
}

function fileOf(database: TestDatabase): string {
  return (database as SqliteFile).file;
}

/** The command as npm starts it, without the build. */
async function copy(args: string[], env: Record<string, string> = {}) {
  const command = fileURLToPath(new URL('../../src/commands/copy.ts', import.meta.url));
  return await new Promise<{ code: number; out: string; err: string }>((resolve) => {
    execFile(
      process.execPath,
      [command, ...args],
      { cwd: scratchFolder(), env: { PATH: process.env.PATH, ...env } },
      (error, out, err) => resolve({ code: Number(error?.code ?? 0), out, err }),
    );
  });
}
