import { inArray } from 'drizzle-orm';
import { breather } from '../../shared/breather.ts';
import { type CalendarDate, dayOf } from '../../shared/calendar-date.ts';
import type { Instant } from '../../shared/clock.ts';
import {
  type Look,
  type LookedAt,
  type PushedMilestone,
  pushedAfter,
  type Scope,
  type SlippedMilestone,
  slippedOn,
  worstFirst,
} from '../milestones/index.ts';
import { projectTables } from '../projects/index.ts';
import type { Asking, CountedRow } from './portfolio.ts';
import { isMeantToday } from './store.ts';
import { wholeOf } from './summed.ts';

// Milestones are those of all that lies in the range; where filters choose some projects, those of these only.

/** The worst of those that have slipped by the day asked about. */
export async function slippedIn(asking: Asking, rows: readonly CountedRow[]): Promise<SlippedMilestone[]> {
  const { database, question, asOf } = asking;
  let worst: SlippedMilestone[] = [];
  for await (const scope of scopesOf(asking, rows)) {
    const some = await database.read((unit) => slippedOn(unit, scope, asOf, question.limit));
    worst = theWorst([...worst, ...some], question.limit);
  }
  return worst;
}

/** The worst of those that were put off between an earlier day and the day asked about. */
export async function pushedIn(
  asking: Asking,
  rows: readonly CountedRow[],
  from: CalendarDate,
): Promise<PushedMilestone[]> {
  const { database, question, timeZone, asOf } = asking;
  const days = { from, to: asOf, dayOf: (moment: Instant) => dayOf(moment, timeZone) };
  const breathe = breather();
  let worst: PushedMilestone[] = [];
  for await (const scope of scopesOf(asking, rows)) {
    let after: LookedAt | null = null;
    do {
      const begun: LookedAt | null = after;
      const look: Look = await database.read((unit) => pushedAfter(unit, scope, days, begun));
      worst = theWorst([...worst, ...look.pushed], question.limit);
      after = look.next;
      await breathe();
    } while (after !== null);
  }
  return worst;
}

function theWorst<Late extends SlippedMilestone>(all: Late[], limit: number): Late[] {
  return all.sort(worstFirst).slice(0, limit);
}

/** An engine has a bound on what one query may carry. */
const idsAtATime = 500;

/** Whose milestones are looked at, some projects after the other where they have to be named. */
async function* scopesOf(asking: Asking, rows: readonly CountedRow[]): AsyncGenerator<Scope> {
  const { range, actor, question, asOf, today } = asking;
  const scope = { ...range.scope, visibleWithin: actor.organizationId };
  if (Object.values(question.filters).every((value) => value === undefined)) yield scope;
  else if (asOf === today) yield { ...scope, among: (unit) => isMeantToday(unit, wholeOf(asking)) };
  else yield* scopesOfRows(scope, rows);
}

async function* scopesOfRows(scope: Scope, rows: readonly CountedRow[]): AsyncGenerator<Scope> {
  const breathe = breather();
  for (let from = 0; from < rows.length; from += idsAtATime) {
    const ids = rows.slice(from, from + idsAtATime).map(({ id }) => id);
    yield { ...scope, among: ({ engine }) => inArray(projectTables(engine).projects.id, ids) };
    await breathe();
  }
}
