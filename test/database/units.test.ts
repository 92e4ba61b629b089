import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ReadUnit, WriteUnit } from '../../src/database/index.ts';
import { readersWait } from '../support/engines.ts';
import { addEntry, entryNames, entryTables } from './entries.ts';
import { entryDatabase, rejectionOf } from './scratch.ts';

async function countEntries(unit: ReadUnit): Promise<number> {
  const { entries } = entryTables(unit.engine);
  const [row] = await unit.db.select({ count: sql<number>`count(*)` }).from(entries);
  return row?.count ?? 0;
}

describe('a unit', () => {
  test('sees every write that was answered before it began', async () => {
    const database = await entryDatabase();
    for (let count = 1; count <= 200; count += 1) {
      await database.write((unit) => addEntry(unit, { name: `entry ${count}` }));
      expect(await database.read(countEntries)).toBe(count);
    }
  });

  test('that reads sees one moment, whatever is written meanwhile', async () => {
    const database = await entryDatabase();
    await database.write((unit) => addEntry(unit, { name: 'before' }));
    const seen = await database.read(async (unit) => {
      const first = await countEntries(unit);
      // Real waiting, which a work must not do, to let a write come in between.
      await nextTurn();
      await nextTurn();
      await nextTurn();
      return [first, await countEntries(unit)];
    });
    expect(seen).toEqual([1, 1]);

    const slow = database.read(async (unit) => {
      const counts = [await countEntries(unit)];
      for (let turn = 0; turn < 10; turn += 1) {
        await nextTurn();
        counts.push(await countEntries(unit));
      }
      return counts;
    });
    await database.write((unit) => addEntry(unit, { name: 'meanwhile' }));
    // This one may not join the older view, which knows nothing of the write that has been answered.
    expect(await database.read(countEntries)).toBe(2);
    expect(new Set(await slow)).toEqual(new Set([1]));
  });

  test('that writes sees its own changes, and others see them only when it is kept', async () => {
    const database = await entryDatabase();
    const counts: number[] = [];
    await database.write(async (unit) => {
      await addEntry(unit, { name: 'mine' });
      counts.push(await countEntries(unit));
    });
    counts.push(await database.read(countEntries));
    expect(counts).toEqual([1, 1]);
  });

  test('that reads cannot write', async () => {
    const database = await entryDatabase();
    const refusal = await rejectionOf(database.read((unit) => addEntry(unit, { name: 'sneaked in' })));
    expect(refusal).toMatchObject({ message: 'A read unit was used to write.' });
    expect(await entryNames(database)).toEqual([]);
  });

  test('is not opened inside of another one', async () => {
    const database = await entryDatabase();
    const other = await entryDatabase();
    const clear = /A unit was opened inside of another one/;
    await expect(
      database.write(() => database.write((unit) => addEntry(unit, { name: 'a' }))),
    ).rejects.toThrow(clear);
    await expect(database.write(() => database.read(countEntries))).rejects.toThrow(clear);
    await expect(
      database.read(() => database.write((unit) => addEntry(unit, { name: 'a' }))),
    ).rejects.toThrow(clear);
    await expect(database.read(() => database.read(countEntries))).rejects.toThrow(clear);
    expect(await entryNames(database)).toEqual([]);
    // Where there is one session for both, the one would wait for the other.
    if (readersWait) return;
    await expect(database.read(() => other.read(countEntries))).resolves.toBe(0);
  });

  test('may be followed by another one that its work started without waiting for it', async () => {
    const database = await entryDatabase();
    let hasEnded = () => {};
    const ended = new Promise<void>((resolve) => {
      hasEnded = resolve;
    });
    let later: Promise<number> | undefined;
    await database.write(async (unit) => {
      later = ended.then(() => database.read(countEntries));
      await addEntry(unit, { name: 'first' });
    });
    hasEnded();
    expect(await later).toBe(1);
  });

  test('says so when it is used after its work has ended', async () => {
    const database = await entryDatabase();
    const kept: ReadUnit[] = [];
    await database.read(async (unit) => void kept.push(unit));
    await database.write(async (unit) => void kept.push(unit));
    await rejectionOf(
      database.write(async (unit) => {
        kept.push(unit);
        throw new Error('changed my mind');
      }),
    );
    for (const unit of kept) {
      await expect(addEntry(unit, { name: 'too late' })).rejects.toThrow('This unit has ended');
    }
    expect(await entryNames(database)).toEqual([]);
  });

  test('passes on what its work throws, as it is', async () => {
    const database = await entryDatabase();
    const mine = new Error('mine');
    expect(await rejectionOf(database.read(() => Promise.reject(mine)))).toBe(mine);
    expect(await rejectionOf(database.write(() => Promise.reject(mine)))).toBe(mine);
    expect(
      await rejectionOf(
        database.write(() => {
          throw mine;
        }),
      ),
    ).toBe(mine);
  });
});

describe('the time of a unit', () => {
  test('is the clock’s, to the millisecond', async () => {
    const database = await entryDatabase({ clock: { now: () => new Date('2023-07-03T01:02:03.004Z') } });
    expect(await database.read(async (unit) => unit.now)).toBe('2023-07-03T01:02:03.004Z');
    expect(await database.write(async (unit) => unit.now)).toBe('2023-07-03T01:02:03.004Z');
  });

  test('never runs backwards, though the clock does', async () => {
    let time = Date.parse('2023-07-03T00:00:10.000Z');
    const database = await entryDatabase({ clock: { now: () => new Date(time) } });
    const given: string[] = [];
    for (const step of [5, -4_000, 1, -1, 0, 3_000, 2_000, -86_400_000, 1]) {
      time += step;
      given.push(await database.write(async (unit) => unit.now));
      given.push(await database.read(async (unit) => unit.now));
    }
    expect(given).toEqual([...given].sort());
    expect(given.at(-1)).toBe('2023-07-03T00:00:11.005Z');
  });

  test('is never before the newest that was recorded in an earlier run', async () => {
    const database = await entryDatabase({ clock: { now: () => new Date('2023-07-03T00:00:00.000Z') } });
    database.raiseClock('2023-07-04T00:00:00.001Z');
    database.raiseClock('2022-01-01T00:00:00.000Z');
    expect(await database.write(async (unit) => unit.now)).toBe('2023-07-04T00:00:00.001Z');
    expect(() => database.raiseClock('yesterday')).toThrow(RangeError);
  });
});

describe('breathing', () => {
  async function workFor(unit: WriteUnit, milliseconds: number, step: () => Promise<void>): Promise<void> {
    const untilMs = performance.now() + milliseconds;
    while (performance.now() < untilMs) {
      await step();
      await unit.breathe();
    }
  }

  test('lets readers have their turn in the middle of long work, and no other writer', async () => {
    const database = await entryDatabase();
    let isWriting = true;
    let count = 0;
    const longWork = database
      .write((unit) =>
        workFor(unit, 300, async () => {
          count += 1;
          await addEntry(unit, { name: `long ${count}` });
        }),
      )
      .finally(() => {
        isWriting = false;
      });
    await nextTurn();
    const other = database.write((unit) => addEntry(unit, { name: 'other' }));
    const seen: number[] = [];
    while (isWriting) {
      seen.push(await database.read(countEntries));
      await nextTurn();
    }
    await Promise.all([longWork, other]);
    expect(seen.length).toBeGreaterThan(readersWait ? 0 : 2);
    // Whoever came before the commit saw nothing of it.
    expect(seen.slice(0, -1).filter((each) => each !== 0)).toEqual([]);
    expect((await entryNames(database)).at(-1)).toBe('other');
    expect(await database.read(countEntries)).toBe(count + 1);
  });

  test('costs a turn only after some milliseconds of work', async () => {
    const database = await entryDatabase();
    let turns = 0;
    let timer = setImmediate(function count() {
      turns += 1;
      timer = setImmediate(count);
    });
    onTestFinished(() => clearImmediate(timer));
    const [counted, elapsedMs] = await database.write(async (unit) => {
      const turnsBefore = turns;
      const startedMs = performance.now();
      for (let step = 0; step < 1_000; step += 1) {
        await unit.breathe();
      }
      return [turns - turnsBefore, performance.now() - startedMs] as const;
    });
    expect(counted).toBeLessThanOrEqual(Math.ceil(elapsedMs / 8));
  });
});
