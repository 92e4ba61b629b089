import { aliasedTable, and, desc, eq, inArray, max, notInArray, sql } from 'drizzle-orm';
import { JinduError } from '../shared/errors.ts';
import type { Columns, Engine } from './columns.ts';
import { prepared } from './prepared.ts';
import type { ReadUnit, WriteUnit } from './unit.ts';

/** How many levels a tree may have, its root counted. */
export const deepestLevel = 10;

/**
 * The closure of a tree: a row for each pair of a node and what lies at or below it, with the steps between them (0 for
 * the node itself). So "everything within" is one indexed join on any engine, whatever the depth.
 */
export function closureTable(c: Columns, name: string) {
  return c.table(
    name,
    {
      ancestorId: c.text('ancestor_id').notNull(),
      descendantId: c.text('descendant_id').notNull(),
      depth: c.integer('depth').notNull(),
    },
    (t) => [
      c.primaryKey({ columns: [t.ancestorId, t.descendantId] }),
      c.index(`${name}_descendant`).on(t.descendantId, t.depth),
    ],
  );
}

export type ClosureTable = ReturnType<typeof closureTable>;

/** Keeps one closure in step with its tree, and answers what lies above and below. */
export function treeIn(tableOf: (engine: Engine) => ClosureTable) {
  const ancestors = prepared((db, engine) => {
    const t = tableOf(engine);
    return db
      .select({ id: t.ancestorId })
      .from(t)
      .where(eq(t.descendantId, sql.placeholder('id')))
      .orderBy(desc(t.depth))
      .prepare();
  });
  const pair = prepared((db, engine) => {
    const t = tableOf(engine);
    return db
      .select({ depth: t.depth })
      .from(t)
      .where(
        and(
          eq(t.ancestorId, sql.placeholder('ancestorId')),
          eq(t.descendantId, sql.placeholder('descendantId')),
        ),
      )
      .prepare();
  });

  /** From the root down to the node itself; empty for an unknown node. */
  async function pathTo(unit: ReadUnit, id: string): Promise<string[]> {
    return (await ancestors(unit, { id })).map((row) => row.id);
  }

  /** Whether `id` is `ancestorId` or lies below it. */
  async function isWithin(unit: ReadUnit, id: string, ancestorId: string): Promise<boolean> {
    return (await pair(unit, { ancestorId, descendantId: id })).length > 0;
  }

  /**
   * Puts a node under a parent (null: makes it a root), with all that lies below it; new nodes and old ones alike.
   * @throws JinduError `parent_cycle`, `too_deep`, both pointing at `/parentId`
   */
  async function place(unit: WriteUnit, id: string, parentId: string | null): Promise<void> {
    const t = tableOf(unit.engine);
    const [own] = await unit.db
      .select({ height: max(t.depth) })
      .from(t)
      .where(eq(t.ancestorId, id));
    const isNew = own === undefined || own.height === null;
    if (parentId !== null) await assertMayLieUnder(unit, id, parentId, isNew ? 0 : Number(own.height));
    if (isNew) {
      await unit.db.insert(t).values({ ancestorId: id, descendantId: id, depth: 0 });
    } else {
      const below = unit.db.select({ id: t.descendantId }).from(t).where(eq(t.ancestorId, id));
      await unit.db.delete(t).where(and(inArray(t.descendantId, below), notInArray(t.ancestorId, below)));
    }
    if (parentId === null) return;
    const above = aliasedTable(t, 'above');
    const below = aliasedTable(t, 'below');
    await unit.db.insert(t).select(
      unit.db
        .select({
          ancestorId: above.ancestorId,
          descendantId: below.descendantId,
          depth: sql<number>`${above.depth} + ${below.depth} + 1`.as('depth'),
        })
        .from(above)
        .innerJoin(below, eq(below.ancestorId, id))
        .where(eq(above.descendantId, parentId)),
    );
  }

  /** Makes a node's pairs with what lies above it those of `path`, from the root down to the node itself. */
  async function setPath(unit: WriteUnit, path: readonly string[]): Promise<void> {
    const t = tableOf(unit.engine);
    const descendantId = path.at(-1) as string;
    await unit.db.delete(t).where(eq(t.descendantId, descendantId));
    const pairs = path.map((ancestorId, level) => ({
      ancestorId,
      descendantId,
      depth: path.length - 1 - level,
    }));
    await unit.db.insert(t).values(pairs);
  }

  async function assertMayLieUnder(
    unit: WriteUnit,
    id: string,
    parentId: string,
    height: number,
  ): Promise<void> {
    const path = await pathTo(unit, parentId);
    if (path.includes(id) || parentId === id) {
      throw new JinduError('parent_cycle', `${parentId} is ${id} itself or lies below it`, [
        {
          pointer: '/parentId',
          code: 'parent_cycle',
          message: 'must not be the thing itself or anything below it',
        },
      ]);
    }
    if (path.length + 1 + height > deepestLevel) {
      throw new JinduError(
        'too_deep',
        `under ${parentId} the tree would have ${path.length + 1 + height} levels`,
        [
          {
            pointer: '/parentId',
            code: 'too_deep',
            message: `must leave the tree at most ${deepestLevel} levels deep`,
          },
        ],
      );
    }
  }

  return { pathTo, isWithin, place, setPath };
}
