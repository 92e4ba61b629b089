import { setImmediate as nextTurn } from 'node:timers/promises';

const crowd = 64;
const turnMs = 1;

/**
 * Lets the event loop turn between the works of a group, where so many others wait that it would not for long. In each
 * turn the loop takes in one new connection: whoever comes to a crowd would wait for as many groups as have come before.
 */
export class GivingWay {
  #sinceMs = performance.now();

  /** To be called before each work. */
  isDue(waiting: number): boolean {
    return waiting > crowd && performance.now() - this.#sinceMs > turnMs;
  }

  async turn(): Promise<void> {
    await nextTurn();
    this.#sinceMs = performance.now();
  }
}
