import { type Static, Type } from '@sinclair/typebox';
import { CalendarDay, closed, Moment, nullable, oneOf, ref, Slug } from '../../http/schemas.ts';
import { MoneySumShape, moneySumShapeOf } from '../funding/index.ts';
import { dealStages } from '../parties/index.ts';
import type { CurrencySum, Funnel, FunnelStage } from './funnel.ts';
import { CurrencyCode, CurrencyMoneyShape, moneyShapeOf, StageWord } from './schemas.ts';
import type { FoundFunnel } from './service.ts';

const Count = (description: string) => Type.Integer({ minimum: 0, description });

const CurrencySumShape = closed(
  { currency: CurrencyCode, ...MoneySumShape.properties },
  { $id: 'CurrencySum', description: 'What several amounts of one currency come to.' },
);
const sums = (description: string) => Type.Array(ref(CurrencySumShape), { description });

export const FunnelStageShape = closed(
  {
    stage: StageWord,
    deals: Count('Deals that are in this stage on the day.'),
    setDeals: Count('Of those, how many are only because it was set by hand, no fact giving a stage.'),
    parties: Count(
      'Parties that are, unnamed ones each counted, whatever stage their deal is in; of each deal nobody twice.',
    ),
    reached: nullable(Type.Integer({ minimum: 0 }), {
      description: 'Deals that are or ever were in this stage or a farther one; null of `lapsed`.',
    }),
    conversion: nullable(
      closed({
        deals: Count('How many of those that reached this stage reached the next.'),
        share: nullable(Type.Number({ minimum: 0, maximum: 1 }), {
          description: 'The share of them; null where none reached this one.',
        }),
      }),
      { description: 'To the next stage; null where there is none.' },
    ),
    medianDays: nullable(Type.Number({ minimum: 0 }), {
      description: 'For how long the deals have been here: the median of the ages that are known.',
    }),
    unknownAges: Count('How many deals have an age that is not known.'),
    amount: nullable(ref(MoneySumShape), {
      description:
        'What the deals here have signed is worth, in the currency of `money`; null: nothing is signed. `unknown` are those that have signed, and nobody says for how much.',
    }),
    amountByCurrency: sums('The same in each currency that there is.'),
  },
  { $id: 'FunnelStage', description: 'Deals and parties in one stage.' },
);

const MovementShape = closed(
  {
    projectId: Slug('The project.', 'xianghejian-urban-renewal'),
    from: nullable(StageWord, { description: 'On the earlier day; null: none, or it was no deal yet.' }),
    to: nullable(StageWord, { description: 'On the day.' }),
  },
  { $id: 'DealMovement' },
);

const SigningsShape = closed(
  {
    after: nullable(CalendarDay('The day after which they are counted; null: from the beginning.')),
    deals: Count('Deals that signed for the first time within, each counted once.'),
    daysUnknown: Count('Of those, how many of which only the day is known by which they had signed.'),
    withoutValue: Count('Of those, how many of which no value is known.'),
    values: sums('What they were worth on the day of their first signing.'),
    increments: sums('By how much deals have come to be worth more since, and no more than that.'),
  },
  { $id: 'DealSignings', description: 'What was signed after one day and up to another.' },
);

const example = {
  currency: 'CNY',
  sought: { low: 0, high: null, qualifier: 'between' as const, count: 1, unknown: 1 },
  committed: null,
  arrived: null,
  withdrawn: null,
};

const reachedExample: Record<string, number> = { lead: 1, inTalks: 1, frameworkSigned: 1 };

export const FunnelShape = closed(
  {
    within: nullable(
      Type.String({ description: 'The organization, with all below it; null: whatever the token sees.' }),
    ),
    withinProject: nullable(Type.String({ description: 'The project, with all below it; null: any.' })),
    asOf: CalendarDay('The day asked about.'),
    knownAt: nullable(Moment('The moment whose knowledge is asked for; null: now.')),
    compareTo: nullable(CalendarDay('The earlier day.', '2023-03-31')),
    deals: Count('All of them.'),
    stages: Type.Array(ref(FunnelStageShape), { description: 'All eight, in their order.' }),
    withoutStage: closed({
      deals: Count('Deals of which no stage is known.'),
      parties: Count('Parties of which none is.'),
    }),
    money: nullable(ref(CurrencyMoneyShape), {
      description: 'In the currency that was asked for, or the one that there is.',
    }),
    moneyReason: nullable(oneOf(['noMoney', 'severalCurrencies']), {
      description:
        'Why there is no `money`: `noMoney`, no money is spoken of; `severalCurrencies`, and none was asked for.',
    }),
    moneyByCurrency: Type.Array(ref(CurrencyMoneyShape)),
    signings: ref(SigningsShape),
    movements: nullable(Type.Array(ref(MovementShape)), {
      description:
        'Deals that are in another stage than on the earlier day, at most `limit`, the farthest first.',
    }),
    movementsCount: nullable(Type.Integer({ minimum: 0 }), { description: 'How many there are in all.' }),
  },
  {
    $id: 'Funnel',
    description: 'The deals of an organization by stage: counts, ages, conversion and money.',
    examples: [
      {
        within: 'tianmashan',
        withinProject: null,
        asOf: '2023-06-30',
        knownAt: null,
        compareTo: null,
        deals: 2,
        stages: dealStages.map((stage) => ({
          stage,
          deals: stage === 'frameworkSigned' ? 1 : 0,
          setDeals: 0,
          parties: stage === 'inTalks' ? 6 : stage === 'frameworkSigned' ? 1 : 0,
          reached: stage === 'lapsed' ? null : (reachedExample[stage] ?? 0),
          conversion:
            stage === 'lapsed' || stage === 'operating'
              ? null
              : stage === 'lead' || stage === 'inTalks'
                ? { deals: 1, share: 1 }
                : { deals: 0, share: stage === 'frameworkSigned' ? 0 : null },
          medianDays: null,
          unknownAges: stage === 'frameworkSigned' ? 1 : 0,
          amount:
            stage === 'frameworkSigned'
              ? { low: 0, high: null, qualifier: 'between' as const, count: 1, unknown: 1 }
              : null,
          amountByCurrency: [],
        })),
        withoutStage: { deals: 1, parties: 2 },
        money: example,
        moneyReason: null,
        moneyByCurrency: [example],
        signings: { after: null, deals: 1, daysUnknown: 1, withoutValue: 1, values: [], increments: [] },
        movements: null,
        movementsCount: null,
      },
    ],
  },
);

export { CurrencySumShape, MovementShape, SigningsShape };

/**
 * The funnel as clients see it.
 * @param limit so many movements are named
 */
export function funnelShapeOf(
  { within, withinProject, clocks, funnel }: FoundFunnel,
  limit: number,
): Static<typeof FunnelShape> {
  const knownAt = clocks.knownAt;
  const { asOf, compareTo, deals, withoutStage, money, moneyReason, movements, signings } = funnel;
  return {
    ...{ within, withinProject, asOf, knownAt, compareTo, deals },
    stages: stageShapesOf(funnel),
    withoutStage,
    money: money === null ? null : moneyShapeOf(money),
    moneyReason,
    moneyByCurrency: funnel.moneyByCurrency.map(moneyShapeOf),
    signings: {
      ...signings,
      values: signings.values.map(sumShapeOf),
      increments: signings.increments.map(sumShapeOf),
    },
    movements: movements === null ? null : movements.slice(0, limit),
    movementsCount: movements === null ? null : movements.length,
  };
}

/** The stages as clients see them. */
export function stageShapesOf({ stages, money }: Funnel): Static<typeof FunnelStageShape>[] {
  return stages.map(({ amount, amountByCurrency, ...stage }: FunnelStage) => ({
    ...stage,
    amount:
      amount === null || amount.count === 0 || money === null
        ? null
        : moneySumShapeOf(amount, money.currency),
    amountByCurrency: amountByCurrency.map(sumShapeOf),
  }));
}

function sumShapeOf({ currency, ...sum }: CurrencySum): Static<typeof CurrencySumShape> {
  return { currency, ...moneySumShapeOf(sum, currency) };
}
