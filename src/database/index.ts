export type { AnySQLiteColumn as Column } from 'drizzle-orm/sqlite-core';
export { backupFile } from './backup.ts';
export { carryOutTasks, type TaskDatabase } from './carry-out-tasks.ts';
export { type Columns, type Engine, sqliteEngine } from './columns.ts';
export { afterKey, isKnown } from './conditions.ts';
export { type CopiedTable, CopyDiffers, copyDatabase } from './copy.ts';
export { datedStatements } from './dated-statements.ts';
export { defineTables } from './define-tables.ts';
export { gatheredInsert, gatheredUpdate } from './gathered-writes.ts';
export type { Migrates } from './migrate.ts';
export { prepared, preparedInShapes } from './prepared.ts';
export { type Remembered, remembered } from './remembered.ts';
export { revisedThings } from './revised-things.ts';
export {
  containing,
  patternsOf,
  type SearchTable,
  searchQuery,
  searchTable,
  searchTerms,
  searchText,
} from './search.ts';
export { type OpenDatabaseOptions, openDatabase } from './sqlite.ts';
export { openReadableDatabase } from './sqlite-reader.ts';
export { threadFile } from './thread-file.ts';
export { type ClosureTable, closureTable, deepestLevel, treeIn } from './tree.ts';
export type {
  CommittedGroup,
  Database,
  DatabaseMetrics,
  Db,
  Foreseen,
  ReadableDatabase,
  ReadUnit,
  SharedCount,
  SharedCounts,
  WriteUnit,
  WritingThread,
} from './unit.ts';
export { makeWholeFile } from './whole-file.ts';
