import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { Instant } from '../../shared/clock.ts';
import { commitInDoubt } from '../commit-in-doubt.ts';
import { takeOverdue, tooManyWaiting } from '../overdue.ts';
import { tellOfCommit } from '../tell-of-commit.ts';
import type { CommittedGroup, Foreseen, WriteUnit } from '../unit.ts';
import type { Connection } from './connection.ts';
import { asSeenOutside, isCollision, isConnectionLost, isStaleStatement } from './errors.ts';
import { type Group, GroupRun, type GroupRunOptions, type Job, type Manner, Spoilt } from './group-run.ts';
import type { ConnectionPool } from './pool.ts';
import { Statement } from './queries.ts';

/** How often a group that met another one is run, and for how long it waits before the second time. */
const attempts = 6;
const firstPauseMs = 5;

/** After somebody else has written in between, so many groups are run by themselves before one is run ahead again. */
const groupsByThemselves = 100;

/**
 * All writers of all processes take turns by this row, so each group runs alone, on what the one before has left. The
 * row also holds the newest moment that any of them has called its `now`, and how many turns there have been: who finds
 * it as it left it knows that nobody else has written since.
 */
const takeTurn = 'select at, turn from write_turn where id = 1 for update';
const leaveTurn = 'update write_turn set at = $1, turn = turn + 1 where id = 1';

/** Thrown when a connection turned out to have been lost before anything was done on it. */
class NeverBegun extends Error {}

/** A group whose commit is on its way. */
interface SentGroup {
  run: GroupRun;
  /** The number of its turn. */
  turn: number;
  attempt: number;
  /** Resolves with null when it is kept, and all are answered; otherwise with why it is not. Nobody is answered then. */
  fate: Promise<unknown>;
  isFateKnown: boolean;
}

export interface WriteQueueOptions extends GroupRunOptions {
  connections: ConnectionPool;
  /** How many works may wait. */
  limit: number;
  /** For how long a work may wait behind many others. */
  longestWaitMs: number;
  /** Called after each commit, before those who wait for it are answered. */
  onCommit(group: CommittedGroup): void;
}

/**
 * Runs write works one after the other and commits together those that came in the meantime, so that they share one
 * wait for the disk. Each is kept or undone by itself. Nobody is answered before the commit has returned: even a
 * refusal may rest on what an earlier work of the same group has written.
 *
 * While a group waits for its commit, the next one is run behind it on the same connection, as if it were kept already
 * and nobody else had written in between. If it turns out otherwise, what was run is undone and run by itself.
 *
 * A work may be run more than once before it is answered; what counts is the last time.
 */
export class WriteQueue {
  readonly #options: WriteQueueOptions;
  readonly #prepared = new WeakMap<Connection, { take: Statement; leave: Statement }>();
  /** What `turn` will be if nobody else has written since; null before the first turn and after one in doubt. */
  #turnLeft: number | null = null;
  #connection: Connection | null = null;
  readonly #waiting: Job[] = [];
  #arrived: PromiseWithResolvers<void> | null = null;
  #draining: Promise<void> | undefined;
  #byThemselves = 0;
  #depth = 0;
  #failed = 0;
  #refused = 0;

  constructor(options: WriteQueueOptions) {
    this.#options = options;
  }

  /** Works that wait or run. */
  get depth(): number {
    return this.#depth;
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
    if (this.#waiting.length >= this.#options.limit) {
      this.#refused += 1;
      throw tooManyWaiting();
    }
    return new Promise<T>((resolve, reject) => {
      this.#depth += 1;
      const sinceMs = performance.now();
      this.#waiting.push({ sinceMs, work, foreseen, resolve: resolve as (value: unknown) => void, reject });
      this.#arrived?.resolve();
      this.#draining ??= this.#drain();
    });
  }

  /** Resolves when nothing waits or runs. */
  async idle(): Promise<void> {
    await this.#draining;
  }

  async #drain(): Promise<void> {
    let sent: SentGroup | null = null;
    do {
      // Whoever comes within this turn joins the group.
      await nextTurn();
      this.#refuseOverdue();
      if (sent === null) sent = await this.#runAlone();
      else if (await this.#hasWorkBefore(sent)) sent = await this.#runBehind(sent);
      else sent = await this.#settled(sent);
    } while (sent !== null || this.#waiting.length > 0);
    this.#giveBack(false);
    this.#draining = undefined;
  }

  #refuseOverdue(): void {
    for (const job of takeOverdue(this.#waiting, this.#options.longestWaitMs)) {
      this.#refused += 1;
      this.#depth -= 1;
      job.reject(tooManyWaiting());
    }
  }

  /** Waits until the fate of a group is known, or a work is there that may be run before. */
  async #hasWorkBefore(sent: SentGroup): Promise<boolean> {
    if (this.#byThemselves > 0) return false;
    if (this.#waiting.length === 0 && !sent.isFateKnown) {
      this.#arrived = Promise.withResolvers();
      await Promise.race([sent.fate, this.#arrived.promise]);
      this.#arrived = null;
    }
    return this.#waiting.length > 0 && !sent.isFateKnown;
  }

  async #runAlone(): Promise<SentGroup | null> {
    this.#byThemselves = Math.max(0, this.#byThemselves - 1);
    return await this.#attempt({ jobs: [], startedMs: performance.now() }, 1, 'boldly');
  }

  /** Runs a group until its commit is sent; null where nothing is to be committed, and all are answered. */
  async #attempt(group: Group, first: number, firstManner: Manner): Promise<SentGroup | null> {
    let manner = firstManner;
    for (let attempt = first; ; attempt += 1) {
      try {
        return await this.#runOnce(group, attempt, manner);
      } catch (error) {
        const next = await this.#mannerAfter(error, manner, attempt);
        if (next === null) {
          this.#failGroup(group, error);
          return null;
        }
        manner = next;
      }
    }
  }

  async #runOnce(group: Group, attempt: number, manner: Manner): Promise<SentGroup | null> {
    this.#connection ??= await this.#options.connections.lease();
    const connection = this.#connection;
    try {
      const turn = await this.#begin(connection);
      const run = new GroupRun(this.#options, connection, group, manner, this.#waiting);
      await run.runWaiting();
      return await this.#end(run, turn, attempt);
    } catch (error) {
      await this.#undo(connection, isStaleStatement(error));
      throw error;
    }
  }

  /** What is run here is answered only when the group before is kept. */
  async #runBehind(sent: SentGroup): Promise<SentGroup | null> {
    const { connection } = sent.run;
    const group: Group = { jobs: [], startedMs: performance.now() };
    const begun = this.#take(connection).catch(() => null);
    const run = new GroupRun(this.#options, connection, group, 'boldly', this.#waiting);
    let isSound = await this.#runUntilKnown(run, sent);
    isSound &&= (await sent.fate) === null;
    const turn = await begun;
    if (isSound && turn !== sent.turn + 1) {
      isSound = false;
      this.#options.memory.clear();
      this.#byThemselves = groupsByThemselves;
    }
    if (isSound) {
      try {
        return await this.#end(run, sent.turn + 1, 1);
      } catch {
        // As whatever else is not sound: it is run by itself.
      }
    }
    await this.#undo(connection, false);
    this.#waiting.unshift(...group.jobs);
    return await this.#settled(sent);
  }

  /**
   * Runs whoever comes until the fate of the group before is known. What the first of them write is sent at once, so that
   * the server does it while that fate is on its way here; the commit alone waits for it. Returns whether it may be sent.
   */
  async #runUntilKnown(run: GroupRun, sent: SentGroup): Promise<boolean> {
    try {
      await run.runWaiting();
      run.sendWritten();
      while (!run.isOver && !run.isFull && (await this.#hasWorkBefore(sent))) {
        // Whoever comes within this turn is run with the first.
        await nextTurn();
        await run.runWaiting();
      }
      return !run.isOver;
    } catch {
      return false;
    }
  }

  /** When its fate is known: a group that was not kept is run anew by itself until it is, or has failed. */
  async #settled(sent: SentGroup): Promise<null> {
    for (let each: SentGroup | null = sent; each !== null; ) {
      const error: unknown = await each.fate;
      if (error === null) return null;
      const { group, manner, connection }: GroupRun = each.run;
      if (this.#connection === connection) await this.#undo(connection, isStaleStatement(error));
      const next = await this.#mannerAfter(error, manner, each.attempt);
      if (next === null) this.#failGroup(group, error);
      each = next === null ? null : await this.#attempt(group, each.attempt + 1, next);
    }
    return null;
  }

  /** How a group is to be run once more after an error; null: it has failed. */
  async #mannerAfter(error: unknown, manner: Manner, attempt: number): Promise<Manner | null> {
    if (error instanceof Spoilt) return 'carefully';
    if (attempt >= attempts) return null;
    if (error instanceof NeverBegun) return manner;
    if (!isCollision(error) && !isStaleStatement(error)) return null;
    await pause(Math.random() * firstPauseMs * 2 ** attempt);
    return manner;
  }

  /** Nothing of the transaction stays. */
  async #undo(connection: Connection, isStale: boolean): Promise<void> {
    this.#options.memory.rollback();
    connection.dropGathered();
    const isSpent =
      isStale ||
      (await connection.command('ROLLBACK').then(
        () => false,
        () => true,
      ));
    if (isSpent) this.#giveBack(true);
  }

  #giveBack(isSpent: boolean): void {
    if (this.#connection !== null) this.#options.connections.release(this.#connection, isSpent);
    this.#connection = null;
  }

  /** Waits until all other writers have ended. Returns the number of this turn. */
  async #begin(connection: Connection): Promise<number> {
    const wasUsed = connection.isUsed;
    try {
      const turn = await this.#take(connection);
      // Behind a new connection there may be a server that has lost turns, and counts them anew.
      if (!wasUsed || turn !== this.#turnLeft) this.#options.memory.clear();
      this.#turnLeft = null;
      return turn;
    } catch (error) {
      throw wasUsed && isConnectionLost(error) ? new NeverBegun('', { cause: error }) : error;
    }
  }

  /** Begins a transaction and asks for its turn. */
  async #take(connection: Connection): Promise<number> {
    connection.begin('BEGIN ISOLATION LEVEL READ COMMITTED');
    const { take } = this.#statementsOf(connection);
    const { rows } = await connection.execute(take, [], { writes: false, isSilent: false });
    const [row] = rows;
    if (row === undefined) throw new Error('The table write_turn has lost its row.');
    const [newest, turn] = row as [Instant | null, string | number];
    if (newest !== null) this.#options.clock.raise(newest);
    return Number(turn);
  }

  /** Sends the commit, where anything is to be kept. */
  async #end(run: GroupRun, turn: number, attempt: number): Promise<SentGroup | null> {
    const { connection, transaction, group } = run;
    const { memory, clock } = this.#options;
    // Of a group that is run anew, the last works may not have had their turn.
    this.#waiting.unshift(...group.jobs.splice(run.outcomes.length));
    if (run.kept === 0) {
      memory.rollback();
      await connection.command('ROLLBACK');
      if (transaction.hasFailedSilently) throw new Spoilt('', { cause: transaction.failure });
      this.#turnLeft = turn;
      this.#answer(run, 0);
      return null;
    }
    transaction.defers = true;
    const leaving = { writes: true, isSilent: true };
    // Should it fail, the commit keeps nothing.
    connection.execute(this.#statementsOf(connection).leave, [clock.now()], leaving).catch(() => undefined);
    const fate = this.#fateOf(run, connection.command('COMMIT'));
    const sent: SentGroup = { run, turn, attempt, fate, isFateKnown: false };
    fate.then(() => {
      sent.isFateKnown = true;
    });
    // Whoever is run from now on is run behind it.
    memory.commit();
    this.#turnLeft = turn + 1;
    return sent;
  }

  async #fateOf(run: GroupRun, commit: Promise<string>): Promise<unknown> {
    const sentMs = performance.now();
    try {
      const tag = await commit.catch((error) => {
        // A server that refuses to commit says so on a connection that stays.
        throw run.connection.isOpen ? error : commitInDoubt(error);
      });
      if (tag !== 'COMMIT') {
        const cause = run.transaction.failure;
        throw run.manner === 'boldly'
          ? new Spoilt('', { cause })
          : (cause ?? new Error('The commit kept nothing.'));
      }
    } catch (error) {
      this.#options.memory.clear();
      this.#turnLeft = null;
      return error;
    }
    this.#answer(run, (performance.now() - sentMs) / 1_000);
    return null;
  }

  #answer({ group, outcomes, kept }: GroupRun, commitSeconds: number): void {
    this.#failed += outcomes.length - kept;
    this.#depth -= outcomes.length;
    if (kept > 0) {
      const seconds = (performance.now() - group.startedMs) / 1_000;
      tellOfCommit(this.#options.onCommit, { writes: kept, commitSeconds, seconds });
    }
    for (const outcome of outcomes) outcome.answer();
  }

  /** Nothing of the group is kept. If not even one work could begin, those that wait would fare no better. */
  #failGroup({ jobs }: Group, error: unknown): void {
    const failed = jobs.length > 0 ? jobs : this.#waiting.splice(0);
    this.#failed += failed.length;
    this.#depth -= failed.length;
    const seen = asSeenOutside(error instanceof NeverBegun ? error.cause : error);
    for (const job of failed) job.reject(seen);
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
