/** Exact quotients of whole numbers, written as plainly as they can be: nothing is rounded before it is shown. */
export interface Fraction {
  readonly numerator: bigint;
  /** Above 0. */
  readonly denominator: bigint;
}

export function fraction(numerator: bigint | number, denominator: bigint | number = 1): Fraction {
  return { numerator: BigInt(numerator), denominator: BigInt(denominator) };
}

export const zero = fraction(0);
export const one = fraction(1);

export function plus(a: Fraction, b: Fraction): Fraction {
  return fraction(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
}

export function times(a: Fraction, b: Fraction): Fraction {
  return fraction(a.numerator * b.numerator, a.denominator * b.denominator);
}

/** @param b above 0 */
export function dividedBy(a: Fraction, b: Fraction): Fraction {
  return fraction(a.numerator * b.denominator, a.denominator * b.numerator);
}

export function isSame(a: Fraction, b: Fraction): boolean {
  return a.numerator * b.denominator === b.numerator * a.denominator;
}

/**
 * The ways in which a share of 1 may be shown in steps of 0.0001 (which are hundredths of a percent): half up, and below
 * 1 never as 1. There are two only where it lies on the edge between two steps or so little above it that figures
 * carried with ten decimals fall short of the edge.
 */
export function shownSteps(share: Fraction): number[] {
  const withinCarrying = fraction(1, 100_000_000);
  const less = plus(share, times(fraction(-1), withinCarrying));
  return [...new Set([halfUp(share), less.numerator < 0n ? 0 : halfUp(less)])];
}

function halfUp({ numerator, denominator }: Fraction): number {
  if (numerator >= denominator) return 10_000;
  return Math.min(Number((numerator * 20_000n + denominator) / (2n * denominator)), 9_999);
}
