/**
 * A figure that may not exist. A division by nothing is not 0 and not infinite: it is null, and a word says why.
 */

/** Why a figure does not exist; the list is closed. */
export const reasonMeanings = {
  noPlan: 'There is neither a plan nor a period to compare with.',
  noProgress: 'Nothing is known of the progress.',
  startsLater: 'On that day the plan has not begun.',
  nothingPlanned: 'The plan has begun, but nothing is planned to be done by that day.',
  nothingEarned: 'Nothing is done yet, so there is no pace to go by.',
  planStopsShort: 'The plan ends below 100 %, or below what is done.',
  unbounded: 'What is known has no lower bound above 0, so there is no latest day.',
  noBudget: 'There is no budget.',
  noSpending: 'No money spent was reported.',
  otherCurrency: 'The money spent is in another currency than the budget.',
  nothingSpent: 'No money is spent yet.',
  budgetSpent: 'The budget is spent, so no money is left to divide by.',
  tooFewReports: 'A trend needs two reports of different days.',
  notRising: 'The last reports do not rise.',
  trendPassed: 'By the trend it would be finished already, and it is not.',
  outOfRange: 'The figure lies beyond the years 1 to 9999, or beyond fifteen digits of money.',
} as const;

export type Reason = keyof typeof reasonMeanings;

export type Figure<T> = { readonly value: T } | { readonly reason: Reason };

/** Figures by their names, null for those that do not exist. */
export type Settled<T> = { readonly [Name in keyof T]: T[Name] | null } & {
  /** Why the first of those that do not exist does not; null if all exist. */
  readonly reason: Reason | null;
  /** Why each of those that do not exist does not. */
  readonly reasons: { readonly [Name in keyof T]?: Reason };
};

export function known<T>(value: T): Figure<T> {
  return { value };
}

export function missing(reason: Reason): Figure<never> {
  return { reason };
}

/** The figure made of another, or the reason why the other does not exist. */
export function derived<T, U>(figure: Figure<T>, make: (value: T) => Figure<U>): Figure<U> {
  return 'reason' in figure ? figure : make(figure.value);
}

/** Sets the figures out by their names. The reason is that of the first, as they are listed. */
export function settled<T extends object>(figures: { [Name in keyof T]: Figure<T[Name]> }): Settled<T> {
  const values: Record<string, unknown> = {};
  const reasons: Record<string, Reason> = {};
  let first: Reason | null = null;
  for (const [name, figure] of Object.entries<Figure<unknown>>(figures)) {
    if ('reason' in figure) {
      values[name] = null;
      reasons[name] = figure.reason;
      first ??= figure.reason;
    } else values[name] = figure.value;
  }
  return { ...values, reason: first, reasons } as unknown as Settled<T>;
}
