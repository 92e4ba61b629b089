import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Schedule, type ScheduleQuestion, scheduleOf } from '../../src/formulas/earned-schedule.ts';
import {
  type Baseline,
  baselineOf,
  plannedPercent,
  straightLine,
} from '../../src/formulas/planned-percent.ts';
import { addDays, type CalendarDate } from '../../src/shared/calendar-date.ts';
import { FULL, toFine } from '../../src/shared/percent.ts';

const year = straightLine('2023-01-01', '2023-12-31');

function planOf(...points: [CalendarDate, number][]): Baseline | null {
  return baselineOf(points.map(([date, percent]) => ({ date, percentHundredths: percent * 100 })));
}

/** Where a project stands that says exactly so, unless `more` says otherwise. */
function on(
  asOf: CalendarDate,
  percent: number | null,
  baseline: Baseline | null = year,
  more: Partial<ScheduleQuestion> = {},
): Schedule {
  const fine = percent === null ? null : toFine(percent * 100);
  return scheduleOf({
    baseline,
    percent: fine,
    low: fine ?? 0,
    high: fine ?? FULL,
    asOf,
    finishedOn: null,
    ...more,
  });
}

const figures = [
  'varianceHundredths',
  'performanceIndex',
  'earnedDays',
  'actualDays',
  'varianceDays',
  'performanceIndexTime',
  'plannedFinish',
  'forecastFinish',
  'earliestFinish',
  'latestFinish',
  'daysLate',
] as const;

describe('the schedule', () => {
  it('of 40 at the end of June in a straight year is 146 days of work in 181, and 88 days late', () => {
    expect(on('2023-06-30', 40)).toEqual({
      varianceHundredths: -959,
      performanceIndex: 0.8066,
      earnedDays: 146,
      actualDays: 181,
      varianceDays: -35,
      performanceIndexTime: 0.8066,
      plannedFinish: '2023-12-31',
      forecastFinish: '2024-03-28',
      earliestFinish: '2024-03-28',
      latestFinish: '2024-03-28',
      daysLate: 88,
      isFinished: false,
      reason: null,
      reasons: {},
    });
  });

  it('of what is exactly as planned has indices of 1 and finishes on the day that was planned', () => {
    const thirds = planOf(['2023-01-01', 0], ['2023-04-30', 10], ['2023-09-30', 90], ['2023-12-31', 100]);
    for (const day of ['2023-01-01', '2023-04-30', '2023-07-15', '2023-12-30']) {
      const percent = plannedPercent(thirds as Baseline, day);
      expect(on(day, null, thirds, { percent, low: percent, high: percent })).toMatchObject({
        performanceIndex: 1,
        performanceIndexTime: 1,
        varianceDays: 0,
        forecastFinish: '2023-12-31',
        daysLate: 0,
      });
    }
  });

  it('on a flat stretch is earned on the earliest day on which the plan had got there', () => {
    const flat = planOf(['2023-01-01', 0], ['2023-03-31', 50], ['2023-09-30', 50], ['2023-12-31', 100]);
    expect(on('2023-08-31', 50, flat)).toMatchObject({
      earnedDays: 90,
      varianceDays: -153,
      varianceHundredths: 0,
    });
    expect(on('2023-08-31', 51, flat)).toMatchObject({ earnedDays: 274.84 });
    const late = planOf(['2023-01-01', 0], ['2023-03-01', 0], ['2023-12-31', 100]);
    expect(on('2023-02-01', 10, late)).toMatchObject({
      performanceIndex: null,
      earnedDays: 90.5,
      reason: 'nothingPlanned',
      reasons: { performanceIndex: 'nothingPlanned' },
    });
  });

  it('of what is finished stands still on the day on which it finished', () => {
    const finished = on('2025-05-05', 100, year, { finishedOn: '2024-02-29' });
    expect(finished).toMatchObject({
      isFinished: true,
      earnedDays: 365,
      actualDays: 425,
      performanceIndexTime: 0.8588,
      varianceDays: -60,
      forecastFinish: '2024-02-29',
      earliestFinish: '2024-02-29',
      latestFinish: '2024-02-29',
      daysLate: 60,
      reason: null,
    });
    expect(on('2023-06-30', 100)).toMatchObject({ forecastFinish: '2023-06-30', daysLate: -184 });
    expect(on('2024-01-31', 100, year, { finishedOn: '2022-11-11' })).toMatchObject({
      forecastFinish: '2022-11-11',
      daysLate: -415,
      performanceIndexTime: null,
      reasons: { performanceIndexTime: 'startsLater' },
    });
  });

  it('of a bound forecasts a range', () => {
    const half = toFine(5_000);
    expect(on('2023-06-30', 40, year, { high: half })).toMatchObject({
      earliestFinish: '2023-12-28',
      forecastFinish: '2024-03-28',
      latestFinish: '2024-03-28',
    });
    const atLeast = on('2023-06-30', 85, year, { high: FULL });
    expect(atLeast).toMatchObject({
      isFinished: false,
      earliestFinish: '2023-06-30',
      forecastFinish: '2023-08-01',
      latestFinish: '2023-08-01',
      reason: null,
    });
    expect(on('2023-06-30', 90, year, { low: 0 })).toMatchObject({
      earliestFinish: '2023-07-21',
      latestFinish: null,
      reasons: { latestFinish: 'unbounded' },
    });
    const nearlyFull = on('2023-12-01', 100, year, { low: 0 });
    expect(nearlyFull).toMatchObject({ isFinished: false, forecastFinish: '2023-12-01', latestFinish: null });
  });

  it('without a plan has no figures, and says so', () => {
    const schedule = on('2023-06-30', 40, null);
    for (const name of figures) expect([name, schedule[name]]).toEqual([name, null]);
    expect(schedule.reason).toBe('noPlan');
    expect(new Set(Object.values(schedule.reasons))).toEqual(new Set(['noPlan']));
  });

  it('of what nobody knows has the planned days alone', () => {
    expect(on('2023-06-30', null)).toMatchObject({
      actualDays: 181,
      plannedFinish: '2023-12-31',
      varianceHundredths: null,
      earnedDays: null,
      forecastFinish: null,
      earliestFinish: null,
      latestFinish: null,
      reason: 'noProgress',
    });
  });

  it('before the plan begins has no pace, though work may have begun', () => {
    expect(on('2022-12-31', 10)).toMatchObject({
      varianceHundredths: 1_000,
      performanceIndex: null,
      earnedDays: 36.5,
      actualDays: null,
      performanceIndexTime: null,
      forecastFinish: null,
      earliestFinish: null,
      reason: 'startsLater',
    });
    expect(on('2022-12-31', 0)).toMatchObject({ earnedDays: null, reasons: { earnedDays: 'nothingEarned' } });
  });

  it('of 0 done is behind, and has no forecast', () => {
    expect(on('2023-06-30', 0)).toMatchObject({
      varianceHundredths: -4_959,
      performanceIndex: 0,
      earnedDays: null,
      forecastFinish: null,
      daysLate: null,
      reason: 'nothingEarned',
    });
  });

  it('of a plan that stops short of 100 has no finish, and of more than it plans no earned days', () => {
    const short = planOf(['2023-01-01', 0], ['2023-12-31', 80]);
    expect(on('2023-06-30', 40, short)).toMatchObject({
      earnedDays: 182.5,
      plannedFinish: null,
      forecastFinish: null,
      daysLate: null,
      reason: 'planStopsShort',
    });
    expect(on('2023-06-30', 90, short).reasons.earnedDays).toBe('planStopsShort');
    expect(on('2023-06-30', 100, short)).toMatchObject({ forecastFinish: '2023-06-30', daysLate: null });
  });

  it('whose forecast lies beyond the calendar has none', () => {
    expect(on('2999-12-31', 0.01)).toMatchObject({
      forecastFinish: null,
      daysLate: null,
      reasons: { forecastFinish: 'outOfRange', daysLate: 'outOfRange' },
    });
    expect(on('2023-12-31', null, year, { percent: 1, low: 1, high: 1 }).reason).toBe('outOfRange');
  });

  it('exists or has a reason, is finite, and forecasts within its bounds, whatever is asked', () => {
    const questions = fc.record({
      baseline: fc.oneof(
        fc.constant(null),
        fc
          .tuple(fc.nat({ max: 3_000_000 }), fc.nat({ max: 20_000 }))
          .map(([start, days]) =>
            straightLine(addDays('0001-01-01', start), addDays('0001-01-01', start + days)),
          ),
        fc.array(fc.nat({ max: 10_000 }), { maxLength: 6 }).map((rises) =>
          baselineOf(
            rises
              .sort((one, other) => one - other)
              .map((percentHundredths, index) => ({
                date: addDays('2020-01-01', index * index * 9),
                percentHundredths,
              })),
          ),
        ),
      ),
      bounds: fc
        .array(fc.oneof(fc.integer({ min: 0, max: FULL }), fc.constantFrom(0, 1, FULL)), {
          minLength: 3,
          maxLength: 3,
        })
        .map((three) => three.sort((one, other) => one - other)),
      isKnown: fc.boolean(),
      asOf: fc.oneof(
        fc.nat({ max: 3_652_058 }).map((days) => addDays('0001-01-01', days)),
        fc.nat({ max: 2_000 }).map((days) => addDays('2019-12-01', days)),
      ),
      finishedOn: fc.option(fc.nat({ max: 3_652_058 }).map((days) => addDays('0001-01-01', days))),
    });
    fc.assert(
      fc.property(questions, ({ bounds: [low = 0, percent = 0, high = 0], isKnown, ...question }) => {
        const told = isKnown ? { percent, low, high } : { percent: null, low: 0, high: FULL };
        const schedule = scheduleOf({ ...question, ...told });
        for (const name of figures) {
          const value = schedule[name];
          expect(value === null).toBe(schedule.reasons[name] !== undefined);
          if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
        }
        const { earliestFinish, forecastFinish, latestFinish } = schedule;
        if (earliestFinish && forecastFinish) expect(earliestFinish <= forecastFinish).toBe(true);
        if (forecastFinish && latestFinish) expect(forecastFinish <= latestFinish).toBe(true);
        if (forecastFinish && !schedule.isFinished) expect(forecastFinish >= question.asOf).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
