import { Worker } from 'node:worker_threads';
import type { Instant } from '../shared/clock.ts';
import { JinduError } from '../shared/errors.ts';
import type { Lend, Lent } from './lending.ts';
import { asReceived, asSent, type Thrown } from './thrown-elsewhere.ts';
import type { WritingThread } from './unit.ts';
import type { WriteQueueOptions } from './write-queue.ts';

/** A thread that has had nothing to do for so long is ended, and gives back the memory that it has taken. */
const idleMs = 30_000;

/** What a thread is started with. */
export interface ThreadData {
  file: string;
  settings: object;
  limits: QueueLimits;
}

/** What its queue refuses, as that of the process does. */
export type QueueLimits = Pick<WriteQueueOptions, 'limit' | 'longestWaitMs'>;

/** What goes between a process and the thread that writes beside it. */
export type ToThread = { task: number; input: unknown } | { turn: Instant } | { noTurn: Thrown } | 'end';
export type FromThread =
  | 'wants a turn'
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
 * The thread has a connection of its own. Who writes is settled here: it asks for each of its transactions, and has its
 * turn in the queue of this process, in which nothing else is written meanwhile.
 */
export class SqliteWritingThread implements WritingThread {
  readonly #options: WritingThreadOptions;
  #running: RunningThread | null = null;
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

  /** Takes no more tasks, lets those under way end, and ends the thread. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#end();
  }

  async #end(): Promise<void> {
    clearTimeout(this.#idle);
    const running = this.#running;
    this.#running = null;
    await running?.end();
  }

  #endWhenIdle(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.#end(), idleMs);
    this.#idle.unref();
  }
}

/** One thread, from its start to its end. */
class RunningThread {
  readonly #worker: Worker;
  readonly #lend: Lend;
  readonly #tasks = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #ended = Promise.withResolvers<void>();
  #turn: PromiseWithResolvers<Lent> | null = null;
  #count = 0;
  hasEnded = false;

  constructor({ module, lend, ...data }: WritingThreadOptions) {
    this.#lend = lend;
    this.#worker = new Worker(module, { workerData: data satisfies ThreadData });
    // Whoever waits for a task keeps the process alive, not the thread itself.
    this.#worker.unref();
    this.#worker.on('message', (message: FromThread) => this.#hear(message));
    this.#worker.on('error', (error) => this.#end(error));
    this.#worker.on('exit', (code) => this.#end(new Error(`the writing thread has ended with ${code}`)));
  }

  get isBusy(): boolean {
    return this.#tasks.size > 0;
  }

  carryOut(input: unknown, moved: readonly ArrayBuffer[]): Promise<unknown> {
    this.#count += 1;
    const task = Promise.withResolvers<unknown>();
    this.#tasks.set(this.#count, task);
    this.#worker.ref();
    this.#worker.postMessage({ task: this.#count, input } satisfies ToThread, [...moved]);
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
    if (message === 'wants a turn') void this.#lendTurn();
    else if ('gaveBack' in message) this.#turn?.resolve(message.gaveBack);
    else if ('gaveBackFailed' in message) this.#turn?.reject(asReceived(message.gaveBackFailed));
    else this.#answer(message);
  }

  #answer(message: Extract<FromThread, { task: number }>): void {
    const task = this.#tasks.get(message.task);
    this.#tasks.delete(message.task);
    if (!this.isBusy) this.#worker.unref();
    if ('outcome' in message) task?.resolve(message.outcome);
    else task?.reject(asReceived(message.thrown));
  }

  async #lendTurn(): Promise<void> {
    try {
      await this.#lend((now) => {
        this.#turn = Promise.withResolvers();
        if (this.hasEnded) this.#turn.resolve({ group: null, failed: 0 });
        else this.#tell({ turn: now });
        return this.#turn.promise;
      });
    } catch (error) {
      // Of what went wrong after it had its turn the thread itself has told.
      if (this.#turn === null) this.#tell({ noTurn: asSent(error) });
    } finally {
      this.#turn = null;
    }
  }

  #tell(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  /** With the thread its connection is closed, and what it had not committed is undone. */
  #end(error: unknown): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    for (const task of this.#tasks.values()) task.reject(error);
    this.#tasks.clear();
    this.#turn?.resolve({ group: null, failed: 1 });
    this.#ended.resolve();
  }
}
