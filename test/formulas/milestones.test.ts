import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { milestoneProgress } from '../../src/formulas/milestone-progress.ts';
import { overdueDays, slippedDays } from '../../src/formulas/milestone-slip.ts';
import { FULL, shownPercent } from '../../src/shared/percent.ts';

describe('progress by milestones', () => {
  it('is 15 % and at most 40 % where 15 of 100 are met and 25 partly', () => {
    const standing = milestoneProgress({ met: 15n, partlyMet: 25n, all: 100n });
    expect(standing).toMatchObject({ approximate: false, coverage: FULL });
    expect(
      [standing?.low, standing?.percent, standing?.high].map((fine) => shownPercent(fine ?? -1)),
    ).toEqual([15, 15, 40]);
  });

  it('does not exist where nothing has a weight', () => {
    expect(milestoneProgress({ met: 0n, partlyMet: 0n, all: 0n })).toBeNull();
  });

  it('is 100 only when all are met, and the same however the weights are scaled', () => {
    const aWeight = fc.bigInt({ min: 0n, max: 9_000_000_000_000n });
    fc.assert(
      fc.property(
        aWeight,
        aWeight,
        aWeight,
        fc.bigInt({ min: 1n, max: 1000n }),
        (met, partlyMet, open, times) => {
          const all = met + partlyMet + open;
          const standing = milestoneProgress({ met, partlyMet, all });
          if (standing === null) return all === 0n;
          expect(
            milestoneProgress({ met: met * times, partlyMet: partlyMet * times, all: all * times }),
          ).toEqual(standing);
          expect(standing.percent === FULL).toBe(met === all);
          expect(standing.low).toBe(standing.percent);
          return (standing.percent ?? 0) <= standing.high && standing.high <= FULL;
        },
      ),
    );
  });
});

describe('the slip of a milestone', () => {
  const first = { firstDueDate: '2023-05-31', isMet: false, dateMet: null };

  it('is counted from the first due date, however often it was put off', () => {
    expect(slippedDays({ ...first, dueDate: '2023-06-20' })).toBe(20);
    expect(slippedDays({ ...first, dueDate: '2023-06-20', isMet: true, dateMet: '2023-07-05' })).toBe(35);
  });

  it('is below 0 for what was met early', () => {
    expect(slippedDays({ ...first, dueDate: '2023-05-31', isMet: true, dateMet: '2023-05-21' })).toBe(-10);
  });

  it('is unknown without a due date, and where nobody knows on which day it was met', () => {
    expect(slippedDays({ firstDueDate: null, dueDate: null, isMet: false, dateMet: null })).toBeNull();
    expect(slippedDays({ ...first, dueDate: null })).toBeNull();
    expect(slippedDays({ ...first, dueDate: '2023-05-31', isMet: true, dateMet: null })).toBeNull();
  });

  it('is not the days overdue, which begin on the day after the due date now and end when it is met', () => {
    const open = { dueDate: '2023-06-20', isMet: false };
    expect(overdueDays(open, '2023-06-30')).toBe(10);
    expect(overdueDays(open, '2023-06-20')).toBe(0);
    expect(overdueDays(open, '2023-06-01')).toBe(0);
    expect(overdueDays({ ...open, isMet: true }, '2023-06-30')).toBe(0);
    expect(overdueDays({ dueDate: null, isMet: false }, '2023-06-30')).toBeNull();
  });
});
