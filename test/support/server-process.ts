import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const secret = 'admin-token-of-the-process-tests';

export interface ProcessAnswer {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

/** The built server, started as production starts it. `exit` resolves when it has ended. */
export class ServerProcess {
  readonly child: ChildProcess;
  readonly exit: Promise<{ code: number | null; out: string; err: string }>;
  readonly #output = { out: '', err: '' };
  #port = 0;

  constructor(env: Record<string, string>) {
    this.child = spawn(process.execPath, ['dist/main.js'], {
      cwd: root,
      env: { HOST: '127.0.0.1', PORT: '0', JINDU_ADMIN_TOKEN: secret, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.setEncoding('utf8').on('data', (more) => (this.#output.out += more));
    this.child.stderr?.setEncoding('utf8').on('data', (more) => (this.#output.err += more));
    this.exit = once(this.child, 'close').then(([code]) => ({ code, ...this.#output }));
  }

  /** Resolves when it has said where it is. */
  async started(): Promise<this> {
    for (;;) {
      const port = / {2}API {3}http:\/\/[^:]+:(\d+)\/v1\n/.exec(this.#output.out)?.[1];
      if (port !== undefined) {
        this.#port = Number(port);
        return this;
      }
      if (this.child.exitCode !== null) throw new Error(`it did not start: ${this.#output.err}`);
      await sleep(10);
    }
  }

  /** Asks as the admin, over a connection of `agent`'s. */
  async ask(agent: Agent, method: string, path: string, body?: object): Promise<ProcessAnswer> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${secret}` };
    const sent = request({ host: '127.0.0.1', port: this.#port, agent, method, path, headers });
    sent.end(body === undefined ? undefined : JSON.stringify(body));
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    return { status: answer.statusCode as number, headers: answer.headers, body: await text(answer) };
  }

  /** The processes that it has started, the oldest first. */
  children(): number[] {
    const { pid } = this.child;
    const numbers = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return numbers === '' ? [] : numbers.split(' ').map(Number);
  }
}

/** One that keeps a single connection. */
export function oneConnection(): Agent {
  return new Agent({ keepAlive: true, maxSockets: 1 });
}
