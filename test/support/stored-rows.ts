import { createHash } from 'node:crypto';
import Sqlite from 'better-sqlite3';

/** What reading may change: when a token was last used. */
const notCounted = new Set(['last_used_at']);

/**
 * How many rows each table holds and a checksum of them, read beside the app. An index of words is no table. Two that are equal mean that nothing was
 * written in between.
 */
export function storedRows(file: string): Record<string, string> {
  const connection = new Sqlite(file, { readonly: true });
  try {
    const names = connection
      .prepare(
        `select name from pragma_table_list where schema = 'main' and type = 'table' and name not like 'sqlite_%'
          order by name`,
      )
      .pluck()
      .all() as string[];
    return checksums(
      Object.fromEntries(
        names.map((name) => [
          name,
          connection.prepare(`select * from "${name}"`).all() as Record<string, unknown>[],
        ]),
      ),
    );
  } finally {
    connection.close();
  }
}

/** The same of rows that were read already, by their tables. */
export function checksums(tables: Record<string, Record<string, unknown>[]>): Record<string, string> {
  return Object.fromEntries(Object.entries(tables).map(([name, rows]) => [name, checksum(rows)]));
}

function checksum(rows: readonly Record<string, unknown>[]): string {
  const lines = rows
    .map((row) => JSON.stringify(Object.entries(row).filter(([column]) => !notCounted.has(column))))
    .sort();
  return `${rows.length} rows, ${createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 12)}`;
}
