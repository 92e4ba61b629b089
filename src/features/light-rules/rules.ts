import { isDeepStrictEqual } from 'node:util';
import type { Instant } from '../../shared/clock.ts';
import { JinduError } from '../../shared/errors.ts';
import { numberFromHundredths } from '../../shared/percent.ts';
import type { Verdict } from '../../shared/verdict.ts';
import type { LightRuleFacts, LightRuleRevision } from './light-rules.ts';

/** Everything in a revision that was said rather than made by the server. */
function factsOf({
  yellowBehindHundredths,
  redBehindHundredths,
  cadence,
  silentAfterDays,
  reason,
}: LightRuleRevision): LightRuleFacts {
  return { yellowBehindHundredths, redBehindHundredths, cadence, silentAfterDays, reason };
}

/**
 * What rules come to when `present` is the organization's current revision: a first one, the next one, or the very same
 * object when nothing new is said.
 */
export function revised(
  present: LightRuleRevision | null,
  organizationId: string,
  facts: LightRuleFacts,
  now: Instant,
  recordedBy: string,
): { revision: LightRuleRevision; verdict: Verdict } {
  if (present !== null && !present.withdrawn && isDeepStrictEqual(factsOf(present), facts)) {
    return { revision: present, verdict: 'unchanged' };
  }
  const made = { recordedAt: now, recordedBy, supersededAt: null, withdrawn: false };
  const revision = { organizationId, ...facts, ...made, revision: (present?.revision ?? 0) + 1 };
  return { revision, verdict: present === null ? 'created' : 'corrected' };
}

/**
 * Red is further behind than yellow, or as far; and silence is not counted where no report is awaited.
 * @throws JinduError `unprocessable`
 */
export function assertMakeSense(facts: LightRuleFacts): void {
  const { yellowBehindHundredths, redBehindHundredths, cadence, silentAfterDays } = facts;
  if (yellowBehindHundredths > redBehindHundredths) {
    const least = numberFromHundredths(yellowBehindHundredths);
    throw new JinduError('unprocessable', 'yellow would be further behind the plan than red', [
      { pointer: '/redBehind', code: 'order', message: `must be at least yellowBehind, ${least}` },
    ]);
  }
  if (cadence === 'none' && silentAfterDays !== null) {
    throw new JinduError('unprocessable', 'where no report is awaited, nobody is silent', [
      { pointer: '/silentAfterDays', code: 'contradicts', message: 'must be left out with the cadence none' },
    ]);
  }
}
