import { describe, expect, test } from 'vitest';
import { SeenLately } from '../../src/database/seen-lately.ts';

const ids = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => `yueping-zone-${from + index}`);
const seenOf = (seen: SeenLately, some: readonly string[]) => some.filter((id) => seen.sees(id)).length;

describe('what was seen lately', () => {
  test('is known again, and nothing else is', () => {
    const seen = new SeenLately(10_000);
    expect(seenOf(seen, ids(1_000))).toBe(0);
    // Of a thousand in sixteen thousand places, one in thirty has lost its own to a later one.
    expect(seenOf(seen, ids(1_000))).toBeGreaterThan(900);
    expect(seenOf(seen, ids(1_000, 1_000))).toBe(0);
  });

  test('is forgotten when many others have been seen since', () => {
    const seen = new SeenLately(1_000);
    seenOf(seen, ids(1_000));
    seenOf(seen, ids(50_000, 1_000));
    expect(seenOf(seen, ids(1_000))).toBe(0);
  });

  test('is told apart, however much alike', () => {
    const seen = new SeenLately(1_000);
    const alike = ['a', 'b', 'ab', 'ba', 'a ', '', '岳屏', '屏岳'];
    expect(seenOf(seen, alike)).toBe(0);
    expect(seenOf(seen, alike)).toBe(alike.length);
  });
});
