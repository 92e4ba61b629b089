import { type Static, Type } from '@sinclair/typebox';
import {
  CalendarDay,
  Citation,
  closed,
  Moment,
  nullable,
  oneOf,
  pageOf,
  ref,
  Text,
} from '../../http/schemas.ts';
import { wholeCitation } from '../../shared/citation.ts';
import { type AmountKey, type FoundAmount, fundingStatuses, type SaidOfAmount } from './funding.ts';
import { moneyFields, moneyShapeOf, saidMoneyFields, saidMoneyOf } from './said-money.ts';

export const Reason = Text(2000, {
  minLength: 1,
  description: 'Why it changes. Needed where an amount falls, and where more has arrived than was committed.',
});
export const Note = Text(10_000, { description: 'Anything worth telling.' });
export const Currency = Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217.', examples: ['CNY'] });
export const Status = oneOf(fundingStatuses, {
  description: 'How far the money has come; `withdrawn` is what its source has taken back.',
});
export const Since = CalendarDay(
  'The day on which the line came to that status; null: not known.',
  '2023-05-31',
);
export const citationShape = nullable(
  closed({
    title: nullable(Type.String()),
    url: nullable(Type.String()),
    quote: nullable(Type.String()),
  }),
);

export const exampleCitation = {
  title: '当地报纸关于天马山街道2023年上半年工作的报道',
  url: null,
  quote: '正在争取项目启动资金',
};
export const exampleMoney = { amount: null, qualifier: null, low: 0, high: null, stated: null };

export const StatusTotalShape = closed(
  {
    ...moneyFields,
    asOf: CalendarDay('The day that the amount speaks of.'),
    since: nullable(Since),
  },
  { $id: 'FundingStatusTotal', description: 'How much had come to a status by a day, all in all.' },
);

export const FundingAmountShape = closed(
  {
    projectId: Type.String(),
    fundingId: Type.String(),
    status: Status,
    asOf: CalendarDay('The day that the amount speaks of.'),
    since: nullable(Since),
    ...moneyFields,
    currency: Type.String({ description: 'That of the line.' }),
    note: nullable(Note),
    reason: nullable(Type.String()),
    citation: citationShape,
    revision: Type.Integer({ minimum: 1 }),
    recordedAt: Moment('When we were told.'),
    recordedBy: Type.String({ description: 'The name of the token that told.' }),
    withdrawn: Type.Boolean({ description: 'It was taken back and counts no longer.' }),
  },
  {
    $id: 'FundingAmount',
    description: 'How much had come to a status by a day, all in all.',
    examples: [
      {
        projectId: 'xianghejian-urban-renewal',
        fundingId: 'start-up',
        status: 'sought',
        asOf: '2023-06-30',
        since: null,
        ...exampleMoney,
        currency: 'CNY',
        note: null,
        reason: null,
        citation: exampleCitation,
        revision: 1,
        recordedAt: '2023-07-03T01:02:03.004Z',
        recordedBy: 'clerk',
        withdrawn: false,
      },
    ],
  },
);

export const FundingAmountInput = closed(
  {
    ...saidMoneyFields,
    currency: Type.Optional(nullable(Currency, { description: 'That of the line, if it is said at all.' })),
    since: Type.Optional(nullable(Since)),
    note: Type.Optional(nullable(Note)),
    reason: Type.Optional(nullable(Reason)),
    citation: Type.Optional(nullable(ref(Citation))),
  },
  {
    $id: 'FundingAmountInput',
    description:
      'How much had come to the status by the day, all in all: `stated`, or `amount` with `qualifier`, or neither, where it is not known.',
    examples: [{ stated: '9000万以上' }, { amount: 90000000, qualifier: 'atLeast' }, {}],
  },
);

export const FundingAmountPage = pageOf(FundingAmountShape, 'FundingAmountPage');

export const FundingAmountRevisions = closed(
  { items: Type.Array(ref(FundingAmountShape)) },
  { $id: 'FundingAmountRevisions', description: 'Every revision, the newest first.' },
);

/**
 * What a body says of an amount, in the currency of the line unless it names another.
 * @throws JinduError `validation_failed`, `stated_unreadable`, `currency_mixed`
 */
export function saidOfAmount(
  key: AmountKey,
  body: Static<typeof FundingAmountInput>,
  lineCurrency: string,
): { currency: string; said: SaidOfAmount } {
  const { since = null, note = null, reason = null, citation } = body;
  const currency = body.currency ?? lineCurrency;
  const money = saidMoneyOf(body, currency);
  return { currency, said: { ...key, ...money, since, note, reason, citation: wholeCitation(citation) } };
}

export function amountShapeOf({ amount, currency }: FoundAmount): Static<typeof FundingAmountShape> {
  return {
    projectId: amount.projectId,
    fundingId: amount.fundingId,
    status: amount.status,
    asOf: amount.asOf,
    since: amount.since,
    ...moneyShapeOf(amount, currency),
    currency,
    note: amount.note,
    reason: amount.reason,
    citation: amount.citation,
    revision: amount.revision,
    recordedAt: amount.recordedAt,
    recordedBy: amount.recordedBy,
    withdrawn: amount.withdrawn,
  };
}
