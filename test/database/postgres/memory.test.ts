import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Database, WriteUnit } from '../../../src/database/index.ts';
import { addNotes, notesOfEntries } from '../notes.ts';
import { postgresEntryDatabase, postgresOfTests, rejectionOf, schemaOfTest } from '../scratch.ts';

/** Two processes on one database, each with what it remembers. */
async function twoProcesses() {
  const { server } = await schemaOfTest(postgresOfTests);
  const notes = notesOfEntries();
  const processes: [Database, Database] = [
    await postgresEntryDatabase(server),
    await postgresEntryDatabase(server),
  ];
  await addNotes(processes[0], notes);
  return { processes, ...notes };
}

describe('what a writer remembers', () => {
  test('is asked of the server once, as long as nobody else writes', async () => {
    const {
      processes: [one, other],
      noteOf,
      setNote,
      timesAsked,
    } = await twoProcesses();
    const told = (database: Database) => database.write((unit) => noteOf(unit, 'a'));
    expect([await told(one), await told(one)]).toEqual(['first', 'first']);
    expect(timesAsked()).toBe(1);
    await one.write((unit) => setNote(unit, 'a', 'second', true));
    expect(await told(one)).toBe('second');
    expect(timesAsked()).toBe(1);
    await other.write((unit) => setNote(unit, 'a', 'third', true));
    expect(await told(one)).toBe('third');
    expect(await told(other)).toBe('third');
  });

  test('is nothing to a reader, who may look at another moment', async () => {
    const {
      processes: [one, other],
      noteOf,
      setNote,
    } = await twoProcesses();
    expect(await one.write((unit) => noteOf(unit, 'a'))).toBe('first');
    await other.write((unit) => setNote(unit, 'a', 'second', true));
    expect(await one.read((unit) => noteOf(unit, 'a'))).toBe('second');
  });

  test('is what the database says, whatever both write, undo and refuse', async () => {
    const { processes, noteOf, setNote, inRow } = await twoProcesses();
    let count = 0;
    const step = fc.record({
      kind: fc.constantFrom('look', 'write', 'keep', 'undo', 'refuse', 'wait', 'turn'),
      which: fc.constantFrom(0 as const, 1 as const),
      name: fc.constantFrom('a', 'b'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        const works: Promise<unknown>[] = [];
        for (const { kind, which, name } of steps) {
          count += 1;
          const text = `note ${count}`;
          const asIs = async (unit: WriteUnit) =>
            expect(await noteOf(unit, name)).toBe(await inRow(unit, name));
          if (kind === 'wait') await Promise.all(works.splice(0));
          // What comes after it may be run behind a commit that is on its way.
          else if (kind === 'turn') await nextTurn();
          else {
            const work = processes[which].write(async (unit) => {
              await asIs(unit);
              if (kind === 'refuse') throw new Error('undone');
              if (kind !== 'look') await setNote(unit, name, text, kind === 'keep');
              await asIs(unit);
              if (kind === 'undo') throw new Error('undone');
            });
            const isUndone = kind === 'undo' || kind === 'refuse';
            works.push(isUndone ? expect(rejectionOf(work)).resolves.toEqual(new Error('undone')) : work);
          }
        }
        await Promise.all(works);
      }),
      { numRuns: 30, seed: 20230630 },
    );
  });
});
