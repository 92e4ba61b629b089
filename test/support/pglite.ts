import { Duplex } from 'node:stream';
import { PGlite } from '@electric-sql/pglite';
import type { LocalServer } from '../../src/database/postgres/index.ts';

/**
 * PostgreSQL in this process, compiled to WebAssembly. It has one session, which takes seconds to start: so all tests
 * of a worker share it, each in a schema of its own. Several may be on it at a time; from the beginning of a transaction
 * to its end it is one's alone.
 */
class Session {
  readonly #pglite: Promise<PGlite>;
  readonly #gone = new WeakSet<object>();
  #asked: Asked[] = [];
  #isBusy = false;
  #inTransaction: object | null = null;
  #schema: string | null = null;

  constructor() {
    this.#pglite = PGlite.create();
  }

  /** Sends messages for whoever it is, and resolves with the answer. */
  ask(who: object, schema: string, bytes: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#asked.push({ who, schema, bytes, resolve, reject });
      void this.#answer();
    });
  }

  /** Whatever was left open, or would only now be begun, must not keep the others out. */
  leave(who: object): void {
    this.#gone.add(who);
    for (const { reject } of this.#asked.filter((asked) => asked.who === who)) reject(new Error('gone'));
    this.#asked = this.#asked.filter((asked) => asked.who !== who);
    void this.#answer();
  }

  async #endTransaction(): Promise<void> {
    await (await this.#pglite).execProtocolRaw(rollback, { syncToFs: false });
    this.#inTransaction = null;
  }

  async #answer(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    if (this.#inTransaction !== null && this.#gone.has(this.#inTransaction)) await this.#endTransaction();
    for (let asked = this.#next(); asked !== undefined; asked = this.#next()) {
      try {
        asked.resolve(await this.#do(asked));
      } catch (error) {
        asked.reject(error);
      }
    }
    this.#isBusy = false;
  }

  #next(): Asked | undefined {
    const index =
      this.#inTransaction === null ? 0 : this.#asked.findIndex(({ who }) => who === this.#inTransaction);
    return index === -1 ? undefined : this.#asked.splice(index, 1)[0];
  }

  async #do({ who, schema, bytes }: Asked): Promise<Buffer> {
    const pglite = await this.#pglite;
    if (this.#schema !== schema) {
      await pglite.exec(`set search_path to "${schema}"`);
      this.#schema = schema;
    }
    const answer = Buffer.from(await pglite.execProtocolRaw(bytes, { syncToFs: false }));
    // The last message says whether the server is idle or within a transaction.
    const status = answer[answer.length - 1];
    if (answer[answer.length - 6] === 0x5a) this.#inTransaction = status === 0x49 ? null : who;
    if (this.#inTransaction === who && this.#gone.has(who)) await this.#endTransaction();
    return answer;
  }
}

interface Asked {
  who: object;
  schema: string;
  bytes: Buffer;
  resolve(answer: Buffer): void;
  reject(error: unknown): void;
}

const rollback = Buffer.from('Q\0\0\0\x0dROLLBACK\0', 'latin1');
const goodbye = Buffer.from('X\0\0\0\x04', 'latin1');
/** That the client is let in, and that the server waits for its first statement. */
const welcome = Buffer.from('R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I', 'latin1');

let session: Session | undefined;

/** A schema of the server, as who opens a database is told of it. */
export function pgliteServer(schema: string): LocalServer {
  session ??= new Session();
  const shared = session;
  return { connect: () => new Line(shared, schema) };
}

/** What a driver takes for its socket. */
class Line extends Duplex {
  readonly #session: Session;
  readonly #schema: string;
  #isLetIn = false;

  constructor(session: Session, schema: string) {
    super();
    this.#session = session;
    this.#schema = schema;
  }

  connect(): this {
    process.nextTick(() => this.emit('connect'));
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  override _read(): void {
    // The answers are pushed as they come.
  }

  override _write(bytes: Buffer, _encoding: string, done: (error?: Error) => void): void {
    this.#say(bytes);
    done();
  }

  override _writev(pieces: { chunk: Buffer }[], done: (error?: Error) => void): void {
    this.#say(Buffer.concat(pieces.map(({ chunk }) => chunk)));
    done();
  }

  override _final(done: () => void): void {
    this.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#session.leave(this);
    done(error);
  }

  #say(bytes: Buffer): void {
    if (!this.#isLetIn) {
      this.#isLetIn = true;
      this.push(welcome);
      return;
    }
    // The one session must outlive everyone who is on it.
    const asked = bytes.subarray(-5).equals(goodbye) ? bytes.subarray(0, -5) : bytes;
    if (asked.length === 0) return;
    this.#session.ask(this, this.#schema, asked).then(
      (answer) => void this.push(answer),
      (error) => this.destroy(error),
    );
  }
}
