import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { App } from './app.ts';

/** In a turn of the event loop, Node takes in one new connection of each socket that listens. */
const doorsInAll = 32;

/**
 * So many connections may wait until they are taken in. Whoever comes when no more have room is turned away by the
 * system, and comes again after a second, then after two, then after four.
 */
const waitingAtDoor = 4_096;

/**
 * Where to listen. Where the system can deal out connections between sockets that listen on one port, each process, and
 * each of its sockets, listens by itself.
 */
export interface Listening {
  readonly port: number;
  readonly exclusive: boolean;
  readonly reusePort: boolean;
}

/** @throws the system's error where it cannot be listened on */
export async function listeningAt({ host, port }: { host: string; port: number }): Promise<Listening> {
  const dealsOut = process.platform === 'linux' || process.platform === 'freebsd';
  return { port: await freePort(host, port), exclusive: dealsOut, reusePort: dealsOut };
}

/**
 * Sockets beside the server's own that listen on the same port and hand all who come to it: with one, a crowd that comes
 * at once would wait for as many turns as there are of them, behind those who are in and ask again. To be made before
 * the server listens.
 */
export class Doors {
  readonly #app: App;
  readonly #open: Server[] = [];
  readonly #closed: Promise<unknown>[] = [];
  #isClosing = false;

  constructor(app: App) {
    this.#app = app;
    app.addHook('preClose', async () => this.#close());
    // The server itself knows only of those connections that came through its own.
    app.addHook('onClose', async () => void (await Promise.all(this.#closed)));
  }

  async listen(host: string, listening: Listening): Promise<void> {
    await this.#app.listen({ host, backlog: waitingAtDoor, ...listening });
    if (!listening.reusePort) return;
    for (const { address, port } of this.#app.addresses() as AddressInfo[]) {
      for (let count = 1; count < doorsInAll && !this.#isClosing; count += 1) {
        await this.#openOne({ ...listening, host: address, port, backlog: waitingAtDoor });
      }
    }
  }

  async #openOne(at: Listening & { host: string; backlog: number }): Promise<void> {
    const { server } = this.#app;
    // As Node's own server for HTTP is made.
    const door = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
      server.emit('connection', socket),
    );
    door.listen(at);
    await once(door, 'listening');
    this.#open.push(door);
    this.#closed.push(new Promise((resolve) => void door.once('close', resolve)));
    if (this.#isClosing) door.close();
  }

  #close(): void {
    this.#isClosing = true;
    for (const door of this.#open) door.close();
  }
}

/** The port, or any where it is 0, on which nobody listens yet: those who share one are not told of others there. */
async function freePort(host: string, wanted: number): Promise<number> {
  const server = createServer().listen(wanted, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
