import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { LocalServer } from '../../src/database/postgres/index.ts';

/** The way to a database server, which can be taken away and given back. */
export interface Unreliable {
  /** How the server is reached by this way. */
  readonly server: string | LocalServer;
  /** Ends all connections and takes no more. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Leaves all connections open and lets nothing through any more, in either direction. */
  freeze(): void;
  /** Lets through what is asked, and keeps back what is answered until it is let go. */
  hold(): void;
  letGo(): void;
  close(): Promise<void>;
}

export async function unreliable(server: string | LocalServer): Promise<Unreliable> {
  if (typeof server !== 'string') return new UnreliableLines(server);
  const gate = new Gate(new URL(server));
  await gate.start();
  return gate;
}

class Gate implements Unreliable {
  readonly #target: URL;
  readonly #sockets = new Set<Socket>();
  readonly #answering = new Set<Socket>();
  #listener: Server | undefined;
  #port = 0;

  constructor(target: URL) {
    this.#target = target;
  }

  get server(): string {
    const url = new URL(this.#target);
    url.hostname = '127.0.0.1';
    url.port = String(this.#port);
    return url.href;
  }

  async start(): Promise<void> {
    this.#listener = createServer((near) => {
      const far = connect(Number(this.#target.port || 5432), this.#target.hostname);
      this.#answering.add(far);
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(from);
        from.pipe(to);
        from.on('error', () => to.destroy());
        from.on('close', () => {
          this.#sockets.delete(from);
          this.#answering.delete(from);
          to.destroy();
        });
      }
    });
    this.#listener.listen(this.#port, '127.0.0.1');
    await once(this.#listener, 'listening');
    this.#port = (this.#listener.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const listener = this.#listener;
    this.#listener = undefined;
    if (listener === undefined) return;
    const closed = once(listener, 'close');
    listener.close();
    for (const socket of this.#sockets) socket.resetAndDestroy();
    await closed;
  }

  freeze(): void {
    for (const socket of this.#sockets) {
      socket.unpipe();
      socket.pause();
    }
  }

  hold(): void {
    for (const socket of this.#answering) socket.pause();
  }

  letGo(): void {
    for (const socket of this.#answering) socket.resume();
  }

  close(): Promise<void> {
    return this.stop();
  }
}

class UnreliableLines implements Unreliable {
  readonly server: LocalServer;
  readonly #lines = new Set<Duplex>();
  #isStopped = false;

  constructor(behind: LocalServer) {
    this.server = {
      connect: () => {
        if (this.#isStopped) return new DeadLine();
        const line = behind.connect();
        this.#lines.add(line);
        line.once('close', () => this.#lines.delete(line));
        return line;
      },
    };
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const line of this.#lines) line.destroy(new Error('The line was cut.'));
  }

  async start(): Promise<void> {
    this.#isStopped = false;
  }

  freeze(): void {
    throw new Error('A server in this process answers, or is not there.');
  }

  hold(): void {
    for (const line of this.#lines) line.pause();
  }

  letGo(): void {
    for (const line of this.#lines) line.resume();
  }

  close(): Promise<void> {
    return this.stop();
  }
}

/** A socket that finds nobody at the other end. */
class DeadLine extends Duplex {
  connect(): this {
    process.nextTick(() => this.destroy(new Error('Nobody is there.')));
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  override _read(): void {
    // There is nothing to come.
  }
}
