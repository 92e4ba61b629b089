import { type Baseline, baselineOf, type PlanPoint, straightLine } from '../../formulas/planned-percent.ts';
import { type PlannedPart, type PlannedSums, rolledUpPlan } from '../../formulas/planned-roll-up.ts';
import type { RollUpSums } from '../../formulas/roll-up.ts';
import { FULL, type PercentFine } from '../../shared/percent.ts';
import type { Project } from './project.ts';

/** Where a baseline is from: the project's own plan, its period, or the plans of its children. */
export const baselineBases = ['plan', 'period', 'children'] as const;

export type BaselineBasis = (typeof baselineBases)[number];

/** A project's own plan, as far as it is counted with. */
export interface OwnPlan {
  /** Strictly by date, percents never falling. */
  points: readonly PlanPoint[];
  revision: number;
}

/** The planned curve that counts for a project. */
export interface KeptBaseline {
  basis: BaselineBasis;
  curve: Baseline;
  /** It is the straight line of a period, or some of what it is rolled up from is. */
  isAssumed: boolean;
  /** How much of the project it speaks for: all of it, or what its children's plans cover. */
  coverage: PercentFine;
  /** Of the project's own plan; null where that is not what counts. */
  revision: number | null;
}

/** All that a baseline is made of, but for the period and the weight of the children. */
export interface BaselineParts {
  own: OwnPlan | null;
  sums: PlannedSums;
}

/**
 * The baseline that counts, by the same order as progress: the project's own plan; else its children's, if they cover
 * all of it; else the straight line of its period; else its children's in part. Null if there is none of them.
 */
export function effectiveBaseline(
  { startDate, endDate }: Pick<Project, 'startDate' | 'endDate'>,
  { own, sums }: BaselineParts,
  children: Pick<RollUpSums, 'unweighted' | 'weight'>,
): KeptBaseline | null {
  const planned = own === null ? null : baselineOf(own.points);
  if (own !== null && planned !== null) return whole('plan', planned, own.revision);
  const rolledUp = rolledUpPlan(sums, children.weight);
  const isComplete = rolledUp?.coverage === FULL && children.unweighted === 0;
  const line = isComplete ? null : straightLine(startDate, endDate);
  if (line !== null) return whole('period', line, null);
  if (rolledUp === null) return null;
  const { baseline: curve, coverage, isAssumed } = rolledUp;
  return { basis: 'children', curve, isAssumed, coverage, revision: null };
}

/** What a child that counts gives to its parent's plan. */
export function plannedPart(weight: bigint | null, baseline: KeptBaseline | null): PlannedPart {
  return {
    weight,
    baseline: baseline?.curve ?? null,
    coverage: baseline?.coverage ?? 0,
    isAssumed: baseline?.isAssumed ?? false,
  };
}

function whole(basis: BaselineBasis, curve: Baseline, revision: number | null): KeptBaseline {
  return { basis, curve, isAssumed: basis === 'period', coverage: FULL, revision };
}
