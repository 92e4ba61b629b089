import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyOf, secret } from '../../bench/database.ts';
import { type Server, startJindu } from '../../bench/processes.ts';

/** How often the memory of a server is looked at. */
const lookEveryMs = 50;

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

export interface Question {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  secret?: string;
}

/** The built server, started as production starts it, on a copy of a database that is its own. */
export class Ground implements AsyncDisposable {
  readonly server: Server;
  readonly #folder: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  readonly #looking: NodeJS.Timeout;
  #peakMegabytes = 0;
  #scheduledBefore: readonly [ran: number, waited: number] = [0, 0];

  private constructor(server: Server, folder: string) {
    this.server = server;
    this.#folder = folder;
    this.#looking = setInterval(() => this.#look(), lookEveryMs);
  }

  /** @param prepare does to the copy what has to be done before it is opened */
  static async open(
    { main, portfolio }: { main: string; portfolio: string },
    settings: Record<string, string> = {},
    prepare: (file: string) => void = () => undefined,
  ): Promise<Ground> {
    const folder = mkdtempSync(join(tmpdir(), 'jindu-load-'));
    const file = copyOf(portfolio, join(folder, 'jindu.db'));
    prepare(file);
    const server = await startJindu(main, file, settings, null);
    return new Ground(server, folder);
  }

  get port(): number {
    return this.server.port;
  }

  /** What the process holds of the memory for itself, in MB. */
  get megabytes(): number {
    return this.server.memory()?.own ?? 0;
  }

  /** The most that it has held since this was last asked. */
  peakMegabytes(): number {
    this.#look();
    const peak = this.#peakMegabytes;
    this.#peakMegabytes = 0;
    return peak;
  }

  /**
   * How many times longer than alone on the machine the server took since this was last asked, because others had the
   * processor while it wanted it: 1 if nobody did, or where the system does not tell.
   */
  stretch(): number {
    const [ran, waited] = this.#scheduled();
    const [ranBefore, waitedBefore] = this.#scheduledBefore;
    this.#scheduledBefore = [ran, waited];
    return ran > ranBefore ? 1 + (waited - waitedBefore) / (ran - ranBefore) : 1;
  }

  ask(question: Question): Promise<Answer> {
    const { method = 'GET', path, body } = question;
    const headers = {
      authorization: `Bearer ${question.secret ?? secret}`,
      ...(body === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
      ...question.headers,
    };
    return new Promise((resolve, reject) => {
      const asked = request({ port: this.port, agent: this.#agent, method, path, headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.once('error', reject);
        answer.once('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
        });
      });
      asked.once('error', reject);
      asked.end(body);
    });
  }

  /** @throws Error if it is not answered with one of the statuses that are expected */
  async demand<T = unknown>(question: Question, ...expected: number[]): Promise<T> {
    const answer = await this.ask(question);
    const good = expected.length === 0 ? answer.status < 300 : expected.includes(answer.status);
    if (!good)
      throw new Error(`${question.method ?? 'GET'} ${question.path}: ${answer.status} ${answer.text}`);
    return JSON.parse(answer.text) as T;
  }

  /** The longest delay of the server's event loop since this was last asked, in milliseconds. */
  async longestDelayMs(): Promise<number> {
    return 1000 * (await this.#metric('nodejs_eventloop_lag_max_seconds'));
  }

  /** How many requests are being answered, but for this one. */
  async inFlight(): Promise<number> {
    return (await this.#metric('jindu_http_requests_in_flight')) - 1;
  }

  /** How many units of reading there have been; finding out whose token it is is one as well. */
  async reads(): Promise<number> {
    return await this.#metric('jindu_database_reads_total');
  }

  /** How many connections the server has open, those of this ground among them. */
  async connections(): Promise<number> {
    return await this.#metric('nodejs_active_resources{type="TCPSocketWrap"}');
  }

  async #metric(name: string): Promise<number> {
    const { text } = await this.ask({ path: '/metrics' });
    const line = text.split('\n').find((each) => each.startsWith(`${name} `));
    return Number(line?.slice(name.length + 1));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#looking);
    this.#agent.destroy();
    await this.server.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Nanoseconds that the thread which answers has run, and has waited for a processor. */
  #scheduled(): readonly [ran: number, waited: number] {
    try {
      const { pid } = this.server;
      const [ran, waited] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ');
      return [Number(ran), Number(waited)];
    } catch {
      return [0, 0];
    }
  }

  #look(): void {
    this.#peakMegabytes = Math.max(this.#peakMegabytes, this.megabytes);
  }
}
