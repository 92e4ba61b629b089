import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection to which a client writes what it likes, whole requests or not. */
export class RawClient {
  readonly socket: Socket;
  /** What the server has said, as far as it was read. */
  received = '';
  /** When the connection was closed, by `performance.now()`; undefined while it is open. */
  closedMs: number | undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      if (this.received.length < 10_000) this.received += chunk.toString('latin1');
    });
    // That the server closes while something is still being written to it is what is waited for.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.closedMs = performance.now();
    });
  }

  static async open(port: number): Promise<RawClient> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  static async openAll(port: number, count: number): Promise<RawClient[]> {
    return await Promise.all(Array.from({ length: count }, () => RawClient.open(port)));
  }

  /** Of the first answer; null while there is none. */
  get status(): number | null {
    const status = /^HTTP\/1\.1 (\d{3})/.exec(this.received)?.[1];
    return status === undefined ? null : Number(status);
  }

  get isClosed(): boolean {
    return this.closedMs !== undefined;
  }

  /** Writes one byte a second from now on, until the text ends or the connection is closed. */
  dribble(text: string): void {
    let sent = 0;
    const timer = setInterval(() => {
      if (this.isClosed || sent >= text.length) clearInterval(timer);
      else this.socket.write(text.charAt(sent++));
    }, 1_000);
    this.socket.once('close', () => clearInterval(timer));
  }

  destroy(): void {
    this.socket.destroy();
  }
}

/** Whether it came true before the time had passed. */
export async function cameTrue(withinMs: number, isTrue: () => boolean): Promise<boolean> {
  const untilMs = performance.now() + withinMs;
  while (!isTrue()) {
    if (performance.now() > untilMs) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}
