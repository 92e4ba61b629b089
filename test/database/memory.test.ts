import { setImmediate as nextTurn } from 'node:timers/promises';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { GatheredRows } from '../../src/database/gathered.ts';
import type { Database, ReadUnit } from '../../src/database/index.ts';
import { beforeServer, besideFile, Memory } from '../../src/database/memory.ts';
import { addNotes, notesOfEntries } from './notes.ts';
import { rejectionOf, sqliteEntryFile } from './scratch.ts';

async function noteDatabase({ hasOtherProcesses = false } = {}) {
  const { database, file } = await sqliteEntryFile({ hasOtherProcesses });
  const notes = notesOfEntries();
  await addNotes(database, notes);
  return { file, database, ...notes };
}

const read = (database: Database, noteOf: (unit: ReadUnit, name: string) => Promise<string | null>) =>
  database.read((unit) => noteOf(unit, 'a'));

setFlagsFromString('--expose-gc');
/** Has the engine let go of what nobody holds; `minor`: of what is young alone, as it does all the time. */
const collect = runInNewContext('gc') as (options: { type: 'major' | 'minor' }) => void;

/** How much more than before has grown old, in bytes, when `round` was run fifty times. */
function grownOldBy(round: () => void): number {
  const oldBytes = () =>
    getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space')?.space_used_size ?? 0;
  round();
  collect({ type: 'major' });
  const before = oldBytes();
  for (let time = 0; time < 50; time += 1) {
    round();
    collect({ type: 'minor' });
  }
  return oldBytes() - before;
}

describe('what is remembered', () => {
  test('is at most so many of a kind: what was asked for longest ago goes first', () => {
    const memory = new Memory({ forSmall: 10_000, forBulky: 1 });
    const { ofReaders, ofWriter } = memory;
    const kind = { isBulky: false, made: [] };
    const remember = (from: number, to: number) => {
      for (let id = from; id <= to; id += 1) ofReaders.set(kind, `${id}`, { id });
    };
    const known = (...ids: number[]) => ids.filter((id) => ofReaders.get(kind, `${id}`) !== undefined);
    remember(0, 9_999);
    expect(known(0)).toEqual([0]);
    remember(10_000, 10_000);
    expect(known(0, 1, 2, 10_000)).toEqual([0, 2, 10_000]);
    ofWriter.forget(kind, '0');
    memory.commit();
    remember(10_001, 10_001);
    expect(known(0, 2, 3, 10_001)).toEqual([2, 3, 10_001]);
    remember(20_000, 60_000);
    expect(known(2, 10_001, 50_000, 50_001, 60_000)).toEqual([50_001, 60_000]);
    ofWriter.forget(kind, null);
    memory.commit();
    expect(known(50_001, 60_000)).toEqual([]);
    remember(0, 10_000);
    expect(known(0, 1, 10_000)).toEqual([1, 10_000]);
  });

  test.each([
    ['beside a file', besideFile, 3_000],
    ['before a server', beforeServer, 10_000],
  ])('is at most so many of what is bulky %s', (_, room, atMost) => {
    const { ofReaders } = new Memory(room);
    const kind = { isBulky: true, made: [] };
    for (let id = 0; id <= atMost; id += 1) ofReaders.set(kind, `${id}`, { id });
    expect(['0', '1', `${atMost}`].map((id) => ofReaders.get(kind, id))).toEqual([
      undefined,
      { id: 1 },
      { id: atMost },
    ]);
  });

  test('is worth keeping for who has read it once it was read before, and always for who writes', () => {
    const { ofReaders, ofWriter } = new Memory(besideFile);
    const [kind, other] = [
      { isBulky: true, made: [] },
      { isBulky: true, made: [] },
    ];
    expect(['a', 'b', 'a'].map((id) => ofReaders.isWorthKeeping(kind, id))).toEqual([false, false, true]);
    expect(ofReaders.isWorthKeeping(other, 'a')).toBe(false);
    expect(ofWriter.isWorthKeeping(kind, 'c')).toBe(true);
  });

  test('is let go of where something else has taken its place, however often', async () => {
    const { ofReaders } = new Memory(besideFile);
    const kind = { isBulky: false, made: [] };
    const replaced: WeakRef<object>[] = [];
    // With others coming, what holds them is made anew now and then, and must not hold what it held before.
    for (let round = 0; round < 8; round += 1) {
      const thing = { round };
      replaced.push(new WeakRef(thing));
      for (let id = 0; id < 2 ** round; id += 1) ofReaders.set(kind, `${id}`, thing);
    }
    // Within the turn that made it, what a weak reference points to is held by the engine itself.
    await nextTurn();
    collect({ type: 'major' });
    const held = replaced.slice(0, -1).filter((thing) => thing.deref() !== undefined);
    expect(held).toEqual([]);
  });

  test('does not grow old, nor does what is gathered, where a group has ended and nothing of it is kept', () => {
    const memory = new Memory(besideFile);
    const kind = { isBulky: false, made: [] };
    const thing = (id: number) => ({ id, weighs: Array.from({ length: 100 }, (_, at) => at + 0.5) });
    const grownByMemory = grownOldBy(() => {
      for (let id = 0; id < 100; id += 1) {
        memory.ofWriter.set(kind, `${id}`, thing(id));
        memory.keepWork();
      }
      memory.rollback();
    });
    const rows = new GatheredRows<void>(() => undefined);
    const things = { table: 'things', key: null, columns: [] };
    const grownByRows = grownOldBy(() => {
      for (let id = 0; id < 100; id += 1) rows.add(things, thing(id));
      rows.send();
    });
    // There were 5,000 things of a kilobyte for each of the two.
    expect(grownByMemory).toBeLessThan(1_000_000);
    expect(grownByRows).toBeLessThan(1_000_000);
  });

  test('is read once, and again after it was changed', async () => {
    const { database, noteOf, setNote, timesAsked } = await noteDatabase();
    expect([await read(database, noteOf), await read(database, noteOf)]).toEqual(['first', 'first']);
    expect(timesAsked()).toBe(1);
    await database.write((unit) => setNote(unit, 'a', 'second', false));
    expect(await read(database, noteOf)).toBe('second');
    expect(timesAsked()).toBe(2);
    await database.write((unit) => setNote(unit, 'a', 'third', true));
    expect(await read(database, noteOf)).toBe('third');
    expect(timesAsked()).toBe(2);
  });

  test('is what a work of the same group has left, and not what an undone one has', async () => {
    const { database, noteOf, setNote } = await noteDatabase();
    const seen: (string | null)[] = [];
    const undone = database.write(async (unit) => {
      await setNote(unit, 'a', 'never', true);
      throw new Error('undone');
    });
    const works = [
      database.write((unit) => setNote(unit, 'a', 'second', true)),
      database.write(async (unit) => void seen.push(await noteOf(unit, 'a'))),
      rejectionOf(undone),
      database.write(async (unit) => void seen.push(await noteOf(unit, 'a'))),
    ];
    await Promise.all(works);
    expect(seen.at(-1)).toBe('second');
    expect(seen).not.toContain('never');
    expect(await read(database, noteOf)).toBe('second');
  });

  test('is forgotten with what it was made of', async () => {
    const { database, notes, shoutOf, setNote } = await noteDatabase();
    const shout = () => database.read((unit) => shoutOf(unit, 'a'));
    expect(await shout()).toBe('FIRST');
    await database.write((unit) => setNote(unit, 'a', 'second', true));
    expect(await shout()).toBe('SECOND');
    await database.write((unit) => setNote(unit, 'a', 'third', false));
    expect(await shout()).toBe('THIRD');
    await database.write(async (unit) => {
      await setNote(unit, 'a', 'fourth', true);
      notes.forgetAll(unit);
    });
    expect(await shout()).toBe('FOURTH');
  });

  test('is not changed for a reader whose moment lies before the change', async () => {
    const { database, noteOf, setNote } = await noteDatabase();
    const older = database.read(async (unit) => {
      const before = await noteOf(unit, 'b');
      // Real waiting, which a work must not do, to let a write come in between.
      for (let turn = 0; turn < 10; turn += 1) await nextTurn();
      return [before, await noteOf(unit, 'a'), await noteOf(unit, 'b')];
    });
    await database.write(async (unit) => {
      await setNote(unit, 'a', 'second', true);
      await setNote(unit, 'b', 'second', true);
    });
    expect(await read(database, noteOf)).toBe('second');
    expect(await older).toEqual(['first', 'first', 'first']);
    expect(await read(database, noteOf)).toBe('second');
  });

  test('is forgotten when another process has changed the database, by readers and by writers', async () => {
    const { file, database, noteOf } = await noteDatabase();
    const other = new Sqlite(file);
    onTestFinished(() => void other.close());
    const change = async (text: string) => {
      other.prepare('update entries set note = ?').run(text);
      // Readers of one turn share a moment.
      await nextTurn();
      await nextTurn();
    };

    expect(await read(database, noteOf)).toBe('first');
    await change('second');
    expect(await read(database, noteOf)).toBe('second');
    expect(await database.write((unit) => noteOf(unit, 'a'))).toBe('second');
    await change('third');
    expect(await database.write((unit) => noteOf(unit, 'a'))).toBe('third');
    expect(await read(database, noteOf)).toBe('third');
  });

  test('is what the database says, whatever is read, written, undone and changed by others in between', async () => {
    const { file, database, noteOf, shoutOf, setNote, inRow } = await noteDatabase();
    const other = new Sqlite(file);
    onTestFinished(() => void other.close());
    let count = 0;
    const step = fc.record({
      kind: fc.constantFrom('read', 'write', 'keep', 'undo', 'other', 'turn'),
      name: fc.constantFrom('a', 'b'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const works: Promise<unknown>[] = [];
        for (const { kind, name } of steps) {
          count += 1;
          const text = `note ${count}`;
          const asIs = async (unit: ReadUnit) => {
            const row = await inRow(unit, name);
            expect(await shoutOf(unit, name)).toBe(row?.toUpperCase());
            expect(await noteOf(unit, name)).toBe(row);
          };
          if (kind === 'turn') await nextTurn();
          else if (kind === 'read') works.push(database.read(asIs));
          else if (kind === 'other') {
            await Promise.all(works.splice(0));
            other.prepare('update entries set note = ? where name = ?').run(text, name);
          } else {
            const work = database.write(async (unit) => {
              await asIs(unit);
              await setNote(unit, name, text, kind === 'keep');
              await asIs(unit);
              if (kind === 'undo') throw new Error('undone');
            });
            works.push(
              kind === 'undo' ? expect(rejectionOf(work)).resolves.toEqual(new Error('undone')) : work,
            );
          }
        }
        await Promise.all(works);
      }),
      { numRuns: 150, seed: 20230630 },
    );
  });
});

describe('where other processes serve from the same file', () => {
  test('a read contains what one of them has written before it, in the same turn and beside an older read', async () => {
    const { file, database, noteOf } = await noteDatabase({ hasOtherProcesses: true });
    const other = new Sqlite(file);
    onTestFinished(() => void other.close());
    const change = (text: string) => other.prepare('update entries set note = ?').run(text);

    const letGo = Promise.withResolvers<void>();
    const older = database.read(async (unit) => {
      const before = await noteOf(unit, 'a');
      await letGo.promise;
      return [before, await noteOf(unit, 'b')];
    });
    change('second');
    const newer = read(database, noteOf);
    letGo.resolve();
    expect(await older).toEqual(['first', 'first']);
    expect(await newer).toBe('second');
    for (let turn = 0; turn < 50; turn += 1) {
      expect(await read(database, noteOf)).toBe(turn === 0 ? 'second' : `note ${turn - 1}`);
      change(`note ${turn}`);
    }
  });
});
