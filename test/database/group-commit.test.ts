import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type CommittedGroup, type Database, openDatabase } from '../../src/database/index.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { addEntry, entryMigrations, entryNames, gatherEntry } from './entries.ts';
import {
  entryDatabase,
  migrationsFolder,
  rejectionOf,
  scratchFolder,
  sqliteEntryDatabase,
  sqliteEntryFile,
} from './scratch.ts';

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

describe('writes that come together', () => {
  test('are committed together', async () => {
    const groups: CommittedGroup[] = [];
    const database = await entryDatabase({ onGroup: (group) => groups.push(group) });
    await Promise.all(
      numbers(50).map((number) =>
        database.write((unit) => gatherEntry(unit, { name: `entry ${number}`, note: null })),
      ),
    );
    expect(groups.reduce((sum, group) => sum + group.writes, 0)).toBe(50);
    // A group ends early when it has run for long, as the first one of a process may.
    expect(groups.length).toBeLessThan(10);
    for (const group of groups) {
      expect(group.commitSeconds).toBeGreaterThan(0);
      expect(group.seconds).toBeGreaterThanOrEqual(group.commitSeconds);
    }
    expect(database.metrics).toMatchObject({
      queueDepth: 0,
      groups: groups.length,
      writes: 50,
      failedWrites: 0,
    });
  });

  test('are kept in the order of the calls', async () => {
    const database = await entryDatabase();
    const names = numbers(300).map((number) => `entry ${number}`);
    const positions = await Promise.all(
      names.map(async (name) => (await database.write((unit) => addEntry(unit, { name })))[0]?.position),
    );
    expect(positions).toEqual(numbers(300).map((number) => number + 1));
    expect(await entryNames(database)).toEqual(names);
  });

  test('fail one by one: of fifty, the one that throws leaves nothing and the others stay', async () => {
    const database = await entryDatabase();
    const outcomes = await Promise.allSettled(
      numbers(50).map((number) =>
        database.write(async (unit) => {
          await addEntry(unit, { name: `entry ${number}` });
          await addEntry(unit, { name: `second of ${number}` });
          if (number === 20) {
            throw new Error('number 20 has changed its mind');
          }
          return number;
        }),
      ),
    );
    expect(outcomes.filter((outcome) => outcome.status === 'rejected')).toEqual([
      { status: 'rejected', reason: new Error('number 20 has changed its mind') },
    ]);
    const expected = numbers(50)
      .filter((number) => number !== 20)
      .flatMap((number) => [`entry ${number}`, `second of ${number}`]);
    expect(await entryNames(database)).toEqual(expected);
    expect(database.metrics).toMatchObject({ writes: 49, failedWrites: 1 });
  });

  test('are kept exactly if they succeed, whichever of them fail and however they are mixed', async () => {
    const database = await entryDatabase();
    let round = 0;
    const expected = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('keep', 'throw', 'clash', 'turn'), { maxLength: 12 }),
        async (kinds) => {
          round += 1;
          const outcomes = kinds.map(async (kind, index) => {
            const name = `round ${round}, ${index}`;
            if (kind === 'turn') {
              await new Promise(setImmediate);
            }
            await database.write(async (unit) => {
              await addEntry(unit, { name });
              if (kind === 'throw') {
                throw new Error('thrown');
              }
              if (kind === 'clash') {
                await addEntry(unit, { name });
              }
              // No longer in the order of the calls where one waited a turn, so the order of the works is noted here;
              // of a work that is run again, what counts is the last time.
              expected.delete(name);
              expected.add(name);
            });
            return kind;
          });
          for (const [index, outcome] of (await Promise.allSettled(outcomes)).entries()) {
            const isKept = kinds[index] === 'keep' || kinds[index] === 'turn';
            expect(outcome.status).toBe(isKept ? 'fulfilled' : 'rejected');
          }
        },
      ),
      { numRuns: 100 },
    );
    expect(await entryNames(database)).toEqual([...expected]);
  });

  test('are told of nobody’s change before it is on the disk, not even by a refusal', async () => {
    const { database, file } = await sqliteEntryFile();
    const observer = new Sqlite(file, { readonly: true });
    onTestFinished(() => {
      observer.close();
    });
    const committed = observer.prepare('select count(*) from entries where name = ?').pluck();
    const seen: unknown[] = [];
    await Promise.all([
      database
        .write((unit) => addEntry(unit, { name: 'taken' }))
        .then(() => seen.push(committed.get('taken'))),
      database
        .write((unit) => addEntry(unit, { name: 'taken' }))
        .catch(() => seen.push(committed.get('taken'))),
    ]);
    expect(seen).toEqual([1, 1]);
  });

  test('share their commits also when each client waits for its answer before it sends the next', async () => {
    const database = await entryDatabase();
    await Promise.all(
      numbers(32).map(async (client) => {
        for (const count of numbers(50)) {
          await database.write((unit) => addEntry(unit, { name: `${count} of ${client}` }));
        }
      }),
    );
    expect(database.metrics.writes).toBe(1_600);
    expect(database.metrics.groups).toBeLessThan(1_600 / 8);
  });
});

describe('a group that cannot be committed', () => {
  const deferred = {
    ...entryMigrations,
    '0001_pairs': `CREATE TABLE pairs (
      id integer PRIMARY KEY, entry integer REFERENCES entries (position) DEFERRABLE INITIALLY DEFERRED
    )`,
  };

  test('is undone as a whole, and every one of it is told', async () => {
    const { database } = await sqliteEntryFile({ migrations: deferred });
    await database.write((unit) => addEntry(unit, { name: 'before' }));
    const outcomes = await Promise.allSettled([
      database.write((unit) => addEntry(unit, { name: 'innocent' })),
      database.write((unit) => unit.db.run(sql`insert into pairs (entry) values (999)`)),
      database.write(() => Promise.reject(new Error('refused on its own account'))),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected', 'rejected']);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ reason: { code: 'SQLITE_CONSTRAINT_FOREIGNKEY' } });
    }
    expect(await entryNames(database)).toEqual(['before']);
    expect(database.metrics).toMatchObject({ groups: 1, writes: 1, failedWrites: 3 });

    await database.write((unit) => addEntry(unit, { name: 'after' }));
    expect(await entryNames(database)).toEqual(['before', 'after']);
  });
});

describe('what has been answered', () => {
  test('is still there when the process is killed the next moment', async () => {
    const folder = scratchFolder();
    const file = join(folder, 'jindu.db');
    const migrations = migrationsFolder(folder, entryMigrations);
    const child = spawn(process.execPath, [join(import.meta.dirname, 'endless-writer.ts'), file, migrations]);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk;
      if (output.length > 4_000) {
        child.kill('SIGKILL');
      }
    });
    const [, signal] = await once(child, 'close');
    expect(signal).toBe('SIGKILL');
    const answered = output.slice(0, output.lastIndexOf('\n')).split('\n');
    expect(answered.length).toBeGreaterThan(100);

    const database = await openDatabase({ file, migrationsFolder: migrations, clock: systemClock });
    onTestFinished(() => database.close());
    expect(await entryNames(database)).toEqual(expect.arrayContaining(answered));
  }, 60_000);

  test('is forced to the disk by every commit: both connections are fully synchronous', async () => {
    const database = await sqliteEntryDatabase();
    for (const run of [database.read.bind(database), database.write.bind(database)]) {
      expect(await run((unit) => unit.db.all(sql`pragma synchronous`))).toEqual([{ synchronous: 2 }]);
      expect(await run((unit) => unit.db.all(sql`pragma foreign_keys`))).toEqual([{ foreign_keys: 1 }]);
      expect(await run((unit) => unit.db.all(sql`pragma journal_mode`))).toEqual([{ journal_mode: 'wal' }]);
    }
  });

  test('is moved out of a long log while the process goes on', async () => {
    const { database, file } = await sqliteEntryFile();
    const other = new Sqlite(file);
    onTestFinished(() => void other.close());
    const log = () => (other.pragma('wal_checkpoint(NOOP)') as { log: number; checkpointed: number }[])[0];
    const note = 'n'.repeat(4_000);
    await database.write(async (unit) => {
      for (const number of numbers(5_000)) {
        await addEntry(unit, { name: `${number} ${note}` });
        await unit.breathe();
      }
    });
    expect(log()?.log).toBeGreaterThan(4_000);
    await expect.poll(() => log()?.checkpointed, { timeout: 10_000 }).toBe(log()?.log);
    await database.write((unit) => addEntry(unit, { name: 'after it' }));
    expect(log()?.log).toBeLessThan(100);
    expect(await entryNames(database)).toHaveLength(5_001);
  });

  test('is moved out of the log again and again, so that the log stays small', async () => {
    const { database, file } = await sqliteEntryFile();
    const note = 'n'.repeat(300);
    let next = 0;
    let isDone = false;
    const readers = numbers(4).map(async () => {
      while (!isDone) {
        await entryCount();
        await new Promise(setImmediate);
      }
    });
    async function entryCount(): Promise<void> {
      await database.read((unit) => unit.db.all(sql`select max(position) from entries`));
    }
    await Promise.all(
      numbers(100).map(async () => {
        while (next < 20_000) {
          next += 1;
          const name = `${next} ${note}`;
          await database.write((unit) => addEntry(unit, { name }));
          await entryCount();
        }
      }),
    );
    isDone = true;
    await Promise.all(readers);
    // The thread that moves it may have begun only now.
    await expect.poll(() => statSync(file).size, { timeout: 20_000 }).toBeGreaterThan(6_000_000);
    // It is moved at 16 MB, and grows on while it is being moved.
    expect(statSync(`${file}-wal`).size).toBeLessThan(48_000_000);
  }, 60_000);
});

describe('a queue that is full', () => {
  test('refuses what is too much and keeps the rest', async () => {
    const database = await entryDatabase({ queueLimit: 10 });
    const outcomes = await Promise.allSettled(
      numbers(15).map((number) => database.write((unit) => addEntry(unit, { name: `entry ${number}` }))),
    );
    expect(outcomes.slice(0, 10).every((outcome) => outcome.status === 'fulfilled')).toBe(true);
    for (const outcome of outcomes.slice(10)) {
      expect(outcome).toMatchObject({ reason: { code: 'overloaded' } });
    }
    expect(await entryNames(database)).toHaveLength(10);
    expect(database.metrics.refusedWrites).toBe(5);
    await expect(database.write((unit) => addEntry(unit, { name: 'later' }))).resolves.toHaveLength(1);
  });
});

function busyFor(ms: number): void {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
}

describe('a queue in which many wait for too long', () => {
  const queued = (database: Database, count: number) =>
    Promise.allSettled(
      numbers(count).map((number) =>
        database.write(async (unit) => {
          await addEntry(unit, { name: `entry ${number}` });
          if (number === 0) busyFor(60);
        }),
      ),
    );

  test('refuses those that have waited longest, until few are left, and has not begun them', async () => {
    const database = await entryDatabase({ longestWaitMs: 20 });
    const outcomes = await queued(database, 151);
    const refused = outcomes.flatMap((outcome, number) => (outcome.status === 'rejected' ? [number] : []));
    expect(refused).toEqual(numbers(50).map((number) => number + 1));
    expect(outcomes[1]).toMatchObject({ reason: { code: 'overloaded' } });
    expect(await entryNames(database)).toHaveLength(101);
    expect(database.metrics).toMatchObject({ refusedWrites: 50, queueDepth: 0 });
    await expect(database.write((unit) => addEntry(unit, { name: 'later' }))).resolves.toHaveLength(1);
  });

  test('refuses nobody who has not waited so long, and nobody where few wait', async () => {
    for (const [longestWaitMs, count] of [
      [60_000, 151],
      [20, 101],
    ] as const) {
      const database = await entryDatabase({ longestWaitMs });
      const outcomes = await queued(database, count);
      expect(outcomes.every(({ status }) => status === 'fulfilled')).toBe(true);
    }
  });
});

test('a crowd that writes leaves the event loop its turns, in which others come in', async () => {
  const database = await entryDatabase();
  let turns = 0;
  let isDone = false;
  const turn = () => {
    turns += 1;
    if (!isDone) setImmediate(turn);
  };
  setImmediate(turn);
  await Promise.all(
    numbers(200).map((number) =>
      database.write(async (unit) => {
        await addEntry(unit, { name: `entry ${number}` });
        busyFor(2);
      }),
    ),
  );
  isDone = true;
  // After each of them but for the last 64; it was after each group, of five or six.
  expect(turns).toBeGreaterThan(120);
  expect(await entryNames(database)).toHaveLength(200);
});

test('a crowd in which somebody comes with each turn is given as many turns as it takes to let them in', async () => {
  const database = await entryDatabase();
  const written: Promise<unknown>[] = [];
  const write = (work: () => void) => written.push(database.write(async () => work()));
  for (const _ of numbers(100)) write(() => busyFor(4));
  let came = 0;
  const come = () => {
    came += 1;
    write(() => undefined);
    if (came < 200) setImmediate(come);
  };
  setImmediate(come);
  await written[20];
  const cameBefore = came;
  while (came < 200) await new Promise(setImmediate);
  await Promise.all(written);
  // There was work for 80 milliseconds. With one turn after each there were some twenty.
  expect(cameBefore).toBe(200);
});

describe('closing', () => {
  test('lets all that is queued be written first, and then takes nothing more', async () => {
    const folder = scratchFolder();
    const options = {
      file: join(folder, 'jindu.db'),
      migrationsFolder: migrationsFolder(folder, entryMigrations),
      clock: systemClock,
    };
    const database = await openDatabase(options);
    const writes = numbers(2_500).map((number) =>
      database.write((unit) => addEntry(unit, { name: `entry ${number}` })),
    );
    const reading = entryNames(database);
    await new Promise(setImmediate);
    await Promise.all([database.close(), database.close()]);
    expect(await Promise.all(writes)).toHaveLength(2_500);
    expect(await reading).toEqual([]);
    expect(await rejectionOf(entryNames(database))).toMatchObject({ code: 'storage_unavailable' });
    expect(await rejectionOf(database.write((unit) => addEntry(unit, { name: 'x' })))).toMatchObject({
      code: 'storage_unavailable',
    });
    expect(() => statSync(`${options.file}-wal`)).toThrow('ENOENT');

    const again = await openDatabase(options);
    onTestFinished(() => again.close());
    expect(await entryNames(again)).toHaveLength(2_500);
  });
});
