import type { Duplex } from 'node:stream';
import pg from 'pg';
import { type GatheredKind, type GatheredRow, GatheredRows, type Gathering } from '../gathered.ts';
import type { Db } from '../unit.ts';
import { ConnectionLost } from './errors.ts';
import { GatheredStatements } from './gathered-statements.ts';
import { type Effect, type Executor, type Parameter, queriesOn, type Result, Statement } from './queries.ts';

/** How many statements may be on their way before those who send them have to wait. */
const inFlightLimit = 256;

/** How long the server may take to let us in. */
const connectMs = 5_000;

/** After so much silence the network is asked whether the other side is still there. */
const keepAliveMs = 10_000;

/** A server that leaves a statement unanswered for so long, which is longer than it lets one run, is taken for dead. */
const silenceMs = 40_000;

/**
 * What every session is told. A process that hangs with a transaction open would keep all others from writing, so the
 * server ends it; an answer that comes after so long has nobody left who waits for it. Whoever has set up the server to
 * answer before a commit is on the disk has not set up Jindu so.
 */
const sessionSettings = `
  set lock_timeout = '20s';
  set statement_timeout = '30s';
  set idle_in_transaction_session_timeout = '60s';
  select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'`;

/** A migration may take as long as it takes, and waits for another process that migrates. */
const patientSettings = `
  set lock_timeout = 0;
  set statement_timeout = 0;
  set idle_in_transaction_session_timeout = 0`;

/** A PostgreSQL in this process, reached by a stream of its own protocol. */
export interface LocalServer {
  connect(): Duplex;
}

/** What is known of one transaction, also when another one has been begun behind it. */
export class Transaction {
  /** Whether statements that only write are answered before they are done. */
  defers = false;
  /** Whether anything that may change something was sent since this was last set to false. */
  hasWritten = false;
  /** The first error; the server refuses whatever comes after it. */
  failure: Error | null = null;
  /** Whether that error was nobody's to catch, as the statement had been answered already. */
  hasFailedSilently = false;

  /** To be called when what had failed has been undone. */
  forgiveFailure(): void {
    this.failure = null;
    this.hasFailedSilently = false;
  }
}

/**
 * A connection, and what is known of the transaction on it. Statements go out at once, without waiting for the answers
 * to those before, and the server does them in their order: so a transaction may be begun behind one whose commit is
 * still on its way.
 *
 * While a transaction defers, a statement that only writes is answered at once, before the server has seen it: it is
 * sent, in its order, and if it fails that shows in `failure`, in the statements after it, and in the commit, which then
 * keeps nothing. So a work waits for the server only where it asks something of it.
 */
export class Connection extends pg.Client implements Executor, Gathering {
  readonly db: Db = queriesOn(this);
  /** Whether a unit has been run on it before. */
  isUsed = false;
  /** The one to which what is sent now belongs. */
  transaction = new Transaction();
  /** How many answers are still to come. */
  inFlight = 0;
  isOpen = true;
  /** Where several of this process share a session, the names of their statements must not meet. */
  readonly #id = nextId();
  #named = 0;
  #isCorked = false;
  readonly #gathered = new GatheredRows((kind, rows) => this.#write(kind, rows));
  readonly #gatheredStatements = new GatheredStatements(this);

  constructor(config: pg.ClientConfig) {
    super(config);
    const lose = () => {
      this.isOpen = false;
    };
    this.on('error', lose);
    this.on('end', lose);
  }

  /** Begins a transaction, without waiting for the server to say so. Returns what will be known of it. */
  begin(text: string): Transaction {
    this.isUsed = true;
    this.transaction = new Transaction();
    this.dropGathered();
    this.command(text).catch(ignore);
    return this.transaction;
  }

  /** Sends a text without parameters and resolves with what was done last, such as `COMMIT`. */
  async command(text: string): Promise<string> {
    return (await this.#sent({ text })).command;
  }

  execute(statement: Statement, values: readonly Parameter[], effect: Effect): Promise<Result> {
    if (effect.writes) this.transaction.hasWritten = true;
    if (this.#gathered.isEmpty) return this.#execute(statement, values, effect);
    const sent = this.sendGathered();
    return this.transaction.defers
      ? this.#execute(statement, values, effect)
      : sent.then(() => this.#execute(statement, values, effect));
  }

  gather(kind: GatheredKind, row: GatheredRow): Promise<void> {
    this.transaction.hasWritten = true;
    return this.#allOf(this.#gathered.add(kind, row));
  }

  /** Resolves when the server has taken what was gathered; while the connection defers, at once. */
  sendGathered(): Promise<void> {
    return this.#allOf(this.#gathered.send());
  }

  /** To be called when the works that gathered it are undone. */
  dropGathered(): void {
    this.#gathered.drop();
  }

  #allOf(sent: Promise<Result>[]): Promise<void> {
    if (sent.length === 0) return nothing;
    const all = Promise.all(sent).then(ignore);
    const { transaction } = this;
    if (!transaction.defers) return all;
    // Where so much was on its way that it had to be awaited, a failure is as silent as any other.
    all.catch(() => {
      transaction.hasFailedSilently = true;
    });
    return nothing;
  }

  #write(kind: GatheredKind, rows: readonly GatheredRow[]): Promise<Result> {
    const { statement, parameters } = this.#gatheredStatements.of(kind, rows);
    return this.#execute(statement, parameters, { writes: true, isSilent: true });
  }

  #execute({ text, name }: Statement, values: readonly Parameter[], { isSilent }: Effect): Promise<Result> {
    const query = { text, name, values: values as Parameter[], rowMode: 'array' } as const;
    const { transaction } = this;
    if (isSilent && transaction.defers && this.inFlight < inFlightLimit) {
      this.#send(query, (error) => {
        // The first failure of all is this one, and nobody else is told of it.
        if (error !== null && error === transaction.failure) transaction.hasFailedSilently = true;
      });
      return done;
    }
    return this.#sent(query);
  }

  keep(statement: Statement): void {
    if (statement.name !== undefined) return;
    this.#named += 1;
    statement.name = `${this.#id}.${this.#named}`;
  }

  #sent(query: pg.QueryConfig): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#send(query, (error, result) => {
        if (error === null) resolve(result as Result);
        else reject(error);
      });
    });
  }

  #send(query: pg.QueryConfig, answered: (error: Error | null, result: Result | null) => void): void {
    const { transaction } = this;
    this.#corkForThisTurn();
    this.inFlight += 1;
    this.query(query, (error: Error | null, result: Result | Result[]) => {
      this.inFlight -= 1;
      if (error) answered(noted(transaction, error), null);
      else answered(null, Array.isArray(result) ? (result.at(-1) as Result) : result);
    });
  }

  /** What is asked in one turn goes out together: it costs one call of the system, and the server one awakening. */
  #corkForThisTurn(): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    const { stream } = this.connection;
    stream.cork();
    process.nextTick(() => {
      this.#isCorked = false;
      stream.uncork();
    });
  }
}

function noted(transaction: Transaction, error: Error): Error {
  const seen = isOfTheStatement(error) ? error : new ConnectionLost(error);
  transaction.failure ??= seen;
  return seen;
}

let ids = 0;

function nextId(): string {
  ids += 1;
  return ids.toString(36);
}

const nothing: Promise<void> = Promise.resolve();

const done: Promise<Result> = Promise.resolve({ command: '', fields: [], rows: [] });

function ignore(): void {
  // It shows in `failure`, and in whatever is awaited after it.
}

/** What the server says of a statement, or what is said here of a number in its answer; all else ends the connection. */
function isOfTheStatement(error: Error): boolean {
  return error instanceof pg.DatabaseError || error instanceof RangeError;
}

/** How to reach the server that a URL names, or one in this process. */
export function connectionTo(server: string | LocalServer): pg.ClientConfig {
  return {
    ...(typeof server === 'string' ? { connectionString: server } : { stream: () => server.connect() }),
    application_name: 'jindu',
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMs,
    query_timeout: silenceMs,
    pipeline: true,
    types: { getTypeParser: (type: number) => decoders.get(type) ?? asItIs } as pg.CustomTypesConfig,
  };
}

/** A single connection with all the time in the world, for who migrates. */
export async function openPatientConnection(server: string | LocalServer): Promise<Connection> {
  const { query_timeout: _, ...config } = connectionTo(server);
  const connection = new Connection(config);
  try {
    await connection.connect();
    await connection.command(`${sessionSettings};${patientSettings}`);
    return connection;
  } catch (error) {
    await connection.end();
    throw error;
  }
}

/** To be done first on every other connection. */
export async function settleSession(connection: Connection): Promise<void> {
  await connection.command(sessionSettings);
}

/** By the type's object id: bool, int8, int2, int4, oid, float4, float8. All else stays text, decimals above all. */
const decoders = new Map<number, (text: string) => unknown>([
  [16, (text) => text === 't'],
  [20, safeInteger],
  [21, Number],
  [23, Number],
  [26, Number],
  [700, Number],
  [701, Number],
]);

function safeInteger(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${text} cannot be held exactly`);
  return number;
}

function asItIs(text: string): string {
  return text;
}

/** One statement with its rows. */
export async function rowsOf(
  connection: Connection,
  text: string,
  parameters: readonly Parameter[] = [],
): Promise<unknown[][]> {
  const effect = { writes: true, isSilent: false };
  return (await connection.execute(new Statement(text), parameters, effect)).rows;
}
