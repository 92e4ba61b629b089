import { and, eq, isNull } from 'drizzle-orm';
import type { Database, ReadUnit, WriteUnit } from '../../database/index.ts';
import { rootAfter } from '../projects/index.ts';
import { type RebuildOutcome, repairTree } from './rebuild.ts';
import { keptStateTables } from './table.ts';

/**
 * The way of counting by which this program makes what is kept: standings, light days and baselines. Whoever changes what
 * is kept of a project, or how it is counted, raises it; a database that was made by another way is then counted anew
 * when the program starts.
 */
const counting = 2;

const part = 'standings';

/** So many projects are counted before what was counted is kept. */
const projectsAtATime = 500;

/**
 * Sees to it that what is kept was made by this program's way of counting: at the start, before anything is answered.
 * Nothing is done but to look where it was. Each write unit counts the next trees and says how far it has come, so
 * processes that start together share the work, and one that ends in the middle leaves the rest to the next start.
 * @param onBegin called where there is something to be counted
 * @returns what this process has counted; null where there was nothing to be counted
 */
export async function bringKeptUpToDate(
  database: Database,
  onBegin: () => void = () => undefined,
): Promise<RebuildOutcome | null> {
  const has = await database.read(async (unit) => ({
    isUpToDate: await isUpToDate(unit),
    projects: (await rootAfter(unit, '')) !== undefined,
  }));
  if (has.isUpToDate) return null;
  if (has.projects) onBegin();
  const outcome: RebuildOutcome = { projects: 0, differing: [] };
  for (;;) {
    const some = await database.write(countNext);
    if (some === null) return has.projects ? outcome : null;
    outcome.projects += some.projects;
    outcome.differing.push(...some.differing);
  }
}

/** To be called when all that is kept has been made by this program's way of counting. */
export async function markUpToDate(unit: WriteUnit): Promise<void> {
  await save(unit, null);
}

async function isUpToDate(unit: ReadUnit): Promise<boolean> {
  const { keptState: t } = keptStateTables(unit.engine);
  const isSo = and(eq(t.part, part), eq(t.counting, counting), isNull(t.countedUpTo));
  return (await unit.db.select({ part: t.part }).from(t).where(isSo)).length > 0;
}

/** Counts some trees anew and notes that; null where all of them are counted. */
async function countNext(unit: WriteUnit): Promise<RebuildOutcome | null> {
  if (await isUpToDate(unit)) return null;
  const outcome: RebuildOutcome = { projects: 0, differing: [] };
  let upTo = await countedUpTo(unit);
  while (outcome.projects < projectsAtATime) {
    const rootId = await rootAfter(unit, upTo);
    if (rootId === undefined) {
      await save(unit, null);
      return outcome.projects === 0 ? null : outcome;
    }
    const { projects, differing } = await repairTree(unit, rootId);
    outcome.projects += projects;
    outcome.differing.push(...differing);
    upTo = rootId;
    await unit.breathe();
  }
  await save(unit, upTo);
  return outcome;
}

/** How far a count by this program's way has come; an empty text where none has begun. */
async function countedUpTo(unit: ReadUnit): Promise<string> {
  const { keptState: t } = keptStateTables(unit.engine);
  const [row] = await unit.db.select().from(t).where(eq(t.part, part));
  return row?.counting === counting ? (row.countedUpTo ?? '') : '';
}

async function save(unit: WriteUnit, upTo: string | null): Promise<void> {
  const { keptState: t } = keptStateTables(unit.engine);
  const row = { part, counting, countedUpTo: upTo, countedAt: unit.now };
  await unit.db.insert(t).values(row).onConflictDoUpdate({ target: t.part, set: row });
}
