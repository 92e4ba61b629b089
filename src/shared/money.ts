/** Money is kept in whole minor units of its currency (分 of 元), so that sums are exact. */

/** `amount` in major units (元), `currency` as in ISO 4217: what clients see. */
export interface Money {
  amount: number;
  currency: string;
}

/**
 * The largest amount in minor units that is taken: fifteen digits, which is what a JSON number carries
 * without two amounts becoming one. In CNY it is 9,999,999,999,999.99.
 */
export const maximumMinor = 999_999_999_999_999;

/** True of a currency code that this platform knows: CNY, not cny or XYZ. */
export function isCurrency(code: string): boolean {
  return currencies.has(code);
}

/**
 * The amount in minor units; exact. Null when it is not finite, has more decimals than the currency has, or
 * is beyond ±{@link maximumMinor}; null when the currency is none. 4258.4 CNY is 425,840; 1.005 CNY is null;
 * 100 JPY is 100.
 */
export function minorFromAmount(amount: number, currency: string): number | null {
  if (!isCurrency(currency)) return null;
  const minorPerMajor = minorPerMajorOf(currency);
  const minor = Math.round(amount * minorPerMajor);
  const isExact = Math.abs(minor) <= maximumMinor && minor / minorPerMajor === amount;
  return isExact ? minor + 0 : null;
}

/** The amount in major units: the number nearest to it. 425,840 in CNY is 4258.4. */
export function amountFromMinor(minor: number, currency: string): number {
  return minor / minorPerMajorOf(currency);
}

const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));
const minorPerMajorByCurrency = new Map<string, number>();

function minorPerMajorOf(currency: string): number {
  let minorPerMajor = minorPerMajorByCurrency.get(currency);
  if (minorPerMajor === undefined) {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency });
    minorPerMajor = 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2);
    minorPerMajorByCurrency.set(currency, minorPerMajor);
  }
  return minorPerMajor;
}
