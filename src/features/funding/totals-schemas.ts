import { type Static, Type } from '@sinclair/typebox';
import { computedQualifiers } from '../../formulas/effective-progress.ts';
import { type MoneySum, moneySums } from '../../formulas/money-sum.ts';
import { CalendarDay, closed, Moment, nullable, oneOf, ref } from '../../http/schemas.ts';
import { amountFromMinor } from '../../shared/money.ts';
import { Currency } from './amount-schemas.ts';
import { type AnsweredQuestion, type FoundLine, type FundingStatus, fundingStatuses } from './funding.ts';
import { totalsOn } from './rules.ts';

export const MoneySumShape = closed(
  {
    low: Type.Number({ minimum: 0, description: 'The least that they come to.' }),
    high: nullable(Type.Number({ minimum: 0 }), {
      description: 'The most that they come to; null: without a bound.',
    }),
    qualifier: oneOf(computedQualifiers, {
      description:
        'What the interval says; `between` also where it says nothing: from 0 on, without a bound.',
    }),
    count: Type.Integer({ minimum: 1, description: 'How many amounts there are, unknown ones among them.' }),
    unknown: Type.Integer({
      minimum: 0,
      description: 'How many are not known. They add nothing to `low`, and leave `high` without a bound.',
    }),
  },
  {
    $id: 'MoneySum',
    description: 'What several amounts of one currency come to.',
    examples: [{ low: 100000000, high: null, qualifier: 'atLeast', count: 3, unknown: 1 }],
  },
);

const sumOf = (description: string) => nullable(ref(MoneySumShape), { description });

export const FundingTotals = closed(
  {
    projectId: Type.String(),
    asOf: CalendarDay('The day that is asked about.'),
    knownAt: nullable(Moment('The moment whose knowledge is asked for; null: now.')),
    totals: Type.Array(
      closed({
        currency: Currency,
        sought: sumOf('What was sought in all; null: nothing is said.'),
        committed: sumOf('What was committed in all.'),
        arrived: sumOf('What has arrived in all.'),
        withdrawn: sumOf('What was taken back in all.'),
      }),
      { description: 'By currency; amounts of several currencies are never added up.' },
    ),
  },
  {
    $id: 'FundingTotals',
    description: 'What the lines of funding of a project come to, by currency and status.',
    examples: [
      {
        projectId: 'xianghejian-urban-renewal',
        asOf: '2023-06-30',
        knownAt: null,
        totals: [
          {
            currency: 'CNY',
            sought: { low: 0, high: null, qualifier: 'between', count: 1, unknown: 1 },
            committed: null,
            arrived: null,
            withdrawn: null,
          },
        ],
      },
    ],
  },
);

/** What these lines, all of one project, come to by a day. */
export function totalsShapeOf(
  projectId: string,
  lines: readonly FoundLine[],
  { asOf, knownAt }: AnsweredQuestion,
): Static<typeof FundingTotals> {
  const totals = lines.map(({ line, amounts }) => ({
    currency: line.currency,
    totals: totalsOn(line, amounts, asOf),
  }));
  const sums = new Map(
    fundingStatuses.map((status) => [
      status,
      moneySums(
        totals.flatMap((each) => {
          const total = each.totals[status];
          return total === null ? [] : [{ ...total, currency: each.currency }];
        }),
      ),
    ]),
  );
  const currencies = [...new Set(totals.map(({ currency }) => currency))].sort();
  return {
    projectId,
    asOf,
    knownAt,
    totals: currencies.map((currency) => {
      const sum = (status: FundingStatus) => {
        const there = sums.get(status)?.get(currency);
        return there === undefined ? null : moneySumShapeOf(there, currency);
      };
      return {
        currency,
        sought: sum('sought'),
        committed: sum('committed'),
        arrived: sum('arrived'),
        withdrawn: sum('withdrawn'),
      };
    }),
  };
}

/** A sum as clients see it; beyond fifteen digits the numbers nearest to it. */
export function moneySumShapeOf(sum: MoneySum, currency: string): Static<typeof MoneySumShape> {
  const { lowMinor, highMinor, qualifier, count, unknown } = sum;
  return {
    low: amountFromMinor(Number(lowMinor), currency),
    high: highMinor === null ? null : amountFromMinor(Number(highMinor), currency),
    ...{ qualifier, count, unknown },
  };
}
