import { asc, desc, sql } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { afterKey, containing, type Database, patternsOf, searchText } from '../../src/database/index.ts';
import { entryTables } from './entries.ts';
import { entryDatabase } from './scratch.ts';

/** In the order of their bytes in UTF-8, which is no language's. */
const inOrder = ['A1', 'B', 'Z', '_', 'a', 'a1', 'a_1', 'b', 'Ä', 'ß', 'é', '天马山', '岳屏', '\u{20000}'];

async function withEntries(names: readonly string[], noteOf: (name: string) => string): Promise<Database> {
  const database = await entryDatabase();
  await database.write(async (unit) => {
    const { entries } = entryTables(unit.engine);
    await unit.db.insert(entries).values(names.map((name) => ({ name, note: noteOf(name) })));
  });
  return database;
}

describe('text', () => {
  test('is ordered by its bytes, whatever the language of the server', async () => {
    const database = await withEntries(inOrder.toReversed(), (name) => name);
    const [up, down] = await database.read(async (unit) => {
      const { entries } = entryTables(unit.engine);
      const names = unit.db.select({ name: entries.name }).from(entries);
      return [await names.orderBy(asc(entries.name)), await names.orderBy(desc(entries.name))];
    });
    expect(up.map(({ name }) => name)).toEqual(inOrder);
    expect(down.map(({ name }) => name)).toEqual(inOrder.toReversed());
  });

  test('is gone through page by page without a repetition or a gap', async () => {
    const database = await withEntries(inOrder, () => 'the same');
    const seen: string[] = [];
    for (let last: { name: string; position: number } | undefined; ; ) {
      const after = last === undefined ? undefined : { value: last.name, id: last.position };
      const page = await database.read((unit) => {
        const { entries: t } = entryTables(unit.engine);
        return unit.db
          .select({ name: t.name, position: t.position })
          .from(t)
          .where(after && afterKey(t.name, t.position, after, false))
          .orderBy(asc(t.name), asc(t.position))
          .limit(3);
      });
      if (page.length === 0) break;
      seen.push(...page.map(({ name }) => name));
      last = page.at(-1);
    }
    expect(seen).toEqual(inOrder);
  });

  test('differs by its case, and is found without regard to it', async () => {
    const database = await withEntries(['Yueping', 'yueping', 'YUEPING 岳屏'], (name) => searchText([name]));
    const found = await database.read(async (unit) => {
      const { entries: t } = entryTables(unit.engine);
      const names = async (condition: ReturnType<typeof containing>) =>
        (await unit.db.select({ name: t.name }).from(t).where(condition).orderBy(asc(t.name))).map(
          ({ name }) => name,
        );
      return [
        await names(sql`${t.name} = 'yueping'`),
        await names(containing(t.note, patternsOf('yuePING'))),
        await names(containing(t.note, patternsOf('ＹＵＥ 岳'))),
      ];
    });
    expect(found).toEqual([['yueping'], ['YUEPING 岳屏', 'Yueping', 'yueping'], ['YUEPING 岳屏']]);
  });

  test('is searched for the signs that stand for others as for themselves', async () => {
    const database = await withEntries(['85%以上', '85以上', 'a_b', 'axb', 'a\\b'], (name) =>
      searchText([name]),
    );
    const found = await database.read(async (unit) => {
      const { entries: t } = entryTables(unit.engine);
      const names: string[][] = [];
      for (const q of ['85%', 'a_b', '\\']) {
        names.push(
          (
            await unit.db
              .select({ name: t.name })
              .from(t)
              .where(containing(t.note, patternsOf(q)))
          ).map(({ name }) => name),
        );
      }
      return names;
    });
    expect(found).toEqual([['85%以上'], ['a_b'], ['a\\b']]);
  });
});
