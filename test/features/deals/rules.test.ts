import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { courseUpTo } from '../../../src/features/deals/course.ts';
import type { DealFacts } from '../../../src/features/deals/deal.ts';
import { dealOn } from '../../../src/features/deals/deal-on.ts';
import { farther, openStages, rankOf } from '../../../src/features/deals/rules.ts';
import { stageFactsOf } from '../../../src/features/deals/stage-facts.ts';
import { stageOn } from '../../../src/features/parties/index.ts';
import { agreementTypes, amounts, days, deals, saids } from './arbitrary.ts';
import { agreement, facts, line, noFacts, party, setTo, status, unnamed } from './facts.ts';

const day = '2023-06-30';
const inTalks = unnamed('in-talks', 6, [{ stage: 'inTalks', asOf: '2023-05-31' }]);
const startUp = (...amounts: Parameters<typeof line>[1] & {}) => facts(line('start-up', amounts));
const arrived = { status: 'arrived', asOf: day } as const;

const byFacts = (given: DealFacts, on = day) => dealOn(given, on).facts;

describe('the stage of a deal', () => {
  test.each<[string, DealFacts, string | null]>([
    ['is none of what is no deal', noFacts(), null],
    ['is none where no fact gives one', facts(party('dayang')), null],
    ['is that of a party', facts(inTalks), 'inTalks'],
    [
      'is the farthest of the parties’',
      facts(inTalks, party('a', [{ stage: 'funded', asOf: day }])),
      'funded',
    ],
    ['is frameworkSigned by a framework', facts(agreement('a', 'framework', { by: day })), 'frameworkSigned'],
    [
      'is contractSigned by an investment',
      facts(agreement('a', 'investment', { on: day })),
      'contractSigned',
    ],
    [
      'is contractSigned by a construction',
      facts(agreement('a', 'construction', { on: day })),
      'contractSigned',
    ],
    ['is contractSigned by a lease', facts(agreement('a', 'lease', { on: day })), 'contractSigned'],
    ['is none by another agreement', facts(agreement('a', 'other', { on: day })), null],
    [
      'counts no agreement before its day',
      facts(inTalks, agreement('a', 'lease', { on: '2023-07-01' })),
      'inTalks',
    ],
    ['is funded by money that has arrived', startUp({ ...arrived, amountMinor: 1 }), 'funded'],
    ['is funded by money of unknown amount', startUp(arrived), 'funded'],
    [
      'is funded by at least so much',
      startUp({ ...arrived, amountMinor: 1, qualifier: 'atLeast' }),
      'funded',
    ],
    ['is funded by nearly so much', startUp({ ...arrived, amountMinor: 1, qualifier: 'nearly' }), 'funded'],
    ['is not funded by at most so much', startUp({ ...arrived, amountMinor: 1, qualifier: 'atMost' }), null],
    ['is not funded by nothing', startUp({ ...arrived, amountMinor: 0 }), null],
    ['is not funded by what is sought', startUp({ status: 'sought', asOf: day }), null],
    ['is not funded by what is committed', startUp({ status: 'committed', asOf: day, amountMinor: 1 }), null],
    [
      'is still funded where some of it was taken back',
      startUp({ ...arrived, amountMinor: 2 }, { status: 'withdrawn', asOf: day, amountMinor: 1 }),
      'funded',
    ],
    [
      'is not funded where all of it was taken back',
      startUp({ ...arrived, amountMinor: 2 }, { status: 'withdrawn', asOf: day, amountMinor: 2 }),
      null,
    ],
    [
      'is not funded where it was taken back, nobody says how much',
      startUp({ ...arrived, amountMinor: 2 }, { status: 'withdrawn', asOf: day }),
      null,
    ],
    ['is started where the project is under way', facts(inTalks, status('implementation', day)), 'started'],
    ['is operating where it is complete', facts(inTalks, status('completion', day)), 'operating'],
    ['is operating where it is maintained', facts(inTalks, status('maintenance', day)), 'operating'],
    ['is none by the status alone', facts(status('implementation', day)), null],
    ['is nothing more by a status of preparation', facts(inTalks, status('preparation', day)), 'inTalks'],
    [
      'stays where it was while the project is suspended',
      facts(inTalks, status('implementation', '2023-06-01'), status('suspended', day)),
      'started',
    ],
    ['has lapsed where the project is cancelled', facts(inTalks, status('cancelled', day)), 'lapsed'],
    ['has lapsed where it is decommissioned', facts(inTalks, status('decommissioned', day)), 'lapsed'],
    [
      'is back where it was when the project is taken up again',
      facts(inTalks, status('cancelled', '2023-06-01'), status('preparation', day)),
      'inTalks',
    ],
    [
      'has lapsed where every party that has a stage has',
      facts(
        party('a', [{ stage: 'lapsed', asOf: day }]),
        party('b'),
        agreement('c', 'framework', { by: day }),
      ),
      'lapsed',
    ],
    [
      'goes on as long as one party does',
      facts(party('a', [{ stage: 'lapsed', asOf: day }]), inTalks),
      'inTalks',
    ],
  ])('%s', (_promise, given, stage) => {
    expect(byFacts(given).stage).toBe(stage);
  });

  it('says which fact gave it and by when, where the day is not known', () => {
    const signed = party('xianghejian', [{ stage: 'frameworkSigned', asOf: day }]);
    expect(byFacts(facts(inTalks, signed, agreement('framework', 'framework', { by: day })))).toEqual({
      stage: 'frameworkSigned',
      because: {
        subjectType: 'agreement',
        subjectId: 'deal/framework',
        stage: 'frameworkSigned',
        on: null,
        by: day,
        text: 'framework agreement framework, signed by 2023-06-30',
      },
      since: null,
      sinceBy: day,
      reached: 'frameworkSigned',
    });
  });

  test.each<[string, DealFacts, object]>([
    [
      'a party',
      facts(party('a', [{ stage: 'inTalks', since: '2023-05-01', asOf: day }])),
      { subjectType: 'partyStage', subjectId: 'deal/a/2023-06-30', text: 'a is inTalks, since 2023-05-01' },
    ],
    [
      'companies that are not named',
      facts(inTalks),
      {
        subjectId: 'deal/in-talks/2023-05-31',
        text: '6 companies that are not named are inTalks, by 2023-05-31',
      },
    ],
    [
      'money',
      startUp({ ...arrived, since: '2023-06-10', amountMinor: 1 }),
      {
        subjectType: 'fundingAmount',
        subjectId: 'deal/start-up/arrived/2023-06-30',
        text: 'start-up: money has arrived, on 2023-06-10',
      },
    ],
    [
      'a status',
      facts(inTalks, status('implementation', '2023-06-15')),
      { subjectType: 'status', subjectId: 'deal/2023-06-15', on: '2023-06-15' },
    ],
    [
      'a status since an unknown day',
      facts(inTalks, status('implementation', '0001-01-01')),
      { subjectType: 'project', subjectId: 'deal', on: null, by: null },
    ],
  ])('names %s by which it is so', (_what, given, because) => {
    expect(byFacts(given).because).toMatchObject(because);
  });

  it('goes back to what held before when a fact is taken back, and its stay begins anew', () => {
    const given = facts(
      party('a', [
        { stage: 'inTalks', since: '2023-01-10', asOf: '2023-01-31' },
        { stage: 'contractSigned', since: '2023-03-01', asOf: '2023-03-31' },
        { stage: 'inTalks', since: '2023-06-01', asOf: day, reason: '解约' },
      ]),
    );
    expect(byFacts(given, '2023-02-01')).toMatchObject({ stage: 'inTalks', since: '2023-01-10' });
    expect(byFacts(given, '2023-05-01')).toMatchObject({ stage: 'contractSigned', since: '2023-03-01' });
    expect(byFacts(given)).toMatchObject({
      stage: 'inTalks',
      since: '2023-06-01',
      reached: 'contractSigned',
    });
  });

  it('is since the day on which the farther party left, where the others were there before', () => {
    const left = party('a', [
      { stage: 'contractSigned', asOf: '2023-03-31' },
      { stage: 'lapsed', since: '2023-06-01', asOf: '2023-06-10' },
    ]);
    expect(byFacts(facts(inTalks, left))).toMatchObject({
      stage: 'inTalks',
      since: '2023-06-01',
      because: { subjectId: 'deal/in-talks/2023-05-31' },
    });
  });

  it('keeps the day of a stay through which one fact takes over from another', () => {
    const first = party('a', [
      { stage: 'frameworkSigned', since: '2023-01-10', asOf: '2023-01-31' },
      { stage: 'lapsed', since: '2023-04-01', asOf: '2023-04-30' },
    ]);
    const second = party('b', [{ stage: 'frameworkSigned', since: '2023-02-10', asOf: '2023-02-28' }]);
    expect(byFacts(facts(first, second))).toMatchObject({
      since: '2023-01-10',
      because: { subjectId: 'deal/b/2023-02-28', on: '2023-02-10' },
    });
  });

  it('counts a company that is named later only from the day on which it is told apart', () => {
    const named = party('jia', [{ stage: 'frameworkSigned', since: '2023-04-01', asOf: day }], {
      splitFrom: 'in-talks',
      splitOn: '2023-06-20',
    });
    const given = facts(inTalks, named);
    expect(byFacts(given, '2023-06-19').stage).toBe('inTalks');
    expect(byFacts(given, '2023-06-20')).toMatchObject({ stage: 'frameworkSigned', since: '2023-04-01' });
  });

  it('is nothing by companies of which none is left unnamed', () => {
    const one = unnamed('others', 1, [{ stage: 'inTalks', asOf: '2023-05-31' }]);
    const named = party('jia', [{ stage: 'lead', asOf: day }], {
      splitFrom: 'others',
      splitOn: '2023-06-20',
    });
    expect(byFacts(facts(one, named), '2023-06-19').stage).toBe('inTalks');
    expect(byFacts(facts(one, named))).toMatchObject({ stage: 'lead', reached: 'inTalks' });
  });

  it('makes a project a deal from the first day of its facts on', () => {
    const given = facts(
      agreement('a', 'other', { on: '2023-06-10' }),
      status('implementation', '2022-01-01'),
    );
    expect(dealOn(given, '2023-06-09')).toMatchObject({ isDeal: false, facts: { stage: null } });
    expect(dealOn(given, '2023-06-10')).toMatchObject({
      isDeal: true,
      facts: { stage: 'started', since: '2022-01-01' },
    });
    expect(dealOn(facts(party('dayang')), '1999-01-01').isDeal).toBe(true);
  });
});

describe('a stage that is set by hand', () => {
  it('stands beside the facts, and says which of the two is farther', () => {
    const framework = agreement('a', 'framework', { on: '2023-06-01' });
    const beside = (...some: Parameters<typeof facts>) => {
      const { facts: course, set, agrees, farther, counted } = dealOn(facts(...some), day);
      return [course.stage, set?.stage ?? null, agrees, farther, counted.stage, counted.by];
    };
    expect(beside(framework)).toEqual(['frameworkSigned', null, null, null, 'frameworkSigned', 'facts']);
    expect(beside(framework, setTo('inTalks', day)).slice(1)).toEqual([
      'inTalks',
      false,
      'facts',
      'frameworkSigned',
      'facts',
    ]);
    expect(beside(framework, setTo('funded', day)).slice(2)).toEqual([
      false,
      'set',
      'frameworkSigned',
      'facts',
    ]);
    expect(beside(framework, setTo('frameworkSigned', day)).slice(2, 4)).toEqual([true, null]);
    expect(beside(framework, setTo('lapsed', day)).slice(2, 5)).toEqual([false, null, 'frameworkSigned']);
  });

  it('is counted where no fact gives one, since the day that was said', () => {
    const given = facts(party('dayang'), setTo('inTalks', day, { since: '2023-06-10' }));
    expect(dealOn(given, day)).toMatchObject({
      facts: { stage: null, because: null },
      agrees: null,
      counted: { stage: 'inTalks', since: '2023-06-10', reached: 'inTalks', by: 'set' },
    });
    expect(dealOn(given, '2023-06-09').set).toBeNull();
  });

  it('by itself makes a project a deal', () => {
    expect(dealOn(facts(setTo('lead', day)), day)).toMatchObject({
      isDeal: true,
      counted: { stage: 'lead' },
    });
    expect(dealOn(facts(setTo('lead', day)), '2023-06-29').isDeal).toBe(false);
  });
});

describe('of any deal', () => {
  it('the course is what the facts of each day say, counted plainly', () => {
    fc.assert(
      fc.property(deals, days, (given, on) => {
        const all = stageFactsOf(given).filter(({ from }) => from <= on);
        const held = new Map<string, (typeof all)[number]>();
        for (const fact of all.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0)))
          held.set(fact.of, fact);
        const now = [...held.values()].filter(({ stage }) => stage !== null);
        const isOver = now.some(({ of, stage }) => of === 'status' && stage === 'lapsed');
        const parties = now.filter(({ of }) => of.startsWith('party/'));
        const isLeft = parties.length > 0 && parties.every(({ stage }) => stage === 'lapsed');
        const open = now.flatMap(({ stage }) => (stage === null || stage === 'lapsed' ? [] : [stage]));
        const farthest = open.sort((a, b) => rankOf(b) - rankOf(a))[0] ?? null;
        expect(byFacts(given, on).stage).toBe(isOver || isLeft ? 'lapsed' : farthest);
      }),
    );
  });

  it('a party is where its statements say that it is on the day', () => {
    fc.assert(
      fc.property(saids, days, (stages, on) => {
        const given = facts(party('a', stages));
        expect(byFacts(given, on).stage).toBe(stageOn(given.partyStages, on)?.stage ?? null);
      }),
    );
  });

  it('no fact, however far back it is dated, gives a stage before its own day', () => {
    fc.assert(
      fc.property(deals, days, (given, on) => {
        const { facts: course, counted } = dealOn(given, on);
        for (const { because } of [course, counted]) {
          if (because === null) continue;
          expect((because.on ?? because.by ?? on) <= on).toBe(true);
        }
        for (const fact of stageFactsOf(given))
          expect(fact.from >= (fact.on ?? fact.by ?? fact.from)).toBe(true);
        if (counted.since !== null) expect(counted.since <= on).toBe(true);
      }),
    );
  });

  it('another fact never lowers how far it has come', () => {
    const more = fc.oneof(
      fc.record({ stage: fc.constantFrom(...openStages), asOf: days }).map((each) => party('more', [each])),
      fc
        .record({ type: fc.constantFrom(...agreementTypes), on: days })
        .map(({ type, on }) => agreement('more', type, { on })),
      amounts.map((each) => line('more', each)),
    );
    fc.assert(
      fc.property(deals, more, days, (given, other, on) => {
        const [before, after] = [byFacts(given, on), byFacts(facts(given, other), on)];
        expect(farther(after.reached, before.reached)).toBe(after.reached);
        if (before.stage === null || before.stage === 'lapsed' || after.stage === null) return;
        expect(rankOf(after.stage)).toBeGreaterThanOrEqual(rankOf(before.stage));
      }),
    );
  });

  it('what was reached is at least where it is, and never less on a later day', () => {
    fc.assert(
      fc.property(deals, days, days, (given, one, other) => {
        const [earlier, later] = [one, other].sort() as [string, string];
        const [then, now] = [byFacts(given, earlier), byFacts(given, later)];
        expect(farther(now.reached, now.stage)).toBe(now.reached);
        expect(farther(now.reached, then.reached)).toBe(now.reached);
      }),
    );
  });

  it('the order in which facts are told says nothing', () => {
    fc.assert(
      fc.property(deals, days, (given, on) => {
        const turned = facts({
          parties: given.parties.toReversed(),
          partyStages: given.partyStages.toReversed(),
          agreements: given.agreements.toReversed(),
          amounts: given.amounts.toReversed(),
          funding: given.funding,
          statuses: given.statuses,
          setStages: given.setStages.toReversed(),
        });
        expect(dealOn(turned, on)).toEqual(dealOn(given, on));
      }),
    );
  });

  it('facts of later days change nothing of a day', () => {
    fc.assert(
      fc.property(deals, days, (given, on) => {
        const all = stageFactsOf(given);
        expect(
          courseUpTo(
            all.filter(({ from }) => from <= on),
            on,
          ),
        ).toEqual(courseUpTo(all, on));
      }),
    );
  });
});
