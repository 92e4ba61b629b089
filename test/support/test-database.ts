import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { openConfiguredDatabase } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import type { Database } from '../../src/database/index.ts';
import { openPatientConnection } from '../../src/database/postgres/connection.ts';
import type { LocalServer } from '../../src/database/postgres/index.ts';
import { type Clock, systemClock } from '../../src/shared/clock.ts';
import { createSchema, type PostgresSchema, testEngine } from './engines.ts';
import { checksums, storedRows } from './stored-rows.ts';

/** Where an app of the tests keeps its data, on whatever engine they run. */
export interface TestDatabase {
  /** What the configuration names as `DATABASE_URL`. */
  readonly url: string;
  /** A server in this process, which takes the place of the one that the URL names. */
  readonly server?: LocalServer;
  /** Opens it as a command beside the app would. */
  open(clock?: Clock): Promise<Database>;
  /** Runs SQL that means the same on every engine, behind the app's back. */
  run(sql: string): Promise<void>;
  /** Makes the database refuse every further row of a table. */
  refuseInserts(table: string): Promise<void>;
  /** Keeps every writer waiting, until what this resolves with is called. */
  holdWriters(): Promise<() => Promise<void>>;
  /** How many rows each table holds and a checksum of them. */
  rows(): Promise<Record<string, string>>;
  /** Another database with the same in it. Nothing may have this one open. */
  copy(): Promise<TestDatabase>;
  remove(): Promise<void>;
}

/** One that does not exist yet; on the engine that the tests run on, unless told. */
export async function newDatabase(engine = testEngine): Promise<TestDatabase> {
  return engine === 'sqlite' ? new SqliteFile() : new PostgresPlace(await createSchema(engine));
}

/** Also says where its file is, for what only a test of SQLite looks at. */
export class SqliteFile implements TestDatabase {
  readonly file: string;
  readonly url: string;
  readonly #folder: string;

  constructor() {
    this.#folder = mkdtempSync(join(workerFolder(), 'database-'));
    this.file = join(this.#folder, 'jindu.db');
    this.url = `file:${this.file}`;
  }

  open(clock = systemClock): Promise<Database> {
    return openConfiguredDatabase(readConfig({ DATABASE_URL: this.url }), clock);
  }

  async run(sql: string): Promise<void> {
    const connection = new Sqlite(this.file);
    connection.exec(sql);
    connection.close();
  }

  refuseInserts(table: string): Promise<void> {
    return this.run(
      `create trigger refused before insert on ${table} begin select raise(abort, 'refused'); end`,
    );
  }

  async holdWriters(): Promise<() => Promise<void>> {
    const connection = new Sqlite(this.file);
    connection.exec('BEGIN IMMEDIATE');
    return async () => void connection.close();
  }

  async rows(): Promise<Record<string, string>> {
    return storedRows(this.file);
  }

  async copy(): Promise<TestDatabase> {
    const copy = new SqliteFile();
    copyFileSync(this.file, copy.file);
    return copy;
  }

  async remove(): Promise<void> {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Whose turn it is to write, and who has sent how many requests within the minute. */
const noData = new Set(['write_turn', 'request_counts']);

class PostgresPlace implements TestDatabase {
  readonly url: string;
  readonly server?: LocalServer;
  readonly #schema: PostgresSchema;
  #tablesOfCopy: Promise<string[]> | undefined;
  /** Whether it is a copy whose tables are as they were made. */
  #isSound = false;
  #uses = 0;

  constructor(schema: PostgresSchema) {
    this.#schema = schema;
    this.url = typeof schema.server === 'string' ? schema.server : 'postgres://in-this-process/jindu';
    if (typeof schema.server !== 'string') this.server = schema.server;
  }

  open(clock = systemClock): Promise<Database> {
    return openConfiguredDatabase(readConfig({ DATABASE_URL: this.url }), clock, { server: this.server });
  }

  run(sql: string): Promise<void> {
    this.#isSound = false;
    return this.#schema.run(sql);
  }

  refuseInserts(table: string): Promise<void> {
    return this.run(`alter table ${table} add constraint refused check (false) not valid`);
  }

  async holdWriters(): Promise<() => Promise<void>> {
    // On the one session of a server in this process, a transaction would keep the readers out as well.
    if (this.server !== undefined) return async () => undefined;
    const connection = await openPatientConnection(this.#schema.server);
    await connection.command('begin; select * from write_turn for update');
    return () => connection.end();
  }

  async rows(): Promise<Record<string, string>> {
    const names = (await this.#tableNames()).filter((name) => !noData.has(name));
    const tables = Object.fromEntries(names.map((name) => [name, [] as Record<string, unknown>[]]));
    const rows = await this.#schema.query(
      names.map((name) => `select '${name}', to_jsonb(t)::text from ${name} t`).join(' union all '),
    );
    for (const [name, row] of rows as [string, string][]) tables[name]?.push(JSON.parse(row));
    return checksums(tables);
  }

  async copy(): Promise<TestDatabase> {
    const copy = left.pop() ?? (await PostgresPlace.#migrated(this.server));
    const from = this.#schema.name;
    // The order of the tables is not that in which they refer to each other.
    const statements = ['begin', 'set local session_replication_role = replica'];
    for (const table of await this.#tableNames()) {
      statements.push(`delete from ${table}`, `insert into ${table} select * from ${from}.${table}`);
    }
    for (const table of ['changes', 'project_searches', 'project_statuses']) {
      const next = 'coalesce(max(sequence), 1), max(sequence) is not null';
      statements.push(`select setval('${table}_sequence_seq', ${next}) from ${table}`);
    }
    await copy.#schema.run([...statements, 'commit'].join(';'));
    copy.#uses += 1;
    return copy;
  }

  /** What has only been written to is kept for the next copy: to make all tables takes longer than to fill them. */
  async remove(): Promise<void> {
    if (this.#isSound && this.#uses < usesOfCopy) left.push(this);
    else await this.#schema.drop();
  }

  static async #migrated(server: LocalServer | undefined): Promise<PostgresPlace> {
    const made = new PostgresPlace(await createSchema(server === undefined ? 'postgres' : 'pglite'));
    await (await made.open()).close();
    made.#isSound = true;
    return made;
  }

  #tableNames(): Promise<string[]> {
    if (!this.#isSound) return this.#askForTables();
    this.#tablesOfCopy ??= this.#askForTables();
    return this.#tablesOfCopy;
  }

  async #askForTables(): Promise<string[]> {
    const rows = await this.#schema.query(
      'select tablename from pg_tables where schemaname = current_schema() order by tablename',
    );
    return rows.map(([name]) => name as string);
  }
}

/** Those of this worker, which runs on one engine, that the next copies are made of. */
const left: PostgresPlace[] = [];

/** Nobody clears away after deleted rows where the server is in this process. */
const usesOfCopy = 50;

let folderOfWorker: string | undefined;

function workerFolder(): string {
  if (folderOfWorker === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'jindu-test-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    folderOfWorker = folder;
  }
  return folderOfWorker;
}
