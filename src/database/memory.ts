import { LRUCache } from 'lru-cache';
import { SeenLately } from './seen-lately.ts';

/** A kind of thing that is remembered. */
export interface Kind {
  /** One takes a kilobyte and more. */
  readonly isBulky: boolean;
  /** What is made of them, and forgotten under the same id as soon as something is written or forgotten there. */
  readonly made: readonly Kind[];
}

/** So many of a kind are remembered; beyond it, those that were asked for longest ago are forgotten. */
export interface Room {
  forSmall: number;
  forBulky: number;
}

/** Beside a file, where what is read again comes from the next cache: what is bulky is not worth more memory. */
export const besideFile: Room = { forSmall: 10_000, forBulky: 3_000 };

/** Before a server, where a whole group waits for the answer of who reads again. */
export const beforeServer: Room = { forSmall: 10_000, forBulky: 10_000 };

/**
 * Kept apart from what is committed until the group is: `null` stands for "not known, ask the database". What a group or
 * a work has put away is emptied by being made anew: a map that has grown old stays old when it is cleared, and what it
 * held grows old with it, to be collected with all the rest only.
 */
class Shelf {
  readonly committed: LRUCache<string, object>;
  pending = new Map<string, object | null>();
  /** What the work that runs now has put into `pending`. */
  ofWork = new Set<string>();
  /** Whether the group has changed what it cannot name. */
  isAllPending = false;

  /** What was read and not kept. */
  #readLately: SeenLately | undefined;
  readonly #atMost: number;

  constructor(atMost: number) {
    this.committed = new LRUCache({ max: atMost });
    this.#atMost = atMost;
  }

  wasReadLately(id: string): boolean {
    this.#readLately ??= new SeenLately(3 * this.#atMost);
    return this.#readLately.sees(id);
  }
}

/** What a unit may look up and put away. */
export interface Recollection {
  get(kind: Kind, id: string): object | undefined;
  isWorthKeeping(kind: Kind, id: string): boolean;
  set(kind: Kind, id: string, value: object): void;
  forget(kind: Kind, id: string | null): void;
}

/**
 * What was read from one database, for as long as nothing has changed it. It always says what the newest commit says:
 * what a write unit puts in or takes out counts for the write units after it in the same group, and for everybody once
 * the group is committed. Whoever changes the rows of a thing that is remembered forgets it in the same unit.
 */
export class Memory {
  readonly #shelves = new Map<Kind, Shelf>();
  readonly #room: Room;

  constructor(room: Room) {
    this.#room = room;
  }

  /** For a read unit whose snapshot is that of the newest commit. */
  readonly ofReaders: Recollection = {
    get: (kind, id) => this.#shelfOf(kind).committed.get(id),
    isWorthKeeping: (kind, id) => this.#shelfOf(kind).wasReadLately(id),
    set: (kind, id, value) => void this.#shelfOf(kind).committed.set(id, value),
    forget: () => {
      throw new Error('A read unit changes nothing, so it has nothing to forget.');
    },
  };

  /** For the write unit that runs now. */
  readonly ofWriter: Recollection = {
    get: (kind, id) => {
      const shelf = this.#shelfOf(kind);
      const pending = shelf.pending.get(id);
      if (pending !== undefined) return pending ?? undefined;
      return shelf.isAllPending ? undefined : shelf.committed.get(id);
    },
    isWorthKeeping: () => true,
    set: (kind, id, value) => {
      const shelf = this.#shelfOf(kind);
      shelf.pending.set(id, value);
      shelf.ofWork.add(id);
      for (const made of kind.made) this.#forget(made, id);
    },
    forget: (kind, id) => this.#forget(kind, id),
  };

  /** The work that has run is kept. */
  keepWork(): void {
    for (const shelf of this.#shelves.values()) endWork(shelf);
  }

  /** The work that has run is undone. */
  undoWork(): void {
    for (const shelf of this.#shelves.values()) {
      for (const id of shelf.ofWork) shelf.pending.set(id, null);
      endWork(shelf);
    }
  }

  /** The group is committed. */
  commit(): void {
    for (const shelf of this.#shelves.values()) {
      if (shelf.isAllPending) shelf.committed.clear();
      for (const [id, value] of shelf.pending) {
        if (value === null) shelf.committed.delete(id);
        else shelf.committed.set(id, value);
      }
      endGroup(shelf);
    }
  }

  /** Nothing of the group is kept. */
  rollback(): void {
    for (const shelf of this.#shelves.values()) endGroup(shelf);
  }

  /** Somebody else has changed the database. */
  clear(): void {
    for (const shelf of this.#shelves.values()) {
      // Where others write all the time it is empty more often than not.
      if (shelf.committed.size > 0) shelf.committed.clear();
      endGroup(shelf);
    }
  }

  #forget(kind: Kind, id: string | null): void {
    const shelf = this.#shelfOf(kind);
    if (id !== null) {
      shelf.pending.set(id, null);
    } else {
      shelf.isAllPending = true;
      shelf.pending = new Map();
    }
    for (const made of kind.made) this.#forget(made, id);
  }

  #shelfOf(kind: Kind): Shelf {
    let shelf = this.#shelves.get(kind);
    if (shelf === undefined) {
      shelf = new Shelf(kind.isBulky ? this.#room.forBulky : this.#room.forSmall);
      this.#shelves.set(kind, shelf);
    }
    return shelf;
  }
}

function endGroup(shelf: Shelf): void {
  if (shelf.pending.size > 0) shelf.pending = new Map();
  shelf.isAllPending = false;
  endWork(shelf);
}

function endWork(shelf: Shelf): void {
  if (shelf.ofWork.size > 0) shelf.ofWork = new Set();
}
