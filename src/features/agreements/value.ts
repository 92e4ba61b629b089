import type { Static } from '@sinclair/typebox';
import {
  type MoneyFigureInput,
  type MoneyFigureShape,
  moneyFigureFrom,
  moneyFigureShape,
} from '../../http/money-figures.ts';
import type { MoneyFigure } from '../../shared/money-figure.ts';
import type { AgreedValue } from './agreement.ts';

/** The figure that a value is; null where none is known. */
export function figureOf(value: AgreedValue): MoneyFigure | null {
  const { valueMinor: minor, valueCurrency: currency, valueQualifier, valueStated: stated } = value;
  if (minor === null || currency === null) return null;
  return { minor, currency, qualifier: valueQualifier ?? 'exact', stated };
}

/**
 * The `value` of a body.
 * @throws JinduError `stated_unreadable`, `validation_failed`
 */
export function valueFrom(said: Static<typeof MoneyFigureInput> | null | undefined): AgreedValue {
  if (said === null || said === undefined)
    return { valueMinor: null, valueCurrency: null, valueQualifier: null, valueStated: null };
  const { minor, currency, qualifier, stated } = moneyFigureFrom(said, '/value');
  return {
    valueMinor: minor,
    valueCurrency: currency,
    valueQualifier: qualifier,
    valueStated: stated,
  };
}

/** The value as clients see it. */
export function valueShapeOf(value: AgreedValue): Static<typeof MoneyFigureShape> | null {
  const figure = figureOf(value);
  return figure === null ? null : moneyFigureShape(figure);
}
