import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { DealFacts } from '../../../src/features/deals/deal.ts';
import { dealOn } from '../../../src/features/deals/deal-on.ts';
import { type Funnel, FunnelTally } from '../../../src/features/deals/funnel.ts';
import { signingWithin } from '../../../src/features/deals/signings.ts';
import { dealStages } from '../../../src/features/parties/index.ts';
import { greaterValue, signedIncrement } from '../../../src/formulas/signed-increment.ts';
import { currencies, days, deals } from './arbitrary.ts';
import { agreement, amendment, facts, line, party, setTo, status, unnamed, worth } from './facts.ts';

const day = '2023-06-30';

function funnelOf(
  all: readonly DealFacts[],
  { asOf = day, compareTo = null as string | null, currency = null as string | null } = {},
): Funnel {
  const tally = new FunnelTally({ asOf, compareTo, currency });
  for (const [index, each] of all.entries()) tally.add({ ...each, projectId: `deal-${index}` });
  return tally.funnel();
}

function stageIn({ stages }: Funnel, stage: string) {
  const found = stages.find((each) => each.stage === stage);
  if (found === undefined) throw new Error(stage);
  return found;
}

const talks = facts(unnamed('in-talks', 6, [{ stage: 'inTalks', since: '2023-06-20', asOf: day }]));
const framework = facts(
  talks,
  party('xianghejian', [{ stage: 'frameworkSigned', asOf: day }]),
  agreement('framework', 'framework', { by: day }),
);

describe('a funnel', () => {
  it('counts a deal once, parties by their own stage, and unnamed ones each', () => {
    const funnel = funnelOf([framework, talks, facts(party('dayang'))]);
    expect(funnel.deals).toBe(3);
    expect(stageIn(funnel, 'inTalks')).toMatchObject({
      deals: 1,
      parties: 12,
      medianDays: 10,
      unknownAges: 0,
    });
    expect(stageIn(funnel, 'frameworkSigned')).toMatchObject({
      deals: 1,
      parties: 1,
      medianDays: null,
      unknownAges: 1,
    });
    expect(funnel.withoutStage).toEqual({ deals: 1, parties: 1 });
  });

  it('counts for each stage who is or ever was there or farther, and the share that went on', () => {
    const back = facts(
      party('a', [
        { stage: 'contractSigned', asOf: '2023-03-31' },
        { stage: 'lapsed', asOf: '2023-05-31' },
      ]),
    );
    const funnel = funnelOf([framework, talks, back, facts(party('b', [{ stage: 'lead', asOf: day }]))]);
    const told = funnel.stages.map(({ stage, reached, conversion }) => [stage, reached, conversion?.share]);
    expect(told).toEqual([
      ['lead', 4, 0.75],
      ['inTalks', 3, 0.6667],
      ['frameworkSigned', 2, 0.5],
      ['contractSigned', 1, 0],
      ['funded', 0, null],
      ['started', 0, null],
      ['operating', 0, undefined],
      ['lapsed', null, undefined],
    ]);
    expect(stageIn(funnel, 'lapsed').deals).toBe(1);
  });

  it('goes by what was set only where no fact gives a stage, and says so', () => {
    const funnel = funnelOf([
      facts(talks, setTo('operating', day)),
      facts(party('dayang'), setTo('inTalks', day, { since: '2023-06-28' })),
    ]);
    expect(stageIn(funnel, 'inTalks')).toMatchObject({ deals: 2, setDeals: 1, medianDays: 6, reached: 2 });
    expect(stageIn(funnel, 'operating')).toMatchObject({ deals: 0, reached: 0 });
  });

  it('says what is unknown: six in talks and nobody says for how much', () => {
    const sought = line('start-up', [{ status: 'sought', asOf: day }]);
    const funnel = funnelOf([facts(framework, sought)]);
    expect(funnel.money).toMatchObject({
      currency: 'CNY',
      sought: { lowMinor: 0n, highMinor: null, count: 1, unknown: 1 },
      committed: { count: 0 },
    });
    expect(stageIn(funnel, 'frameworkSigned')).toMatchObject({
      amount: { lowMinor: 0n, highMinor: null, unknown: 1 },
      amountByCurrency: [],
    });
    expect(funnel.signings).toMatchObject({ deals: 1, daysUnknown: 1, withoutValue: 1, values: [] });
  });

  it('never adds what is in several currencies', () => {
    const yuan = facts(line('a', [{ status: 'arrived', asOf: day, amountMinor: 100 }]));
    const dollars = facts(line('b', [{ status: 'arrived', asOf: day, amountMinor: 7 }], 'USD'));
    const funnel = funnelOf([yuan, dollars]);
    expect(funnel).toMatchObject({ money: null, moneyReason: 'severalCurrencies' });
    expect(funnel.moneyByCurrency.map(({ currency, arrived }) => [currency, arrived.lowMinor])).toEqual([
      ['CNY', 100n],
      ['USD', 7n],
    ]);
    expect(funnelOf([yuan, dollars], { currency: 'USD' }).money).toMatchObject({
      currency: 'USD',
      arrived: { lowMinor: 7n, highMinor: 7n, count: 1 },
    });
    expect(funnelOf([yuan], { currency: 'EUR' }).money).toMatchObject({ arrived: { count: 0 } });
    expect(funnelOf([talks])).toMatchObject({ money: null, moneyReason: 'noMoney' });
  });

  it('counts what was signed as the greatest of its agreements, not as their sum', () => {
    const both = facts(
      agreement('a', 'framework', { on: '2023-03-01' }, worth(50_000_000)),
      agreement('b', 'investment', { on: '2023-05-01' }, worth(90_000_000, 'atLeast')),
      agreement('c', 'other', { on: '2023-05-01' }, worth(999_000_000)),
    );
    expect(stageIn(funnelOf([both]), 'contractSigned').amount).toMatchObject({
      lowMinor: 9_000_000_000n,
      highMinor: null,
      unknown: 0,
      qualifier: 'atLeast',
    });
  });

  it('tells which deals are in another stage than on the earlier day', () => {
    const started = facts(talks, status('implementation', '2023-06-25'));
    const left = facts(
      party('a', [
        { stage: 'inTalks', asOf: '2023-01-31' },
        { stage: 'lapsed', asOf: '2023-05-31' },
      ]),
    );
    const still = facts(party('a', [{ stage: 'lead', asOf: '2023-01-31' }]));
    expect(funnelOf([left, still, started], { compareTo: '2023-03-31' }).movements).toEqual([
      { projectId: 'deal-2', from: null, to: 'started' },
      { projectId: 'deal-0', from: 'inTalks', to: 'lapsed' },
    ]);
    expect(funnelOf([left]).movements).toBeNull();
  });

  it('has no deal in it that was none by the day', () => {
    const later = facts(agreement('a', 'lease', { on: '2023-07-01' }));
    expect(funnelOf([later, facts(status('implementation', '2022-01-01'))]).deals).toBe(0);
  });
});

describe('the parties of a deal', () => {
  it('are each counted once, an organization that takes several parts where it is farthest', () => {
    const dayang = { organizationId: 'dayang', name: null };
    const deal = facts(
      party('owner', [{ stage: 'inTalks', asOf: day }], dayang),
      party('funder', [{ stage: 'frameworkSigned', asOf: day }], dayang),
      party('tenant', [{ stage: 'lapsed', asOf: day }], dayang),
      party('adviser', [], dayang),
      party('other', [{ stage: 'inTalks', asOf: day }]),
      unnamed('six', 6, [{ stage: 'inTalks', asOf: day }]),
    );
    const { stages, withoutStage } = funnelOf([deal]);
    const counts = stages.map(({ stage, parties }) => [stage, parties]);
    expect(counts.filter(([, parties]) => parties !== 0)).toEqual([
      ['inTalks', 7],
      ['frameworkSigned', 1],
    ]);
    expect(withoutStage.parties).toBe(0);
  });
});

describe('a company that is named, and of which nothing else is said', () => {
  const six = unnamed('six', 6, [{ stage: 'inTalks', asOf: '2023-05-31' }]);
  const named = (id: string, splitOn: string) => party(id, [], { splitFrom: 'six', splitOn });
  const inTalks = (deal: ReturnType<typeof facts>, asOf: string) => {
    const { stages, withoutStage } = funnelOf([deal], { asOf });
    const found = stages.find(({ stage }) => stage === 'inTalks');
    return [found?.deals, found?.parties, withoutStage];
  };

  it('is where those are from whom it was told apart, so that nobody moves by getting a name', () => {
    const deal = facts(six, named('one', '2023-06-10'));
    for (const asOf of ['2023-06-09', '2023-06-10'])
      expect(inTalks(deal, asOf)).toEqual([1, 6, { deals: 0, parties: 0 }]);
    const all = ['1', '2', '3', '4', '5', '6'].map((id) => named(id, '2023-06-10'));
    expect(inTalks(facts(six, ...all), '2023-06-30')).toEqual([1, 6, { deals: 0, parties: 0 }]);
  });

  it('is where it is itself from the day on of which that is said', () => {
    const signed = party('one', [{ stage: 'frameworkSigned', asOf: '2023-06-20' }], {
      ...{ splitFrom: 'six', splitOn: '2023-06-10' },
    });
    expect(inTalks(facts(six, signed), '2023-06-19')).toEqual([1, 6, { deals: 0, parties: 0 }]);
    expect(inTalks(facts(six, signed), '2023-06-20')).toEqual([0, 5, { deals: 0, parties: 0 }]);
  });
});

describe('signings', () => {
  const deal = facts(
    agreement('a', 'framework', { on: '2023-03-01' }, worth(50_000_000)),
    agreement('b', 'investment', { by: '2023-05-31' }, worth(90_000_000)),
    amendment('b', '2023-09-01', worth(120_000_000)),
  );
  const yuan = (minor: Record<string, unknown> | undefined) => minor && [minor.lowMinor, minor.highMinor];

  test.each<[string, string | null, string, boolean, number, number]>([
    ['once, at the first', '2023-01-01', '2023-03-31', true, 50_000_000, 0],
    ['later ones by the increment', '2023-03-31', '2023-06-30', false, 0, 40_000_000],
    ['an amendment by its increment', '2023-06-30', '2023-12-31', false, 0, 30_000_000],
    ['all of it from the beginning', null, '2023-12-31', true, 50_000_000, 70_000_000],
  ])('count a deal %s', (_how, after, upTo, isFirst, first, increment) => {
    const signing = signingWithin(deal, after, upTo);
    expect(signing?.isFirst).toBe(isFirst);
    expect(yuan(signing?.first.get('CNY') as never)).toEqual(
      first === 0 ? undefined : [first * 100, first * 100],
    );
    expect(yuan(signing?.increments.get('CNY') as never)).toEqual(
      increment === 0 ? undefined : [increment * 100, increment * 100],
    );
  });

  it('are none before the first', () => {
    expect(signingWithin(deal, null, '2023-02-28')).toBeNull();
    expect(funnelOf([deal], { asOf: '2023-02-28' }).signings.deals).toBe(0);
  });

  it('count anew nothing that falls and rises again', () => {
    const falls = facts(
      agreement('a', 'investment', { on: '2023-01-01' }, worth(9)),
      amendment('a', '2023-03-01', worth(4)),
      amendment('a', '2023-05-01', worth(10)),
    );
    expect(yuan(signingWithin(falls, '2023-04-01', '2023-06-01')?.increments.get('CNY') as never)).toEqual([
      100, 100,
    ]);
  });

  it('compare each agreement with all before it, so that one which is no more adds nothing', () => {
    const deal = facts(
      agreement('a', 'framework', { on: '2023-03-01' }, worth(90, 'atLeast')),
      agreement('b', 'investment', { on: '2023-04-01' }, worth(80)),
      agreement('c', 'lease', { on: '2023-05-01' }, worth(100)),
      amendment('a', '2023-06-01', { scope: '用途' }),
    );
    expect(
      yuan(signingWithin(deal, '2023-03-01', '2023-04-30')?.increments.get('CNY') as never),
    ).toBeUndefined();
    expect(yuan(signingWithin(deal, '2023-03-01', '2023-06-30')?.increments.get('CNY') as never)).toEqual([
      0, 1000,
    ]);
  });

  it('take a party’s word that it has signed, and count by the day of which nobody knows more', () => {
    const signed = facts(party('a', [{ stage: 'frameworkSigned', asOf: day }]));
    expect(funnelOf([signed], { compareTo: '2023-06-29' }).signings).toMatchObject({
      deals: 1,
      daysUnknown: 1,
      withoutValue: 1,
    });
    expect(funnelOf([signed], { asOf: '2023-07-31', compareTo: day }).signings.deals).toBe(0);
  });

  it('grow by an interval where a bound is all that is known, and not at all where nothing changes', () => {
    const between = (lowMinor: number, highMinor: number | null) => ({ lowMinor, highMinor, isAbout: false });
    const [bound, exact] = [between(90, null), between(90, 90)];
    expect(signedIncrement(exact, exact)).toBeNull();
    expect(signedIncrement(exact, between(0, 80))).toBeNull();
    expect(signedIncrement(bound, between(120, 120))).toEqual(between(0, 30));
    expect(signedIncrement(between(50, 50), bound)).toEqual(between(40, null));
    expect(signedIncrement(undefined, bound)).toEqual(bound);
  });

  it('stay approximate where the value, or what it is more than, was said to be about so much', () => {
    const about = facts(
      agreement('a', 'framework', { on: '2023-03-01' }, worth(5, 'about')),
      agreement('b', 'investment', { on: '2023-04-01' }, worth(9)),
    );
    const qualifiers = (upTo: string) => {
      const { stages, signings } = funnelOf([about], { asOf: upTo });
      return [
        stages.flatMap(({ amount }) => (amount !== null && amount.count > 0 ? amount.qualifier : [])),
        [...signings.values, ...signings.increments].map(({ qualifier }) => qualifier),
      ];
    };
    expect(qualifiers('2023-03-01')).toEqual([['about'], ['about']]);
    expect(qualifiers('2023-04-01')).toEqual([['exact'], ['about', 'about']]);
    const once = { lowMinor: 9, highMinor: 9, isAbout: false };
    expect(greaterValue({ ...once, isAbout: true }, once)).toEqual(once);
    expect(greaterValue({ ...once, lowMinor: 0 }, { ...once, isAbout: true }).isAbout).toBe(true);
  });

  it('of spans that follow one another count each deal once', () => {
    fc.assert(
      fc.property(deals, days, days, days, (given, ...some) => {
        const [one, two, three] = some.sort() as [string, string, string];
        if (one === two || two === three) return;
        const spans = [
          signingWithin(given, null, one),
          signingWithin(given, one, two),
          signingWithin(given, two, three),
        ];
        const all = signingWithin(given, null, three);
        expect(spans.filter((each) => each?.isFirst).length).toBe(all === null ? 0 : 1);
      }),
    );
  });
});

describe('of any deals', () => {
  const some = fc.array(deals, { maxLength: 6 });

  it('the counts add up', () => {
    fc.assert(
      fc.property(some, days, (all, asOf) => {
        const { deals: count, stages, withoutStage, ...funnel } = funnelOf(all, { asOf });
        expect(count).toBe(all.filter((each) => dealOn(each, asOf).isDeal).length);
        expect(stages.map(({ stage }) => stage)).toEqual([...dealStages]);
        const sum = (name: 'deals' | 'setDeals') => stages.reduce((total, each) => total + each[name], 0);
        expect(sum('deals') + withoutStage.deals).toBe(count);
        expect(sum('setDeals')).toBeLessThanOrEqual(sum('deals'));
        for (const each of stages) {
          expect(each.unknownAges).toBeLessThanOrEqual(each.deals);
          expect(each.medianDays === null).toBe(each.unknownAges === each.deals);
          expect(each.deals).toBeLessThanOrEqual(each.reached ?? each.deals);
        }
        expect(funnel.signings.deals).toBeLessThanOrEqual(count);
      }),
    );
  });

  it('fewer reach what is farther, and nobody who reached it is lost on a later day', () => {
    fc.assert(
      fc.property(some, days, days, (all, one, other) => {
        const [earlier, later] = [one, other].sort() as [string, string];
        const reachedOn = (asOf: string) => funnelOf(all, { asOf }).stages.map(({ reached }) => reached ?? 0);
        const now = reachedOn(later);
        expect(now.slice(0, -1)).toEqual(now.slice(0, -1).sort((a, b) => b - a));
        const without = (facts: DealFacts) => ({ ...facts, setStages: [] });
        const then = funnelOf(all.map(without), { asOf: earlier }).stages;
        const after = funnelOf(all.map(without), { asOf: later }).stages;
        for (const [index, each] of then.entries())
          expect(after[index]?.reached ?? 0).toBeGreaterThanOrEqual(each.reached ?? 0);
      }),
    );
  });

  it('a currency is what its own amounts come to, whatever there is in others', () => {
    fc.assert(
      fc.property(some, days, fc.constantFrom(...currencies), (all, asOf, currency) => {
        const only = all.map((each) => {
          const funding = each.funding.filter((line) => line.currency === currency);
          return {
            ...each,
            funding,
            amounts: each.amounts.filter(({ fundingId }) => funding.some(({ id }) => id === fundingId)),
          };
        });
        const mixed = funnelOf(all, { asOf }).moneyByCurrency.find((money) => money.currency === currency);
        expect(mixed).toEqual(funnelOf(only, { asOf }).moneyByCurrency[0]);
        for (const { amountByCurrency } of funnelOf(all, { asOf }).stages) {
          const codes = amountByCurrency.map((each) => each.currency);
          expect(codes).toEqual([...new Set(codes)].sort());
        }
      }),
    );
  });

  it('movements lead from the counts of one day to those of the other', () => {
    fc.assert(
      fc.property(some, days, days, (all, one, other) => {
        if (one === other) return;
        const [compareTo, asOf] = [one, other].sort() as [string, string];
        const funnel = funnelOf(all, { asOf, compareTo });
        const before = funnelOf(all, { asOf: compareTo });
        for (const { stage, deals: count } of funnel.stages) {
          const came = funnel.movements?.filter(({ to }) => to === stage).length ?? 0;
          const went = funnel.movements?.filter(({ from }) => from === stage).length ?? 0;
          expect(stageIn(before, stage).deals + came - went).toBe(count);
        }
      }),
    );
  });
});
