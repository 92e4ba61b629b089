import { Worker } from 'node:worker_threads';
import type { Instant } from '../shared/clock.ts';
import { JinduError } from '../shared/errors.ts';
import type { Lend, Lent } from './lending.ts';
import { asReceived, asSent, type Thrown } from './thrown-elsewhere.ts';
import type { WritingThread } from './unit.ts';

/** A thread that has had nothing to do for so long is ended, and gives back the memory that it has taken. */
const idleMs = 30_000;

/** What a thread is started with. */
export interface ThreadData {
  file: string;
  settings: object;
}

/** What goes between a process and the thread that writes beside it. Each work asks for a turn of its own. */
export type ToThread =
  | { task: number; input: unknown }
  | { turn: number; now: Instant }
  | { turn: number; refused: Thrown }
  | 'end';
export type FromThread =
  | { wantsTurn: number }
  | { gaveBack: Lent }
  | { gaveBackFailed: Thrown }
  | { task: number; outcome: unknown }
  | { task: number; thrown: Thrown };

export interface WritingThreadOptions extends ThreadData {
  /** What the thread runs; it calls `carryOutTasks`. */
  module: URL;
  lend: Lend;
}

/**
 * The thread has a connection of its own. Who writes is settled here: each of its works asks for its turn, and has it in
 * the queue of this process, in which nothing else is written meanwhile.
 */
export class SqliteWritingThread implements WritingThread {
  readonly #options: WritingThreadOptions;
  #running: RunningThread | null = null;
  #ending: Promise<void> | undefined;
  #idle: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: WritingThreadOptions) {
    this.#options = options;
  }

  async carryOut(input: unknown, moved: readonly ArrayBuffer[] = []): Promise<unknown> {
    if (this.#isClosed) throw new JinduError('storage_unavailable', 'The database is being closed.');
    clearTimeout(this.#idle);
    if (this.#running === null || this.#running.hasEnded) this.#running = new RunningThread(this.#options);
    const running = this.#running;
    try {
      return await running.carryOut(input, moved);
    } finally {
      if (running === this.#running && !running.isBusy) this.#endWhenIdle();
    }
  }

  /** Takes no more tasks, waits for those under way, and for the end of the thread. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#end();
    await this.#ending;
  }

  #end(): void {
    clearTimeout(this.#idle);
    if (this.#running === null) return;
    this.#ending = this.#running.end();
    this.#running = null;
  }

  #endWhenIdle(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#end(), idleMs);
    this.#idle.unref();
  }
}

/** One thread, from its start to its end. */
class RunningThread {
  readonly #worker: Worker;
  readonly #lend: Lend;
  readonly #tasks = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #ended = Promise.withResolvers<void>();
  #lent: PromiseWithResolvers<Lent> | null = null;
  #count = 0;
  #fault: { error: unknown } | null = null;
  hasEnded = false;

  constructor({ module, lend, ...data }: WritingThreadOptions) {
    this.#lend = lend;
    this.#worker = new Worker(module, { workerData: data satisfies ThreadData });
    // Whoever waits for a task keeps the process alive, not the thread itself.
    this.#worker.unref();
    this.#worker.on('message', (message: FromThread) => this.#hear(message));
    // Told while it still runs; what it has open is closed when it has ended.
    this.#worker.on('error', (error) => {
      this.#fault ??= { error };
    });
    this.#worker.on('exit', (code) => this.#end(code));
  }

  get isBusy(): boolean {
    return this.#tasks.size > 0;
  }

  carryOut(input: unknown, moved: readonly ArrayBuffer[]): Promise<unknown> {
    const number = this.#count;
    this.#count += 1;
    this.#worker.postMessage({ task: number, input } satisfies ToThread, [...moved]);
    const task = Promise.withResolvers<unknown>();
    this.#tasks.set(number, task);
    this.#worker.ref();
    return task.promise;
  }

  /** Resolves when its tasks have ended and it has closed what it had open. */
  async end(): Promise<void> {
    await Promise.allSettled([...this.#tasks.values()].map(({ promise }) => promise));
    if (this.hasEnded) return;
    this.#worker.ref();
    this.#tell('end');
    await this.#ended.promise;
  }

  #hear(message: FromThread): void {
    if ('wantsTurn' in message) void this.#lendTurn(message.wantsTurn);
    else if ('gaveBack' in message) this.#lent?.resolve(message.gaveBack);
    else if ('gaveBackFailed' in message) this.#lent?.reject(asReceived(message.gaveBackFailed));
    else this.#answer(message);
  }

  #answer(message: Extract<FromThread, { task: number }>): void {
    const task = this.#tasks.get(message.task);
    this.#tasks.delete(message.task);
    if (!this.isBusy) this.#worker.unref();
    if ('outcome' in message) task?.resolve(message.outcome);
    else task?.reject(asReceived(message.thrown));
  }

  async #lendTurn(turn: number): Promise<void> {
    let hasHadIt = false;
    try {
      await this.#lend(async (now) => {
        hasHadIt = true;
        if (this.hasEnded) return { group: null, failed: 0 };
        this.#lent = Promise.withResolvers();
        this.#tell({ turn, now });
        return await this.#lent.promise;
      });
    } catch (error) {
      // Of what went wrong in its turn the thread itself tells.
      if (!hasHadIt) this.#tell({ turn, refused: asSent(error) });
    }
  }

  #tell(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  /** Its connection is closed by now, and what it had not committed is undone. */
  #end(code: number): void {
    this.hasEnded = true;
    const { error } = this.#fault ?? { error: new Error(`the writing thread has ended with ${code}`) };
    for (const task of this.#tasks.values()) task.reject(error);
    this.#tasks.clear();
    this.#lent?.resolve({ group: null, failed: 1 });
    this.#ended.resolve();
  }
}
