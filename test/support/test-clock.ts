import type { Clock, Instant } from '../../src/shared/clock.ts';

/** A clock that stands still until it is told otherwise. */
export class TestClock implements Clock {
  #now: Date;

  constructor(instant: Instant) {
    this.#now = new Date(instant);
  }

  now(): Date {
    return new Date(this.#now);
  }

  set(instant: Instant): void {
    this.#now = new Date(instant);
  }

  advance({ days = 0, hours = 0, minutes = 0, seconds = 0 }): void {
    this.#now = new Date(this.#now.getTime() + (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000);
  }
}
