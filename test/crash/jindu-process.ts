import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endWithThisProcess } from './children.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const clock = fileURLToPath(new URL('./shifting-clock.ts', import.meta.url));

export const secret = 'admin-token-of-the-crash-tests';

/** How a server is started: beyond where its data lies, what is not as in production. */
export interface StartOptions {
  url: string;
  /** Where it logs, in a file `jindu.log`. */
  folder: string;
  /** By how much its clock is off, one after the other. */
  clockShiftsMs?: readonly number[];
  /** Whose process it is; of whoever runs the test unless told. */
  uid?: number;
}

/** The built server in a process of its own, as production runs it, but without limits on how much is asked of it. */
export class JinduProcess {
  static readonly program = join(root, 'dist/main.js');
  readonly child: ChildProcess;
  /** Resolves when the process has ended, with the code that it has ended with and all it has said as an error. */
  readonly ended: Promise<{ code: number | null; signal: string | null; said: string }>;
  readonly #port = Promise.withResolvers<number>();
  readonly #log: WriteStream;
  #said = '';
  #errors = '';

  constructor({ url, folder, clockShiftsMs = [0], uid }: StartOptions) {
    this.#log = createWriteStream(join(folder, 'jindu.log'), { flags: 'a' });
    this.child = spawn(process.execPath, ['--import', clock, JinduProcess.program], {
      env: {
        HOST: '127.0.0.1',
        PORT: '0',
        DATABASE_URL: url,
        JINDU_ADMIN_TOKEN: secret,
        JINDU_RATE_LIMIT_PER_TOKEN: '0',
        JINDU_RATE_LIMIT_PER_ADDRESS: '0',
        JINDU_MAX_EVENT_LOOP_DELAY_MS: '0',
        LOG_LEVEL: 'warn',
        CLOCK_SHIFTS_MS: clockShiftsMs.join(','),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    endWithThisProcess(this.child, 'SIGKILL');
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
      this.#log.write(text);
    });
    this.ended = once(this.child, 'close').then(([code, signal]) => {
      this.#log.end();
      this.#port.reject(new Error(`the server has ended with ${code ?? signal}: ${this.#errors}`));
      return { code, signal, said: this.#errors };
    });
    this.#port.promise.catch(() => undefined);
  }

  /** The port, as soon as it listens. Rejects if it ends before. */
  get port(): Promise<number> {
    return this.#port.promise;
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Lets it end in order. */
  async stop(): Promise<number | null> {
    this.child.kill('SIGTERM');
    return (await this.ended).code;
  }

  #hear(text: string): void {
    this.#log.write(text);
    this.#said = (this.#said + text).slice(-2_000);
    const port = / {2}API {3}http:\/\/[^:]+:(\d+)\/v1\n/.exec(this.#said)?.[1];
    if (port !== undefined) this.#port.resolve(Number(port));
  }
}
