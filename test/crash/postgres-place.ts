import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { endWithThisProcess } from './children.ts';
import type { DatabaseServer, Place } from './place.ts';

const startMs = 60_000;

/** The folder of PostgreSQL's own programs, of the newest version that is installed; null where there is none. */
export function postgresPrograms(): string | null {
  const places = [...(process.env.PATH ?? '').split(':'), ...debianPlaces()];
  return (
    places.find((place) => existsSync(join(place, 'initdb')) && existsSync(join(place, 'postgres'))) ?? null
  );
}

function debianPlaces(): string[] {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return [];
  const versions = readdirSync(root).toSorted((one, other) => Number(other) - Number(one));
  return versions.map((version) => join(root, version, 'bin'));
}

/**
 * A cluster of its own with the settings that a server has from the start, fsync among them, on a free port of the
 * loopback interface. Its pages carry checksums, so that one half written does not pass for data.
 */
export async function postgresPlace(programs: string): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'jindu-crash-postgres-'));
  const data = join(folder, 'cluster');
  const port = await freePort();
  const user = serverUser(folder);
  const make = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--data-checksums'];
  execFileSync(join(programs, 'initdb'), make, { ...user, cwd: folder, stdio: 'ignore' });
  const server = new Cluster(join(programs, 'postgres'), data, port, user);
  await server.start();
  await query(server.urlOf('postgres'), 'create database jindu');
  const url = server.urlOf('jindu');
  // A part of PostgreSQL that some distributions pack by itself.
  const [amcheck] = await query(url, `select 1 from pg_available_extensions where name = 'amcheck'`);
  if (amcheck !== undefined) await query(url, 'create extension amcheck');

  return {
    engine: 'postgres',
    url,
    folder,
    server,
    rows: <Row>(text: string) => query<Row>(url, text),
    async faults() {
      const faults: string[] = [];
      for (const check of amcheck === undefined ? [] : checks) {
        const rows = await query<{ fault: string }>(url, check).catch((error: Error) => [
          { fault: error.message },
        ]);
        faults.push(...rows.map(({ fault }) => fault));
      }
      return [...faults, ...(await orphans(url))];
    },
    async close(keep) {
      await server.stop();
      if (!keep) rmSync(folder, { recursive: true, force: true });
    },
  };
}

const ownTables = `c.relnamespace = 'public'::regnamespace`;

/** Every page of every table, and for every index that it has exactly what its table has. */
const checks = [
  `select c.relname || ': ' || v.msg as fault
   from pg_class c cross join lateral verify_heapam(c.oid) v where c.relkind = 'r' and ${ownTables}`,
  `select '' as fault from (
     select bt_index_parent_check(c.oid, true, true)
     from pg_class c join pg_am a on a.oid = c.relam where c.relkind = 'i' and a.amname = 'btree' and ${ownTables}
   ) checked where false`,
];

/** Rows that refer to nothing: the server trusts its own constraints, so they are asked for one by one. */
async function orphans(url: string): Promise<string[]> {
  const references = await query<{ child: string; parent: string; columns: string[]; keys: string[] }>(
    url,
    `select conrelid::regclass::text as child, confrelid::regclass::text as parent,
       array(select attname::text from unnest(conkey) k join pg_attribute on attrelid = conrelid and attnum = k) as columns,
       array(select attname::text from unnest(confkey) k join pg_attribute on attrelid = confrelid and attnum = k) as keys
     from pg_constraint where contype = 'f'`,
  );
  const found: string[] = [];
  for (const { child, parent, columns, keys } of references) {
    const isSame = columns.map((column, index) => `p.${keys[index]} = c.${column}`).join(' and ');
    const isSet = columns.map((column) => `c.${column} is not null`).join(' and ');
    const missing = `select 1 from ${child} c where ${isSet} and not exists (select 1 from ${parent} p where ${isSame})`;
    if ((await query(url, `${missing} limit 1`)).length > 0)
      found.push(`a row of ${child} refers to nothing in ${parent}`);
  }
  return found;
}

async function query<Row>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows as Row[];
  } finally {
    await client.end();
  }
}

class Cluster implements DatabaseServer {
  readonly #program: string;
  readonly #data: string;
  readonly #port: number;
  readonly #user: { uid?: number; gid?: number };
  readonly #log: number;
  #postmaster: ChildProcess | null = null;

  constructor(program: string, data: string, port: number, user: { uid?: number; gid?: number }) {
    this.#program = program;
    this.#data = data;
    this.#port = port;
    this.#user = user;
    this.#log = openSync(join(data, '..', 'postgres.log'), 'a');
  }

  urlOf(database: string): string {
    return `postgres://postgres@127.0.0.1:${this.#port}/${database}`;
  }

  async start(): Promise<void> {
    const settings = [`port=${this.#port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories='];
    const args = ['-D', this.#data, ...settings.flatMap((setting) => ['-c', setting])];
    const stdio = ['ignore', this.#log, this.#log] as const;
    const postmaster = spawn(this.#program, args, { ...this.#user, cwd: this.#data, stdio: [...stdio] });
    this.#postmaster = postmaster;
    // It takes its own children with it.
    endWithThisProcess(postmaster, 'SIGQUIT');
    const untilMs = performance.now() + startMs;
    for (;;) {
      if (postmaster.exitCode !== null)
        throw new Error(`PostgreSQL did not start: see ${this.#data}/../postgres.log`);
      const error = await query(this.urlOf('postgres'), 'select 1').then(
        () => null,
        (refusal: Error) => refusal,
      );
      if (error === null) return;
      if (performance.now() > untilMs)
        throw new Error('PostgreSQL does not take connections', { cause: error });
      await sleep(20);
    }
  }

  async kill(): Promise<void> {
    const postmaster = this.#postmaster;
    if (postmaster?.pid === undefined) return;
    const ended = once(postmaster, 'exit');
    // Stopped first, so that it makes no child that would be missed.
    process.kill(postmaster.pid, 'SIGSTOP');
    const children = childrenOf(postmaster.pid);
    for (const pid of [postmaster.pid, ...children]) killIfThere(pid);
    await ended;
    while (children.some(isThere)) await sleep(2);
  }

  async stop(): Promise<void> {
    const postmaster = this.#postmaster;
    if (postmaster === null || postmaster.exitCode !== null || postmaster.signalCode !== null) return;
    const ended = once(postmaster, 'exit');
    postmaster.kill('SIGINT');
    await ended;
  }
}

function childrenOf(parent: number): number[] {
  const numbers = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return numbers.map(Number).filter((pid) => parentOf(pid) === parent);
}

function parentOf(pid: number): number | null {
  try {
    // After the name in brackets, which may itself hold any character, come the state and the parent.
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1]);
  } catch {
    return null;
  }
}

function isThere(pid: number): boolean {
  try {
    // A process that has ended and was not yet collected holds nothing any more.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.[0] !== 'Z';
  } catch {
    return false;
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** PostgreSQL refuses to be run by root, so there it is run by the user that its package has made. */
function serverUser(folder: string): { uid?: number; gid?: number } {
  if (userInfo().uid !== 0) return {};
  const idOf = (option: string) => Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }));
  const user = { uid: idOf('-u'), gid: idOf('-g') };
  chownSync(folder, user.uid, user.gid);
  return user;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
