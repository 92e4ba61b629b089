import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, dayOf, daysBetween, isCalendarDate } from '../../src/shared/calendar-date.ts';

const dates = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

describe('a calendar date', () => {
  it.each(['2023-06-30', '2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31'])('is %s', (text) => {
    expect(isCalendarDate(text)).toBe(true);
  });

  it.each([
    '2023-02-29',
    '1900-02-29',
    '2023-06-31',
    '2023-13-01',
    '2023-00-10',
    '2023-01-00',
    '0000-01-01',
    '2023-6-30',
    '20230630',
    '2023-06-30T00:00:00Z',
    ' 2023-06-30',
    '2023-06-30\n',
    '２０２３-06-30',
    '+010000-01-01',
    '',
  ])('is not %j', (text) => {
    expect(isCalendarDate(text)).toBe(false);
  });

  it('is every day that there is', () => {
    fc.assert(fc.property(dates, isCalendarDate));
  });
});

describe('days', () => {
  it('are counted from one date to the other', () => {
    expect(daysBetween('2023-06-30', '2023-07-03')).toBe(3);
    expect(daysBetween('2023-07-03', '2023-06-30')).toBe(-3);
    expect(daysBetween('2023-01-01', '2024-01-01')).toBe(365);
    expect(daysBetween('2024-01-01', '2025-01-01')).toBe(366);
    expect(daysBetween('0001-01-01', '9999-12-31')).toBe(3_652_058);
  });

  it('are those that a Date counts', () => {
    const counted = (date: string) => Date.parse(`${date}T00:00:00Z`) / 86_400_000;
    fc.assert(
      fc.property(dates, dates, (from, to) => {
        expect(daysBetween(from, to)).toBe(counted(to) - counted(from));
      }),
    );
    // Around every end of February of four hundred years: 400 years repeat for ever.
    for (let year = 1900; year <= 2300; year += 1) {
      const last = counted(`${year}-03-01`) - 1;
      expect(addDays(`${year}-02-28`, 1)).toBe(
        last === counted(`${year}-02-28`) ? `${year}-03-01` : `${year}-02-29`,
      );
      expect(addDays(`${year}-03-01`, 365)).toBe(
        new Date((last + 366) * 86_400_000).toISOString().slice(0, 10),
      );
    }
  });

  it('added and counted come to the same', () => {
    fc.assert(fc.property(dates, dates, (from, to) => addDays(from, daysBetween(from, to)) === to));
  });

  it('keep text order and time order the same', () => {
    fc.assert(
      fc.property(dates, dates, (a, b) => Math.sign(daysBetween(a, b)) === (a === b ? 0 : a < b ? 1 : -1)),
    );
  });

  it.each([
    ['9999-12-31', 1],
    ['0001-01-01', -1],
    ['2023-01-01', 1e12],
    ['2023-01-01', 0.5],
    ['2023-01-01', Number.NaN],
  ])('beyond the calendar are refused: %s and %d', (date, days) => {
    expect(() => addDays(date, days)).toThrow(RangeError);
  });
});

describe('the day of an instant', () => {
  it('depends on the time zone', () => {
    expect(dayOf('2023-06-30T15:59:59.999Z', 'Asia/Shanghai')).toBe('2023-06-30');
    expect(dayOf('2023-06-30T16:00:00.000Z', 'Asia/Shanghai')).toBe('2023-07-01');
    expect(dayOf('2023-06-30T16:00:00.000Z', 'UTC')).toBe('2023-06-30');
    expect(dayOf('2023-07-01T03:00:00.000Z', 'America/New_York')).toBe('2023-06-30');
  });

  it('in UTC is its own first ten characters', () => {
    const instants = fc.date({
      min: new Date('0001-01-01'),
      max: new Date('9999-12-31'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, (date) => dayOf(date.toISOString(), 'UTC') === date.toISOString().slice(0, 10)),
    );
  });

  it('is refused when the instant or the zone does not exist', () => {
    expect(() => dayOf('yesterday', 'UTC')).toThrow(RangeError);
    expect(() => dayOf('2023-06-30T16:00:00.000Z', 'Asia/Hengyang')).toThrow(RangeError);
  });
});
