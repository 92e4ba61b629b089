import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joined, Pieces } from '../../src/shared/pieces.ts';

const lengths = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 9 }),
    fc.integer({ min: 0, max: 200_000 }),
    fc.constantFrom(32_767, 32_768, 65_536),
  ),
  { maxLength: 30 },
);

test('pieces of any lengths are put together as they have come', async () => {
  await fc.assert(
    fc.asyncProperty(lengths, async (all) => {
      const sent = all.map((length, index) => Buffer.alloc(length, index + 1));
      const pieces = new Pieces();
      for (const piece of sent) pieces.add(piece);
      const whole = Buffer.concat(sent);
      expect(pieces.length).toBe(whole.length);
      expect((await joined(pieces.end())).equals(whole)).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test('a body that comes byte by byte is kept in few pieces, and a large piece as it is', () => {
  const pieces = new Pieces();
  for (let count = 0; count < 300_000; count += 1) pieces.add(Buffer.of(count % 256));
  const large = Buffer.alloc(65_536);
  pieces.add(large);
  pieces.add(Buffer.of(1));
  const all = pieces.end();
  expect(all.map(({ length }) => length)).toEqual([65_536, 65_536, 65_536, 65_536, 37_856, 65_536, 1]);
  expect(all[5]).toBe(large);
});
