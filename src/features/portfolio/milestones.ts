import { inArray } from 'drizzle-orm';
import { breather } from '../../shared/breather.ts';
import { type CalendarDate, dayOf } from '../../shared/calendar-date.ts';
import type { Instant } from '../../shared/clock.ts';
import {
  type Look,
  type LookedAt,
  type PushedMilestone,
  pushedAfter,
  pushedAsKnown,
  type Scope,
  type SlippedMilestone,
  slippedAsKnown,
  slippedOn,
  worstFirst,
} from '../milestones/index.ts';
import { knownStatuses, projectTables } from '../projects/index.ts';
import { idsKnown } from './known.ts';
import type { Asking, CountedRow, PortfolioQuestion } from './portfolio.ts';
import { isMeantToday } from './store.ts';
import { wholeOf } from './summed.ts';

// Milestones are those of all that lies in the range; where filters choose some projects, those of these only.

/** The worst of those that have slipped by the day asked about. */
export async function slippedIn(asking: Asking, rows: readonly CountedRow[]): Promise<SlippedMilestone[]> {
  const { database, question, asOf, knownAt } = asking;
  let worst: SlippedMilestone[] = [];
  if (knownAt !== null) {
    for await (const ids of countingThen(asking, rows, knownAt)) {
      const some = await database.read((unit) => slippedAsKnown(unit, ids, asOf, knownAt));
      worst = theWorst([...worst, ...some], question.limit);
    }
    return worst;
  }
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
  const { database, question, timeZone, asOf, knownAt } = asking;
  const days = { from, to: asOf, dayOf: (moment: Instant) => dayOf(moment, timeZone) };
  const breathe = breather();
  let worst: PushedMilestone[] = [];
  if (knownAt !== null) {
    for await (const ids of countingThen(asking, rows, knownAt)) {
      const some = await database.read((unit) => pushedAsKnown(unit, ids, days, knownAt));
      worst = theWorst([...worst, ...some], question.limit);
    }
    return worst;
  }
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
  if (isOfAll(question)) yield scope;
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

function isOfAll({ filters }: PortfolioQuestion): boolean {
  return Object.values(filters).every((value) => value === undefined);
}

/** The ids of those that counted, as it was known at a moment: what was cancelled by then did not. */
async function* countingThen(
  asking: Asking,
  rows: readonly CountedRow[],
  knownAt: Instant,
): AsyncGenerator<string[]> {
  const { database, question } = asking;
  const breathe = breather();
  const all = isOfAll(question) ? idsKnown(asking, knownAt) : [rows.map(({ id }) => id)];
  for await (const some of all) {
    for (let from = 0; from < some.length; from += idsAtATime) {
      const ids = some.slice(from, from + idsAtATime);
      const entries = await database.read((unit) => knownStatuses(unit, ids, knownAt));
      // They come by their days, so the last one is the status.
      const statuses = new Map(entries.map(({ projectId, status }) => [projectId, status]));
      yield ids.filter((id) => statuses.get(id) !== 'cancelled');
      await breathe();
    }
  }
}
