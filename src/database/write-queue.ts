import { setImmediate as nextTurn } from 'node:timers/promises';
import type Sqlite from 'better-sqlite3';
import type { Instant } from '../shared/clock.ts';
import { whileBusy } from './busy.ts';
import type { Engine } from './columns.ts';
import { commitInDoubt } from './commit-in-doubt.ts';
import { GivingWay } from './crowd.ts';
import { foreseenBy } from './foreseen.ts';
import type { Lend, Lent } from './lending.ts';
import type { Memory } from './memory.ts';
import { takeOverdue, tooManyWaiting } from './overdue.ts';
import { type BusySpell, RunningWriteUnit } from './running-write-unit.ts';
import type { SqliteWrites } from './sqlite-writes.ts';
import { asSeenOutside, isFailedDisk, isStorageFault } from './storage-errors.ts';
import { tellOfCommit } from './tell-of-commit.ts';
import type { CommittedGroup, Db, Foreseen, WriteUnit } from './unit.ts';
import type { UnitClock } from './unit-clock.ts';
import { runInside } from './unit-scope.ts';

/** No further work joins a group that has run for as long: those already in it wait for the commit. */
const groupMs = 10;

/** For how long a group tries to begin while another process writes. */
const otherWriterMs = 2_000;

/** For so many works what they have foreseen is looked up before the first of them is run. */
const foreseenAtOnce = 32;

interface Waiting {
  readonly sinceMs: number;
  readonly foreseen: Foreseen | undefined;
  reject(error: unknown): void;
}

interface Job extends Waiting {
  work(unit: WriteUnit): Promise<unknown>;
  resolve(value: unknown): void;
}

/** Somebody else writes when its turn has come, alone. */
interface Loan extends Waiting {
  use(now: Instant): Promise<Lent>;
  resolve(): void;
}

/** What a work came to: `answer` tells its caller, once the commit has returned. */
interface Outcome {
  isKept: boolean;
  answer(): void;
}

interface Ran {
  outcomes: Outcome[];
  kept: number;
}

/**
 * How a group is run. Boldly: its works share one transaction without more ado. Nearly always that goes well, and a
 * work that refuses before it writes leaves nothing to undo. If one fails after it has written, nothing of the group is
 * kept, and the same works are run once more, carefully: each in a savepoint, which costs a copy of every page that
 * it changes.
 */
type Manner = 'boldly' | 'carefully';

/** Thrown when a group that was run boldly has to be run carefully. */
class Spoilt extends Error {}

export interface WriteQueueOptions {
  /** The database as its units know it. */
  owner: object;
  engine: Engine;
  connection: Sqlite.Database;
  db: Db;
  clock: UnitClock;
  memory: Memory;
  writes: SqliteWrites;
  /** How many works may wait. */
  limit: number;
  /** For how long a work may wait behind many others. */
  longestWaitMs: number;
  /** How many works may share one commit. */
  groupLimit: number;
  /** Called when no other process can write until the group ends. */
  afterBegin(): void;
  /** Awaited before the commit of a group that took long enough for others to have had their turn meanwhile. */
  beforeLongCommit?(): Promise<void>;
  beforeCommit?(): void;
  /** Called after each commit, before those who wait for it are answered. */
  onCommit(group: CommittedGroup): void;
  /** Called when a whole group was lost, with what its callers are told. */
  onFailure?(error: unknown): void;
  /** Called when a turn that was lent is over: somebody else may have written. */
  onReturn?(): void;
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
  readonly #connection: Sqlite.Database;
  readonly #begin: Sqlite.Statement;
  readonly #commit: Sqlite.Statement;
  readonly #rollback: Sqlite.Statement;
  readonly #savepoint: Sqlite.Statement;
  readonly #release: Sqlite.Statement;
  readonly #rollbackToSavepoint: Sqlite.Statement;
  readonly #spell: BusySpell = { sinceMs: 0, breaths: 0 };
  #waiting: (Job | Loan)[] = [];
  #group: Job[] = [];
  #isLent = false;
  #draining: Promise<void> | undefined;
  #failed = 0;
  #refused = 0;

  constructor(options: WriteQueueOptions) {
    const { connection } = options;
    this.#options = options;
    this.#connection = connection;
    this.#begin = connection.prepare('BEGIN IMMEDIATE');
    this.#commit = connection.prepare('COMMIT');
    this.#rollback = connection.prepare('ROLLBACK');
    this.#savepoint = connection.prepare('SAVEPOINT work');
    this.#release = connection.prepare('RELEASE work');
    this.#rollbackToSavepoint = connection.prepare('ROLLBACK TO work');
  }

  /** Works that wait or run. */
  get depth(): number {
    return this.#waiting.length + this.#group.length + (this.#isLent ? 1 : 0);
  }

  /** Works that ended with an error, of their own or of their group. */
  get failed(): number {
    return this.#failed;
  }

  /** Works that were not taken, or not run, because too many waited. */
  get refused(): number {
    return this.#refused;
  }

  add<T>(work: (unit: WriteUnit) => Promise<T>, foreseen?: Foreseen): Promise<T> {
    this.#assertRoom();
    return new Promise<T>((resolve, reject) => {
      const sinceMs = performance.now();
      this.#queue({ sinceMs, foreseen, work, resolve: resolve as (value: unknown) => void, reject });
    });
  }

  /** Lets somebody else write, when all that was added before has been done. */
  readonly lend: Lend = async (use) => {
    this.#assertRoom();
    const sinceMs = performance.now();
    await new Promise<void>((resolve, reject) => {
      this.#queue({ sinceMs, foreseen: undefined, use, resolve, reject });
    });
  };

  /** Resolves when nothing waits or runs. */
  async idle(): Promise<void> {
    await this.#draining;
  }

  #assertRoom(): void {
    if (this.#waiting.length < this.#options.limit) return;
    this.#refused += 1;
    throw tooManyWaiting();
  }

  #queue(last: Job | Loan): void {
    this.#waiting.push(last);
    this.#draining ??= this.#drain();
  }

  async #drain(): Promise<void> {
    do {
      // Whoever comes within this turn joins the group.
      await nextTurn();
      this.#refuseOverdue();
      const [first] = this.#waiting;
      if (isLoan(first)) await this.#lendTurn();
      else await this.#runGroup();
    } while (this.#waiting.length > 0);
    this.#draining = undefined;
  }

  #refuseOverdue(): void {
    for (const job of takeOverdue(this.#waiting, this.#options.longestWaitMs)) {
      this.#refused += 1;
      job.reject(tooManyWaiting());
    }
  }

  async #lendTurn(): Promise<void> {
    const loan = this.#waiting.shift() as Loan;
    this.#isLent = true;
    let lent: Lent = { group: null, failed: 0 };
    let answer = () => loan.resolve();
    try {
      lent = await loan.use(this.#options.clock.now());
      this.#failed += lent.failed;
    } catch (error) {
      const seen = asSeenOutside(error);
      this.#failed += 1;
      this.#options.onFailure?.(seen);
      answer = () => loan.reject(seen);
    }
    this.#isLent = false;
    this.#options.onReturn?.();
    if (lent.group !== null) tellOfCommit(this.#options.onCommit, lent.group);
    answer();
  }

  async #runGroup(): Promise<void> {
    const startedMs = performance.now();
    this.#spell.sinceMs = startedMs;
    this.#spell.breaths = 0;
    try {
      const { outcomes, kept } = await this.#runTogether(startedMs);
      if (kept > 0 && this.#spell.breaths > 0) await this.#options.beforeLongCommit?.();
      const commitSeconds = kept > 0 ? this.#commitGroup() : this.#endInVain();
      this.#group = [];
      this.#failed += outcomes.length - kept;
      if (kept > 0) {
        const seconds = (performance.now() - startedMs) / 1_000;
        tellOfCommit(this.#options.onCommit, { writes: kept, commitSeconds, seconds });
      }
      for (const outcome of outcomes) outcome.answer();
    } catch (error) {
      this.#failGroup(error);
    }
  }

  async #runTogether(startedMs: number): Promise<Ran> {
    try {
      return await this.#runInManner('boldly', startedMs);
    } catch (error) {
      if (!(error instanceof Spoilt)) throw error;
      return await this.#runInManner('carefully', startedMs);
    }
  }

  async #runInManner(manner: Manner, startedMs: number): Promise<Ran> {
    const outcomes: Outcome[] = [];
    let kept = 0;
    let lookedUp = 0;
    const way = new GivingWay(() => this.#waiting.length);
    do {
      if (way.isDue) await way.turns();
      if (!this.#connection.inTransaction) await this.#beginGroup();
      if (outcomes.length === lookedUp) lookedUp += await this.#lookUpNext(outcomes.length);
      if (outcomes.length === this.#group.length) this.#group.push(this.#waiting.shift() as Job);
      const job = this.#group[outcomes.length] as Job;
      const outcome = await (manner === 'boldly' ? this.#runBoldly(job, kept) : this.#runCarefully(job));
      outcomes.push(outcome);
      kept += outcome.isKept ? 1 : 0;
    } while (outcomes.length < this.#group.length || this.#mayTakeMore(outcomes.length, startedMs));
    if (kept > 0) this.#sendGathered();
    return { outcomes, kept };
  }

  /** Of rows that fail together it is not known whose it is that fails. */
  #sendGathered(): void {
    const { writes, memory } = this.#options;
    try {
      writes.send();
    } catch (error) {
      this.#assertInTransaction(error);
      this.#rollback.run();
      writes.drop();
      memory.rollback();
      throw new Spoilt('', { cause: error });
    }
  }

  #mayTakeMore(count: number, startedMs: number): boolean {
    const [next] = this.#waiting;
    if (next === undefined || isLoan(next)) return false;
    return count < this.#options.groupLimit && performance.now() - startedMs < groupMs;
  }

  async #beginGroup(): Promise<void> {
    await whileBusy(() => this.#begin.run(), otherWriterMs);
    this.#options.afterBegin();
  }

  /**
   * Looks up what the next works of the group, and those behind it, have foreseen: the first question after a work has
   * what was gathered sent, and so there is none. Returns for how many.
   */
  async #lookUpNext(from: number): Promise<number> {
    const { memory } = this.#options;
    const ofGroup = this.#group.slice(from, from + foreseenAtOnce);
    const next = [...ofGroup, ...this.#waiting.slice(0, foreseenAtOnce - ofGroup.length)];
    const unit = this.#unit();
    try {
      for (const [lookUp, ids] of foreseenBy(next)) await runInside(unit, (each) => lookUp(each, [...ids]));
      memory.keepWork();
    } catch (error) {
      // Whichever work it is that cannot look this up will meet the same, and be refused alone.
      this.#assertInTransaction(error);
      memory.undoWork();
    } finally {
      unit.end();
    }
    return next.length;
  }

  async #runBoldly(job: Job, keptBefore: number): Promise<Outcome> {
    const { writes, memory } = this.#options;
    writes.hasWritten = false;
    try {
      const value = await this.#run(job);
      if (writes.failure !== null) throw writes.failure.error;
      return this.#kept(job, value);
    } catch (error) {
      this.#assertInTransaction(error);
      memory.undoWork();
      // What was gathered before this work began may have failed in it, be it that the work has made light of it.
      if (writes.hasWritten || writes.failure !== null) {
        this.#rollback.run();
        writes.drop();
        memory.rollback();
        if (keptBefore > 0) throw new Spoilt();
      }
      return refusal(job, error);
    }
  }

  async #runCarefully(job: Job): Promise<Outcome> {
    this.#savepoint.run();
    try {
      const value = await this.#run(job);
      this.#options.writes.send();
      this.#release.run();
      return this.#kept(job, value);
    } catch (error) {
      this.#assertInTransaction(error);
      this.#options.writes.drop();
      this.#options.memory.undoWork();
      this.#rollbackToSavepoint.run();
      this.#release.run();
      return refusal(job, error);
    }
  }

  /** Throws if the transaction as a whole is lost. */
  async #run(job: Job): Promise<unknown> {
    const unit = this.#unit();
    try {
      const value = await runInside(unit, job.work);
      this.#assertInTransaction();
      return value;
    } finally {
      unit.end();
    }
  }

  #unit(): RunningWriteUnit {
    const { owner, engine, db, clock, memory, writes } = this.#options;
    const recollect = () => memory.ofWriter;
    return new RunningWriteUnit(owner, engine, db, clock.now(), this.#spell, writes, recollect);
  }

  #kept(job: Job, value: unknown): Outcome {
    this.#options.memory.keepWork();
    return { isKept: true, answer: () => job.resolve(value) };
  }

  /** Not one work of the group was kept. */
  #endInVain(): 0 {
    this.#options.memory.rollback();
    this.#options.writes.drop();
    if (this.#connection.inTransaction) this.#rollback.run();
    return 0;
  }

  /** Returns how long the commit took. */
  #commitGroup(): number {
    this.#options.beforeCommit?.();
    const startedMs = performance.now();
    try {
      this.#commit.run();
    } catch (error) {
      // Written, but not surely on the disk: after a crash, the log may be read with it or without it.
      throw isFailedDisk(error) ? commitInDoubt(error) : error;
    }
    this.#options.memory.commit();
    return (performance.now() - startedMs) / 1_000;
  }

  /** Nothing of the group is kept. If not even one work could begin, those that wait would fare no better. */
  #failGroup(error: unknown): void {
    this.#options.memory.rollback();
    this.#options.writes.drop();
    try {
      if (this.#connection.inTransaction) {
        this.#rollback.run();
      }
    } catch {
      // The next group cannot begin then, and comes here to try again.
    }
    const group = this.#group.length === 0 ? this.#waiting : this.#group;
    if (group === this.#waiting) this.#waiting = [];
    this.#group = [];
    this.#failed += group.length;
    const seen = asSeenOutside(error);
    this.#options.onFailure?.(seen);
    for (const job of group) {
      job.reject(seen);
    }
  }

  /** SQLite undoes the whole transaction by itself on some faults, such as a full disk. */
  #assertInTransaction(cause?: unknown): void {
    if (this.#connection.inTransaction) {
      return;
    }
    // What one work is refused for is no matter of the others, which are undone with it.
    const seen = asSeenOutside(cause);
    throw isStorageFault(seen)
      ? seen
      : new Error('The transaction was ended from inside of a work.', { cause });
  }
}

function isLoan(waiting: Job | Loan | undefined): waiting is Loan {
  return waiting !== undefined && 'use' in waiting;
}

function refusal(job: Job, error: unknown): Outcome {
  return { isKept: false, answer: () => job.reject(asSeenOutside(error)) };
}
