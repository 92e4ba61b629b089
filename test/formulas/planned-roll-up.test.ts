import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Baseline,
  baselineOf,
  plannedPercent,
  straightLine,
} from '../../src/formulas/planned-percent.ts';
import {
  cellsAtMost,
  decodePlannedSums,
  encodePlannedSums,
  noPlans,
  type PlannedPart,
  type PlannedSums,
  plannedStanding,
  plannedSumsOf,
  rolledUpPlan,
  withPlanChanged,
} from '../../src/formulas/planned-roll-up.ts';
import { noChildren, rollUp, withChild } from '../../src/formulas/roll-up.ts';
import { addDays, type CalendarDate, daysBetween } from '../../src/shared/calendar-date.ts';
import { FULL, shownPercent, shownShare, toFine } from '../../src/shared/percent.ts';

function line(startDate: CalendarDate, endDate: CalendarDate): Baseline {
  const baseline = straightLine(startDate, endDate);
  if (!baseline) throw new Error('there is no line');
  return baseline;
}

const part = (weight: bigint | null, baseline: Baseline | null): PlannedPart => ({
  weight,
  baseline,
  coverage: FULL,
  isAssumed: false,
});

function added(sums: PlannedSums, ...parts: PlannedPart[]): PlannedSums {
  return parts.reduce((before, each) => {
    const after = withPlanChanged(before, null, each);
    if (after === null) throw new Error('adding loses nothing');
    return after;
  }, sums);
}

function planOf(...parts: PlannedPart[]) {
  const plan = rolledUpPlan(added(noPlans, ...parts), weightOf(parts));
  if (!plan) throw new Error('no part has a plan');
  return plan;
}

function weightOf(parts: readonly PlannedPart[]): bigint {
  return parts.reduce((sum, { weight }) => sum + (weight ?? 0n), 0n);
}

/** The planned percent of the whole on a day, through the roll-up of progress. */
function rolledUpOn(parts: readonly PlannedPart[], date: CalendarDate) {
  const sums = parts
    .map(({ weight, baseline }) => ({
      weight,
      standing: plannedStanding(baseline && plannedPercent(baseline, date)),
    }))
    .reduce(withChild, noChildren);
  return rollUp(sums);
}

const year = line('2023-01-01', '2023-12-31');
const half = line('2023-01-01', '2023-06-30');
const earliest = '2023-01-01';

const aPlan = fc.uniqueArray(fc.integer({ min: 0, max: 500 }), { minLength: 2, maxLength: 5 }).chain((days) =>
  fc
    .array(fc.integer({ min: 0, max: 10_000 }), { minLength: days.length, maxLength: days.length })
    .map((percents) => {
      const [sorted, rising] = [days, percents].map((each) => each.toSorted((a, b) => a - b));
      return baselineOf(
        (sorted ?? []).map((day, index) => ({
          date: addDays(earliest, day),
          percentHundredths: rising?.[index] ?? 0,
        })),
      );
    }),
);
const aPart = fc.record({
  weight: fc.option(fc.bigInt({ min: 0n, max: 10n ** 15n })),
  baseline: fc.option(aPlan),
  coverage: fc.constantFrom(FULL, FULL / 2),
  isAssumed: fc.boolean(),
});

describe('the plan of a whole', () => {
  it('with weights 563 and 437, planned to 80 and to 20, is 53.78', () => {
    const whole = [
      { weight: 563n, standing: plannedStanding(toFine(8_000)) },
      { weight: 437n, standing: plannedStanding(toFine(2_000)) },
    ].reduce(withChild, noChildren);
    expect(shownPercent(rollUp(whole)?.percent ?? 0)).toBe(53.78);
  });

  it('is the weighted mean of the plans, on every day between their bends too', () => {
    const parts = [part(3n, year), part(1n, half)];
    const { baseline } = planOf(...parts);
    expect(baseline.startDate).toBe('2023-01-01');
    expect(baseline.finishDate).toBe('2023-12-31');
    expect(shownPercent(plannedPercent(baseline, '2023-06-30'))).toBe(62.19);
    for (const day of ['2022-12-31', '2023-01-01', '2023-04-15', '2023-07-01', '2024-01-01']) {
      const exact = rolledUpOn(parts, day)?.percent ?? 0;
      expect(Math.abs(plannedPercent(baseline, day) - exact)).toBeLessThanOrEqual(12);
    }
  });

  it('has a bend where its parts have one, and no other', () => {
    expect(planOf(part(1n, year)).baseline).toEqual(year);
    const { knots } = planOf(part(1n, year), part(1n, half)).baseline;
    expect(knots.map(({ day }) => day)).toEqual([0, 181, 365]);
  });

  it('begins with the first part and finishes with the last', () => {
    const later = line('2024-03-01', '2024-05-31');
    const { baseline } = planOf(part(1n, later), part(1n, half));
    expect([baseline.startDate, baseline.finishDate]).toEqual(['2023-01-01', '2024-05-31']);
    expect(plannedPercent(baseline, '2023-12-31')).toBe(FULL / 2);
  });

  it('leaves out, counts and never imputes parts without a plan or a weight', () => {
    const parts = [part(2n, year), part(1n, null), part(null, half), part(0n, half)];
    const plan = planOf(...parts);
    expect(plan.baseline).toEqual(year);
    expect(shownShare(plan.coverage)).toBe(0.6667);
    expect(added(noPlans, ...parts)).toMatchObject({ planned: 3, weighed: 1 });
  });

  it('covers no more of a part than its own plan does, and says if any of it is assumed', () => {
    const plan = planOf(part(1n, year), { ...part(1n, half), coverage: FULL / 2, isAssumed: true });
    expect(plan).toMatchObject({ coverage: 0.75 * FULL, isAssumed: true });
  });

  it('is none if no part with a weight has a plan', () => {
    expect(rolledUpPlan(noPlans, 0n)).toBeNull();
    expect(rolledUpPlan(added(noPlans, part(1n, null)), 1n)).toBeNull();
    expect(rolledUpPlan(added(noPlans, part(0n, year), part(null, year)), 0n)).toBeNull();
  });

  it('is the mean of its parts on any day of three years, to 10⁻⁷ %', () => {
    fc.assert(
      fc.property(
        fc.array(aPart, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: -3, max: 600 }),
        (parts, day) => {
          const date = addDays(earliest, day);
          const plan = rolledUpPlan(added(noPlans, ...parts), weightOf(parts));
          const exact = rolledUpOn(parts, date)?.percent ?? null;
          expect(plan === null).toBe(exact === null);
          const planned = plan === null ? 0 : plannedPercent(plan.baseline, date);
          expect(Math.abs(planned - (exact ?? 0))).toBeLessThanOrEqual(12);
        },
      ),
    );
  });

  it('has few knots, and the right beginning and finish, however long it takes', () => {
    const parts = [
      part(1n, line('1990-02-03', '2023-06-30')),
      part(2n, line('2023-01-01', '2023-12-31')),
      part(1n, line('2001-05-05', '2061-01-01')),
    ];
    const { baseline } = planOf(...parts);
    expect(baseline.knots.length).toBeLessThanOrEqual(cellsAtMost + 1);
    expect([baseline.startDate, baseline.finishDate]).toEqual(['1990-02-03', '2061-01-01']);
    for (const day of ['2000-01-01', '2023-03-01', '2040-07-01']) {
      const exact = rolledUpOn(parts, day)?.percent ?? 0;
      expect(Math.abs(plannedPercent(baseline, day) - exact)).toBeLessThan(toFine(200));
    }
    expect(planOf(part(1n, line('0001-01-01', '9999-12-31'))).baseline.finishDate).toBe('9999-12-31');
  });
});

describe('the sums of plans', () => {
  it('are the same added one by one and all at once, whether numbers carry them or not', () => {
    fc.assert(
      fc.property(fc.array(aPart, { maxLength: 6 }), fc.boolean(), (parts, isLight) => {
        const weighed = isLight
          ? parts.map((each) => ({ ...each, weight: each.weight && each.weight % 100n }))
          : parts;
        expect(plannedSumsOf(weighed)).toEqual(added(noPlans, ...weighed));
      }),
    );
  });

  it('forget a part wholly, or say that they cannot', () => {
    fc.assert(
      fc.property(fc.array(aPart, { maxLength: 5 }), aPart, fc.option(aPart), (parts, before, after) => {
        const changed = withPlanChanged(added(noPlans, ...parts, before), before, after);
        const anew = added(noPlans, ...parts, ...(after === null ? [] : [after]));
        if (changed !== null) expect(changed).toEqual(anew);
      }),
    );
  });

  it('are the same in whatever order the parts come', () => {
    fc.assert(
      fc.property(fc.array(aPart, { maxLength: 6 }), (parts) => {
        expect(added(noPlans, ...parts)).toEqual(added(noPlans, ...parts.toReversed()));
      }),
    );
  });

  it('lose the sight of their ends only with the one part that is there', () => {
    const [long, short] = [part(1n, year), part(1n, line('2023-03-01', '2023-04-30'))];
    expect(withPlanChanged(added(noPlans, long, short), long, null)).toBeNull();
    expect(withPlanChanged(added(noPlans, long, short), short, null)).toEqual(added(noPlans, long));
    expect(withPlanChanged(added(noPlans, long, long), long, short)).toEqual(added(noPlans, long, short));
    expect(withPlanChanged(added(noPlans, long), long, null)).toEqual(noPlans);
  });

  it('come back from their text', () => {
    fc.assert(
      fc.property(fc.array(aPart, { maxLength: 5 }), (parts) => {
        const sums = added(noPlans, ...parts);
        expect(decodePlannedSums(encodePlannedSums(sums))).toEqual(sums);
      }),
    );
    expect(() => decodePlannedSums('1 2 3')).toThrow(SyntaxError);
  });

  it('are no longer for ten thousand parts than for ten', () => {
    const parts = Array.from({ length: 10_000 }, (_, index) => {
      const startDate = addDays(earliest, index % 365);
      return part(BigInt(1 + (index % 7)), line(startDate, addDays(startDate, 400)));
    });
    const sums = added(noPlans, ...parts);
    expect(sums.rises.length).toBeLessThanOrEqual(cellsAtMost);
    const { baseline } = rolledUpPlan(sums, weightOf(parts)) ?? planOf();
    expect(daysBetween(baseline.startDate, baseline.finishDate ?? '')).toBe(764);
  });
});
