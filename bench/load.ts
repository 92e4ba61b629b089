import { connect, type Socket } from 'node:net';
import { type Asked, type AskerName, askers } from './requests.ts';
import { type Grounds, type ScaleAskerName, scaleAskers } from './scale-requests.ts';

/**
 * The client side of every measure, in a process of its own: so many connections, each of which sends its next request
 * as soon as the last is answered. It writes to the socket itself and reads of an answer only its status and its
 * length, so that it is busy for a few microseconds a request and the server is what is measured.
 */
export interface Load {
  port: number;
  asker: AskerName | { name: ScaleAskerName; grounds: Grounds };
  /** Which part of the asker's requests: another one for each load on one database. */
  turn: number;
  connections: number;
  seconds: number;
  headers: Record<string, string>;
}

export interface Answered {
  requests: number;
  seconds: number;
  bytes: number;
  /** How often each status was answered. */
  statuses: Record<string, number>;
  /** Of the time from sending to the end of the answer, in milliseconds. */
  p50: number;
  p99: number;
  longest: number;
  /** The share of the time in which this process was busy. Near 1, it and not the server was the limit. */
  loadBusy: number;
}

process.on('message', async (load: Load) => {
  process.send?.(await run(load));
});

async function run(load: Load): Promise<Answered> {
  const ask = askerOf(load);
  const headerLines = Object.entries({ host: 'localhost', ...load.headers })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  const tally = { requests: 0, bytes: 0, statuses: {} as Record<string, number>, times: [] as number[] };
  const startedMs = performance.now();
  const endMs = startedMs + load.seconds * 1000;
  const busyBefore = process.cpuUsage();
  await Promise.all(Array.from({ length: load.connections }, () => keepAsking(load.port, next, answered)));
  const seconds = (performance.now() - startedMs) / 1000;
  const busy = process.cpuUsage(busyBefore);
  const times = Float64Array.from(tally.times).sort();
  return {
    requests: tally.requests,
    seconds,
    bytes: tally.bytes,
    statuses: tally.statuses,
    p50: times[Math.floor(times.length * 0.5)] ?? 0,
    p99: times[Math.floor(times.length * 0.99)] ?? 0,
    longest: times.at(-1) ?? 0,
    loadBusy: (busy.user + busy.system) / 1e6 / seconds,
  };

  function next(): string | null {
    if (performance.now() >= endMs) return null;
    const { method, path, body } = ask();
    const head = `${method} ${path} HTTP/1.1\r\n${headerLines}`;
    if (body === undefined) return `${head}\r\n`;
    const length = Buffer.byteLength(body);
    return `${head}content-type: application/json\r\ncontent-length: ${length}\r\n\r\n${body}`;
  }

  function answered(status: string, bytes: number, milliseconds: number) {
    tally.requests += 1;
    tally.bytes += bytes;
    tally.statuses[status] = (tally.statuses[status] ?? 0) + 1;
    tally.times.push(milliseconds);
  }
}

function askerOf({ asker, turn }: Load): () => Asked {
  return typeof asker === 'string' ? askers[asker](turn) : scaleAskers[asker.name](turn, asker.grounds);
}

const endOfHead = Buffer.from('\r\n\r\n');

/** Sends one request after the other over one connection, until there is no next one. */
function keepAsking(
  port: number,
  next: () => string | null,
  answered: (status: string, bytes: number, milliseconds: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let sentMs = 0;
    let received: Buffer | null = null;
    let missing = 0;
    let status = '';
    let length = 0;
    const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true }, send);
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the server has closed a connection')));
    socket.on('data', (chunk: Buffer) => {
      if (missing > 0) {
        missing -= chunk.length;
        if (missing <= 0) end();
        return;
      }
      const bytes: Buffer = received === null ? chunk : Buffer.concat([received, chunk]);
      const headEnd = bytes.indexOf(endOfHead);
      if (headEnd === -1) {
        received = bytes;
        return;
      }
      received = null;
      const head = bytes.toString('latin1', 0, headEnd);
      status = head.slice(9, 12);
      length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1]);
      if (Number.isNaN(length)) {
        socket.destroy(new Error(`an answer without a length:\n${head}`));
        return;
      }
      missing = length - (bytes.length - headEnd - endOfHead.length);
      if (missing <= 0) end();
    });

    function end() {
      missing = 0;
      answered(status, length, performance.now() - sentMs);
      send();
    }

    function send() {
      const request = next();
      if (request === null) {
        socket.removeAllListeners('close');
        socket.end();
        resolve();
        return;
      }
      sentMs = performance.now();
      socket.write(request);
    }
  });
}
