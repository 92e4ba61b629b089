import type { PictureLocale } from './canvas.ts';

/** An amount in the main unit of its currency, as it is shown; `high` null: without a bound. */
export interface MoneyFigure {
  low: number;
  high: number | null;
  /** How many of the amounts in it are not known. */
  unknown: number;
  qualifier: 'exact' | 'about' | 'atLeast' | 'atMost' | 'between';
}

/** Money in words: a bound is said as a bound, what is unknown as unknown, and nothing is rounded. */
export function moneyLabel(money: MoneyFigure, currency: string, locale: PictureLocale): string {
  const { low, high, unknown, qualifier } = money;
  if (high === null && low === 0) return unknownMoney[locale];
  const said = labels[locale](money, (amount) => inWords[locale](amount, currency))[qualifier];
  return high === null && unknown > 0 ? `${said}${besides[locale](unknown)}` : said;
}

const unknownMoney: Record<PictureLocale, string> = { zh: '金额未知', en: 'amount unknown' };

const besides: Record<PictureLocale, (unknown: number) => string> = {
  zh: (unknown) => `（另${unknown}笔未知）`,
  en: (unknown) => ` (${unknown} more unknown)`,
};

const labels: Record<
  PictureLocale,
  (money: MoneyFigure, amount: (value: number) => string) => Record<MoneyFigure['qualifier'], string>
> = {
  zh: ({ low, high }, amount) => ({
    exact: amount(low),
    about: `约${amount(low)}`,
    atLeast: `${amount(low)}以上`,
    atMost: `不超过${amount(high ?? 0)}`,
    between: `${amount(low)}～${amount(high ?? 0)}`,
  }),
  en: ({ low, high }, amount) => ({
    exact: amount(low),
    about: `about ${amount(low)}`,
    atLeast: `≥ ${amount(low)}`,
    atMost: `≤ ${amount(high ?? 0)}`,
    between: `${amount(low)} – ${amount(high ?? 0)}`,
  }),
};

/** In 亿 or 万, where that is exact with four decimals, or in millions with two; else to the last digit. */
const inWords: Record<PictureLocale, (amount: number, currency: string) => string> = {
  zh: (amount, currency) => {
    const unit = currency === 'CNY' ? '元' : '';
    const code = unit === '' ? `${currency} ` : '';
    if (amount >= 1e8 && amount % 1e4 === 0) return `${code}${amount / 1e8}亿${unit}`;
    if (amount >= 1e4 && amount % 1 === 0) return `${code}${amount / 1e4}万${unit}`;
    return `${code}${toTheLastDigit(amount)}${unit}`;
  },
  en: (amount, currency) => {
    if (amount >= 1e9 && amount % 1e7 === 0) return `${currency} ${amount / 1e9} billion`;
    if (amount >= 1e6 && amount % 1e4 === 0) return `${currency} ${amount / 1e6} million`;
    return `${currency} ${toTheLastDigit(amount)}`;
  },
};

function toTheLastDigit(amount: number): string {
  return amount.toLocaleString('en', { maximumFractionDigits: 4 });
}
