/**
 * Percentages of completion, as integers. What people report is kept in hundredths of a percent; what is
 * carried from one level of a tree to the next is kept a million times finer, so that rounding happens on
 * display only.
 */

/** An integer of 0.01 %: 0 to 10,000. What is reported and stored. 85.5 % is 8,550. */
export type PercentHundredths = number;

/** An integer of 10⁻⁸ %: 0 to {@link FULL}. What is carried between levels. 85 % is 8,500,000,000. */
export type PercentFine = number;

/** 100 % in fine units. */
export const FULL: PercentFine = 10_000_000_000;

const hundredthsOfFull = 10_000;
const finePerHundredth = FULL / hundredthsOfFull;

/** The same percent in fine units; exact. */
export function toFine(hundredths: PercentHundredths): PercentFine {
  return hundredths * finePerHundredth;
}

/**
 * Reads a percent sent as a number. Null if it is not finite, below 0, above 100, or has more than two
 * decimals. Exact: 85.1 is 8,510 although 85.1 × 100 is not.
 */
export function hundredthsFromNumber(percent: number): PercentHundredths | null {
  if (!(percent >= 0 && percent <= 100)) return null;
  const hundredths = Math.round(percent * 100);
  return hundredths / 100 === percent ? hundredths + 0 : null;
}

/** The percent as a number of at most two decimals: 8,510 is 85.1. */
export function numberFromHundredths(hundredths: PercentHundredths): number {
  return hundredths / 100;
}

/**
 * The fine percent as it is shown, in hundredths: rounded half up, except that what is below 100 % never
 * shows as 100 %. 99.999 % is 9,999; 56.66666666 % is 5,667.
 */
export function shownHundredths(fine: PercentFine): PercentHundredths {
  return roundedBelowFull(fine, hundredthsOfFull);
}

/** The fine percent as it is shown, in percent: {@link shownHundredths} ÷ 100. 56.66666666 % is 56.67. */
export function shownPercent(fine: PercentFine): number {
  return numberFromHundredths(shownHundredths(fine));
}

/**
 * A fine percent shown as a share of 1, to four decimals, rounded half up; below 1 it never shows 1.
 * Two thirds is 0.6667.
 */
export function shownShare(fine: PercentFine): number {
  return roundedBelowFull(fine, 10_000) / 10_000;
}

function roundedBelowFull(fine: PercentFine, steps: number): number {
  if (fine >= FULL) return steps;
  const step = FULL / steps;
  return Math.min(Math.floor((fine + step / 2) / step), steps - 1);
}
