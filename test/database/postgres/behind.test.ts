import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Database, WriteUnit } from '../../../src/database/index.ts';
import { addEntry, entryNames, gatherEntry } from '../entries.ts';
import { addNotes, notesOfEntries } from '../notes.ts';
import { postgresEntryDatabase, postgresOfTests, rejectionOf, unreliablePlace } from '../scratch.ts';

/** A place where the answer to the commit of the first work is held back until it is let go. */
async function withCommitUnderWay(first: (unit: WriteUnit) => Promise<unknown>) {
  const place = await unreliablePlace();
  const notes = notesOfEntries();
  await addNotes(place.database, notes);
  const begin = async () => {
    // Not itself behind the notes: it has its turn before what is answered is held.
    await someTurns();
    const { promise: hasRun, resolve: runs } = Promise.withResolvers<void>();
    let isAnswered = false;
    const committing = place.database.write(async (unit) => {
      await first(unit);
      await notes.setNote(unit, 'a', 'of the first', true);
      place.way.hold();
      runs();
    });
    committing
      .catch(() => undefined)
      .finally(() => {
        isAnswered = true;
      });
    await hasRun;
    await someTurns();
    return { committing, isAnswered: () => isAnswered };
  };
  return { ...place, ...notes, begin };
}

async function someTurns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await nextTurn();
}

const gathers = (name: string) => (unit: WriteUnit) => gatherEntry(unit, { name, note: null });

/** A work that says what it is told of the note each time that it is run. */
function telling(database: Database, noteOf: (unit: WriteUnit, name: string) => Promise<string | null>) {
  const told: (string | null)[] = [];
  const work = database.write(async (unit) => {
    const note = await noteOf(unit, 'a');
    told.push(note);
    await gatherEntry(unit, { name: 'second', note });
    return note;
  });
  return { told, work };
}

describe('a group behind one whose commit is on its way', () => {
  test('is run before the commit is answered, on what the first has left, and is kept after it', async () => {
    const { database, way, noteOf, begin } = await withCommitUnderWay(gathers('first'));
    const { committing, isAnswered } = await begin();
    const { told, work } = telling(database, noteOf);
    await expect.poll(() => told).toEqual(['of the first']);
    expect(isAnswered()).toBe(false);
    way.letGo();
    expect(await work).toBe('of the first');
    expect(isAnswered()).toBe(true);
    await committing;
    expect(told).toHaveLength(1);
    expect(await entryNames(database)).toEqual(['a', 'b', 'first', 'second']);
  });

  test('is run anew when the first is not kept', async () => {
    const { schema, database, way, noteOf, begin } = await withCommitUnderWay(gathers('doomed'));
    await schema.run(`
      create function refuse() returns trigger language plpgsql as $$ begin
        raise exception 'refused' using errcode = '23514'; end $$;
      create constraint trigger refuse after insert on entries deferrable initially deferred
        for each row when (new.name = 'doomed') execute function refuse()`);
    const { committing } = await begin();
    const { told, work } = telling(database, noteOf);
    await expect.poll(() => told).toEqual(['of the first']);
    way.letGo();
    expect(await rejectionOf(committing)).toMatchObject({ code: '23514' });
    expect(await work).toBe('first');
    expect(told).toEqual(['of the first', 'first']);
    expect(await entryNames(database)).toEqual(['a', 'b', 'second']);
    expect(database.metrics).toMatchObject({ queueDepth: 0, failedWrites: 1 });
  });

  test('is run anew when the server was lost, which leaves the first in doubt', async () => {
    const { database, way, noteOf, begin } = await withCommitUnderWay(gathers('first'));
    const { committing } = await begin();
    const { told, work } = telling(database, noteOf);
    await expect.poll(() => told).toEqual(['of the first']);
    await way.stop();
    await way.start();
    expect(await rejectionOf(committing)).toMatchObject({
      code: 'storage_unavailable',
      detail: expect.stringContaining('not known'),
    });
    expect(await work).toBe(await database.write((unit) => noteOf(unit, 'a')));
    expect(told).toHaveLength(2);
  });

  test('is told of its own refusals after the first, and leaves nothing of them', async () => {
    const { database, way, begin } = await withCommitUnderWay(gathers('first'));
    const { committing } = await begin();
    const order: string[] = [];
    const refused = rejectionOf(
      database.write(async (unit) => {
        await addEntry(unit, { name: 'half' });
        throw new Error('not after all');
      }),
    ).then((error) => order.push(String(error)));
    const kept = database.write(gathers('second'));
    await someTurns();
    way.letGo();
    await committing.then(() => order.push('first'));
    await Promise.all([refused, kept]);
    expect(order).toEqual(['first', 'Error: not after all']);
    expect(await entryNames(database)).toEqual(['a', 'b', 'first', 'second']);
  });

  test('takes in all who come while the commit is on its way, in their order', async () => {
    const { database, way, begin } = await withCommitUnderWay(gathers('first'));
    const { committing, isAnswered } = await begin();
    const ran: string[] = [];
    const runs = (name: string) =>
      database.write(async (unit) => {
        await gatherEntry(unit, { name, note: null });
        ran.push(name);
      });
    const second = runs('second');
    await expect.poll(() => ran).toEqual(['second']);
    const third = runs('third');
    await expect.poll(() => ran).toEqual(['second', 'third']);
    expect(isAnswered()).toBe(false);
    way.letGo();
    await Promise.all([committing, second, third]);
    expect(ran).toEqual(['second', 'third']);
    expect(await entryNames(database)).toEqual(['a', 'b', 'first', 'second', 'third']);
  });

  test('leaves those who are too many to the group after it', async () => {
    const { database, way, begin } = await withCommitUnderWay(gathers('first'));
    const { committing } = await begin();
    const names = Array.from({ length: 1_100 }, (_, i) => `many ${i}`);
    let ran = 0;
    const many = names.map((name) =>
      database.write(async (unit) => {
        await gatherEntry(unit, { name, note: null });
        ran += 1;
      }),
    );
    await expect.poll(() => ran).toBe(1_000);
    await someTurns();
    expect(ran).toBe(1_000);
    way.letGo();
    await Promise.all([committing, ...many]);
    expect(await entryNames(database)).toEqual(['a', 'b', 'first', ...names]);
  });

  test('is refused alone with what it had sent before the commit was answered', async () => {
    const { database, way, begin } = await withCommitUnderWay(gathers('first'));
    const { committing } = await begin();
    const ran: string[] = [];
    const runs = (name: string) =>
      database.write(async (unit) => {
        ran.push(name);
        await gatherEntry(unit, { name, note: null });
      });
    const taken = rejectionOf(runs('a'));
    await expect.poll(() => ran).toEqual(['a']);
    const good = runs('good');
    await expect.poll(() => ran).toEqual(['a', 'good']);
    way.letGo();
    await Promise.all([committing, good]);
    expect(await taken).toMatchObject({ code: '23505' });
    expect(await entryNames(database)).toEqual(['a', 'b', 'first', 'good']);
    expect(database.metrics).toMatchObject({ queueDepth: 0, failedWrites: 1 });
  });

  // Of two sessions, which one in this process has not.
  if (postgresOfTests === 'postgres') {
    test('is run anew when another process has written in between', async () => {
      const { schema, database, way, noteOf, setNote, begin } = await withCommitUnderWay(gathers('first'));
      const other = await postgresEntryDatabase(schema.server);
      const { committing } = await begin();
      // Its turn comes before that of the group behind, which only asks for its own when its commit is let go.
      const others = other.write((unit) => setNote(unit, 'a', 'of another', true));
      await expect.poll(() => other.metrics.writes).toBe(1);
      const { told, work } = telling(database, noteOf);
      await expect.poll(() => told).toEqual(['of the first']);
      way.letGo();
      await Promise.all([committing, others]);
      expect(await work).toBe('of another');
      expect(told).toEqual(['of the first', 'of another']);
    });
  }
});
