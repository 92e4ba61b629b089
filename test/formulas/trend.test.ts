import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ReportedPoint, trendOf } from '../../src/formulas/trend.ts';
import { addDays, type CalendarDate, daysBetween } from '../../src/shared/calendar-date.ts';
import { FULL, toFine } from '../../src/shared/percent.ts';

function reports(...told: [CalendarDate, number][]): ReportedPoint[] {
  return told.map(([date, percent]) => ({ date, percent: toFine(percent * 100) }));
}

describe('the trend', () => {
  const rising = reports(['2023-03-31', 20], ['2023-04-30', 30], ['2023-05-31', 40]);

  it('through 20, 30 and 40 in three months reaches 100 on 30 November', () => {
    expect(trendOf(rising, '2023-06-15')).toEqual({
      forecastFinish: '2023-11-30',
      pointsPerDay: 0.3278,
      reports: 3,
      reason: null,
      reasons: {},
    });
  });

  it('through two points is the line through them', () => {
    expect(trendOf(reports(['2023-01-10', 10], ['2023-01-20', 20]), '2023-01-20')).toMatchObject({
      forecastFinish: '2023-04-10',
      pointsPerDay: 1,
    });
  });

  it('goes by the last reports, and by none after the day in question', () => {
    const slowed = [...rising, ...reports(['2023-07-31', 41], ['2023-08-31', 42])];
    expect(trendOf(slowed, '2023-08-31', 2).forecastFinish).toBe('2028-08-02');
    expect(trendOf(slowed, '2023-06-30')).toEqual(trendOf(rising, '2023-06-30'));
    expect(trendOf(slowed, '2023-08-31', 3).reports).toBe(3);
  });

  it('of fewer than two reports is none', () => {
    for (const few of [[], rising.slice(0, 1)]) {
      expect(trendOf(few, '2023-12-31')).toMatchObject({
        forecastFinish: null,
        pointsPerDay: null,
        reason: 'tooFewReports',
      });
    }
    expect(trendOf(rising, '2023-12-31', 1).reason).toBe('tooFewReports');
    expect(trendOf(rising, '2023-12-31', 0).reason).toBe('tooFewReports');
  });

  it('that stands still or falls has a slope and no forecast', () => {
    expect(trendOf(reports(['2023-01-01', 30], ['2023-02-01', 30]), '2023-02-01')).toMatchObject({
      forecastFinish: null,
      pointsPerDay: 0,
      reason: 'notRising',
    });
    expect(trendOf(reports(['2023-01-01', 31], ['2023-02-01', 0]), '2023-02-01')).toMatchObject({
      pointsPerDay: -1,
      reason: 'notRising',
    });
  });

  it('that says it must be finished, although it is not, is no forecast', () => {
    expect(trendOf(rising, '2023-11-29').forecastFinish).toBe('2023-11-30');
    expect(trendOf(rising, '2023-11-30')).toMatchObject({ forecastFinish: null, reason: 'trendPassed' });
  });

  it('of what is finished is the day on which it was', () => {
    const done = reports(['2023-01-01', 90], ['2023-02-01', 100], ['2023-03-01', 100]);
    expect(trendOf(done, '2023-12-31').forecastFinish).toBe('2023-02-01');
    expect(trendOf(done.slice(1, 2), '2023-12-31').forecastFinish).toBe('2023-02-01');
    const reopened = reports(['2023-01-01', 100], ['2023-02-01', 80]);
    expect(trendOf(reopened, '2023-02-01').reason).toBe('notRising');
  });

  it('beyond the calendar is none', () => {
    expect(trendOf(reports(['2023-01-01', 10], ['2023-12-31', 10.01]), '2023-12-31')).toMatchObject({
      forecastFinish: null,
      reason: 'outOfRange',
    });
  });

  it('is the line of least squares, to the day', () => {
    const told = fc
      .array(fc.tuple(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 9_999 })), {
        minLength: 2,
        maxLength: 12,
      })
      .map((steps) => {
        let days = 0;
        return steps.map(([passed, hundredths]): ReportedPoint => {
          days += passed;
          return { date: addDays('2020-01-01', days), percent: toFine(hundredths) };
        });
      });
    fc.assert(
      fc.property(told, (points) => {
        const asOf = points.at(-1)?.date ?? '';
        const { forecastFinish, pointsPerDay, reason } = trendOf(points, asOf, 12);
        const line = leastSquares(points);
        expect(pointsPerDay).toBeCloseTo(line.slope, 3);
        if (forecastFinish === null) {
          expect(['notRising', 'trendPassed', 'outOfRange']).toContain(reason);
          return;
        }
        const days = daysBetween(points[0]?.date ?? '', forecastFinish);
        expect(line.crossing).toBeGreaterThan(days - 1 - 1e-6 * days);
        expect(line.crossing).toBeLessThan(days + 0.002 + 1e-6 * days);
      }),
    );
  });
});

function leastSquares(points: readonly ReportedPoint[]): { slope: number; crossing: number } {
  const xs = points.map(({ date }) => daysBetween(points[0]?.date ?? date, date));
  const ys = points.map(({ percent }) => (percent / FULL) * 100);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(xs), mean(ys)];
  const products = mean(xs.map((each, index) => (each - x) * ((ys[index] ?? 0) - y)));
  const slope = products / mean(xs.map((each) => (each - x) ** 2));
  return { slope, crossing: x + (100 - y) / slope };
}
