import { dividedBy, type Fraction, fraction, isSame, one, plus, times, zero } from './fraction.ts';
import type { Facts, Plan } from './history.ts';

/** A plan as a share of 1 for every day, and where it is from. */
export interface PlainPlan {
  basis: 'plan' | 'period' | 'children';
  isAssumed: boolean;
  coverage: Fraction;
  on(day: string): Fraction;
}

interface Part {
  weight: Fraction | null;
  plan: PlainPlan | null;
}

/** The plan that counts, by the order of the decision: its own, its parts' if whole, its period, its parts' in part. */
export function plainPlan(
  own: Plan | null,
  period: Facts['period'],
  parts: readonly Part[],
): PlainPlan | null {
  if (own !== null) return { basis: 'plan', isAssumed: false, coverage: one, on: (day) => onLine(own, day) };
  const ofParts = rolledUp(parts);
  const isWhole = parts.every(({ weight }) => weight !== null);
  if (ofParts !== null && isWhole && isSame(ofParts.coverage, one)) return ofParts;
  return straight(period) ?? ofParts;
}

function straight({ startDate, endDate }: Facts['period']): PlainPlan | null {
  if (startDate === null || endDate === null) return null;
  const line = [
    { date: startDate, percent: 0 },
    { date: endDate, percent: 100 },
  ];
  return { basis: 'period', isAssumed: true, coverage: one, on: (day) => onLine(line, day) };
}

function rolledUp(parts: readonly Part[]): PlainPlan | null {
  const weighted = parts.flatMap(({ weight, plan }) => (weight === null ? [] : [{ weight, plan }]));
  const planned = weighted.flatMap(({ weight, plan }) =>
    plan === null || isSame(weight, zero) ? [] : [{ weight, plan }],
  );
  const sum = (all: readonly Fraction[]) => all.reduce(plus, zero);
  const heard = sum(planned.map(({ weight }) => weight));
  if (isSame(heard, zero)) return null;
  const covered = sum(planned.map(({ weight, plan }) => times(weight, plan.coverage)));
  return {
    basis: 'children',
    isAssumed: planned.some(({ plan }) => plan.isAssumed),
    coverage: dividedBy(covered, sum(weighted.map(({ weight }) => weight))),
    on: (day) => dividedBy(sum(planned.map(({ weight, plan }) => times(weight, plan.on(day)))), heard),
  };
}

/** A first point at 0 stands for the beginning of its day, all others for the ends of theirs. */
function onLine(points: Plan, day: string): Fraction {
  const knots = points.map(({ date, percent }, index) => ({
    at: numberOf(date) - (index === 0 && percent === 0 ? 1 : 0),
    share: fraction(Math.round(percent * 100), 10_000),
  }));
  const now = numberOf(day);
  const before = knots.findLast(({ at }) => at <= now);
  const after = knots.find(({ at }) => at > now);
  if (before === undefined) return zero;
  if (after === undefined) return before.share;
  const rise = plus(after.share, times(fraction(-1), before.share));
  return plus(before.share, times(rise, fraction(now - before.at, after.at - before.at)));
}

function numberOf(day: string): number {
  return Math.round(Date.parse(day) / 86_400_000);
}
