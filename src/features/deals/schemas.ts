import { type Static, Type } from '@sinclair/typebox';
import type { MoneySum } from '../../formulas/money-sum.ts';
import { moneySum } from '../../formulas/money-sum.ts';
import { CalendarDay, closed, Moment, nullable, oneOf, pageOf, ref, Slug } from '../../http/schemas.ts';
import { MoneySumShape, moneySumShapeOf } from '../funding/index.ts';
import { dealStages } from '../parties/index.ts';
import { projectStatuses } from '../projects/index.ts';
import type { StageFact } from './deal.ts';
import type { CurrencyMoney } from './money.ts';
import type { PartiesInStage } from './parties-on.ts';
import type { FoundDeal } from './service.ts';
import { addendOf } from './signings.ts';
import type { DealView } from './view.ts';

const Count = (description: string) => Type.Integer({ minimum: 0, description });
const exampleId = 'xianghejian-urban-renewal';

export const StageWord = oneOf(dealStages);

export const CurrencyCode = Type.String({
  pattern: '^[A-Z]{3}$',
  description: 'ISO 4217.',
  examples: ['CNY'],
});

const sum = (description: string) => nullable(ref(MoneySumShape), { description });

export const CurrencyMoneyShape = closed(
  {
    currency: CurrencyCode,
    sought: sum('What was sought in all; null: nothing is said.'),
    committed: sum('What was committed in all.'),
    arrived: sum('What has arrived in all.'),
    withdrawn: sum('What its sources have taken back in all.'),
  },
  {
    $id: 'CurrencyMoney',
    description: 'Money in one currency, by how far it has come. Nothing in another is ever added to it.',
  },
);

const fact = {
  subjectType: oneOf(['partyStage', 'agreement', 'fundingAmount', 'status', 'project', 'dealStage'], {
    description: 'What says it, as in the record of changes.',
  }),
  subjectId: Type.String({ description: 'Its id, as in the record of changes.' }),
  text: Type.String({ description: 'The fact in words.' }),
};

const ShortFact = closed(fact, { $id: 'DealFact', description: 'A fact by which a deal is in its stage.' });

const LongFact = closed(
  {
    ...fact,
    stage: StageWord,
    on: nullable(CalendarDay('The day on which it came to be so; null: not known.')),
    by: nullable(CalendarDay('The day by which it was so at the latest; null: not even that is known.')),
  },
  { $id: 'DatedDealFact', description: 'A fact by which a deal is in its stage, with its days.' },
);

const ShortSetStage = closed(
  {
    stage: StageWord,
    since: nullable(CalendarDay('The day on which it came to that stage; null: not known.')),
    asOf: CalendarDay('The day that it speaks of.'),
    reason: nullable(Type.String()),
  },
  { $id: 'StageSetByHand', description: 'The stage that somebody says the deal is in, and why.' },
);

const shared = {
  projectId: Slug('The project.', exampleId),
  title: Type.String(),
  organizationId: Type.String(),
  category: nullable(Type.String()),
  status: oneOf(projectStatuses, { description: 'Of the project, on the day.' }),
  stage: nullable(StageWord, { description: 'The one that follows from the facts; null: none gives one.' }),
};

const counted = {
  set: nullable(ref(ShortSetStage), { description: 'The one that was set by hand; null: none.' }),
  agrees: nullable(Type.Boolean(), {
    description: 'Whether the two are one stage; null where one of them is missing.',
  }),
  farther: nullable(oneOf(['facts', 'set']), {
    description: 'Which of the two is farther; null: neither, or one of them has lapsed.',
  }),
  countedStage: nullable(StageWord, {
    description: 'What filters and the funnel go by: the stage by facts, else the one set by hand.',
  }),
  countedBy: nullable(oneOf(['facts', 'set'])),
  since: nullable(CalendarDay('Since when it is in the counted stage without a break; null: not known.')),
  sinceBy: nullable(CalendarDay('By which day it was in it at the latest.')),
  ageDays: nullable(Type.Integer({ description: 'Days in the counted stage; null: not known.' })),
  lastMovementOn: nullable(CalendarDay('The newest day up to the one asked about of which a fact speaks.')),
};

const NextDueShape = closed(
  {
    milestoneId: Type.String(),
    title: Type.String(),
    dueDate: CalendarDay('When it is due.', '2023-12-31'),
    overdueDays: Count('For how long it has been.'),
  },
  { $id: 'NextDueMilestone', description: 'The milestone that is open and due before all others.' },
);

const money = Type.Array(ref(CurrencyMoneyShape), { description: 'By currency.' });
const nextDue = nullable(ref(NextDueShape));

const exampleFact = {
  subjectType: 'agreement' as const,
  subjectId: `${exampleId}/framework`,
  text: 'framework agreement 框架协议, signed by 2023-06-30',
};
const exampleItem = {
  projectId: exampleId,
  title: '湘核建城市更新项目',
  organizationId: 'tianmashan',
  category: 'urban-renewal',
  status: 'preparation' as const,
  stage: 'frameworkSigned' as const,
};
const exampleCounted = {
  set: null,
  agrees: null,
  farther: null,
  countedStage: 'frameworkSigned' as const,
  countedBy: 'facts' as const,
  since: null,
  sinceBy: '2023-06-30',
  ageDays: null,
  lastMovementOn: '2023-06-30',
};
const exampleMoney = [
  {
    currency: 'CNY',
    sought: { low: 0, high: null, qualifier: 'between' as const, count: 1, unknown: 1 },
    committed: null,
    arrived: null,
    withdrawn: null,
  },
];

export const DealItem = closed(
  {
    ...shared,
    because: nullable(ref(ShortFact), { description: 'The fact that gives the stage; null without one.' }),
    ...counted,
    parties: closed({
      named: Count(
        'Parties that have a name; an organization that is several of them counts once, where it is farthest.',
      ),
      unnamed: Count('Companies that are not named, each counted.'),
    }),
    money,
    nextDue,
  },
  {
    $id: 'DealItem',
    description: 'A project as a deal, on a day.',
    examples: [
      {
        ...exampleItem,
        because: exampleFact,
        ...exampleCounted,
        parties: { named: 1, unnamed: 6 },
        money: exampleMoney,
        nextDue: null,
      },
    ],
  },
);

export const DealPage = pageOf(DealItem, 'DealPage');

const PartiesShape = closed(
  {
    stage: nullable(StageWord, { description: 'Null: no stage of theirs is known.' }),
    named: Count(
      'Parties that have a name; an organization that is several of them counts once, where it is farthest.',
    ),
    unnamed: Count('Companies that are not named, each counted.'),
    partyIds: Type.Array(Type.String()),
  },
  { $id: 'PartiesInStage', description: 'The parties that are in one stage.' },
);

/** Why a deal has no stage by its facts; the list is closed. */
export const noStageReasons = ['noDeal', 'noStage'] as const;

export const DealShape = closed(
  {
    ...shared,
    asOf: CalendarDay('The day asked about.'),
    knownAt: nullable(Moment('The moment whose knowledge is asked for; null: now.')),
    isDeal: Type.Boolean({ description: 'Whether anything makes the project a deal by that day.' }),
    reason: nullable(oneOf(noStageReasons), {
      description:
        'Why there is no stage: `noDeal`, by that day nothing makes it a deal; `noStage`, no fact gives one.',
    }),
    because: nullable(ref(LongFact), { description: 'The fact that gives the stage; null without one.' }),
    ...counted,
    parties: Type.Array(ref(PartiesShape), { description: 'By stage, those without one last.' }),
    money,
    signed: Type.Array(closed({ currency: CurrencyCode, ...MoneySumShape.properties }), {
      description:
        'What was signed is worth, by currency: the greatest value of the agreements in it, which the others are part of. Empty: nothing is signed, or nobody says for how much.',
    }),
    nextDue,
  },
  {
    $id: 'Deal',
    description: 'A project seen through its parties, agreements and funding, on a day.',
    examples: [
      {
        ...exampleItem,
        asOf: '2023-06-30',
        knownAt: null,
        isDeal: true,
        reason: null,
        because: { ...exampleFact, stage: 'frameworkSigned', on: null, by: '2023-06-30' },
        ...exampleCounted,
        parties: [
          { stage: 'inTalks', named: 0, unnamed: 6, partyIds: ['in-talks'] },
          { stage: 'frameworkSigned', named: 1, unnamed: 0, partyIds: ['xianghejian'] },
        ],
        money: exampleMoney,
        signed: [],
        nextDue: null,
      },
    ],
  },
);

export { LongFact, NextDueShape, PartiesShape, ShortFact, ShortSetStage };

/** A deal as a list shows it. */
export function itemShapeOf(view: DealView): Static<typeof DealItem> {
  const { because } = view.deal.facts;
  const all = (name: 'named' | 'unnamed') => view.parties.reduce((count, each) => count + each[name], 0);
  return {
    ...sharedShapeOf(view),
    because: because === null ? null : shortFactOf(because),
    ...countedShapeOf(view),
    parties: { named: all('named'), unnamed: all('unnamed') },
    money: view.money.map(moneyShapeOf),
    nextDue: view.nextDue,
  };
}

/** One deal as clients see it. */
export function dealShapeOf({ view, clocks }: FoundDeal): Static<typeof DealShape> {
  const { deal, asOf } = view;
  return {
    ...sharedShapeOf(view),
    ...{ asOf, knownAt: clocks.knownAt, isDeal: deal.isDeal },
    reason: deal.facts.stage !== null ? null : deal.isDeal ? 'noStage' : 'noDeal',
    because: longFactOf(deal.facts.because),
    ...countedShapeOf(view),
    parties: view.parties.map(partiesShapeOf),
    money: view.money.map(moneyShapeOf),
    signed: [...(view.signed ?? [])]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([currency, value]) => {
        const only = moneySum([addendOf(value)]);
        return { currency, ...moneySumShapeOf(only, currency) };
      }),
    nextDue: view.nextDue,
  };
}

/** Money in one currency as clients see it; null where nothing is said. */
export function moneyShapeOf({ currency, ...sums }: CurrencyMoney): Static<typeof CurrencyMoneyShape> {
  const shapeOf = (each: MoneySum) => (each.count === 0 ? null : moneySumShapeOf(each, currency));
  return {
    currency,
    sought: shapeOf(sums.sought),
    committed: shapeOf(sums.committed),
    arrived: shapeOf(sums.arrived),
    withdrawn: shapeOf(sums.withdrawn),
  };
}

function sharedShapeOf({ project, status, deal }: DealView) {
  const { id, title, organizationId, category } = project;
  return { projectId: id, title, organizationId, category, status, stage: deal.facts.stage };
}

function countedShapeOf({ deal, ageDays, lastMovementOn }: DealView) {
  const { set, agrees, farther, counted } = deal;
  return {
    set: set && { stage: set.stage, since: set.since, asOf: set.asOf, reason: set.reason },
    ...{ agrees, farther },
    ...{ countedStage: counted.stage, countedBy: counted.by },
    ...{ since: counted.since, sinceBy: counted.sinceBy, ageDays, lastMovementOn },
  };
}

function shortFactOf({ subjectType, subjectId, text }: StageFact): Static<typeof ShortFact> {
  return { subjectType, subjectId, text };
}

function longFactOf(fact: StageFact | null): Static<typeof LongFact> | null {
  if (fact === null || fact.stage === null) return null;
  const { stage, on, by } = fact;
  return { ...shortFactOf(fact), stage, on, by };
}

function partiesShapeOf({ stage, named, unnamed, partyIds }: PartiesInStage): Static<typeof PartiesShape> {
  return { stage, named, unnamed, partyIds };
}
