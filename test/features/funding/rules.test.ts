import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FundingAmount, fundingStatuses } from '../../../src/features/funding/funding.ts';
import { statusOn, totalsOn } from '../../../src/features/funding/index.ts';
import {
  assertAmountDoesNotFall,
  assertArrivedWithinCommitted,
  inForceOn,
} from '../../../src/features/funding/rules.ts';
import { addDays } from '../../../src/shared/calendar-date.ts';
import { JinduError } from '../../../src/shared/errors.ts';
import { minorIntervalOf } from '../../../src/shared/qualified-money.ts';
import { qualifiers } from '../../../src/shared/qualified-value.ts';

const line = { projectId: 'deal', id: 'start-up' };

function amount(said: Partial<FundingAmount> & { asOf: string }): FundingAmount {
  return {
    projectId: 'deal',
    fundingId: 'start-up',
    status: 'committed',
    since: null,
    amountMinor: null,
    qualifier: 'exact',
    stated: null,
    note: null,
    reason: null,
    citation: null,
    revision: 1,
    recordedAt: '2023-07-03T01:02:03.004Z',
    recordedBy: 'clerk',
    supersededAt: null,
    withdrawn: false,
    ...said,
  };
}

/** The code of the refusal, or null. */
function refusal(work: () => void): string | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof JinduError) return error.code;
    throw error;
  }
}

const day = fc.integer({ min: 0, max: 60 }).map((days) => addDays('2023-01-01', days));
const anyAmount = fc
  .record({
    status: fc.constantFrom(...fundingStatuses),
    asOf: day,
    since: fc.option(day),
    amountMinor: fc.option(fc.integer({ min: 0, max: 20 })),
    qualifier: fc.constantFrom(...qualifiers),
    reason: fc.option(fc.constant('因故')),
  })
  .map((said) =>
    amount({ ...said, since: said.since !== null && said.since > said.asOf ? null : said.since }),
  );
const manyAmounts = fc.uniqueArray(anyAmount, {
  maxLength: 12,
  selector: ({ status, asOf }) => `${status}/${asOf}`,
});

describe('the amount of a day', () => {
  const on = (amounts: FundingAmount[], asked: string) =>
    totalsOn(line, amounts, asked).committed?.amountMinor;

  test('holds from the day on which it came about, if that is known', () => {
    const only = [amount({ asOf: '2023-06-30', since: '2023-01-10', amountMinor: 500 })];
    expect(on(only, '2023-01-09')).toBeUndefined();
    expect([on(only, '2023-01-10'), on(only, '2023-03-31'), on(only, '2023-12-31')]).toEqual([500, 500, 500]);
    const later = [
      amount({ asOf: '2023-03-31', amountMinor: 300 }),
      amount({ ...only[0], asOf: '2023-06-30', since: '2023-05-15' }),
    ];
    expect([on(later, '2023-03-30'), on(later, '2023-05-14'), on(later, '2023-05-15')]).toEqual([
      undefined,
      300,
      500,
    ]);
  });

  test('is not that of a later day because the line had come to the status before both', () => {
    const amounts = [
      amount({ asOf: '2023-06-30', since: '2023-01-10', amountMinor: 500 }),
      amount({ asOf: '2023-03-31', since: '2023-01-10', amountMinor: 300 }),
    ];
    expect([on(amounts, '2023-01-10'), on(amounts, '2023-06-29'), on(amounts, '2023-06-30')]).toEqual([
      300, 300, 500,
    ]);
    expect(totalsOn(line, amounts, '2023-06-30').committed?.since).toBe('2023-01-10');
  });

  test('keeps the day on which the line came to the status, where a later amount does not name it', () => {
    const amounts = [
      amount({ asOf: '2023-06-01', since: '2023-06-01' }),
      amount({ asOf: '2023-06-30', amountMinor: 500 }),
    ];
    expect(totalsOn(line, amounts, '2023-06-30').committed).toMatchObject({
      since: '2023-06-01',
      asOf: '2023-06-30',
      amountMinor: 500,
      lowMinor: 500,
      highMinor: 500,
    });
  });

  test('is unknown where it is not said, which is from nothing on, and not of another line', () => {
    const amounts = [amount({ asOf: '2023-06-30' }), amount({ asOf: '2023-06-30', fundingId: 'other' })];
    expect(totalsOn(line, amounts, '2023-06-30').committed).toMatchObject({
      amountMinor: null,
      qualifier: null,
      lowMinor: 0,
      highMinor: null,
    });
    expect(totalsOn({ ...line, id: 'third' }, amounts, '2023-06-30').committed).toBeNull();
  });

  test('is, whatever is said, of the last amount that speaks of that day or an earlier one, or came about by then', () => {
    fc.assert(
      fc.property(manyAmounts, day, fc.constantFrom(...fundingStatuses), (amounts, asked, status) => {
        const found = inForceOn(amounts, status, asked);
        const own = amounts.filter((each) => each.status === status);
        const begun = own.filter((each) => (each.since ?? each.asOf) <= asked);
        expect(found === null).toBe(begun.length === 0);
        if (found === null) return;
        // Of what speaks of that day or an earlier one, none is passed over for an earlier one.
        const last = own
          .filter(({ asOf }) => asOf <= asked)
          .reduce((max, { asOf }) => (asOf > max ? asOf : max), '');
        expect(found.asOf >= last).toBe(true);
      }),
    );
  });
});

test('amounts that rise by the days they speak of rise on all days, whenever they came about', () => {
  fc.assert(
    fc.property(manyAmounts, (amounts) => {
      const rising = amounts
        .map((each): FundingAmount => ({ ...each, status: 'arrived', qualifier: 'exact' }))
        .filter(({ asOf }, index, all) => all.findIndex((other) => other.asOf === asOf) === index)
        .sort((one, other) => (one.asOf < other.asOf ? -1 : 1))
        .map((each, index) => ({ ...each, amountMinor: index + 1 }));
      const shown = Array.from({ length: 61 }, (_, days) => {
        const total = totalsOn(line, rising.toReversed(), addDays('2023-01-01', days)).arrived;
        return total?.amountMinor ?? 0;
      });
      expect(shown).toEqual(shown.toSorted((one, other) => one - other));
      expect(shown.at(-1)).toBe(rising.length);
    }),
  );
});

describe('the status of a day', () => {
  test('is the farthest of which something is said by then, what is surely nothing aside', () => {
    const amounts = [
      amount({ status: 'sought', asOf: '2023-01-31' }),
      amount({ status: 'arrived', asOf: '2023-03-31', amountMinor: 0 }),
      amount({ status: 'committed', asOf: '2023-05-31', amountMinor: 5 }),
      amount({ status: 'arrived', asOf: '2023-06-30', amountMinor: 0, qualifier: 'moreThan' }),
    ];
    const days = ['2023-01-30', '2023-01-31', '2023-03-31', '2023-05-31', '2023-06-30'];
    expect(days.map((each) => statusOn(amounts, each))).toEqual([
      null,
      'sought',
      'sought',
      'committed',
      'arrived',
    ]);
  });
});

describe('amounts fall', () => {
  const check = (said: FundingAmount, others: FundingAmount[]) =>
    refusal(() => assertAmountDoesNotFall(said, others, 'CNY'));

  test('where one is surely below the nearest earlier that bounds it, or above the nearest later', () => {
    const others = [
      amount({ asOf: '2023-03-31', amountMinor: 90, qualifier: 'atLeast' }),
      amount({ asOf: '2023-04-30' }),
      amount({ asOf: '2023-09-30', amountMinor: 120 }),
    ];
    expect(check(amount({ asOf: '2023-06-30', amountMinor: 89 }), others)).toBe('amount_falls');
    expect(check(amount({ asOf: '2023-06-30', amountMinor: 90 }), others)).toBeNull();
    expect(check(amount({ asOf: '2023-06-30', amountMinor: 89, qualifier: 'atLeast' }), others)).toBeNull();
    expect(check(amount({ asOf: '2023-06-30', amountMinor: 121 }), others)).toBe('amount_falls');
    expect(check(amount({ asOf: '2023-06-30' }), others)).toBeNull();
    expect(check(amount({ asOf: '2023-06-30', amountMinor: 89, reason: '退款' }), others)).toBeNull();
    expect(check(amount({ asOf: '2023-06-30', amountMinor: 1, status: 'arrived' }), others)).toBeNull();
  });

  test('never where values can be found that rise', () => {
    fc.assert(
      fc.property(manyAmounts, anyAmount, (others, said) => {
        const rising = others
          .filter(({ status, asOf }) => status === said.status && asOf !== said.asOf)
          .concat(said)
          .sort((one, other) => (one.asOf < other.asOf ? -1 : 1));
        let least = 0;
        const canRise = rising.every((each) => {
          const { lowMinor, highMinor } = minorIntervalOf(each);
          least = Math.max(least, lowMinor);
          return highMinor === null || least <= highMinor;
        });
        if (canRise) expect(check(said, others)).toBeNull();
      }),
    );
  });

  test('always where one is surely below the one before it and nobody says why', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.nat(), (more, less) => {
        const before = amount({ asOf: '2023-03-31', amountMinor: more });
        const after = amount({ asOf: '2023-06-30', amountMinor: less % more });
        expect(check(after, [before])).toBe('amount_falls');
        expect(check(before, [after])).toBe('amount_falls');
        expect(check(before, [{ ...after, reason: '退款' }])).toBeNull();
      }),
    );
  });
});

describe('more arrives than was committed', () => {
  const check = (said: FundingAmount, others: FundingAmount[]) =>
    refusal(() => assertArrivedWithinCommitted(said, [...others, said], 'CNY'));
  const arrived = (asOf: string, amountMinor: number | null, others: Partial<FundingAmount> = {}) =>
    amount({ status: 'arrived', asOf, amountMinor, ...others });
  const committed = (asOf: string, amountMinor: number | null, others: Partial<FundingAmount> = {}) =>
    amount({ status: 'committed', asOf, amountMinor, ...others });

  test('on the day itself, or on a later one through what is said of an earlier', () => {
    expect(check(arrived('2023-06-30', 6), [committed('2023-03-31', 5)])).toBe('arrived_exceeds_committed');
    expect(check(arrived('2023-06-30', 5), [committed('2023-03-31', 5)])).toBeNull();
    expect(check(committed('2023-03-31', 5), [arrived('2023-06-30', 6)])).toBe('arrived_exceeds_committed');
    expect(check(committed('2023-07-31', 5), [arrived('2023-06-30', 6)])).toBe('arrived_exceeds_committed');
    const raised = [committed('2023-05-31', 7), arrived('2023-06-30', 6)];
    expect(check(committed('2023-03-31', 5), raised)).toBeNull();
  });

  test('is not known where nothing is said of one, or how much at most or at least', () => {
    expect(check(arrived('2023-06-30', 6), [])).toBeNull();
    expect(check(arrived('2023-06-30', 6), [committed('2023-03-31', null)])).toBeNull();
    expect(
      check(arrived('2023-06-30', 6), [committed('2023-03-31', 5, { qualifier: 'atLeast' })]),
    ).toBeNull();
    expect(check(arrived('2023-06-30', 6, { qualifier: 'atMost' }), [committed('2023-03-31', 5)])).toBeNull();
    expect(check(arrived('2023-03-31', 6), [committed('2023-06-30', 7)])).toBeNull();
  });

  test('is taken where either of the two says why', () => {
    const why = { reason: '追加' };
    expect(check(arrived('2023-06-30', 6, why), [committed('2023-03-31', 5)])).toBeNull();
    expect(check(arrived('2023-06-30', 6), [committed('2023-03-31', 5, why)])).toBeNull();
  });

  test('never where each day has values that keep to it, whatever is said', () => {
    fc.assert(
      fc.property(manyAmounts, anyAmount, (all, said) => {
        const others = all.filter(({ status, asOf }) => status !== said.status || asOf !== said.asOf);
        const exceeds = Array.from({ length: 61 }, (_, days) => addDays('2023-01-01', days)).some((each) => {
          const totals = totalsOn(line, [...others, said], each);
          const most = totals.committed?.highMinor ?? null;
          return totals.arrived !== null && most !== null && totals.arrived.lowMinor > most;
        });
        if (!exceeds) expect(check(said, others)).toBeNull();
      }),
    );
  });
});
