import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { Instant } from '../../shared/clock.ts';
import { JinduError } from '../../shared/errors.ts';
import type { Engine } from '../columns.ts';
import { commitInDoubt } from '../commit-in-doubt.ts';
import type { Memory } from '../memory.ts';
import type { CommittedGroup, Foreseen, WriteUnit } from '../unit.ts';
import type { UnitClock } from '../unit-clock.ts';
import { runInside } from '../unit-scope.ts';
import { RunningWriteUnit, type Turn } from '../write-queue.ts';
import type { Connection } from './connection.ts';
import { asSeenOutside, ConnectionLost, isCollision, isConnectionLost, isStaleStatement } from './errors.ts';
import type { ConnectionPool } from './pool.ts';
import { Statement } from './queries.ts';

/** No further work joins a group that is as large, or has run for as long: those already in it wait for the commit. */
const groupLimit = 1_000;
const groupMs = 20;

/** How often a group that met another one is run, and for how long it waits before the second time. */
const attempts = 6;
const firstPauseMs = 5;

/**
 * All writers of all processes take turns by this row, so each group runs alone, on what the one before has left. The
 * row also holds the newest moment that any of them has called its `now`, and how many turns there have been: who finds
 * it as it left it knows that nobody else has written since.
 */
const takeTurn = 'select at, turn from write_turn where id = 1 for update';
const leaveTurn = 'update write_turn set at = $1, turn = turn + 1 where id = 1';

interface Job {
  work(unit: WriteUnit): Promise<unknown>;
  foreseen: Foreseen | undefined;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** What a work came to: `answer` tells its caller, once the commit has returned. */
interface Outcome {
  isKept: boolean;
  answer(): void;
}

/** What became of a group that was not lost. */
interface Ran {
  outcomes: Outcome[];
  kept: number;
  commitSeconds: number;
}

/**
 * How a group is run. Boldly: its works share one transaction without more ado, and statements that only write are not
 * waited for. Nearly always that goes well. If anything fails after something was written, nothing of it is kept, and
 * the same works are run once more, carefully: each in a savepoint, each statement awaited. So what fails, fails alone
 * and where it was sent.
 */
type Manner = 'boldly' | 'carefully';

/** Thrown when a group that was run boldly has to be run carefully. */
class Spoilt extends Error {}

/** Thrown when a connection turned out to have been lost before anything was done on it. */
class NeverBegun extends Error {}

export interface WriteQueueOptions {
  /** The database as its units know it. */
  owner: object;
  engine: Engine;
  connections: ConnectionPool;
  clock: UnitClock;
  memory: Memory;
  /** How many works may wait. */
  limit: number;
  /** Called after each commit, before those who wait for it are answered. */
  onCommit(group: CommittedGroup): void;
}

/**
 * Runs write works one after the other and commits together those that came in the meantime, so that they share one
 * wait for the disk. Each is kept or undone by itself. Nobody is answered before the commit has returned: even a
 * refusal may rest on what an earlier work of the same group has written.
 *
 * A work may be run more than once before it is answered; what counts is the last time.
 */
export class WriteQueue {
  readonly #options: WriteQueueOptions;
  readonly #turn: Turn = { sinceMs: 0, breaths: 0 };
  readonly #prepared = new WeakMap<Connection, { take: Statement; leave: Statement }>();
  /** What `turn` will be if nobody else has written since; null before the first turn and after one in doubt. */
  #turnLeft: number | null = null;
  #waiting: Job[] = [];
  #group: Job[] = [];
  #draining: Promise<void> | undefined;
  #failed = 0;
  #refused = 0;

  constructor(options: WriteQueueOptions) {
    this.#options = options;
  }

  /** Works that wait or run. */
  get depth(): number {
    return this.#waiting.length + this.#group.length;
  }

  /** Works that ended with an error, of their own or of their group. */
  get failed(): number {
    return this.#failed;
  }

  /** Works that were not taken because too many waited. */
  get refused(): number {
    return this.#refused;
  }

  add<T>(work: (unit: WriteUnit) => Promise<T>, foreseen?: Foreseen): Promise<T> {
    if (this.#waiting.length >= this.#options.limit) {
      this.#refused += 1;
      throw new JinduError('overloaded', 'Too many changes are waiting to be written.');
    }
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ work, foreseen, resolve: resolve as (value: unknown) => void, reject });
      this.#draining ??= this.#drain();
    });
  }

  /** Resolves when nothing waits or runs. */
  async idle(): Promise<void> {
    await this.#draining;
  }

  async #drain(): Promise<void> {
    do {
      // Whoever comes within this turn joins the group.
      await nextTurn();
      await this.#runGroup();
    } while (this.#waiting.length > 0);
    this.#draining = undefined;
  }

  async #runGroup(): Promise<void> {
    const startedMs = performance.now();
    let manner: Manner = 'boldly';
    for (let attempt = 1; ; attempt += 1) {
      try {
        const ran = await this.#runOnConnection(manner, startedMs);
        this.#answer(ran, startedMs);
        return;
      } catch (error) {
        if (error instanceof Spoilt) {
          manner = 'carefully';
        } else if (
          attempt >= attempts ||
          !(error instanceof NeverBegun || isCollision(error) || isStaleStatement(error))
        ) {
          this.#failGroup(error);
          return;
        } else if (!(error instanceof NeverBegun)) {
          await pause(Math.random() * firstPauseMs * 2 ** attempt);
        }
      }
    }
  }

  async #runOnConnection(manner: Manner, startedMs: number): Promise<Ran> {
    const { connections } = this.#options;
    const connection = await connections.lease();
    try {
      const ran = await this.#runOn(connection, manner, startedMs);
      connections.release(connection);
      return ran;
    } catch (error) {
      this.#options.memory.rollback();
      const isSpent =
        isStaleStatement(error) ||
        (await connection.command('ROLLBACK').then(
          () => false,
          () => true,
        ));
      connections.release(connection, isSpent);
      throw error;
    }
  }

  async #runOn(connection: Connection, manner: Manner, startedMs: number): Promise<Ran> {
    const turn = await this.#begin(connection);
    const outcomes: Outcome[] = [];
    const lookedUp = new Set<Job>();
    let kept = 0;
    let isOver = false;
    connection.defers = manner === 'boldly';
    this.#turn.sinceMs = performance.now();
    do {
      if (outcomes.length === this.#group.length) this.#group.push(this.#waiting.shift() as Job);
      const job = this.#group[outcomes.length] as Job;
      if (job.foreseen !== undefined && !lookedUp.has(job)) {
        await this.#lookUp(connection, outcomes.length, lookedUp);
      }
      const outcome = await (manner === 'boldly'
        ? this.#runBoldly(connection, job, kept === 0)
        : this.#runCarefully(connection, job));
      outcomes.push(outcome);
      kept += outcome.isKept ? 1 : 0;
      // What was undone with all that there was leaves no transaction in which to go on.
      isOver = connection.failure !== null || (!outcome.isKept && connection.hasWritten);
    } while (
      !isOver &&
      (outcomes.length < this.#group.length || this.#mayTakeMore(outcomes.length, startedMs))
    );
    if (kept === 0) {
      this.#options.memory.rollback();
      await connection.command('ROLLBACK');
      if (connection.hasFailedSilently) throw new Spoilt('', { cause: connection.failure });
      this.#turnLeft = turn;
      return { outcomes, kept, commitSeconds: 0 };
    }
    return { outcomes, kept, commitSeconds: await this.#commit(connection, turn, manner) };
  }

  /** Reads at once what this work and those that wait behind it have foreseen. */
  async #lookUp(connection: Connection, from: number, lookedUp: Set<Job>): Promise<void> {
    const ids = new Map<Foreseen['lookUp'], Set<string>>();
    for (const job of [...this.#group.slice(from), ...this.#waiting.slice(0, groupLimit)]) {
      if (job.foreseen === undefined) continue;
      const { lookUp, id } = job.foreseen;
      ids.set(lookUp, (ids.get(lookUp) ?? new Set()).add(id));
      lookedUp.add(job);
    }
    const unit = this.#unitOn(connection);
    try {
      for (const [lookUp, wanted] of ids) {
        await runInside(unit, (each) => lookUp(each, [...wanted]));
      }
      this.#options.memory.keepWork();
    } catch (error) {
      throw connection.hasFailedSilently ? new Spoilt('', { cause: error }) : error;
    } finally {
      unit.end();
    }
  }

  #mayTakeMore(count: number, startedMs: number): boolean {
    return this.#waiting.length > 0 && count < groupLimit && performance.now() - startedMs < groupMs;
  }

  /** Waits until all other writers have ended. Returns the number of this turn. */
  async #begin(connection: Connection): Promise<number> {
    const wasUsed = connection.isUsed;
    connection.begin('BEGIN ISOLATION LEVEL READ COMMITTED');
    try {
      const { rows } = await connection.execute(this.#statementsOf(connection).take, [], {
        writes: false,
        isSilent: false,
      });
      const [row] = rows;
      if (row === undefined) throw new Error('The table write_turn has lost its row.');
      const [newest, turn] = row as [Instant | null, string | number];
      if (newest !== null) this.#options.clock.raise(newest);
      // Behind a new connection there may be a server that has lost turns, and counts them anew.
      if (!wasUsed || Number(turn) !== this.#turnLeft) this.#options.memory.clear();
      this.#turnLeft = null;
      return Number(turn);
    } catch (error) {
      throw wasUsed && isConnectionLost(error) ? new NeverBegun('', { cause: error }) : error;
    }
  }

  async #runBoldly(connection: Connection, job: Job, isFirst: boolean): Promise<Outcome> {
    const unit = this.#unitOn(connection);
    connection.hasWritten = false;
    try {
      const value = await runInside(unit, job.work);
      unit.end();
      if (connection.failure !== null) throw new Spoilt('', { cause: connection.failure });
      return this.#kept(job, value);
    } catch (error) {
      unit.end();
      this.#options.memory.undoWork();
      const leavesNothing = !connection.hasWritten && connection.failure === null;
      if (!leavesNothing && (!isFirst || connection.hasFailedSilently || error instanceof Spoilt)) {
        throw error instanceof Spoilt ? error : new Spoilt('', { cause: error });
      }
      throwIfOfTheWhole(connection, error);
      return { isKept: false, answer: () => job.reject(asSeenOutside(error)) };
    }
  }

  async #runCarefully(connection: Connection, job: Job): Promise<Outcome> {
    await connection.command('SAVEPOINT work');
    const unit = this.#unitOn(connection);
    try {
      const value = await runInside(unit, job.work);
      unit.end();
      await connection.sendGathered();
      if (connection.failure !== null) throw connection.failure;
      await connection.command('RELEASE SAVEPOINT work');
      return this.#kept(job, value);
    } catch (error) {
      unit.end();
      this.#options.memory.undoWork();
      throwIfOfTheWhole(connection, error);
      connection.dropGathered();
      await connection.command('ROLLBACK TO SAVEPOINT work');
      connection.forgiveFailure();
      connection.hasWritten = false;
      return { isKept: false, answer: () => job.reject(asSeenOutside(error)) };
    }
  }

  #kept(job: Job, value: unknown): Outcome {
    this.#options.memory.keepWork();
    return { isKept: true, answer: () => job.resolve(value) };
  }

  #unitOn(connection: Connection): RunningWriteUnit {
    const { owner, engine, clock, memory } = this.#options;
    return new RunningWriteUnit(
      owner,
      engine,
      connection.db,
      clock.now(),
      this.#turn,
      connection,
      () => memory.ofWriter,
    );
  }

  /** Returns how long it took. */
  async #commit(connection: Connection, turn: number, manner: Manner): Promise<number> {
    const now = this.#options.clock.now();
    connection.defers = true;
    void connection.execute(this.#statementsOf(connection).leave, [now], { writes: true, isSilent: true });
    const startedMs = performance.now();
    const tag = await connection.command('COMMIT').catch((error) => {
      // A server that refuses to commit says so on a connection that stays.
      throw connection.isOpen ? error : commitInDoubt(error);
    });
    if (tag !== 'COMMIT') {
      const cause = connection.failure;
      throw manner === 'boldly'
        ? new Spoilt('', { cause })
        : (cause ?? new Error('The commit kept nothing.'));
    }
    this.#options.memory.commit();
    this.#turnLeft = turn + 1;
    return (performance.now() - startedMs) / 1_000;
  }

  #answer({ outcomes, kept, commitSeconds }: Ran, startedMs: number): void {
    // Of a group that is run anew, the last works may not have had their turn.
    this.#waiting = [...this.#group.slice(outcomes.length), ...this.#waiting];
    this.#group = [];
    this.#failed += outcomes.length - kept;
    if (kept > 0) {
      const seconds = (performance.now() - startedMs) / 1_000;
      this.#options.onCommit({ writes: kept, commitSeconds, seconds });
    }
    for (const outcome of outcomes) outcome.answer();
  }

  /** Nothing of the group is kept. If not even one work could begin, those that wait would fare no better. */
  #failGroup(error: unknown): void {
    if (this.#group.length === 0) {
      this.#group = this.#waiting;
      this.#waiting = [];
    }
    const group = this.#group;
    this.#group = [];
    this.#failed += group.length;
    const seen = asSeenOutside(error instanceof NeverBegun ? error.cause : error);
    for (const job of group) job.reject(seen);
  }

  #statementsOf(connection: Connection): { take: Statement; leave: Statement } {
    let statements = this.#prepared.get(connection);
    if (statements === undefined) {
      statements = { take: new Statement(takeTurn), leave: new Statement(leaveTurn) };
      connection.keep(statements.take);
      connection.keep(statements.leave);
      this.#prepared.set(connection, statements);
    }
    return statements;
  }
}

/** Some errors say nothing of the work in which they came, but end all that has been done with it. */
function throwIfOfTheWhole(connection: Connection, error: unknown): void {
  // All are told of the loss, whatever the one work has made of it: its own refusal is nothing to the others.
  if (!connection.isOpen) throw isConnectionLost(error) ? error : new ConnectionLost(error);
  if (isCollision(error) || isStaleStatement(error)) throw error;
}
