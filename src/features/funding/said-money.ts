import { type Static, Type } from '@sinclair/typebox';
import { StatedMoneyText } from '../../http/money-figures.ts';
import { closed, MoneyValue, minorOf, nullable, QualifierWord } from '../../http/schemas.ts';
import { fieldError, JinduError } from '../../shared/errors.ts';
import { amountFromMinor, isCurrency } from '../../shared/money.ts';
import { isLessThanNothing, readStatedMoney } from '../../shared/money-figure.ts';
import { minorIntervalOf, type SaidMoney } from '../../shared/qualified-money.ts';

/** An amount of money as it is said: a number, what it says, or the words of it. The currency is told beside it. */
export const saidMoneyFields = {
  amount: Type.Optional(
    nullable(MoneyValue.properties.amount, { description: 'In the currency’s main unit; null: not known.' }),
  ),
  qualifier: Type.Optional(nullable(QualifierWord, { description: 'Of the amount; null only without one.' })),
  stated: Type.Optional(nullable(StatedMoneyText)),
};

const SaidMoneyFields = closed(saidMoneyFields);

/** The same as it is answered, with the interval that it stands for. */
export const moneyFields = {
  amount: nullable(Type.Number({ minimum: 0 }), {
    description: 'In the currency’s main unit; null: not known, which is not 0.',
  }),
  qualifier: nullable(QualifierWord, { description: 'Of the amount; null without one.' }),
  low: Type.Number({ minimum: 0, description: 'The least that it can mean.' }),
  high: nullable(Type.Number({ minimum: 0 }), {
    description: 'The most that it can mean; null: without a bound.',
  }),
  stated: nullable(Type.String(), { description: 'The words in which it was said.' }),
};

const MoneyFields = closed(moneyFields);

/**
 * An amount is said in words or as a number. Both at once must agree, so that what was read from here can be sent back.
 * @param pointer of the object that has the fields
 * @throws JinduError `validation_failed`, `stated_unreadable`; `currency_mixed` where the words are in another currency
 */
export function saidMoneyOf(said: Static<typeof SaidMoneyFields>, currency: string, pointer = ''): SaidMoney {
  const { amount = null, stated = null } = said;
  const at = (field: string) => `${pointer}/${field}`;
  if (said.qualifier === null && (amount !== null || stated !== null)) {
    throw fieldError(
      'validation_failed',
      at('qualifier'),
      'required',
      'must be said of an amount, or be left out',
    );
  }
  assertCurrency(currency, at('currency'));
  const amountMinor = minorOf(amount === null ? null : { amount, currency }, pointer);
  const qualifier = said.qualifier ?? undefined;
  if (stated === null) {
    if (amount === null && qualifier !== undefined && qualifier !== 'exact') {
      throw fieldError(
        'validation_failed',
        at('amount'),
        'required',
        `is required with the qualifier ${qualifier}`,
      );
    }
    return bounding({ amountMinor, qualifier: qualifier ?? 'exact', stated }, at('qualifier'));
  }
  const read = minorStated(stated, currency, at('stated'));
  const disagrees = (field: string, right: string | number) =>
    fieldError('validation_failed', at(field), 'disagrees', `must be left out, or ${right} as stated says`);
  if (amountMinor !== null && amountMinor !== read.amountMinor)
    throw disagrees('amount', amountFromMinor(read.amountMinor, currency));
  if (qualifier !== undefined && qualifier !== read.qualifier) throw disagrees('qualifier', read.qualifier);
  return read;
}

/** @throws JinduError `validation_failed` */
export function assertCurrency(currency: string, pointer: string): void {
  if (!isCurrency(currency))
    throw fieldError('validation_failed', pointer, 'currency', 'must be an ISO 4217 code, such as CNY');
}

/** The refusal of an amount in another currency than what it belongs to. */
export function currencyMixed(pointer: string, currency: string, right: string): JinduError {
  return new JinduError('currency_mixed', `the amount is in ${currency}, and all here is in ${right}`, [
    { pointer, code: 'currency_mixed', message: `must be in ${right}` },
  ]);
}

/** What was said of an amount, as clients see it. */
export function moneyShapeOf(said: SaidMoney, currency: string): Static<typeof MoneyFields> {
  const { amountMinor, qualifier, stated } = said;
  const { lowMinor, highMinor } = minorIntervalOf(said);
  return {
    amount: amountMinor === null ? null : amountFromMinor(amountMinor, currency),
    qualifier: amountMinor === null ? null : qualifier,
    low: amountFromMinor(lowMinor, currency),
    high: highMinor === null ? null : amountFromMinor(highMinor, currency),
    stated,
  };
}

/** Words that name another currency than the line's are of another line. */
function minorStated(stated: string, currency: string, pointer: string): SaidMoney & { amountMinor: number } {
  const named = readStatedMoney(stated, null);
  if (named.ok && named.currency !== currency) throw currencyMixed(pointer, named.currency, currency);
  const read = readStatedMoney(stated, currency);
  if (!read.ok) throw fieldError('stated_unreadable', pointer, 'stated_unreadable', read.reason);
  return { amountMinor: read.minor, qualifier: read.qualifier, stated };
}

function bounding(said: SaidMoney, pointer: string): SaidMoney {
  const { amountMinor, qualifier } = said;
  if (amountMinor !== null && isLessThanNothing({ minor: amountMinor, qualifier })) {
    throw fieldError(
      'validation_failed',
      pointer,
      'bound',
      `must not be ${qualifier} at 0: no amount is below`,
    );
  }
  return said;
}
