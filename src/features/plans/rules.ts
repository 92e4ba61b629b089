import { isDeepStrictEqual } from 'node:util';
import type { Instant } from '../../shared/clock.ts';
import { JinduError } from '../../shared/errors.ts';
import type { Verdict } from '../../shared/verdict.ts';
import type { Plan, PlanFacts } from './plan.ts';

/** Everything in a plan that was said rather than made by the server. */
export function factsOf({ points, note, reason }: Plan): PlanFacts {
  return { points, note, reason };
}

/**
 * What a plan comes to when `present` is the project's current revision: a first one, the next one, or the very same
 * object when nothing new is said.
 */
export function revised(
  present: Plan | null,
  projectId: string,
  facts: PlanFacts,
  now: Instant,
  recordedBy: string,
): { plan: Plan; verdict: Verdict } {
  if (present !== null && !present.withdrawn && isDeepStrictEqual(factsOf(present), facts)) {
    return { plan: present, verdict: 'unchanged' };
  }
  const revision = (present?.revision ?? 0) + 1;
  const made = { revision, recordedAt: now, recordedBy, supersededAt: null, withdrawn: false };
  return { plan: { projectId, ...facts, ...made }, verdict: present === null ? 'created' : 'corrected' };
}

/**
 * A plan goes on in time, and never wants less than it did: each point is later than the one before it, and its percent
 * not below.
 * @throws JinduError `unprocessable`, which names every point that is not so
 */
export function assertRises({ points }: PlanFacts): void {
  const faults = points.flatMap(({ date, percentHundredths }, index) => {
    const before = points[index - 1];
    if (before === undefined) return [];
    const at = `/points/${index}`;
    if (date === before.date)
      return [{ pointer: `${at}/date`, code: 'repeated', message: 'must be used once in a plan' }];
    if (date < before.date)
      return [{ pointer: `${at}/date`, code: 'order', message: `must be later than ${before.date}` }];
    if (percentHundredths >= before.percentHundredths) return [];
    const least = before.percentHundredths / 100;
    const message = `must be at least ${least}, as planned for ${before.date}`;
    return [{ pointer: `${at}/percent`, code: 'plan_falls', message }];
  });
  if (faults.length === 0) return;
  throw new JinduError(
    'unprocessable',
    'the points of a plan are strictly by date, and percents never fall',
    faults,
  );
}
