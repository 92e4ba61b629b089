import { eq } from 'drizzle-orm';
import { type Database, type ReadUnit, remembered, type WriteUnit } from '../../src/database/index.ts';
import { addEntry, entryTables } from './entries.ts';

interface Note {
  text: string;
}

export type Notes = ReturnType<typeof notesOfEntries>;

/** The notes of entries, remembered by their names as a feature's store would. */
export function notesOfEntries() {
  const notes = remembered<Note>();
  const shouts = notes.madeOfIt<Note>();
  let asked = 0;

  async function inRow(unit: ReadUnit, name: string): Promise<string | null> {
    const { entries } = entryTables(unit.engine);
    const [row] = await unit.db.select({ note: entries.note }).from(entries).where(eq(entries.name, name));
    return row?.note ?? null;
  }

  async function noteOf(unit: ReadUnit, name: string): Promise<string | null> {
    const known = notes.recall(unit, name);
    if (known !== undefined) return known.text;
    asked += 1;
    const text = await inRow(unit, name);
    if (text !== null) notes.keep(unit, name, { text });
    return text;
  }

  /** What is made of a note: the same, louder. */
  async function shoutOf(unit: ReadUnit, name: string): Promise<string | null> {
    const known = shouts.recall(unit, name);
    if (known !== undefined) return known.text;
    const text = (await noteOf(unit, name))?.toUpperCase() ?? null;
    if (text !== null) shouts.keep(unit, name, { text });
    return text;
  }

  async function setNote(unit: WriteUnit, name: string, text: string, keeps: boolean): Promise<void> {
    const { entries } = entryTables(unit.engine);
    if (keeps) notes.keep(unit, name, { text });
    else notes.forget(unit, name);
    await unit.db.update(entries).set({ note: text }).where(eq(entries.name, name));
  }

  return { notes, noteOf, shoutOf, setNote, inRow, timesAsked: () => asked };
}

/** Two entries with a note each. */
export async function addNotes(database: Database, { setNote }: Notes): Promise<void> {
  await database.write(async (unit) => {
    for (const name of ['a', 'b']) {
      await addEntry(unit, { name });
      await setNote(unit, name, 'first', false);
    }
  });
}
