import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Place } from './place.ts';

/** A file that does not exist yet. */
export function sqlitePlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'jindu-crash-sqlite-'));
  const file = join(folder, 'jindu.db');

  function look<T>(at: (connection: Sqlite.Database) => T): T {
    const connection = new Sqlite(file, { readonly: true, fileMustExist: true });
    try {
      return at(connection);
    } finally {
      connection.close();
    }
  }

  return {
    engine: 'sqlite',
    url: `file:${file}`,
    folder,
    server: null,
    async rows<Row>(query: string) {
      return look((connection) => connection.prepare(query).all() as Row[]);
    },
    async faults() {
      return look((connection) => {
        const verdicts = connection.prepare('PRAGMA integrity_check').pluck().all() as string[];
        const orphans = connection.pragma('foreign_key_check') as { table: string; parent: string }[];
        return [
          ...verdicts.filter((verdict) => verdict !== 'ok').map((verdict) => `integrity_check: ${verdict}`),
          ...orphans.map(({ table, parent }) => `a row of ${table} refers to nothing in ${parent}`),
        ];
      });
    },
    async close(keep) {
      if (!keep) rmSync(folder, { recursive: true, force: true });
    },
  };
}
