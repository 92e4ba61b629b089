import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shifted, timeAxis } from '../../../src/features/pictures/index.ts';
import { addDays, isCalendarDate } from '../../../src/shared/calendar-date.ts';

function labels(start: string, end: string): string[] {
  return timeAxis(start, end, 0, 700).ticks.map(({ label }) => label);
}

describe('the axis of time', () => {
  it('has days, months or years, whichever are finest and not too many', () => {
    expect(labels('2023-06-01', '2023-06-07')).toHaveLength(7);
    expect(labels('2023-06-01', '2023-07-05')).toEqual([
      '2023-06-01',
      '2023-06-06',
      '2023-06-11',
      '2023-06-16',
      '2023-06-21',
      '2023-06-26',
      '2023-07-01',
    ]);
    expect(labels('2023-01-01', '2023-12-31')).toEqual([
      '2023-01',
      '2023-03',
      '2023-05',
      '2023-07',
      '2023-09',
      '2023-11',
    ]);
    expect(labels('2020-05-05', '2024-12-31')).toEqual(['2021', '2022', '2023', '2024']);
  });

  it('reaches from edge to edge', () => {
    const axis = timeAxis('2023-01-01', '2023-12-31', 50, 700);
    expect([axis.x('2023-01-01'), axis.x('2023-12-31')]).toEqual([50, 750]);
    expect(axis.x('2024-12-31')).toBeGreaterThan(750);
  });

  it('gives one day a month around it, as far as the calendar goes', () => {
    expect(timeAxis('2023-06-30', '2023-06-30', 0, 700)).toMatchObject({
      start: '2023-06-15',
      end: '2023-07-15',
    });
    expect(timeAxis('0001-01-01', '0001-01-01', 0, 700).start).toBe('0001-01-01');
    expect([shifted('9999-12-30', 5), shifted('0001-01-05', -9), shifted('2023-06-30', 1)]).toEqual([
      '9999-12-31',
      '0001-01-01',
      '2023-07-01',
    ]);
  });

  it('has at most eight marks, on days that exist, of any span', () => {
    const days = fc.oneof(fc.nat({ max: 3_652_058 }), fc.nat({ max: 3_000 }), fc.nat({ max: 100 }));
    fc.assert(
      fc.property(days, days, (one, other) => {
        const [start, end] = [Math.min(one, other), Math.max(one, other)].map((day) =>
          addDays('0001-01-01', day),
        );
        const axis = timeAxis(start ?? '', end ?? '', 0, 700);
        expect(axis.ticks.length).toBeLessThanOrEqual(8);
        expect(axis.ticks.length).toBeGreaterThanOrEqual(1);
        for (const { date } of axis.ticks) {
          expect(isCalendarDate(date)).toBe(true);
          expect(axis.x(date) >= 0 && axis.x(date) <= 700).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
