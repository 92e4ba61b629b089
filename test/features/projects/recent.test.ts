import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodeRecent,
  encodeRecent,
  newestRecentDay,
  recentAtMost,
  recentWith,
} from '../../../src/features/projects/index.ts';
import { addDays } from '../../../src/shared/calendar-date.ts';

const percents = fc.array(fc.integer({ min: 0, max: 10_000 }), { maxLength: 12 });

test('of percents that are reported one after the other, the newest are kept, and what is written is read again', () => {
  fc.assert(
    fc.property(percents, (reported) => {
      const all = reported.map((percentHundredths, index) => ({
        asOf: addDays('2023-01-31', index),
        percentHundredths,
      }));
      let kept = encodeRecent([]);
      for (const each of all) kept = recentWith(kept, each);
      const newest = all.slice(-recentAtMost);
      expect(kept).toBe(encodeRecent(newest));
      expect(decodeRecent(kept)).toEqual(newest);
      expect(newestRecentDay(kept)).toBe(newest.at(-1)?.asOf ?? null);
    }),
  );
});
