import { and, eq } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, patternsOf, searchQuery, searchTerms, searchText } from '../../src/database/index.ts';
import { projectTables } from '../../src/features/projects/index.ts';
import { newDatabase, type TestDatabase } from '../support/index.ts';

// Few letters of every kind, so that words are parts of one another again and again.
const letter = fc.constantFrom(...'岳屏社区ゆ々ab1２é-_%\\\'":*().&|', '𠮷', 'ß', 'Ａ');
const word = fc.string({ unit: letter, minLength: 1, maxLength: 6 });
const longWord = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 20, maxLength: 40 });
const words = fc.array(fc.oneof({ weight: 9, arbitrary: word }, { weight: 1, arbitrary: longWord }), {
  minLength: 1,
  maxLength: 5,
});

let place: TestDatabase;
let database: Database;

beforeAll(async () => {
  place = await newDatabase();
  database = await place.open();
});
afterAll(async () => {
  await database.close();
  await place.remove();
});

/** Whether the index finds the text that is the only one there. */
async function isFound(text: string, q: string): Promise<boolean | null> {
  return await database.write(async (unit) => {
    const { projectSearches: t } = projectTables(unit.engine);
    const terms = searchTerms(text);
    const [present] = await unit.db.select().from(t);
    if (present === undefined) await unit.db.insert(t).values({ subjectId: 'only', terms });
    else await unit.db.update(t).set({ terms }).where(eq(t.subjectId, 'only'));
    const query = searchQuery(unit.engine, q);
    if (query === null) return null;
    const found = await unit.db
      .select({ subjectId: t.subjectId })
      .from(t)
      .where(and(unit.engine.search.found(t, query)));
    return found.length === 1;
  });
}

describe('the index of searches', () => {
  test('finds every text that contains the words, whatever they are made of', async () => {
    await fc.assert(
      fc.asyncProperty(words, fc.infiniteStream(fc.nat()), async (said, numbers) => {
        const text = searchText([said.join(' ')]);
        const next = (bound: number) => (numbers.next().value as number) % bound;
        const parts = text.split(/\s+/).filter((each) => each !== '');
        const sought = parts.slice(0, 2).map((each) => {
          const letters = [...each];
          const from = next(letters.length);
          return letters.slice(from, from + 1 + next(letters.length - from)).join('');
        });
        const q = sought.join(' ');
        expect(patternsOf(q).length).toBeGreaterThanOrEqual(parts.length === 0 ? 0 : 1);
        expect(await isFound(text, q), JSON.stringify({ text, q })).not.toBe(false);
      }),
      { numRuns: 400, seed: 20230630 },
    );
  });

  test.each([
    ['岳屏社区老旧小区改造项目', '小区改造', true],
    ['岳屏社区老旧小区改造项目', '造', true],
    ['岳屏社区老旧小区改造项目', '区小', false],
    ['惠及居民563户', '居民563户', true],
    ['惠及居民5637户', '居民563户', false],
    ['yueping old-estate renovation', 'novat', true],
    ['yueping old-estate renovation', 'old-est', true],
    ['yueping old-estate renovation', 'new-estate', false],
    ['yueping-zone-a', 'zone-a', true],
  ])('on %j, asked for %j, says %s', async (text, q, found) => {
    expect(await isFound(searchText([text]), q)).toBe(found);
  });

  test('has nothing to say of what has no letter and no digit', async () => {
    expect(await isFound('100%_x', '%_')).toBeNull();
  });
});
