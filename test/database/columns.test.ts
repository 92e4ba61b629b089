import { join } from 'node:path';
import { eq, sql } from 'drizzle-orm';
import { describe, expect, expectTypeOf, onTestFinished, test } from 'vitest';
import {
  type Database,
  defineTables,
  openDatabase,
  prepared,
  sqliteEngine,
} from '../../src/database/index.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { migrationsFolder, rejectionOf, scratchFolder } from './scratch.ts';

interface Place {
  latitude: number;
}

const sampleTables = defineTables((c) => {
  const owners = c.table('owners', { id: c.text('id').primaryKey() });
  const samples = c.table(
    'samples',
    {
      sequence: c.sequence('sequence'),
      ownerId: c.text('owner_id').references(() => owners.id, { onDelete: 'cascade' }),
      kind: c.enumText('kind', ['exact', 'atLeast']).notNull(),
      percentHundredths: c.integer('percent_hundredths'),
      isAssumed: c.boolean('is_assumed'),
      place: c.json<Place>('place'),
      recordedAt: c.instant('recorded_at').notNull(),
      asOf: c.date('as_of'),
    },
    (t) => [c.uniqueIndex('samples_owner_as_of').on(t.ownerId, t.asOf), c.enumCheck(t.kind)],
  );
  return { owners, samples };
});

async function sampleDatabase(): Promise<Database> {
  const folder = scratchFolder();
  const database = await openDatabase({
    file: join(folder, 'jindu.db'),
    migrationsFolder: migrationsFolder(folder, {
      '0000_samples': `CREATE TABLE owners (id text PRIMARY KEY NOT NULL);
      CREATE TABLE samples (
        sequence integer PRIMARY KEY AUTOINCREMENT NOT NULL,
        owner_id text REFERENCES owners (id) ON DELETE cascade,
        kind text NOT NULL, percent_hundredths integer, is_assumed integer, place text,
        recorded_at text NOT NULL, as_of text,
        CONSTRAINT samples_kind_values CHECK ("kind" in ('exact', 'atLeast'))
      )`,
    }),
    clock: systemClock,
  });
  onTestFinished(() => database.close());
  return database;
}

const { samples } = sampleTables(sqliteEngine);
const recordedAt = '2023-07-03T01:02:03.004Z';

const addSample = prepared((db) =>
  db
    .insert(samples)
    .values({
      kind: 'exact',
      recordedAt,
      percentHundredths: sql.placeholder('percentHundredths'),
      isAssumed: sql.placeholder('isAssumed'),
      place: sql.placeholder('place'),
    })
    .returning()
    .prepare(),
);

describe('the column vocabulary', () => {
  test('gives rows their exact types', () => {
    expectTypeOf<typeof samples.$inferSelect>().toEqualTypeOf<{
      sequence: number;
      ownerId: string | null;
      kind: 'exact' | 'atLeast';
      percentHundredths: number | null;
      isAssumed: boolean | null;
      place: Place | null;
      recordedAt: string;
      asOf: string | null;
    }>();
    expectTypeOf<typeof samples.$inferInsert>().toEqualTypeOf<{
      sequence?: number | undefined;
      ownerId?: string | null | undefined;
      kind: 'exact' | 'atLeast';
      percentHundredths?: number | null | undefined;
      isAssumed?: boolean | null | undefined;
      place?: Place | null | undefined;
      recordedAt: string;
      asOf?: string | null | undefined;
    }>();
    const find = prepared((db) => db.select({ kind: samples.kind }).from(samples).prepare());
    expectTypeOf(find).returns.toEqualTypeOf<Promise<{ kind: 'exact' | 'atLeast' }[]>>();
  });

  test('makes the tables of one engine once', () => {
    expect(sampleTables(sqliteEngine)).toBe(sampleTables(sqliteEngine));
  });

  test('gives back what was stored, of every kind', async () => {
    const database = await sampleDatabase();
    const row = {
      sequence: 1,
      ownerId: null,
      kind: 'atLeast' as const,
      percentHundredths: Number.MAX_SAFE_INTEGER,
      isAssumed: false,
      place: { latitude: 26.9 },
      recordedAt,
      asOf: '2023-06-30',
    };
    await database.write((unit) => unit.db.insert(samples).values(row));
    const rows = await database.read((unit) =>
      unit.db.select().from(samples).where(eq(samples.isAssumed, false)),
    );
    expect(rows).toEqual([row]);
  });

  test('keeps null as null, also where it comes through a placeholder', async () => {
    const database = await sampleDatabase();
    const nothing = { percentHundredths: null, isAssumed: null, place: null };
    await database.write((unit) => addSample(unit, nothing));
    const [row] = await database.read((unit) => unit.db.select().from(samples));
    expect(row).toMatchObject(nothing);
    const stored = await database.read((unit) =>
      unit.db.select({ nulls: sql<number>`(is_assumed is null) + (place is null)` }).from(samples),
    );
    expect(stored).toEqual([{ nulls: 2 }]);
  });

  test.each([1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
    'refuses %d in an integer column',
    async (number) => {
      const database = await sampleDatabase();
      const refusal = await rejectionOf(
        database.write((unit) =>
          addSample(unit, { percentHundredths: number, isAssumed: null, place: null }),
        ),
      );
      expect(refusal).toBeInstanceOf(RangeError);
      expect(await database.read((unit) => unit.db.select().from(samples))).toEqual([]);
    },
  );

  test('lets the database itself refuse a value that is not in the enumeration', async () => {
    const database = await sampleDatabase();
    const refusal = await rejectionOf(
      database.write((unit) => unit.db.insert(samples).values({ kind: 'nearly' as 'exact', recordedAt })),
    );
    expect(refusal).toMatchObject({ code: 'SQLITE_CONSTRAINT_CHECK' });
  });

  test('refuses to check a column that has no enumeration', () => {
    expect(() => sqliteEngine.columns.enumCheck(samples.ownerId)).toThrow('owner_id has no values');
  });
});
