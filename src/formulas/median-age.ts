/**
 * How long things have been where they are, as the middle one of them has: half have been so for no longer, half for no
 * less. The mean would be that of the one which was forgotten years ago.
 *
 *     of an odd number the middle one;  of an even number the mean of the two in the middle
 *
 * An age that is not known is none: it is left out, and how many were is said beside the figure.
 *
 * Worked figure: 3, 40 and 8 days give 8; 3, 40, 8 and 9 days give 8.5.
 *
 * Source: the sample median (ISO 3534-1:2006, 2.13).
 */

/** @param agesDays whole days, in any order; null where there are none */
export function medianAge(agesDays: readonly number[]): number | null {
  const inOrder = agesDays.toSorted((one, other) => one - other);
  const upper = inOrder[Math.floor(inOrder.length / 2)];
  const lower = inOrder[Math.ceil(inOrder.length / 2) - 1];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}
