import { isDeepStrictEqual } from 'node:util';
import type { CalendarDate } from './calendar-date.ts';
import type { Instant } from './clock.ts';
import { JinduError, notYet } from './errors.ts';
import type { Verdict } from './verdict.ts';
import type { Revised } from './withdrawn.ts';

/**
 * What was said of something as of a day, kept by revisions: `asOf` is the day that it speaks of, `recordedAt` when we
 * were told. What it speaks of and the day identify it, so the same said twice is said once.
 */
export interface DatedStatement extends Revised {
  asOf: CalendarDate;
}

/** All of a statement that is said, and not made by the server. */
export type SaidIn<Statement extends DatedStatement> = Omit<
  Statement,
  'revision' | 'recordedAt' | 'recordedBy' | 'supersededAt' | 'withdrawn'
>;

/**
 * What `said` comes to when `present` is the current revision of the same thing and day: a first one, the next one, or
 * the very same object when nothing new is said.
 */
export function revisedStatement<Statement extends DatedStatement>(
  present: Statement | null,
  said: SaidIn<Statement>,
  now: Instant,
  recordedBy: string,
): { statement: Statement; verdict: Verdict } {
  if (present !== null && !present.withdrawn && saysAlready(present, said))
    return { statement: present, verdict: 'unchanged' };
  const made = {
    revision: (present?.revision ?? 0) + 1,
    recordedAt: now,
    recordedBy,
    supersededAt: null,
    withdrawn: false,
  };
  const statement = { ...said, ...made } as SaidIn<Statement> & typeof made as unknown as Statement;
  return { statement, verdict: present === null ? 'created' : 'corrected' };
}

/**
 * Of statements, the one that holds on a day; null where none does. One that knows `since` when it is so holds from then
 * on, and every one holds, whatever was said of the days before, from the day that it speaks of: of two the one with the
 * later such day, and of the same day the one that speaks of a later one.
 */
export function inForceOn<Statement extends { asOf: CalendarDate; since: CalendarDate | null }>(
  statements: readonly Statement[],
  day: CalendarDate,
): Statement | null {
  let found: { from: CalendarDate; statement: Statement } | null = null;
  for (const statement of statements) {
    const from = statement.asOf <= day ? statement.asOf : statement.since;
    if (from === null || from > day) continue;
    const isLater =
      found === null || from > found.from || (from === found.from && statement.asOf > found.statement.asOf);
    if (isLater) found = { from, statement };
  }
  return found?.statement ?? null;
}

/**
 * A statement speaks of today or an earlier day, and of what had come about by then.
 * @param asOfPointer where in the request the day was sent
 * @throws JinduError `future_date`, `unprocessable`
 */
export function assertSaidInTime(
  { since, asOf }: { since: CalendarDate | null; asOf: CalendarDate },
  asOfPointer: string,
  today: CalendarDate,
): void {
  if (since !== null && since > today) throw notYet('/since', since, today);
  if (asOf > today) throw notYet(asOfPointer, asOf, today);
  if (since === null || since <= asOf) return;
  throw new JinduError('unprocessable', `since ${since} is after the day that is spoken of, ${asOf}`, [
    { pointer: '/since', code: 'since', message: `must not be after the day that is spoken of, ${asOf}` },
  ]);
}

function saysAlready<Statement extends DatedStatement>(present: Statement, said: SaidIn<Statement>): boolean {
  return Object.entries(said).every(([field, value]) =>
    isDeepStrictEqual(present[field as keyof Statement], value),
  );
}
