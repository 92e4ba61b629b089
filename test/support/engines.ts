import type { Socket } from 'node:net';
import { type Connection, openPatientConnection, rowsOf } from '../../src/database/postgres/connection.ts';
import type { LocalServer } from '../../src/database/postgres/index.ts';
import { runName } from './leave-no-schemas.ts';
import { pgliteServer } from './pglite.ts';

/**
 * What the tests run on: `JINDU_TEST_ENGINE` is `sqlite` (the default), `pglite`, or `postgres`, which is the server of
 * `TEST_POSTGRES_URL`.
 */
export type TestEngine = 'sqlite' | 'pglite' | 'postgres';

export const testEngine = readTestEngine();

/** PGlite has a single session, on which a reader waits for the writer that came before. */
export const readersWait = testEngine === 'pglite';

/** The real server, where there is one: some promises can only be held against it. */
export const postgresUrl = process.env.TEST_POSTGRES_URL || null;

/** A place for one database, as a database is opened on it and as a test looks at it from outside. */
export interface PostgresSchema {
  readonly name: string;
  readonly server: string | LocalServer;
  /** The rows of one statement, run beside whoever has the database open. */
  query(text: string, parameters?: (string | number | null)[]): Promise<unknown[][]>;
  /** Several statements, run in the same way. */
  run(text: string): Promise<void>;
  drop(): Promise<void>;
}

let schemas = 0;

/** A schema of its own, empty. */
export async function createSchema(engine: 'pglite' | 'postgres'): Promise<PostgresSchema> {
  schemas += 1;
  const name = `${runName()}_${process.pid}_${schemas}`;
  const server = engine === 'pglite' ? pgliteServer(name) : urlWith(name);
  const aside = <T>(action: (connection: Connection) => Promise<T>) =>
    engine === 'pglite' ? beside(server, action) : besideAll(name, action);
  const schema: PostgresSchema = {
    name,
    server,
    query: (text, parameters) => aside((connection) => rowsOf(connection, text, parameters)),
    run: (text) => aside(async (connection) => void (await connection.command(text))),
    drop: () => done(engine, `drop schema ${name} cascade`),
  };
  await done(engine, `create schema ${name}`);
  return schema;
}

async function done(engine: 'pglite' | 'postgres', text: string): Promise<void> {
  const quietly = async (connection: Connection) =>
    void (await connection.command(`set client_min_messages = warning; ${text}`));
  await (engine === 'pglite' ? beside(pgliteServer('public'), quietly) : besideAll('public', quietly));
}

/** To connect takes a server longer than what is asked then, so all of a worker share a connection. */
let keeper: Promise<Connection> | undefined;
let turns: Promise<unknown> = Promise.resolve();

/** Runs `action` on the shared connection, in this schema and when nobody else is on it. */
function besideAll<T>(schema: string, action: (connection: Connection) => Promise<T>): Promise<T> {
  const turn = turns.then(async () => {
    const connection = await openKeeper();
    try {
      await connection.command(`set search_path to ${schema}`);
      return await action(connection);
    } catch (error) {
      if (connection.isOpen) await connection.command('rollback');
      throw error;
    }
  });
  turns = turn.catch(() => undefined);
  return turn;
}

async function openKeeper(): Promise<Connection> {
  const known = await keeper;
  if (known?.isOpen) return known;
  keeper = openPatientConnection(urlWith('public'));
  const connection = await keeper;
  // It is no reason to wait when all tests have ended.
  (connection.connection.stream as Socket).unref();
  return connection;
}

async function beside<T>(
  server: string | LocalServer,
  action: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await openPatientConnection(server);
  try {
    return await action(connection);
  } finally {
    await connection.end();
  }
}

function urlWith(schema: string): string {
  if (postgresUrl === null) throw new Error('JINDU_TEST_ENGINE=postgres needs TEST_POSTGRES_URL');
  const url = new URL(postgresUrl);
  url.searchParams.set('options', `-c search_path=${schema}`);
  return url.href;
}

function readTestEngine(): TestEngine {
  const name = process.env.JINDU_TEST_ENGINE || 'sqlite';
  if (name === 'sqlite' || name === 'pglite' || name === 'postgres') return name;
  throw new Error(`JINDU_TEST_ENGINE is ${name}; it must be sqlite, pglite or postgres`);
}
