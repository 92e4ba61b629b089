import { copyFileSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { sql } from 'drizzle-orm';
import { expect, onTestFinished, test } from 'vitest';
import { rebuildStandings } from '../../src/features/progress/index.ts';
import { type TestApp, testApp } from '../support/test-app.ts';
import { SqliteFile } from '../support/test-database.ts';
import { rejectionOf } from './scratch.ts';

const pageBytes = 4_096;
const projects = ['zone-a', 'zone-b'];

/** An app on a file with two projects and what was reported of them, day by day. */
async function reportedApp(days: number): Promise<TestApp & { file: string }> {
  const empty = placeOfTest();
  await (await empty.open()).close();
  const app = await testApp({ from: empty });
  await app.admin.put('/v1/organizations/yueping', { name: '岳屏社区', kind: 'community' });
  for (const id of projects)
    await app.admin.put(`/v1/projects/${id}`, { title: id, organizationId: 'yueping' });
  for (let day = 1; day <= days; day += 1) {
    for (const id of projects) {
      const answer = await app.admin.put(`/v1/projects/${id}/reports/${dayOf(day)}`, reportOf(id, day));
      expect(answer.status).toBe(201);
    }
  }
  return Object.assign(app, { file: (app.database as SqliteFile).file });
}

function dayOf(day: number): string {
  return new Date(Date.UTC(2022, 0, day)).toISOString().slice(0, 10);
}

function reportOf(id: string, day: number) {
  return { percent: day / 10, note: `${id} on day ${day} ${'现场核查'.repeat(60)}` };
}

function placeOfTest(): SqliteFile {
  const place = new SqliteFile();
  onTestFinished(() => place.remove());
  return place;
}

/** The same file in another place, nothing beside it. */
function copied(file: string, change: (bytes: Buffer) => void): SqliteFile {
  const place = placeOfTest();
  const bytes = readFileSync(file);
  change(bytes);
  writeFileSync(place.file, bytes);
  return place;
}

/** Of an app that has been closed but whose file is still there. */
async function closedFile(app: TestApp & { file: string }): Promise<string> {
  await app.app.close();
  onTestFinished(() => app.database.remove());
  return app.file;
}

test('a damaged page fails those who need it, and nobody else: they read and write on', async () => {
  const file = await closedFile(await reportedApp(120));
  const damaged = copied(file, (bytes) => {
    for (const at of placesOf(bytes, 'zone-a on day 60 ')) bytes.fill(0xa5, at, at + pageBytes);
  });
  await using app = await testApp({ from: damaged });
  for (let time = 0; time < 3; time += 1) {
    const [needed, other] = await Promise.all([
      app.admin.get(`/v1/projects/zone-a/reports/${dayOf(60)}`),
      app.admin.get(`/v1/projects/zone-b/reports/${dayOf(90)}`),
    ]);
    expect(needed).toMatchObject({ status: 503, body: { code: 'storage_unavailable' } });
    expect(other).toMatchObject({ status: 200, body: reportOf('zone-b', 90) });
    await new Promise((resolve) => setImmediate(resolve));
    const written = await app.admin.put(`/v1/projects/zone-b/reports/${dayOf(200 + time)}`, { percent: 50 });
    expect(written.status).toBe(201);
  }
  const correction = { percent: 1, reason: '更正' };
  const refused = await app.admin.put(`/v1/projects/zone-a/reports/${dayOf(60)}`, correction);
  expect(refused).toMatchObject({ status: 503, body: { code: 'storage_unavailable' } });
  expect((await app.admin.get('/readyz')).status).toBe(200);
  expect(app.log.takeErrors()).not.toEqual([]);
});

test('whichever page is damaged, every answer is what it was, or 503, or there is no start', async () => {
  const questions = [
    '/v1/organizations',
    '/v1/projects',
    '/v1/projects/zone-a/progress?asOf=2022-01-10',
    `/v1/projects/zone-a/reports/${dayOf(5)}`,
    `/v1/projects/zone-a/reports/${dayOf(5)}/revisions`,
    '/v1/projects/zone-b/reports?limit=200',
    '/v1/changes?limit=200',
    '/v1/projects/zone-b/progress/history?to=2022-01-20',
  ];
  const sound = await reportedApp(20);
  const right = new Map<string, string>();
  for (const path of questions) right.set(path, told(await sound.admin.get(path)));
  const file = await closedFile(sound);
  const outcomes = { right: 0, refused: 0, unstarted: 0 };
  for (let page = 0; page < statSync(file).size / pageBytes; page += 1) {
    const damaged = copied(file, (bytes) =>
      bytes.fill(page % 2 === 0 ? 0 : 0xa5, page * pageBytes, (page + 1) * pageBytes),
    );
    const app = await testApp({ from: damaged }).catch((refusal) => {
      expect(refusal, `page ${page}`).toMatchObject({ code: 'storage_unavailable' });
      return null;
    });
    if (app === null) outcomes.unstarted += 1;
    for (const path of app === null ? [] : questions) {
      const answer = await app?.admin.get(path);
      if (answer?.status === 503) {
        expect(answer.body.code).toBe('storage_unavailable');
        outcomes.refused += 1;
      } else {
        expect(answer === undefined ? '' : told(answer), `${path} with page ${page} damaged`).toBe(
          right.get(path),
        );
        outcomes.right += 1;
      }
    }
    app?.log.takeErrors();
    await app?.close();
  }
  expect(Math.min(outcomes.right, outcomes.refused, outcomes.unstarted)).toBeGreaterThan(0);
}, 60_000);

test('a first page that is damaged while it is served is told as such', async () => {
  const app = await reportedApp(3);
  const file = await closedFile(app);
  const place = copied(file, () => undefined);
  const database = await place.open();
  onTestFinished(() => database.close().catch(() => undefined));
  await database.read(async () => undefined);
  writeFileSync(place.file, readFileSync(place.file).fill(0xa5, 0, pageBytes), { flag: 'r+' });
  // What the reader has of the file in memory holds until somebody has written.
  await database.write((unit) => unit.db.run(sql`update organizations set name = '岳屏'`));
  for (let time = 0; time < 3; time += 1) {
    const refusal = await rejectionOf(database.read(async () => undefined));
    expect(refusal).toMatchObject({ code: 'storage_unavailable', detail: 'The database is damaged.' });
  }
});

test('a log that is cut short or damaged is read as far as it goes: whole changes, in their order', async () => {
  const app = await reportedApp(30);
  const log = readFileSync(`${app.file}-wal`);
  const main = readFileSync(app.file);
  const sequences = await recordIn(app.file);
  await app.close();
  let shortest = Number.POSITIVE_INFINITY;
  const cuts = Array.from(
    { length: 30 },
    (_, index) => Math.floor((log.length * (index + 1)) / 30) - (index % 5) * 97,
  );
  for (const [index, cut] of cuts.entries()) {
    const place = placeOfTest();
    writeFileSync(place.file, main);
    const left = Buffer.from(log);
    if (index % 2 === 0) left.fill(0xa5, cut, cut + 8);
    writeFileSync(`${place.file}-wal`, index % 2 === 0 ? left : left.subarray(0, cut));
    const database = await place.open().catch((refusal) => {
      expect(refusal, `cut at ${cut}`).toMatchObject({ code: 'storage_unavailable' });
      return null;
    });
    if (database === null) continue;
    const found = await recordIn(place.file);
    expect(found).toEqual(sequences.slice(0, found.length));
    expect((await rebuildStandings(database, { repair: false })).differing).toEqual([]);
    await database.close();
    shortest = Math.min(shortest, found.length);
  }
  expect(shortest).toBeLessThan(sequences.length);
});

async function recordIn(file: string): Promise<unknown[]> {
  const connection = new Sqlite(file, { readonly: true });
  const tables = connection.prepare("SELECT name FROM sqlite_schema WHERE name = 'changes'").all();
  const rows = tables.length === 0 ? [] : connection.prepare('SELECT sequence, after FROM changes').all();
  connection.close();
  return rows;
}

test.each<[string, (shm: string) => void]>([
  ['missing', (shm) => rmSync(shm)],
  ['damaged', (shm) => writeFileSync(shm, Buffer.alloc(32_768, 0xa5))],
])('a log’s index that is %s is made anew', async (_how, harm) => {
  const app = await reportedApp(5);
  const place = placeOfTest();
  for (const end of ['', '-wal', '-shm']) copyFileSync(`${app.file}${end}`, `${place.file}${end}`);
  const record = await recordIn(app.file);
  await app.close();
  harm(`${place.file}-shm`);
  const database = await place.open();
  expect(await recordIn(place.file)).toEqual(record);
  await database.close();
});

test('an empty file is a new database', async () => {
  const place = placeOfTest();
  writeFileSync(place.file, '');
  const database = await place.open();
  await database.ready();
  await database.close();
});

test('an empty file beside a log that holds changes is no new database: it is refused, and the log is left', async () => {
  const app = await reportedApp(5);
  const place = placeOfTest();
  copyFileSync(`${app.file}-wal`, `${place.file}-wal`);
  await app.close();
  writeFileSync(place.file, '');
  const log = readFileSync(`${place.file}-wal`);
  expect(await rejectionOf(place.open())).toMatchObject({
    code: 'storage_unavailable',
    detail: expect.stringContaining('is empty or missing, and its log'),
  });
  expect(readFileSync(`${place.file}-wal`).equals(log)).toBe(true);
  rmSync(place.file);
  expect(await rejectionOf(place.open())).toMatchObject({ code: 'storage_unavailable' });
  expect(readFileSync(`${place.file}-wal`).equals(log)).toBe(true);
});

test('a file that is cut short is refused', async () => {
  const file = await closedFile(await reportedApp(20));
  for (const share of [0.01, 0.3, 0.9]) {
    const place = copied(file, () => undefined);
    truncateSync(place.file, Math.floor(statSync(file).size * share));
    expect(await rejectionOf(place.open())).toMatchObject({
      code: 'storage_unavailable',
      detail: 'The database is damaged.',
    });
  }
});

/** Where the pages begin that hold `text`. */
function placesOf(bytes: Buffer, text: string): number[] {
  const places = new Set<number>();
  for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text, at + 1)) {
    places.add(at - (at % pageBytes));
  }
  return [...places];
}

/** What an answer says, without when it was asked. */
function told({ status, text }: { status: number; text: string }): string {
  return `${status} ${text.replace(/"knownAt":"[^"]*"/g, '')}`;
}
