/** Quotients of whole numbers, exact until the one rounding that is named. The denominator is above 0. */

/** The whole number at or below the quotient: −7 ÷ 2 is −4. */
export function floored(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  return numerator < 0n && quotient * denominator !== numerator ? quotient - 1n : quotient;
}

/** The whole number at or above the quotient: 7 ÷ 2 is 4. */
export function ceiled(numerator: bigint, denominator: bigint): bigint {
  return -floored(-numerator, denominator);
}

/** The nearest whole number, half up: 7 ÷ 2 is 4, −7 ÷ 2 is −3. */
export function halfUp(numerator: bigint, denominator: bigint): bigint {
  return floored(2n * numerator + denominator, 2n * denominator);
}

/** The quotient as a number of at most `decimals` decimals, half up: 2 ÷ 3 to four is 0.6667. */
export function decimal(numerator: bigint, denominator: bigint, decimals: number): number {
  const scale = 10 ** decimals;
  return Number(halfUp(numerator * BigInt(scale), denominator)) / scale;
}
