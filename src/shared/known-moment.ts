import { type Instant, instantOf } from './clock.ts';
import { JinduError } from './errors.ts';

/**
 * The moment whose knowledge is asked about with `?knownAt`; null: all that is known now. What will be known at a moment
 * to come would be answered otherwise when it has come.
 * @throws JinduError `future_date`
 */
export function knownMoment(asked: string | null, now: Instant): Instant | null {
  if (asked === null) return null;
  const knownAt = instantOf(asked);
  if (knownAt > now) {
    throw new JinduError('future_date', `${knownAt} is still to come: it is ${now} now`, [
      { pointer: '?knownAt', code: 'future_date', message: `must not be later than now, ${now}` },
    ]);
  }
  return knownAt;
}
