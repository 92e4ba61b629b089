import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Baseline,
  baselineOf,
  elapsedDays,
  type PlanPoint,
  plannedPercent,
  straightLine,
} from '../../src/formulas/planned-percent.ts';
import { addDays, type CalendarDate } from '../../src/shared/calendar-date.ts';
import { FULL, shownPercent, toFine } from '../../src/shared/percent.ts';

function points(...told: [CalendarDate, number][]): PlanPoint[] {
  return told.map(([date, percent]) => ({ date, percentHundredths: Math.round(percent * 100) }));
}

function planOf(...told: [CalendarDate, number][]): Baseline {
  const baseline = baselineOf(points(...told));
  if (!baseline) throw new Error('there is no plan');
  return baseline;
}

function shownOn(baseline: Baseline | null, date: CalendarDate): number | null {
  return baseline && shownPercent(plannedPercent(baseline, date));
}

const year = planOf(['2023-01-01', 0], ['2023-12-31', 100]);

/** Valid plans: strictly by date, never falling. */
const plans = fc
  .tuple(
    fc.integer({ min: 0, max: 20_000 }),
    fc.array(fc.tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 0, max: 4_000 })), {
      minLength: 1,
      maxLength: 12,
    }),
    fc.constantFrom(0, 0, 0, 500),
  )
  .map(([start, steps, first]) => {
    let [day, percentHundredths]: [number, number] = [start, first];
    const told: PlanPoint[] = [{ date: addDays('2000-01-01', day), percentHundredths }];
    for (const [days, rise] of steps) {
      day += days;
      percentHundredths = Math.min(percentHundredths + rise, 10_000);
      told.push({ date: addDays('2000-01-01', day), percentHundredths });
    }
    return told;
  });

describe('the planned percent', () => {
  it('of a straight year is 49.59 at the end of June: 181 of 365 days', () => {
    expect(plannedPercent(year, '2023-06-30')).toBe(Math.floor((181 * FULL) / 365));
    expect(shownOn(year, '2023-06-30')).toBe(49.59);
    expect(shownOn(year, '2023-03-31')).toBe(24.66);
  });

  it('is 0 before the plan begins and the last percent after it ends', () => {
    expect(shownOn(year, '2022-12-31')).toBe(0);
    expect(shownOn(year, '0001-01-01')).toBe(0);
    expect(shownOn(year, '2023-12-31')).toBe(100);
    expect(shownOn(year, '9999-12-31')).toBe(100);
    const short = planOf(['2023-01-01', 0], ['2023-06-30', 80]);
    expect(shownOn(short, '2024-01-01')).toBe(80);
    expect(short.finishDate).toBeNull();
  });

  it('counts the first day as a day of work, and below 100 never is 100', () => {
    expect(shownOn(year, '2023-01-01')).toBe(0.27);
    expect(shownOn(year, '2023-12-30')).toBe(99.73);
    const long = planOf(['0001-01-01', 0], ['9999-12-31', 100]);
    expect(shownOn(long, '9999-12-30')).toBe(99.99);
    expect(plannedPercent(long, '9999-12-30')).toBe(Number((BigInt(FULL) * 3_652_058n) / 3_652_059n));
  });

  it('is what each later point says on its own day', () => {
    const quarters = planOf(
      ['2023-01-01', 0],
      ['2023-03-31', 10],
      ['2023-06-30', 45.5],
      ['2023-09-30', 45.5],
      ['2023-12-31', 100],
    );
    expect(
      ['2023-03-31', '2023-06-30', '2023-08-15', '2023-09-30'].map((day) => shownOn(quarters, day)),
    ).toEqual([10, 45.5, 45.5, 45.5]);
    expect(shownOn(quarters, '2023-05-15')).toBe(27.55);
  });

  it('of a plan that begins above 0 is due by the end of its first day, with nothing before', () => {
    const rebased = planOf(['2023-06-30', 40], ['2023-12-31', 100]);
    expect([shownOn(rebased, '2023-06-29'), shownOn(rebased, '2023-06-30')]).toEqual([0, 40]);
    expect(shownOn(rebased, '2023-07-01')).toBe(40.33);
  });

  it('of one point is all of it at the end of that day', () => {
    const oneDay = planOf(['2023-06-30', 100]);
    expect([shownOn(oneDay, '2023-06-29'), shownOn(oneDay, '2023-06-30')]).toEqual([0, 100]);
    expect(oneDay.finishDate).toBe('2023-06-30');
    expect(shownOn(planOf(['2023-06-30', 0]), '2024-06-30')).toBe(0);
  });

  it('finishes on the first day on which it reaches 100', () => {
    expect(planOf(['2023-01-01', 0], ['2023-06-30', 100], ['2023-12-31', 100]).finishDate).toBe('2023-06-30');
  });

  it('of a period alone is the straight line over it, first and last day among it', () => {
    expect(straightLine('2023-01-01', '2023-12-31')).toEqual(year);
    expect(shownOn(straightLine('2023-05-01', '2023-05-01'), '2023-05-01')).toBe(100);
    expect(shownOn(straightLine('2023-05-01', '2023-05-02'), '2023-05-01')).toBe(50);
  });

  it('is none without points, and none of a period that is open or ends before it begins', () => {
    expect(baselineOf([])).toBeNull();
    expect(straightLine(null, '2023-12-31')).toBeNull();
    expect(straightLine('2023-01-01', null)).toBeNull();
    expect(straightLine('2023-01-02', '2023-01-01')).toBeNull();
  });

  it('of any plan never falls, stays within 0 to 100, and is exact to the last digit, cut off', () => {
    fc.assert(
      fc.property(plans, fc.integer({ min: -10, max: 30_000 }), (told, offset) => {
        const baseline = baselineOf(told);
        if (!baseline) throw new Error('there is no plan');
        const date = addDays('2000-01-01', offset);
        const planned = plannedPercent(baseline, date);
        expect(planned).toBe(exactPercent(told, date));
        expect(plannedPercent(baseline, addDays(date, 1))).toBeGreaterThanOrEqual(planned);
        expect(planned >= 0 && planned <= FULL).toBe(true);
      }),
    );
  });

  it('survives being kept as JSON', () => {
    fc.assert(
      fc.property(plans, (told) => {
        const baseline = baselineOf(told);
        expect(JSON.parse(JSON.stringify(baseline))).toEqual(baseline);
      }),
    );
  });
});

/** By the definition, in whole numbers without bounds. */
function exactPercent(told: readonly PlanPoint[], date: CalendarDate): number {
  const [first] = told;
  if (!first || date < first.date) return 0;
  const last = told.at(-1);
  if (last && date >= last.date) return toFine(last.percentHundredths);
  const index = told.findIndex((point) => point.date > date);
  const [from, to] = [told[index - 1], told[index]];
  if (!from || !to) return 0;
  const isBeginning = from === first && from.percentHundredths === 0;
  const passed = BigInt(elapsedDays(from.date, date) - (isBeginning ? 0 : 1));
  const span = BigInt(elapsedDays(from.date, to.date) - (isBeginning ? 0 : 1));
  const rise = BigInt(toFine(to.percentHundredths) - toFine(from.percentHundredths));
  return toFine(from.percentHundredths) + Number((rise * passed) / span);
}
