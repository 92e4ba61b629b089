/**
 * Of those that came to a stage, how many came to the next one.
 *
 *     share = reached the next ÷ reached this one
 *
 * Whoever came to the next stage, or beyond, counts as having come to this one as well, so the share is never above 1; and
 * whoever has not got further yet may still do so: it is a share up to a day and no forecast.
 *
 * Worked figure: of 8 that were ever in talks or beyond, 3 came to a framework agreement or beyond: 0.375.
 *
 * Source: the stage-to-stage conversion rate of a cohort, as sales funnels count it.
 */
import { decimal } from './ratio.ts';

export interface Conversion {
  /** How many came to the next. */
  deals: number;
  /** To four decimals, half up, what is below 1 never being shown as 1; null where nobody came to this one. */
  share: number | null;
}

/** @param reachedNext at most `reached` */
export function conversion(reached: number, reachedNext: number): Conversion {
  if (reached === 0) return { deals: reachedNext, share: null };
  const share = decimal(BigInt(reachedNext), BigInt(reached), 4);
  return { deals: reachedNext, share: reachedNext < reached ? Math.min(share, 0.9999) : 1 };
}
