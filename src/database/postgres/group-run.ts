import type { Engine } from '../columns.ts';
import { GivingWay } from '../crowd.ts';
import { foreseenBy } from '../foreseen.ts';
import type { Memory } from '../memory.ts';
import { type BusySpell, RunningWriteUnit } from '../running-write-unit.ts';
import type { Foreseen, WriteUnit } from '../unit.ts';
import type { UnitClock } from '../unit-clock.ts';
import { runInside } from '../unit-scope.ts';
import type { Connection, Transaction } from './connection.ts';
import { asSeenOutside, ConnectionLost, isCollision, isConnectionLost, isStaleStatement } from './errors.ts';

/** No further work joins a group that is as large, or has run for as long: those already in it wait for the commit. */
const groupLimit = 1_000;
const groupMs = 20;

export interface Job {
  readonly sinceMs: number;
  work(unit: WriteUnit): Promise<unknown>;
  foreseen: Foreseen | undefined;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** Works that are committed together, and since when they have been run. */
export interface Group {
  readonly jobs: Job[];
  readonly startedMs: number;
}

/** What a work came to: `answer` tells its caller, once the commit has returned. */
interface Outcome {
  isKept: boolean;
  answer(): void;
}

/**
 * How a group is run. Boldly: its works share one transaction without more ado, and statements that only write are not
 * waited for. Nearly always that goes well. If anything fails after something was written, nothing of it is kept, and
 * the same works are run once more, carefully: each in a savepoint, each statement awaited. So what fails, fails alone
 * and where it was sent.
 */
export type Manner = 'boldly' | 'carefully';

/** Thrown when a group that was run boldly has to be run carefully. */
export class Spoilt extends Error {}

export interface GroupRunOptions {
  /** The database as its units know it. */
  owner: object;
  engine: Engine;
  clock: UnitClock;
  memory: Memory;
}

/** One run of a group's works in the transaction that was begun for it. */
export class GroupRun {
  readonly group: Group;
  readonly manner: Manner;
  readonly connection: Connection;
  readonly transaction: Transaction;
  readonly outcomes: Outcome[] = [];
  /** How many of the works are to be kept. */
  kept = 0;
  /** Nothing can be done any more in the transaction but to end it. */
  isOver = false;
  readonly #options: GroupRunOptions;
  readonly #waiting: Job[];
  readonly #spell: BusySpell = { sinceMs: 0, breaths: 0 };
  readonly #lookedUp = new Set<Job>();

  /** @param waiting the works that may join the group, of which it takes the first */
  constructor(
    options: GroupRunOptions,
    connection: Connection,
    group: Group,
    manner: Manner,
    waiting: Job[],
  ) {
    this.#options = options;
    this.connection = connection;
    this.transaction = connection.transaction;
    this.transaction.defers = manner === 'boldly';
    this.group = group;
    this.manner = manner;
    this.#waiting = waiting;
  }

  /**
   * Runs those of the group, and those that wait, until none does or it has taken long enough.
   * @throws Spoilt, or what ends the transaction as a whole
   */
  async runWaiting(): Promise<void> {
    const { jobs } = this.group;
    const sinceMs = performance.now();
    this.#spell.sinceMs = sinceMs;
    const way = new GivingWay(() => this.#waiting.length);
    while (!this.isOver && (this.outcomes.length < jobs.length || this.#mayTakeMore(sinceMs))) {
      if (way.isDue) await way.turns();
      if (this.outcomes.length === jobs.length) jobs.push(this.#waiting.shift() as Job);
      const job = jobs[this.outcomes.length] as Job;
      if (job.foreseen !== undefined && !this.#lookedUp.has(job)) await this.#lookUp();
      const outcome = await (this.manner === 'boldly' ? this.#runBoldly(job) : this.#runCarefully(job));
      this.outcomes.push(outcome);
      this.kept += outcome.isKept ? 1 : 0;
      const { failure, hasWritten } = this.transaction;
      // What was undone with all that there was leaves no transaction in which to go on.
      this.isOver = failure !== null || (!outcome.isKept && hasWritten);
    }
  }

  get isFull(): boolean {
    return this.outcomes.length >= groupLimit;
  }

  /** Sends what its works have written so far, before they are all there. */
  sendWritten(): void {
    // What goes wrong with it shows in the transaction.
    if (!this.isOver) this.connection.sendGathered().catch(() => undefined);
  }

  #mayTakeMore(sinceMs: number): boolean {
    return this.#waiting.length > 0 && !this.isFull && performance.now() - sinceMs < groupMs;
  }

  /** Reads at once what the next work and those behind it have foreseen. */
  async #lookUp(): Promise<void> {
    const next = [...this.group.jobs.slice(this.outcomes.length), ...this.#waiting.slice(0, groupLimit)];
    for (const job of next) this.#lookedUp.add(job);
    const unit = this.#unit();
    try {
      for (const [lookUp, wanted] of foreseenBy(next))
        await runInside(unit, (each) => lookUp(each, [...wanted]));
      this.#options.memory.keepWork();
    } catch (error) {
      throw this.transaction.hasFailedSilently ? new Spoilt('', { cause: error }) : error;
    } finally {
      unit.end();
    }
  }

  async #runBoldly(job: Job): Promise<Outcome> {
    const { transaction } = this;
    const unit = this.#unit();
    transaction.hasWritten = false;
    try {
      const value = await runInside(unit, job.work);
      unit.end();
      if (transaction.failure !== null) throw new Spoilt('', { cause: transaction.failure });
      return this.#keptOutcome(job, value);
    } catch (error) {
      unit.end();
      this.#options.memory.undoWork();
      const leavesNothing = !transaction.hasWritten && transaction.failure === null;
      if (!leavesNothing && (this.kept > 0 || transaction.hasFailedSilently || error instanceof Spoilt)) {
        throw error instanceof Spoilt ? error : new Spoilt('', { cause: error });
      }
      this.#throwIfOfTheWhole(error);
      return { isKept: false, answer: () => job.reject(asSeenOutside(error)) };
    }
  }

  async #runCarefully(job: Job): Promise<Outcome> {
    const { connection, transaction } = this;
    await connection.command('SAVEPOINT work');
    const unit = this.#unit();
    try {
      const value = await runInside(unit, job.work);
      unit.end();
      await connection.sendGathered();
      if (transaction.failure !== null) throw transaction.failure;
      await connection.command('RELEASE SAVEPOINT work');
      return this.#keptOutcome(job, value);
    } catch (error) {
      unit.end();
      this.#options.memory.undoWork();
      this.#throwIfOfTheWhole(error);
      connection.dropGathered();
      await connection.command('ROLLBACK TO SAVEPOINT work');
      transaction.forgiveFailure();
      transaction.hasWritten = false;
      return { isKept: false, answer: () => job.reject(asSeenOutside(error)) };
    }
  }

  #keptOutcome(job: Job, value: unknown): Outcome {
    this.#options.memory.keepWork();
    return { isKept: true, answer: () => job.resolve(value) };
  }

  #unit(): RunningWriteUnit {
    const { owner, engine, clock, memory } = this.#options;
    const { connection } = this;
    return new RunningWriteUnit(
      owner,
      engine,
      connection.db,
      clock.now(),
      this.#spell,
      connection,
      () => memory.ofWriter,
    );
  }

  /** Some errors say nothing of the work in which they came, but end all that has been done with it. */
  #throwIfOfTheWhole(error: unknown): void {
    // All are told of the loss, whatever the one work has made of it: its own refusal is nothing to the others.
    if (!this.connection.isOpen) throw isConnectionLost(error) ? error : new ConnectionLost(error);
    if (isCollision(error) || isStaleStatement(error)) throw error;
  }
}
