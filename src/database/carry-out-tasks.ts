import { parentPort, workerData } from 'node:worker_threads';
import type Sqlite from 'better-sqlite3';
import type { Clock } from '../shared/clock.ts';
import { sqliteEngine } from './columns.ts';
import { openWriter } from './connection.ts';
import { besideFile, Memory } from './memory.ts';
import { queriesOn } from './sqlite-queries.ts';
import { SqliteWrites } from './sqlite-writes.ts';
import { asSeenOutside, isStorageFault } from './storage-errors.ts';
import { asReceived, asSent, movedOf } from './thrown-elsewhere.ts';
import type { CommittedGroup, Database, Foreseen, WriteUnit } from './unit.ts';
import { UnitClock } from './unit-clock.ts';
import { assertNotInside } from './unit-scope.ts';
import { WriteQueue } from './write-queue.ts';
import type { FromThread, ThreadData, ToThread } from './writing-thread.ts';

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
  const { file, settings } = workerData as ThreadData;
  const turns = new BorrowedTurns();
  let opening: Promise<ThreadDatabase> | null = null;
  const opened = () => {
    opening ??= ThreadDatabase.open(file, turns).catch((error) => {
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
      const thrown = asSent(error);
      tell({ task, thrown }, movedOf(thrown));
    }
  };
  parentPort?.on('message', async (told: ToThread) => {
    if (told === 'end') {
      await opening?.then((database) => database.close()).catch(() => undefined);
      parentPort?.close();
    } else if ('task' in told) await begin(told.task, told.input);
    else turns.hear(told);
  });
}

function tell(message: FromThread, moved: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, [...moved]);
}

/** The turns that the process lends to this thread, one at a time. Its clock stands still in each. */
class BorrowedTurns {
  #now = new Date(0);
  #count = 0;
  readonly #asked = new Map<number, PromiseWithResolvers<void>>();
  readonly clock: Clock = { now: () => this.#now };

  /** @throws what the process refuses it with */
  async borrow(): Promise<void> {
    const turn = this.#count;
    this.#count += 1;
    const asked = Promise.withResolvers<void>();
    this.#asked.set(turn, asked);
    tell({ wantsTurn: turn });
    await asked.promise;
  }

  hear(told: Extract<ToThread, { turn: number }>): void {
    const asked = this.#asked.get(told.turn);
    this.#asked.delete(told.turn);
    if ('refused' in told) {
      asked?.reject(asReceived(told.refused));
      return;
    }
    this.#now = new Date(told.now);
    asked?.resolve();
  }
}

/** A connection that writes to a file which the process has brought to its shape. */
class ThreadDatabase implements TaskDatabase {
  readonly #connection: Sqlite.Database;
  readonly #turns: BorrowedTurns;
  readonly #queue: WriteQueue;
  #committed: CommittedGroup | null = null;

  private constructor(connection: Sqlite.Database, turns: BorrowedTurns) {
    this.#connection = connection;
    this.#turns = turns;
    const version = connection.prepare<[], number>('PRAGMA data_version').pluck();
    let versionSeen = version.get();
    const memory = new Memory(besideFile);
    const writes = new SqliteWrites(connection);
    this.#queue = new WriteQueue({
      owner: this,
      engine: sqliteEngine,
      connection,
      db: queriesOn(connection, writes),
      clock: new UnitClock(turns.clock),
      memory,
      writes,
      // Whoever is here has had its turn.
      limit: Number.POSITIVE_INFINITY,
      longestWaitMs: Number.POSITIVE_INFINITY,
      groupLimit: 1,
      afterBegin: () => {
        const now = version.get();
        if (now !== versionSeen) memory.clear();
        versionSeen = now;
      },
      onCommit: (group) => {
        this.#committed = group;
      },
    });
  }

  static async open(file: string, turns: BorrowedTurns): Promise<ThreadDatabase> {
    const connection = await openWriter(file);
    try {
      return new ThreadDatabase(connection, turns);
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** The turn is given back before anybody is told of the outcome: whoever hears of it reads what was written. */
  async write<T>(work: (unit: WriteUnit) => Promise<T>, foreseen?: Foreseen): Promise<T> {
    assertNotInside(this);
    await this.#turns.borrow();
    this.#committed = null;
    try {
      const value = await this.#queue.add(work, foreseen);
      tell({ gaveBack: { group: this.#committed, failed: 0 } });
      return value;
    } catch (error) {
      if (isStorageFault(error)) tell({ gaveBackFailed: asSent(error) });
      else tell({ gaveBack: { group: null, failed: 1 } });
      throw error;
    }
  }

  close(): void {
    this.#connection.close();
  }
}
