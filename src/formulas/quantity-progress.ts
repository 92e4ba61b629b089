/**
 * Progress as work measured: done ÷ total.
 *
 * Worked figure: 478 of 563 households is 84.9 %; the same said as "more than 478" is 84.9 % to 100 %.
 *
 * Source: "units" among the earned-value methods of UN/CEFACT. Counts over several parts are
 * Σ done ÷ Σ total, not a mean of percents.
 */
import { FULL } from '../shared/percent.ts';
import { intervalOf, isApproximate, type Qualifier } from '../shared/qualified-value.ts';
import type { Standing } from './roll-up.ts';

/**
 * Where a measured quantity stands. `done` and `total` are whole numbers in one unit (a value with decimals
 * is scaled first); `qualifier` is what was said of `done`. Null if either is unknown or the total is not
 * above 0. More done than there is counts as 100 %, less than nothing as 0.
 */
export function quantityProgress(
  done: bigint | null,
  total: bigint | null,
  qualifier: Qualifier = 'exact',
): Standing | null {
  if (done === null || total === null || total <= 0n) return null;
  const percent = Number((clamped(done, total) * BigInt(FULL)) / total);
  return {
    percent,
    ...intervalOf(percent, qualifier, 0, FULL),
    approximate: isApproximate(qualifier),
    coverage: FULL,
  };
}

function clamped(done: bigint, total: bigint): bigint {
  if (done < 0n) return 0n;
  return done > total ? total : done;
}
