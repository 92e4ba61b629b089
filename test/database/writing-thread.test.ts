import type { Worker } from 'node:worker_threads';
import { sql } from 'drizzle-orm';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  type CommittedGroup,
  type Database,
  prepared,
  type ReadUnit,
  remembered,
  type WritingThread,
} from '../../src/database/index.ts';
import { JinduError, type WrittenMembers } from '../../src/shared/errors.ts';
import { TestClock } from '../support/test-clock.ts';
import { addEntry, entryNames, entryTables } from './entries.ts';
import type { EntryOutcome, EntryTask } from './entry-thread.ts';
import { type EntryOptions, rejectionOf, sqliteEntryDatabase } from './scratch.ts';

const module = new URL('./entry-thread.ts', import.meta.url);

async function withThread(options: EntryOptions = {}) {
  const database = await sqliteEntryDatabase(options);
  const thread = database.writingThread(module, { of: 'the test' }) as WritingThread;
  const carryOut = async (task: EntryTask) => (await thread.carryOut(task)) as EntryOutcome;
  return { database, thread, carryOut };
}

/** Resolves when so many works wait or run. */
const queued = (database: Database, works: number) =>
  expect.poll(() => database.metrics.queueDepth, { interval: 1 }).toBe(works);

const addTo = (database: Database, name: string) => database.write((unit) => addEntry(unit, { name }));

const counted = remembered<{ count: number }>();

async function countEntries(unit: ReadUnit): Promise<number> {
  const known = counted.recall(unit, 'all');
  if (known !== undefined) return known.count;
  const [read = { count: 0 }] = await countOf(unit);
  counted.keep(unit, 'all', read);
  return read.count;
}

const countOf = prepared((db, engine) => {
  const { entries } = entryTables(engine);
  return db.select({ count: sql<number>`count(*)` }).from(entries).prepare();
});

describe('what is carried out in a thread', () => {
  test('is written to the same database, and read by whoever asks after the answer', async () => {
    const { database, carryOut } = await withThread();
    await addTo(database, 'before');
    expect(await entryNames(database)).toEqual(['before']);
    expect(await carryOut({ add: ['a', 'b'] })).toMatchObject({
      positions: [2, 3],
      settings: { of: 'the test' },
    });
    expect(await entryNames(database)).toEqual(['before', 'a', 'b']);
    await addTo(database, 'after');
    expect(await entryNames(database)).toEqual(['before', 'a', 'b', 'after']);
  });

  test('has its turn for itself: what the process is to write waits in its queue', async () => {
    const { database, carryOut } = await withThread();
    await carryOut({ add: ['started'] });
    const task = carryOut({ add: ['a', 'b', 'c'], pauseMs: 50 });
    await queued(database, 1);
    const beside = addTo(database, 'beside');
    expect(database.metrics.queueDepth).toBe(2);
    expect(await task).toMatchObject({ positions: [2, 3, 4] });
    await beside;
    expect(await entryNames(database)).toEqual(['started', 'a', 'b', 'c', 'beside']);
  });

  test('is kept whole and in turns, however many there are', async () => {
    const { database, carryOut } = await withThread();
    const tasks = ['a', 'b', 'c'].map((name) => carryOut({ add: [`${name}1`, `${name}2`], pauseMs: 1 }));
    let isDone = false;
    const writing = (async () => {
      for (let count = 0; !isDone; count += 1) await addTo(database, `between ${count}`);
    })();
    const outcomes = await Promise.all(tasks);
    isDone = true;
    await writing;
    for (const { positions } of outcomes) expect(positions[1]).toBe((positions[0] ?? 0) + 1);
    const names = await entryNames(database);
    expect(names.filter((name) => !name.startsWith('between')).sort()).toEqual([
      'a1',
      'a2',
      'b1',
      'b2',
      'c1',
      'c2',
    ]);
  });

  test('is not seen before it is committed, and those who read do not wait for it', async () => {
    const { database, carryOut } = await withThread();
    let isDone = false;
    const task = carryOut({ add: ['a', 'b', 'c'], pauseMs: 30 }).finally(() => {
      isDone = true;
    });
    let reads = 0;
    while (!isDone) {
      expect(await entryNames(database)).toBeOneOf([[], ['a', 'b', 'c']]);
      reads += 1;
      await new Promise(setImmediate);
    }
    await task;
    expect(reads).toBeGreaterThan(10);
  });

  test('makes the process forget what it remembered', async () => {
    const { database, carryOut } = await withThread();
    expect(await database.read(countEntries)).toBe(0);
    await carryOut({ add: ['a'] });
    expect(await database.read(countEntries)).toBe(1);
    await carryOut({ add: ['b'] });
    expect(await database.write(countEntries)).toBe(2);
  });

  test('has the clock of the process, which does not go back', async () => {
    const clock = new TestClock('2023-07-03T01:02:03.004Z');
    const { database, carryOut } = await withThread({ clock });
    expect((await carryOut({ add: ['a'] })).now).toBe('2023-07-03T01:02:03.004Z');
    database.raiseClock('2024-01-01T00:00:00.000Z');
    expect((await carryOut({ add: ['b'] })).now).toBe('2024-01-01T00:00:00.000Z');
  });

  test('is counted among the writes', async () => {
    const groups: CommittedGroup[] = [];
    const { database, carryOut } = await withThread({ onGroup: (group) => groups.push(group) });
    await carryOut({ add: ['a'] });
    await carryOut({ add: ['b'], end: 'refuses' }).catch(() => undefined);
    expect(groups).toMatchObject([{ writes: 1 }]);
    expect(groups[0]?.commitSeconds).toBeGreaterThan(0);
    expect(database.metrics).toMatchObject({ writes: 1, groups: 1, failedWrites: 1, queueDepth: 0 });
  });

  test('comes after whoever waits already', async () => {
    const { database, carryOut } = await withThread();
    await carryOut({ add: ['started'] });
    const { promise: hold, resolve: letGo } = Promise.withResolvers<void>();
    const held = database.write(async (unit) => {
      await addEntry(unit, { name: 'held' });
      await hold;
    });
    const task = carryOut({ add: ['of the thread'] });
    await queued(database, 2);
    const last = addTo(database, 'last');
    letGo();
    await Promise.all([held, task, last]);
    expect(await entryNames(database)).toEqual(['started', 'held', 'of the thread', 'last']);
  });
});

describe('what goes wrong in a thread', () => {
  test('is thrown as it is, and leaves nothing', async () => {
    const { database, carryOut } = await withThread();
    const refusal = (await rejectionOf(carryOut({ add: ['a'], end: 'refuses' }))) as JinduError;
    expect(refusal).toBeInstanceOf(JinduError);
    expect(refusal).toMatchObject({
      code: 'unprocessable',
      detail: 'refused in the thread',
      errors: [{ pointer: '/add' }],
      cause: { message: 'the cause' },
    });
    const { json } = refusal.extensions as WrittenMembers;
    expect(new TextDecoder().decode(json)).toBe('{"rows":1}');
    const error = await rejectionOf(carryOut({ add: ['a'], end: 'throws' }));
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: 'thrown in the thread' });
    expect(await entryNames(database)).toEqual([]);
  });

  test('is told of an engine that refuses a row, and the others of the process are none the worse', async () => {
    const { database, carryOut } = await withThread();
    await addTo(database, 'taken');
    const [refused, added] = await Promise.allSettled([
      carryOut({ add: ['new', 'taken'] }),
      addTo(database, 'beside'),
    ]);
    expect(refused).toMatchObject({ reason: { code: 'SQLITE_CONSTRAINT_UNIQUE' } });
    expect(added).toMatchObject({ status: 'fulfilled' });
    expect(await entryNames(database)).toEqual(['taken', 'beside']);
  });

  test('leaves nothing where the thread dies in the midst of it, and the next has a new thread', async () => {
    const { database, carryOut } = await withThread();
    const dying = carryOut({ add: ['half'], pauseMs: 20, end: 'dies' });
    expect(await rejectionOf(dying)).toMatchObject({ message: expect.stringContaining('7') });
    await addTo(database, 'beside');
    expect(await carryOut({ add: ['again'] })).toMatchObject({ positions: [expect.any(Number)] });
    expect(await entryNames(database)).toEqual(['beside', 'again']);
  });

  test('leaves nothing where it is thrown where nobody listens', async () => {
    const { database, carryOut } = await withThread();
    await carryOut({ add: ['started'] });
    const end = 'throws where nobody listens';
    const dying = rejectionOf(carryOut({ add: ['half'], pauseMs: 100, end }));
    await queued(database, 1);
    const beside = addTo(database, 'beside');
    expect(await dying).toMatchObject({ name: 'RangeError', message: 'thrown where nobody listens' });
    await beside;
    expect(await entryNames(database)).toEqual(['started', 'beside']);
  });

  test('is refused alone where too many wait', async () => {
    const { database, carryOut } = await withThread({ queueLimit: 2 });
    await carryOut({ add: ['started'] });
    const { promise: hold, resolve: letGo } = Promise.withResolvers<void>();
    const held = database.write(async (unit) => {
      await addEntry(unit, { name: 'held' });
      await hold;
    });
    await queued(database, 1);
    const first = carryOut({ add: ['first'] });
    await queued(database, 2);
    const second = addTo(database, 'second');
    expect(await rejectionOf(carryOut({ add: ['third'] }))).toMatchObject({ code: 'overloaded' });
    letGo();
    await Promise.all([held, first, second]);
    expect(await entryNames(database)).toEqual(['started', 'held', 'first', 'second']);
    expect(database.metrics).toMatchObject({ refusedWrites: 1, queueDepth: 0 });
  });

  test('is told of a module that cannot be loaded, each time', async () => {
    const database = await sqliteEntryDatabase();
    const thread = database.writingThread(new URL('./nowhere.ts', import.meta.url), {}) as WritingThread;
    for (let asked = 0; asked < 2; asked += 1)
      expect(await rejectionOf(thread.carryOut({ add: [] }))).toMatchObject({
        message: expect.stringContaining('nowhere'),
      });
    await addTo(database, 'beside');
  });
});

describe('a database that is closed', () => {
  test('lets what its thread has begun come to its end, and takes nothing more', async () => {
    const { database, thread, carryOut } = await withThread();
    await carryOut({ add: ['started'] });
    const task = carryOut({ add: ['a', 'b'], pauseMs: 100 });
    await queued(database, 1);
    const closing = database.close();
    expect(await task).toMatchObject({ positions: [2, 3] });
    await closing;
    expect(await rejectionOf(thread.carryOut({ add: ['late'] }))).toMatchObject({
      code: 'storage_unavailable',
    });
  });

  test('refuses what has not had its turn, and still comes to its end', async () => {
    const { database, carryOut } = await withThread();
    const task = rejectionOf(carryOut({ add: ['late'] }));
    await database.close();
    expect(await task).toMatchObject({ code: 'storage_unavailable' });
  });

  test('has no thread to wait for where none was needed', async () => {
    const { database } = await withThread();
    await database.close();
  });
});

describe('a thread that has nothing to do', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test('is ended after a while, and another one is started when it is needed', async () => {
    const { database, carryOut } = await withThread();
    let threads = 0;
    const count = (worker: Worker) => {
      threads += 1;
      worker.once('exit', () => {
        threads -= 1;
      });
    };
    process.on('worker', count);
    onTestFinished(() => void process.off('worker', count));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await carryOut({ add: ['a'] });
    await vi.advanceTimersByTimeAsync(29_000);
    await carryOut({ add: ['b'] });
    await vi.advanceTimersByTimeAsync(29_000);
    expect(threads).toBe(1);
    await vi.advanceTimersByTimeAsync(2_000);
    vi.useRealTimers();
    await expect.poll(() => threads).toBe(0);
    await carryOut({ add: ['c'] });
    expect(await entryNames(database)).toEqual(['a', 'b', 'c']);
  });
});
