/**
 * Progress as milestones met: the weight of those that are met ÷ the weight of all.
 *
 *     percent = Σ w(met) ÷ Σ w(all)      at most (Σ w(met) + Σ w(partly met)) ÷ Σ w(all)
 *
 * Weights need not add up to 100: they are divided by their own sum. How far one that is partly met has come, nobody
 * said: of its weight something between nothing and all is reached, so it lifts the upper bound and not the percent.
 *
 * Worked figure: of the weights 15, 25 and 60, the first met and the second partly, it is 15 %, and at most 40 %.
 *
 * Source: "milestone" among the earned-value methods of UN/CEFACT (weighted milestones: the weight is earned when the
 * milestone is met, and not before).
 */
import { FULL } from '../shared/percent.ts';
import type { Standing } from './roll-up.ts';

/** Whole numbers in one unit, the first two parts of the third. */
export interface MilestoneWeights {
  met: bigint;
  partlyMet: bigint;
  all: bigint;
}

/** Where milestones leave what they belong to. Null if together they weigh nothing. */
export function milestoneProgress({ met, partlyMet, all }: MilestoneWeights): Standing | null {
  if (all <= 0n) return null;
  const percent = shareOf(met, all);
  return { percent, low: percent, high: shareOf(met + partlyMet, all), approximate: false, coverage: FULL };
}

function shareOf(part: bigint, all: bigint): number {
  return Number((part * BigInt(FULL)) / all);
}
