import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Agreement, Amendment } from '../../../src/features/agreements/agreement.ts';
import { modificationsOn, termsOn } from '../../../src/features/agreements/rules.ts';
import { addDays } from '../../../src/shared/calendar-date.ts';

const signed: Agreement = {
  projectId: 'xianghejian-urban-renewal',
  id: 'framework',
  type: 'framework',
  title: '框架协议',
  signedOn: '2023-01-01',
  signedByDay: '2023-01-01',
  effectiveOn: '2023-01-01',
  endsOn: '2023-12-31',
  partyIds: [],
  valueMinor: 100,
  valueCurrency: 'CNY',
  valueQualifier: 'exact',
  valueStated: null,
  documentUrl: null,
  note: null,
  citation: null,
  reason: null,
  revision: 1,
  createdAt: '2023-07-03T01:02:03.004Z',
  archivedAt: null,
  recordedAt: '2023-07-03T01:02:03.004Z',
  recordedBy: 'clerk',
  supersededAt: null,
};

function amendment(asOf: string, said: Partial<Amendment> = {}): Amendment {
  return {
    projectId: signed.projectId,
    agreementId: signed.id,
    asOf,
    rationale: '补充协议',
    scope: null,
    effectiveOn: null,
    endsOn: null,
    valueMinor: null,
    valueCurrency: null,
    valueQualifier: null,
    valueStated: null,
    documentUrl: null,
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

const worth = (minor: number): Partial<Amendment> => ({
  ...{ valueMinor: minor, valueCurrency: 'CNY', valueQualifier: 'exact' },
});
const day = fc.integer({ min: 0, max: 400 }).map((days) => addDays('2023-01-01', days));
const said = fc.record({
  endsOn: fc.option(day),
  documentUrl: fc.option(fc.constantFrom('https://a.example', 'https://b.example')),
  scope: fc.option(fc.constant('增加二期')),
  value: fc.option(fc.integer({ min: 0, max: 1_000_000 })),
  withdrawn: fc.boolean(),
});
const amendments = fc
  .uniqueArray(fc.tuple(day, said), { selector: ([asOf]) => asOf, maxLength: 8 })
  .map((all) =>
    all.map(([asOf, { value, ...others }]) =>
      amendment(asOf, { ...others, ...(value === null ? {} : worth(value)) }),
    ),
  );

describe('the terms of an agreement', () => {
  test('are what was signed until something is amended, and each change holds from its day on', () => {
    const all = [amendment('2023-09-01', { endsOn: '2025-12-31' }), amendment('2023-06-01', worth(150))];
    const on = (asked: string) => {
      const { valueMinor, endsOn } = termsOn(signed, all, asked);
      return [valueMinor, endsOn];
    };
    expect(on('2023-05-31')).toEqual([100, '2023-12-31']);
    expect(on('2023-06-01')).toEqual([150, '2023-12-31']);
    expect(on('2023-08-31')).toEqual([150, '2023-12-31']);
    expect(on('2023-09-01')).toEqual([150, '2025-12-31']);
  });

  test('take a value over whole: the bound and the words of the one before do not stay', () => {
    const bounded: Agreement = { ...signed, valueQualifier: 'atLeast', valueStated: '1元以上' };
    expect(termsOn(bounded, [amendment('2023-06-01', worth(150))], '2023-06-01')).toMatchObject({
      ...{ valueMinor: 150, valueQualifier: 'exact', valueStated: null },
    });
  });

  test('are the same whatever order the amendments were recorded in', () => {
    const shuffled = amendments.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }), day),
    );
    fc.assert(
      fc.property(shuffled, ([all, others, asked]) => {
        expect(termsOn(signed, others, asked)).toEqual(termsOn(signed, all, asked));
        expect(modificationsOn(signed, others, asked)).toEqual(modificationsOn(signed, all, asked));
      }),
    );
  });

  test('on a day are those of each field’s newest amendment by then that speaks of it', () => {
    fc.assert(
      fc.property(amendments, day, (all, asked) => {
        const terms = termsOn(signed, all, asked);
        const newest = (field: 'endsOn' | 'documentUrl' | 'valueMinor') =>
          all
            .filter((each) => !each.withdrawn && each.asOf <= asked && each[field] !== null)
            .sort((one, other) => (one.asOf < other.asOf ? 1 : -1))[0]?.[field] ?? signed[field];
        expect([terms.endsOn, terms.documentUrl, terms.valueMinor]).toEqual([
          newest('endsOn'),
          newest('documentUrl'),
          newest('valueMinor'),
        ]);
      }),
    );
  });

  test('have no trace of what was withdrawn, of later days, or of other agreements', () => {
    fc.assert(
      fc.property(amendments, day, (all, asked) => {
        const elsewhere = all.map((each) => ({ ...each, agreementId: 'lease' }));
        const inForce = all.filter((each) => !each.withdrawn && each.asOf <= asked);
        expect(termsOn(signed, [...elsewhere, ...all], asked)).toEqual(termsOn(signed, inForce, asked));
      }),
    );
  });

  test('go on from each modification to the next, with nothing between them', () => {
    fc.assert(
      fc.property(amendments, (all) => {
        const modifications = modificationsOn(signed, all, '9999-12-31');
        for (const [index, { before }] of modifications.entries())
          expect(before).toEqual(modifications[index - 1]?.after ?? termsOn(signed, [], '9999-12-31'));
      }),
    );
  });
});
