import { eq } from 'drizzle-orm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Database, gatheredUpdate, type ReadUnit, type WriteUnit } from '../../src/database/index.ts';
import { addEntry, entryTables, gatherEntry } from './entries.ts';
import { entryDatabase, rejectionOf, sqliteEntryDatabase } from './scratch.ts';

const setNote = gatheredUpdate((engine) => entryTables(engine).entries, 'name', ['note']);
const setNoteOtherwise = gatheredUpdate((engine) => entryTables(engine).entries, 'name', ['note']);

async function setNoteAtOnce(unit: WriteUnit, name: string, note: string): Promise<void> {
  const { entries } = entryTables(unit.engine);
  await unit.db.update(entries).set({ note }).where(eq(entries.name, name));
}

async function rowsIn(unit: ReadUnit): Promise<[string, string | null][]> {
  const { entries } = entryTables(unit.engine);
  const rows = await unit.db.select().from(entries).orderBy(entries.position);
  return rows.map(({ name, note }) => [name, note]);
}

const rowsOf = (database: Database) => database.read(rowsIn);

describe('rows that are gathered', () => {
  test('are kept in the order of the calls, and of the changes of one row the last', async () => {
    const database = await entryDatabase();
    await Promise.all(
      ['a', 'b', 'c'].map((name) =>
        database.write(async (unit) => {
          await gatherEntry(unit, { name, note: null });
          await setNote(unit, { name, note: `first of ${name}` });
          await setNote(unit, { name: 'a', note: `last from ${name}` });
        }),
      ),
    );
    expect(await rowsOf(database)).toEqual([
      ['a', 'last from c'],
      ['b', 'first of b'],
      ['c', 'first of c'],
    ]);
  });

  test('are seen by whatever is asked after them, in the same work and in the next of the group', async () => {
    const database = await entryDatabase();
    const seen = await Promise.all([
      database.write(async (unit) => {
        await gatherEntry(unit, { name: 'a', note: 'it\'s "quoted", with {braces}, a \\ and NULL' });
        return await rowsIn(unit);
      }),
      database.write(async (unit) => {
        await setNote(unit, { name: 'a', note: 'NULL' });
      }),
      database.write(rowsIn),
    ]);
    expect(seen[0]).toEqual([['a', 'it\'s "quoted", with {braces}, a \\ and NULL']]);
    expect(seen[2]).toEqual([['a', 'NULL']]);
  });

  test('that the database refuses fail their own work and no other', async () => {
    const database = await entryDatabase();
    const outcomes = await Promise.allSettled(
      ['a', 'b', 'a', 'c'].map((name, index) =>
        database.write((unit) => gatherEntry(unit, { name, note: `number ${index}` })),
      ),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(await rowsOf(database)).toEqual([
      ['a', 'number 0'],
      ['b', 'number 1'],
      ['c', 'number 3'],
    ]);
    expect(database.metrics).toMatchObject({ writes: 3, failedWrites: 1, queueDepth: 0 });
  });

  test('that the database refuses only when the next work asks something fail the work that gathered them', async () => {
    const database = await entryDatabase();
    await database.write((unit) => addEntry(unit, { name: 'a' }));
    const outcomes = await Promise.allSettled([
      database.write((unit) => gatherEntry(unit, { name: 'b', note: null })),
      database.write((unit) => gatherEntry(unit, { name: 'a', note: null })),
      database.write(rowsIn),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[2]).toMatchObject({
      value: [
        ['a', null],
        ['b', null],
      ],
    });
  });

  test('that the database refuses are not lost on a next work that makes light of it', async () => {
    const database = await entryDatabase();
    await database.write((unit) => addEntry(unit, { name: 'a' }));
    const outcomes = await Promise.allSettled([
      database.write((unit) => gatherEntry(unit, { name: 'b', note: null })),
      database.write((unit) => gatherEntry(unit, { name: 'a', note: null })),
      database.write(async (unit) => {
        await rowsIn(unit).catch(() => undefined);
        await gatherEntry(unit, { name: 'c', note: null });
      }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((await rowsOf(database)).map(([name]) => name)).toEqual(['a', 'b', 'c']);
  });

  test('leave nothing when their work refuses, whether or not it is the first', async () => {
    const database = await entryDatabase();
    const refuse = async (unit: WriteUnit) => {
      await gatherEntry(unit, { name: 'refused', note: null });
      throw new Error('refused after all');
    };
    const outcomes = await Promise.allSettled([
      database.write(refuse),
      database.write((unit) => gatherEntry(unit, { name: 'a', note: null })),
      database.write(refuse),
      database.write((unit) => gatherEntry(unit, { name: 'b', note: null })),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled']);
    expect((await rowsOf(database)).map(([name]) => name)).toEqual(['a', 'b']);
  });

  test('are not taken by a unit that has ended', async () => {
    const database = await entryDatabase();
    const ended = await database.write(async (unit) => unit);
    expect(await rejectionOf((async () => gatherEntry(ended, { name: 'late', note: null }))())).toMatchObject(
      {
        message: expect.stringContaining('has ended'),
      },
    );
    expect(await rowsOf(database)).toEqual([]);
  });

  const names = fc.constantFrom('a', 'b', 'c', 'd');
  const step = fc.oneof(
    fc.record({ kind: fc.constant('add' as const), name: names }),
    fc.record({ kind: fc.constantFrom('set', 'setOtherwise', 'setAtOnce'), name: names, note: fc.string() }),
    fc.record({ kind: fc.constantFrom('read', 'refuse') }),
  );

  test('come to what they would have come to one by one', async () => {
    const database = await entryDatabase();
    let model = new Map<string, string | null>();
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { maxLength: 6 }), { maxLength: 8 }), async (works) => {
        // No round meets the rows of another.
        round += 1;
        const named = (name: string) => `${name} of ${round}`;
        const outcomes = Promise.allSettled(
          works.map((steps) =>
            database.write(async (unit) => {
              for (const each of steps) {
                if (each.kind === 'refuse') throw new Error('refused');
                if (each.kind === 'read') await rowsIn(unit);
                if (!('name' in each)) continue;
                const name = named(each.name);
                if (each.kind === 'add') await gatherEntry(unit, { name, note: null });
                if (!('note' in each)) continue;
                const note = each.note.replaceAll('\0', '');
                if (each.kind === 'set') await setNote(unit, { name, note });
                if (each.kind === 'setOtherwise') await setNoteOtherwise(unit, { name, note });
                if (each.kind === 'setAtOnce') await setNoteAtOnce(unit, name, note);
              }
            }),
          ),
        );
        const expected = works.map((steps) => {
          const after = new Map(model);
          for (const each of steps) {
            if (each.kind === 'refuse') return 'rejected';
            if (!('name' in each)) continue;
            const name = named(each.name);
            if ('note' in each) {
              if (after.has(name)) after.set(name, each.note.replaceAll('\0', ''));
            } else if (after.has(name)) return 'rejected';
            else after.set(name, null);
          }
          model = after;
          return 'fulfilled';
        });
        expect((await outcomes).map(({ status }) => status)).toEqual(expected);
        expect(await rowsOf(database)).toEqual([...model]);
      }),
      { numRuns: 60 },
    );
  });
});

test('a work that makes light of rows that are refused once there are many of them is refused all the same', async () => {
  const database = await entryDatabase();
  const gatherTwice = async (unit: WriteUnit) => {
    for (let count = 0; count < 300; count += 1) {
      try {
        await gatherEntry(unit, { name: `${count === 200 ? 0 : count}`, note: null });
      } catch {
        // Whatever it was.
      }
    }
  };
  const [refused, kept] = await Promise.allSettled([
    database.write(gatherTwice),
    database.write((unit) => gatherEntry(unit, { name: 'a', note: null })),
  ]);
  expect([refused.status, kept.status]).toEqual(['rejected', 'fulfilled']);
  expect(await rowsOf(database)).toEqual([['a', null]]);
});

describe('what works have foreseen', () => {
  test('is looked up at once, before the first of them runs', async () => {
    const database = await entryDatabase();
    // The first group of a connection may end early.
    await database.write(async () => undefined);
    const asked: string[][] = [];
    const ran: string[] = [];
    const lookUp = async (unit: ReadUnit, ids: readonly string[]) => {
      await rowsIn(unit);
      asked.push([...ids]);
      expect(ran).toEqual([]);
    };
    const names = ['a', 'b', 'c', 'b'];
    await Promise.all(
      names.map((name) =>
        database.write(
          async (unit) => {
            ran.push(name);
            await setNote(unit, { name, note: null });
          },
          { id: name, lookUp },
        ),
      ),
    );
    expect(ran).toEqual(names);
    expect(asked).toEqual([['a', 'b', 'c']]);
  });

  test('is looked up for 32 works at a time beside a file', async () => {
    const database = await sqliteEntryDatabase();
    const told: string[] = [];
    const lookUp = async (_: ReadUnit, ids: readonly string[]) => void told.push(`${ids.length} at once`);
    await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        database.write(async () => void told.push('one'), { id: `${index}`, lookUp }),
      ),
    );
    const ones = (count: number) => Array.from({ length: count }, () => 'one');
    expect(told).toEqual(['32 at once', ...ones(32), '8 at once', ...ones(8)]);
  });

  test('and cannot be looked up beside a file refuses no work that can do without it', async () => {
    const database = await sqliteEntryDatabase();
    const lookUp = async (unit: ReadUnit) => {
      await rowsIn(unit);
      throw new Error('a page that cannot be read');
    };
    const [kept, refused] = await Promise.allSettled([
      database.write((unit) => gatherEntry(unit, { name: 'a', note: null }), { id: 'a', lookUp }),
      database.write(lookUp, { id: 'b', lookUp }),
    ]);
    expect([kept.status, refused.status]).toEqual(['fulfilled', 'rejected']);
    expect(await rowsOf(database)).toEqual([['a', null]]);
  });

  test('has rows go to the database that are refused there, and only their works are refused', async () => {
    const database = await sqliteEntryDatabase();
    const lookUp = async (unit: ReadUnit) => void (await rowsIn(unit));
    const works = Array.from({ length: 34 }, (_, index) =>
      // The 31st has the name of the first, which is not known before its row goes to the database.
      database.write((unit) => gatherEntry(unit, { name: `${index % 31}`, note: null }), {
        id: `${index}`,
        lookUp,
      }),
    );
    const statuses = (await Promise.allSettled(works)).map(({ status }) => status);
    expect(statuses.map((status) => (status === 'rejected' ? 1 : 0))).toEqual(
      Array.from({ length: 34 }, (_, index) => (index < 31 ? 0 : 1)),
    );
    expect(await rowsOf(database)).toHaveLength(31);
  });
});
