import { parentPort, workerData } from 'node:worker_threads';
import { sqliteEngine } from './columns.ts';
import { openWriter } from './connection.ts';
import type { Lender, Lent } from './lending.ts';
import { besideFile, Memory } from './memory.ts';
import { queriesOn } from './sqlite-queries.ts';
import { SqliteWrites } from './sqlite-writes.ts';
import { asSeenOutside } from './storage-errors.ts';
import { asReceived, asSent } from './thrown-elsewhere.ts';
import type { Database } from './unit.ts';
import { UnitClock } from './unit-clock.ts';
import { WriteQueue } from './write-queue.ts';
import type { FromThread, QueueLimits, ThreadData, ToThread } from './writing-thread.ts';

/** What a task has of the database. */
export type TaskDatabase = Pick<Database, 'write'>;

/** What a task came to; what is `moved` is no longer there afterwards. */
export interface TaskOutcome {
  outcome: unknown;
  moved?: readonly ArrayBuffer[];
}

/**
 * Makes the thread that calls it a writing thread: it carries out what its `WritingThread` is given.
 * @param carryOut is given the settings with which the thread was started
 */
export function carryOutTasks(
  carryOut: (database: TaskDatabase, input: unknown, settings: unknown) => Promise<TaskOutcome>,
): void {
  const { file, settings, limits } = workerData as ThreadData;
  const turns = new BorrowedTurns();
  let opening: Promise<OpenWriter> | null = null;
  const opened = () => {
    opening ??= open(file, limits, turns).catch((error) => {
      opening = null;
      throw asSeenOutside(error);
    });
    return opening;
  };
  const begin = async (task: number, input: unknown) => {
    try {
      const { outcome, moved = [] } = await carryOut(await opened(), input, settings);
      tell({ task, outcome }, moved);
    } catch (error) {
      tell({ task, thrown: asSent(error) });
    }
  };
  parentPort?.on('message', async (told: ToThread) => {
    if (told === 'end') {
      await opening?.then((writer) => writer.close()).catch(() => undefined);
      parentPort?.close();
    } else if ('task' in told) await begin(told.task, told.input);
    else turns.hear(told);
  });
}

function tell(message: FromThread, moved: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, [...moved]);
}

/** The turns of this thread are those that the process lends to it. Its clock stands still in each. */
class BorrowedTurns implements Lender {
  #now = new Date(0);
  #asked: PromiseWithResolvers<void> | null = null;
  #isMine = false;
  readonly clock = { now: () => this.#now };

  borrow(): Promise<void> {
    this.#asked = Promise.withResolvers();
    tell('wants a turn');
    return this.#asked.promise;
  }

  hear(told: Extract<ToThread, { turn: string } | { noTurn: object }>): void {
    const asked = this.#asked;
    this.#asked = null;
    if ('noTurn' in told) {
      asked?.reject(asReceived(told.noTurn));
      return;
    }
    this.#now = new Date(told.turn);
    this.#isMine = true;
    asked?.resolve();
  }

  giveBack(gaveBack: Lent): void {
    this.#isMine = false;
    tell({ gaveBack });
  }

  giveBackFailed(error: unknown): void {
    if (!this.#isMine) return;
    this.#isMine = false;
    tell({ gaveBackFailed: asSent(error) });
  }
}

interface OpenWriter extends TaskDatabase {
  close(): void;
}

/** A connection that writes to a file which the process has brought to its shape. */
async function open(file: string, limits: QueueLimits, lender: BorrowedTurns): Promise<OpenWriter> {
  const connection = await openWriter(file);
  const version = connection.prepare<[], number>('PRAGMA data_version').pluck();
  let versionSeen = version.get();
  const memory = new Memory(besideFile);
  const writes = new SqliteWrites(connection);
  const queue = new WriteQueue({
    owner: connection,
    engine: sqliteEngine,
    connection,
    db: queriesOn(connection, writes),
    clock: new UnitClock(lender.clock),
    memory,
    writes,
    ...limits,
    groupLimit: 1,
    lender,
    afterBegin: () => {
      const now = version.get();
      if (now !== versionSeen) memory.clear();
      versionSeen = now;
    },
  });
  return {
    write: (work, foreseen) => queue.add(work, foreseen),
    close: () => connection.close(),
  };
}
