import { open } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import type Sqlite from 'better-sqlite3';
import { threadFile } from './thread-file.ts';

/**
 * With so many pages in the log they are moved into the file, each page once, however many commits have changed it. So
 * the more the fewer are moved in all, but the longer the log gets, and the slower it is to read from.
 */
const movedFromPages = 4_000;

/** What it does, it does outside of JavaScript. */
const littleMemory = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 16, stackSizeMb: 1 };

const checkpointThread = threadFile('checkpoint-thread', import.meta.url);

/**
 * The log of one database file, as its writer sees it. To move a long log into the file, and to wait for the disk after
 * a large write, takes tenths of a second: here neither keeps the process from answering. The thread that moves the log
 * is not there before it is needed.
 */
export class WriteAheadLog {
  readonly #file: string;
  readonly #length: Sqlite.Statement<[], { log: number; checkpointed: number }>;
  #thread: Worker | undefined;
  #isMoving = false;

  constructor(file: string, writer: Sqlite.Database) {
    this.#file = file;
    this.#length = writer.prepare('PRAGMA wal_checkpoint(NOOP)');
  }

  /**
   * Waits until what has been written to the log so far is on the disk. A commit that follows has only the rest to wait
   * for, and says itself what the disk refuses.
   */
  async flush(): Promise<void> {
    const log = await open(`${this.#file}-wal`, 'r+').catch(() => undefined);
    try {
      await log?.datasync();
    } catch {
      // The commit syncs the same file, and meets the same fault.
    } finally {
      await log?.close();
    }
  }

  /** To be called after each commit. */
  moveIfLong(): void {
    if (this.#isMoving || this.#pagesToMove() < movedFromPages) return;
    this.#isMoving = true;
    this.#thread ??= this.#start();
    this.#thread.postMessage('move');
  }

  async close(): Promise<void> {
    const thread = this.#thread;
    if (thread === undefined) return;
    this.#isMoving = true;
    // Until now it kept no process alive; the end of this one is to wait for it.
    thread.ref();
    const ended = new Promise((resolve) => thread.once('exit', resolve));
    thread.postMessage('end');
    await ended;
  }

  #pagesToMove(): number {
    try {
      const { log, checkpointed } = this.#length.get() ?? { log: 0, checkpointed: 0 };
      return log - checkpointed;
    } catch {
      // What is wrong with the disk is told to those who read and write; what has been committed is kept all the same.
      return 0;
    }
  }

  #start(): Worker {
    const thread = new Worker(checkpointThread, { workerData: this.#file, resourceLimits: littleMemory });
    thread.unref();
    thread.on('message', () => {
      this.#isMoving = false;
    });
    // Without the thread the log is moved by the writer itself, when it has become much longer.
    thread.on('error', () => undefined);
    thread.once('exit', () => {
      this.#thread = undefined;
    });
    return thread;
  }
}
