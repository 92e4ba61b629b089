import { type Fraction, isSame, shownSteps } from './fraction.ts';
import type { PlainProgress } from './plain-progress.ts';

/** What is answered about a progress, as JSON. */
// biome-ignore lint/suspicious/noExplicitAny: it is compared field by field
type Answered = any;

/** In what an answer of `…/progress` differs from the plain count; empty if in nothing. */
export function differences(answered: Answered, plain: PlainProgress): string[] {
  const { report, children, milestones, quantities } = plain;
  const found = [
    ...spanDifferences('', answered, plain),
    ...difference('basis', answered.basis, plain.basis),
    ...difference('qualifier', answered.qualifier, qualifierOf(plain)),
    ...(plain.consistent === null ? [] : difference('consistent', answered.consistent, plain.consistent)),
  ];
  found.push(...planDifferences(answered, plain));
  if (!plain.lights.includes(answered.light))
    found.push(`light is ${answered.light}, not ${plain.lights.join(' or ')}`);
  found.push(...difference('silentDays', answered.silentDays, daysBetween(plain.newestDay, answered.asOf)));
  for (const [name, source] of Object.entries({ report, children, milestones, quantities })) {
    const shown = answered.sources[name];
    found.push(...difference(name, shown === null, source === null));
    if (shown !== null && source !== null) found.push(...spanDifferences(`${name}.`, shown, source));
  }
  if (answered.sources.children === null || children === null) return found;
  const shown = answered.sources.children;
  return [
    ...found,
    ...difference('children', shown.children, children.count),
    ...difference('missing', shown.missing, children.missing.toSorted()),
    ...difference('missingCount', shown.missingCount, children.missing.length),
    ...difference('unweighted', shown.unweighted, children.unweighted.toSorted()),
    ...difference('unweightedCount', shown.unweightedCount, children.unweighted.length),
    ...stepDifference('coverage', shown.coverage * 10_000, children.coverage),
  ];
}

/** In what the plan, the money spent and the day on which it finished differ. */
function planDifferences(answered: Answered, { plan, spent, finishedOn }: PlainProgress): string[] {
  const shown = answered.plan;
  const found = [
    ...difference('plan', shown === null, plan === null),
    ...difference('actualCost', answered.cost?.actualCost ?? null, spent?.amount ?? null),
    ...difference('spentAsOf', answered.cost?.spentAsOf ?? null, spent?.day ?? null),
  ];
  if (shown === null || plan === null) return found;
  const { finished, forecastFinish } = answered.schedule;
  return [
    ...found,
    ...difference('plan.basis', shown.basis, plan.basis),
    ...difference('plan.assumed', shown.assumed, plan.isAssumed),
    ...stepDifference('plan.coverage', shown.coverage * 10_000, plan.coverage),
    ...stepDifference('plan.percent', shown.percent * 100, plan.on(answered.asOf)),
    ...difference('finished', finished, finishedOn !== null),
    ...(finished ? difference('finishedOn', forecastFinish, finishedOn) : []),
  ];
}

/** The same of a point of the curve. */
export function pointDifferences(answered: Answered, plain: PlainProgress): string[] {
  return [
    ...spanDifferences('', answered, plain),
    ...difference('basis', answered.basis, plain.basis),
    ...difference('qualifier', answered.qualifier, qualifierOf(plain)),
  ];
}

type Span = Pick<PlainProgress, 'percent' | 'low' | 'high' | 'isAbout'>;

function spanDifferences(where: string, answered: Answered, { percent, low, high }: Span): string[] {
  return [
    ...(percent === null || answered.percent === null
      ? difference(`${where}percent`, answered.percent, percent === null ? null : shownSteps(percent))
      : stepDifference(`${where}percent`, answered.percent * 100, percent)),
    ...stepDifference(`${where}low`, answered.low * 100, low),
    ...stepDifference(`${where}high`, answered.high * 100, high),
  ];
}

function stepDifference(name: string, answered: number, plain: Fraction): string[] {
  const steps = shownSteps(plain);
  return steps.includes(Math.round(answered)) ? [] : [`${name} is ${answered}, not ${steps.join(' or ')}`];
}

function difference(name: string, answered: unknown, plain: unknown): string[] {
  const [is, should] = [JSON.stringify(answered), JSON.stringify(plain)];
  return is === should ? [] : [`${name} is ${is}, not ${should}`];
}

function qualifierOf({ percent, low, high, isAbout }: Span): string {
  if (percent === null) return 'between';
  const [isLow, isHigh] = [isSame(low, percent), isSame(high, percent)];
  if (isLow && isHigh) return isAbout ? 'about' : 'exact';
  if (isLow) return 'atLeast';
  return isHigh ? 'atMost' : 'between';
}

function daysBetween(from: string | null, to: string): number | null {
  return from === null ? null : Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}
