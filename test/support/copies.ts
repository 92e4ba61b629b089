import { onTestFinished } from 'vitest';
import { openConfiguredDatabase, openReadable } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { type CopiedTable, copyDatabase } from '../../src/database/index.ts';
import { tablesOf } from '../../src/tables.ts';
import { TestClock } from './test-clock.ts';
import { newDatabase, type TestDatabase } from './test-database.ts';

/** Before anything that the tests tell, since a database never goes back behind what it has been told. */
const clock = new TestClock('2000-01-01T00:00:00.000Z');

type OnProgress = (table: string, rows: number, total: number) => void;

/** Copies one database into another, as the command does. */
export async function copyInto(
  to: TestDatabase,
  from: TestDatabase,
  onProgress?: OnProgress,
): Promise<CopiedTable[]> {
  const source = await openReadable(readConfig({ DATABASE_URL: from.url }).database, clock, from.server);
  try {
    const target = await openConfiguredDatabase(readConfig({ DATABASE_URL: to.url }), clock, {
      server: to.server,
      migrates: 'new',
    });
    const copying = copyDatabase({ from: source, to: target, tablesOf, ...(onProgress && { onProgress }) });
    return await copying.finally(() => target.close());
  } finally {
    await source.close();
  }
}

/** A place on some engine that is gone when the test has finished. */
export async function placeOn(engine: 'sqlite' | 'pglite' | 'postgres'): Promise<TestDatabase> {
  const place = await newDatabase(engine);
  onTestFinished(() => place.remove());
  return place;
}
