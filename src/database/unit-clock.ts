import type { Clock, Instant } from '../shared/clock.ts';

/** Gives each unit its `now`: the clock's, or the last one given if the clock has been set back. */
export class UnitClock {
  readonly #clock: Clock;
  #lastMs = Number.NEGATIVE_INFINITY;
  #lastInstant: Instant = '';

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): Instant {
    this.#advance(this.#clock.now().getTime());
    return this.#lastInstant;
  }

  /** Nothing earlier than `instant` is given from now on. */
  raise(instant: Instant): void {
    const milliseconds = Date.parse(instant);
    if (Number.isNaN(milliseconds)) {
      throw new RangeError(`Not an instant: ${instant}`);
    }
    this.#advance(milliseconds);
  }

  #advance(milliseconds: number): void {
    if (milliseconds > this.#lastMs) {
      this.#lastMs = milliseconds;
      this.#lastInstant = new Date(milliseconds).toISOString();
    }
  }
}
