import type Sqlite from 'better-sqlite3';

/**
 * The read transaction that the works on one connection share. A work joins the snapshot that is there unless there
 * has been a commit since it was taken; then it takes a new one, after those who still hold the old one have let go.
 *
 * Beginning and ending a transaction costs as much as reading a row, so a snapshot that nobody holds is kept to the
 * end of the turn of the event loop: requests that arrive together share one. The writer has it ended before it
 * commits, for only what no snapshot needs can be moved out of the log.
 */
export class SharedSnapshot {
  readonly #connection: Sqlite.Database;
  readonly #begin: Sqlite.Statement;
  readonly #commit: Sqlite.Statement;
  readonly #rollback: Sqlite.Statement;
  readonly #version: Sqlite.Statement<[], number>;
  #isTaken = false;
  #versionSeen = 0;
  readonly #isChangedByOthers: () => boolean;
  #isNewest = false;
  #holders = 0;
  #isOutdated = false;
  #isEndDue = false;
  #released: PromiseWithResolvers<void> | undefined;

  /** @param isChangedByOthers whether somebody else has changed the database since this was asked last */
  constructor(connection: Sqlite.Database, isChangedByOthers: () => boolean) {
    this.#connection = connection;
    this.#isChangedByOthers = isChangedByOthers;
    this.#begin = connection.prepare('BEGIN');
    this.#commit = connection.prepare('COMMIT');
    this.#rollback = connection.prepare('ROLLBACK');
    this.#version = connection.prepare<[], number>('PRAGMA data_version').pluck();
  }

  /** Whether {@link hold} may be called now; if not, first await {@link released}. */
  get isJoinable(): boolean {
    return !this.#isOutdated || this.#holders === 0;
  }

  get isHeld(): boolean {
    return this.#holders > 0;
  }

  /** Whether it is surely that of the newest commit which the writer knows of. To be asked while it is held. */
  get isNewest(): boolean {
    return this.#isNewest && !this.#isOutdated;
  }

  /** Throws the engine's error if no snapshot can be taken; it is not held then. */
  hold(): void {
    if (this.#isOutdated) {
      this.end();
    }
    if (!this.#isTaken) {
      this.#take();
    }
    this.#holders += 1;
  }

  letGo(): void {
    this.#holders -= 1;
    if (this.#holders > 0) {
      return;
    }
    this.#released?.resolve();
    this.#released = undefined;
    if (!this.#isEndDue) {
      this.#isEndDue = true;
      setImmediate(this.#endOfTurn);
    }
  }

  /** Ends the snapshot, if nobody holds it. */
  end(): void {
    if (this.#holders === 0 && this.#isTaken) {
      this.#isTaken = false;
      this.#isOutdated = false;
      this.#endTransaction();
    }
  }

  /** To be called after each commit that the writer makes or hears of, before anybody is told of it. */
  outdate(): void {
    this.#isOutdated = this.#isTaken;
  }

  /** Resolves when all who hold the snapshot have let go. */
  async released(): Promise<void> {
    if (this.isHeld) {
      this.#released ??= Promise.withResolvers();
      await this.#released.promise;
    }
  }

  #take(): void {
    this.#begin.run();
    let version: number | undefined;
    try {
      version = this.#version.get();
    } catch (error) {
      this.#endTransaction();
      throw error;
    }
    this.#isTaken = true;
    // What others changed may have been changed once more before the writer looked; the next snapshot will tell.
    this.#isNewest = version === this.#versionSeen || !this.#isChangedByOthers();
    this.#versionSeen = version as number;
  }

  #endTransaction(): void {
    // Some faults of the disk end it by themselves.
    if (!this.#connection.inTransaction) {
      return;
    }
    try {
      this.#commit.run();
    } catch {
      // What a damaged page did to a query is told again by the commit. Whoever asked has been told, and nobody else
      // needs to know: there was nothing to keep.
      if (this.#connection.inTransaction) {
        this.#rollback.run();
      }
    }
  }

  readonly #endOfTurn = (): void => {
    this.#isEndDue = false;
    if (this.#connection.open) {
      this.end();
    }
  };
}
