import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elapsedShareByMonths, gapOf, gapOfShown } from '../../src/formulas/plan-gap.ts';
import { addDays } from '../../src/shared/calendar-date.ts';
import { FULL, shownHundredths, shownPercent, toFine } from '../../src/shared/percent.ts';

describe('序时进度', () => {
  const planned = elapsedShareByMonths('2023-01-01', '2023-12-31', '2023-10-31') ?? 0;

  it('from January to October is 83.33', () => {
    expect(shownPercent(planned)).toBe(83.33);
  });

  it.each([
    [125.64, 42.31],
    [165.07, 81.74],
    [70.41, -12.92],
    [495.69, 412.36],
  ])('with %f of the target achieved is %f points ahead of it', (achieved, ahead) => {
    expect(gapOfShown(Math.round(achieved * 100), shownHundredths(planned))).toBe(Math.round(ahead * 100));
  });

  it('counts every month alike, and days within a month', () => {
    const share = (asOf: string) => shownPercent(elapsedShareByMonths('2023-01-01', '2023-12-31', asOf) ?? 0);
    expect(['2022-12-31', '2023-01-31', '2023-02-14', '2023-06-30', '2023-12-31'].map(share)).toEqual([
      0, 8.33, 12.5, 50, 100,
    ]);
    expect(share('2023-12-30')).toBe(99.73);
    expect(shownPercent(elapsedShareByMonths('2024-02-01', '2024-02-29', '2024-02-15') ?? 0)).toBe(51.72);
    expect(elapsedShareByMonths('2023-05-05', '2023-05-05', '2023-05-05')).toBe(FULL);
    expect(elapsedShareByMonths('2023-05-06', '2023-05-05', '2023-05-05')).toBeNull();
    expect(elapsedShareByMonths('0001-01-01', '9999-12-31', '9999-11-30')).toBeLessThan(FULL);
  });

  it('of any period never falls from day to day and is full on the last day only', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 3_000 }),
        fc.nat({ max: 3_000 }),
        fc.nat({ max: 6_100 }),
        (start, days, offset) => {
          const from = addDays('2000-01-01', start);
          const to = addDays(from, days);
          const asOf = addDays('1999-12-01', offset);
          const share = elapsedShareByMonths(from, to, asOf) ?? -1;
          expect(share === FULL).toBe(asOf >= to);
          expect(share === 0).toBe(asOf < from);
          expect(elapsedShareByMonths(from, to, addDays(asOf, 1))).toBeGreaterThanOrEqual(share);
        },
      ),
    );
  });
});

describe('the gap', () => {
  it('of 85 done and 49.59 planned is 35.41 points', () => {
    expect(gapOf(toFine(8_500), Math.floor((181 * FULL) / 365))).toBe(3_541);
  });

  it('is the difference of the figures as they are shown', () => {
    const percents = fc.integer({ min: 0, max: FULL });
    fc.assert(
      fc.property(percents, percents, (achieved, planned) => {
        expect(gapOf(achieved, planned)).toBe(shownHundredths(achieved) - shownHundredths(planned));
      }),
    );
  });
});
