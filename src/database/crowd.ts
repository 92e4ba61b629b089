import { setImmediate as nextTurn } from 'node:timers/promises';

/** Fewer than so many are taken in by the group that runs, or by the next. */
const crowd = 64;

/** So long a work, or several, may take before others have their turns. */
const dueAfterMs = 1;

/** For each such part of the time that was taken, the loop has a turn. */
const partMs = 0.1;
const turnsAtMost = 64;

/** Who was taken in is heard in the next turn, so a turn that brings nobody is no sign yet. */
const turnsInVain = 2;

/**
 * Lets the event loop turn between the works of a group, where so many others wait that it would not for long. In each
 * turn the loop takes in one new connection: whoever comes to a crowd would wait for as many groups as have come before.
 */
export class GivingWay {
  readonly #waiting: () => number;
  #sinceMs = performance.now();

  /** @param waiting how many wait now */
  constructor(waiting: () => number) {
    this.#waiting = waiting;
  }

  /** To be asked before each work. */
  get isDue(): boolean {
    return this.#waiting() > crowd && performance.now() - this.#sinceMs > dueAfterMs;
  }

  /** Resolves when nobody new comes any more, or the loop has had as many turns as it missed. */
  async turns(): Promise<void> {
    const missed = Math.min(turnsAtMost, (performance.now() - this.#sinceMs) / partMs);
    let inVain = 0;
    for (let turn = 0; turn < missed && inVain < turnsInVain; turn += 1) {
      const before = this.#waiting();
      await nextTurn();
      inVain = this.#waiting() > before ? 0 : inVain + 1;
    }
    this.#sinceMs = performance.now();
  }
}
