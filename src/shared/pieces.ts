import { breather } from './breather.ts';

/** Smaller ones are put together into one of this length. */
const blockBytes = 64 * 1024;

/** What a long body has come in. Of many small pieces one is made: each of a few bytes would take far more memory. */
export class Pieces {
  readonly #made: Buffer[] = [];
  #block = noBlock;
  #filled = 0;
  #length = 0;

  /** In bytes. */
  get length(): number {
    return this.#length;
  }

  add(piece: Buffer): void {
    this.#length += piece.length;
    if (piece.length > this.#block.length - this.#filled) {
      this.#endBlock();
      if (piece.length >= blockBytes / 2) {
        this.#made.push(piece);
        return;
      }
      this.#block = Buffer.allocUnsafeSlow(blockBytes);
    }
    this.#filled += piece.copy(this.#block, this.#filled);
  }

  /** All that was added, in its order. */
  end(): readonly Buffer[] {
    this.#endBlock();
    return this.#made;
  }

  #endBlock(): void {
    if (this.#filled > 0) this.#made.push(this.#block.subarray(0, this.#filled));
    this.#block = noBlock;
    this.#filled = 0;
  }
}

const noBlock = Buffer.alloc(0);

/** The pieces as one, put together while others are answered: memory that was never used before is slow to fill. */
export async function joined(pieces: readonly Uint8Array[]): Promise<Buffer> {
  const whole = Buffer.allocUnsafe(pieces.reduce((length, piece) => length + piece.length, 0));
  const breathe = breather();
  let length = 0;
  for (const piece of pieces) {
    whole.set(piece, length);
    length += piece.length;
    await breathe();
  }
  return whole;
}
