/** Keeps the first few, in an order, of many that are told one after the other, without putting all of them in order. */
export class FirstFew<Thing> {
  readonly #inOrder: (one: Thing, other: Thing) => number;
  readonly #most: number;
  #kept: Thing[] = [];
  /** The last of as many as are wanted, when they were put in order the last time: whatever comes after it is not one. */
  #last: Thing | undefined;

  constructor(most: number, inOrder: (one: Thing, other: Thing) => number) {
    this.#most = most;
    this.#inOrder = inOrder;
  }

  add(thing: Thing): void {
    if (this.#last !== undefined && this.#inOrder(this.#last, thing) <= 0) return;
    this.#kept.push(thing);
    if (this.#kept.length >= 2 * this.#most + orderedAtOnce) this.#shorten();
  }

  /** In their order. */
  get all(): Thing[] {
    this.#shorten();
    return this.#kept;
  }

  #shorten(): void {
    this.#kept = this.#kept.sort(this.#inOrder).slice(0, this.#most);
    if (this.#kept.length === this.#most) this.#last = this.#kept.at(-1);
  }
}

/** Beside twice the few: putting them in order is to be rare where few are wanted. */
const orderedAtOnce = 100;
