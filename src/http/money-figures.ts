import { type Static, Type } from '@sinclair/typebox';
import { fieldError } from '../shared/errors.ts';
import { amountFromMinor } from '../shared/money.ts';
import {
  isLessThanNothing,
  type MoneyFigure,
  moneyInterval,
  readStatedMoney,
} from '../shared/money-figure.ts';
import { readStatedAmount } from '../shared/stated.ts';
import { closed, MoneyValue, minorOf, nullable, QualifierWord, Text } from './schemas.ts';

const { amount, currency } = MoneyValue.properties;

export const StatedMoneyText = Text(100, {
  minLength: 1,
  description: 'The amount as it was said, instead of `amount` and `qualifier`: kept to the letter.',
  examples: ['9000万元以上'],
});

const optional = {
  amount: Type.Optional(amount),
  currency: Type.Optional(currency),
  qualifier: Type.Optional(QualifierWord),
  stated: Type.Optional(nullable(StatedMoneyText)),
};

export const MoneyFigureInput = closed(optional, {
  $id: 'MoneyFigureInput',
  description:
    'An amount of money: `amount` with `currency` and maybe a `qualifier`, or `stated`. The currency may be left out where the words name it (元).',
  examples: [{ stated: '9000万元以上' }, { amount: 90000000, currency: 'CNY', qualifier: 'atLeast' }],
});

/** As a merge patch of it; what the words say takes the place of the number, and the other way about. */
export const MoneyFigurePatch = closed({
  amount: Type.Optional(amount),
  currency: Type.Optional(currency),
  qualifier: Type.Optional(nullable(QualifierWord)),
  stated: Type.Optional(nullable(StatedMoneyText)),
});

export const MoneyFigureShape = closed(
  {
    amount,
    currency: Type.String({ description: 'ISO 4217.', examples: ['CNY'] }),
    qualifier: QualifierWord,
    low: Type.Number({ description: 'The least that it can mean.' }),
    high: nullable(Type.Number({ description: 'The most that it can mean; null: there is no bound.' })),
    stated: nullable(StatedMoneyText),
  },
  {
    $id: 'MoneyFigure',
    description: 'An amount of money as it was said, with the interval that it stands for.',
    examples: [
      {
        amount: 90000000,
        currency: 'CNY',
        qualifier: 'atLeast',
        low: 90000000,
        high: null,
        stated: '9000万元以上',
      },
    ],
  },
);

/**
 * The figure in a body. Words and a number at once must agree, so that what was read from here can be sent back.
 * @param pointer where it is
 * @throws JinduError `stated_unreadable`, `validation_failed` pointing below `pointer`
 */
export function moneyFigureFrom(said: Static<typeof MoneyFigureInput>, pointer: string): MoneyFigure {
  const { stated = null, qualifier } = said;
  if (stated === null) return numericFigureFrom(said, pointer);
  const read = readStatedMoney(stated, said.currency ?? null);
  if (!read.ok) {
    const code = read.field === 'stated' ? 'stated_unreadable' : 'validation_failed';
    throw fieldError(
      code,
      `${pointer}/${read.field}`,
      read.field === 'stated' ? code : 'currency',
      read.reason,
    );
  }
  const figure = { minor: read.minor, currency: read.currency, qualifier: read.qualifier, stated };
  const inWords = amountFromMinor(figure.minor, figure.currency);
  if (said.amount !== undefined && said.amount !== inWords) throw disagrees(`${pointer}/amount`, inWords);
  if (qualifier !== undefined && qualifier !== figure.qualifier)
    throw disagrees(`${pointer}/qualifier`, figure.qualifier);
  return figure;
}

function numericFigureFrom(said: Static<typeof MoneyFigureInput>, pointer: string): MoneyFigure {
  const { amount, currency, qualifier = 'exact' } = said;
  if (amount === undefined)
    throw fieldError(
      'validation_failed',
      `${pointer}/amount`,
      'required',
      'is required, or else stated (9000万元以上)',
    );
  if (currency === undefined)
    throw fieldError('validation_failed', `${pointer}/currency`, 'required', 'is required with an amount');
  const minor = minorOf({ amount, currency }, pointer) ?? 0;
  if (isLessThanNothing({ minor, qualifier }))
    throw fieldError(
      'validation_failed',
      `${pointer}/qualifier`,
      'bound',
      `must not be ${qualifier} at 0: no amount is below`,
    );
  return { minor, currency, qualifier, stated: null };
}

function disagrees(pointer: string, inWords: string | number) {
  return fieldError(
    'validation_failed',
    pointer,
    'disagrees',
    `must be left out, or ${inWords} as stated says`,
  );
}

/**
 * What a patch of the figure is applied to. What is said in words takes the place of the number and its qualifier, and of
 * the currency where the words name one; a number takes that of the words.
 */
export function moneyFigureInput(
  figure: MoneyFigure | null,
  patch: Static<typeof MoneyFigurePatch> | null | undefined,
): Static<typeof MoneyFigureInput> | null {
  if (figure === null) return null;
  const { minor, currency, qualifier, stated } = figure;
  const inWords = patch?.stated ?? null;
  if (inWords !== null) {
    const read = readStatedAmount(inWords);
    return read.ok && read.unit !== null ? {} : { currency };
  }
  const said = { amount: amountFromMinor(minor, currency), currency, qualifier };
  const present = { ...said, stated };
  const isChanged = Object.entries(patch ?? {}).some(
    ([field, value]) => value !== present[field as keyof typeof present],
  );
  return isChanged ? said : present;
}

/** The figure as clients see it. */
export function moneyFigureShape(figure: MoneyFigure): Static<typeof MoneyFigureShape> {
  const { minor, currency, qualifier, stated } = figure;
  const { low, high } = moneyInterval(figure);
  return {
    amount: amountFromMinor(minor, currency),
    currency,
    qualifier,
    low: amountFromMinor(low, currency),
    high: Number.isFinite(high) ? amountFromMinor(high, currency) : null,
    stated,
  };
}
