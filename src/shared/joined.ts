import { breather } from './breather.ts';

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
