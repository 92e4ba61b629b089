import { count, getTableColumns, max } from 'drizzle-orm';
import type { AnySQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core';
import { type Engine, sqliteEngine } from './columns.ts';
import { type Digest, digestOf, type Row, RowWriter, rowsOf } from './rows.ts';
import { inOrderOfReference, type TableFacts } from './table-facts.ts';
import type { Database, ReadableDatabase, ReadUnit, WriteUnit } from './unit.ts';

export interface CopyOptions {
  from: ReadableDatabase;
  to: Database;
  /** Every table of the program, whatever the order. */
  tablesOf: (engine: Engine) => Readonly<Record<string, SQLiteTable>>;
  /** Told now and then how many of a table's rows are copied, and once when all are. */
  onProgress?: (table: string, rows: number, total: number) => void;
}

/** What became of one table: how it is in the one database and in the other. */
export interface CopiedTable {
  readonly name: string;
  readonly from: Digest;
  readonly to: Digest;
  readonly isEqual: boolean;
}

/** Thrown when what was written is not what was read. Nothing of it is kept. */
export class CopyDiffers extends Error {
  readonly tables: readonly CopiedTable[];

  constructor(tables: readonly CopiedTable[]) {
    const names = tables.filter(({ isEqual }) => !isEqual).map(({ name }) => name);
    super(`What was written differs from what was read in ${names.join(', ')}; nothing of it is kept.`);
    this.tables = tables;
  }
}

/** After so many rows it is told how far a table is. */
const rowsBetweenTold = 50_000;

/**
 * Copies every row of one database, as it is at one moment, into another one of any engine, which must be migrated and
 * empty; others may go on with the first meanwhile. Then both are read from the beginning to the end and compared, and
 * only if every table is equal is the copy kept: all of it in one transaction, or nothing. New rows of the copy get
 * higher sequence numbers than those that came. `to` is to be closed afterwards: it was not told what it should forget.
 *
 * What is in memory is some rows at a time, and the keys of the tables that refer to themselves.
 * @throws CopyDiffers when the two are not equal
 */
export async function copyDatabase({ from, to, tablesOf, onProgress }: CopyOptions): Promise<CopiedTable[]> {
  const tablesFrom = tablesOf(from.engine);
  const tablesTo = tablesOf(to.engine);
  const pairs = inOrderOfReference(tablesOf(sqliteEngine)).map((facts) => ({
    facts,
    from: tablesFrom[facts.property] as SQLiteTable,
    to: tablesTo[facts.property] as SQLiteTable,
  }));
  return await from.read((source) =>
    to.write(async (target) => {
      await assertEmpty(target, pairs);
      for (const pair of pairs) await copyTable(source, target, pair, onProgress);
      const copied: CopiedTable[] = [];
      for (const pair of pairs) copied.push(await compare(source, target, pair));
      if (copied.some(({ isEqual }) => !isEqual)) throw new CopyDiffers(copied);
      return copied;
    }),
  );
}

/** One table as either engine has it. */
interface TablePair {
  facts: TableFacts;
  from: SQLiteTable;
  to: SQLiteTable;
}

async function assertEmpty(target: WriteUnit, pairs: readonly TablePair[]): Promise<void> {
  const found: string[] = [];
  for (const { facts, to } of pairs) {
    const rows = await countOf(target, to);
    if (rows > 0) found.push(`${facts.name} (${rows})`);
  }
  if (found.length > 0) {
    throw new Error(`The database to be copied into must be empty, and has rows in ${found.join(', ')}.`);
  }
}

async function compare(source: ReadUnit, target: WriteUnit, pair: TablePair): Promise<CopiedTable> {
  const [from, to] = await Promise.all([
    digestOf(source, pair.from, pair.facts),
    digestOf(target, pair.to, pair.facts),
  ]);
  const isEqual = from.rows === to.rows && from.checksum === to.checksum;
  return { name: pair.facts.name, from, to, isEqual };
}

async function copyTable(
  source: ReadUnit,
  target: WriteUnit,
  { facts, from, to }: TablePair,
  onProgress: CopyOptions['onProgress'],
): Promise<void> {
  const total = await countOf(source, from);
  const writer = new RowWriter(target, to);
  const rows =
    facts.parent === null ? rowsOf(source, from, facts) : rowsParentsFirst(source, from, facts, facts.parent);
  let written = 0;
  let told = 0;
  for await (const some of rows) {
    await writer.add(some);
    written += some.length;
    if (written - told >= rowsBetweenTold && written < total) {
      told = written;
      onProgress?.(facts.name, written, total);
    }
  }
  await writer.end();
  await goOnAfter(target, to, facts);
  onProgress?.(facts.name, written, total);
}

/**
 * The rows of a table that refers to itself, each after the one that it refers to. What comes too early in the order of
 * the keys is left for another round: as many rounds as the tree has levels at most.
 */
async function* rowsParentsFirst(
  unit: ReadUnit,
  table: SQLiteTable,
  facts: TableFacts,
  parent: string,
): AsyncGenerator<Row[]> {
  const key = facts.key[0] as string;
  const done = new Set<unknown>();
  for (;;) {
    const before = done.size;
    let left = 0;
    for await (const rows of rowsOf(unit, table, facts)) {
      const now: Row[] = [];
      for (const row of rows) {
        if (done.has(row[key])) continue;
        if (row[parent] === null || done.has(row[parent])) {
          done.add(row[key]);
          now.push(row);
        } else {
          left += 1;
        }
      }
      yield now;
    }
    if (left === 0) return;
    if (done.size === before) {
      throw new Error(
        `In ${facts.name} there are ${left} rows below what is not there, or below themselves.`,
      );
    }
  }
}

async function goOnAfter(target: WriteUnit, table: SQLiteTable, { sequence }: TableFacts): Promise<void> {
  const { goOnWith } = target.engine;
  if (sequence === null || goOnWith === null) return;
  const column = getTableColumns(table)[sequence] as AnySQLiteColumn;
  const [row] = await target.db.select({ highest: max(column) }).from(table);
  const highest = Number(row?.highest ?? 0);
  if (highest > 0) await target.db.run(goOnWith(column, highest + 1));
}

async function countOf(unit: ReadUnit, table: SQLiteTable): Promise<number> {
  const [row] = await unit.db.select({ rows: count() }).from(table);
  return Number(row?.rows ?? 0);
}
