import type { Database, ReadUnit } from '../../database/index.ts';
import { gapOf } from '../../formulas/plan-gap.ts';
import { plannedPercent } from '../../formulas/planned-percent.ts';
import type { Actor } from '../../shared/actor.ts';
import { type CalendarDate, dayOf, daysBetween } from '../../shared/calendar-date.ts';
import type { Instant } from '../../shared/clock.ts';
import { pushedBetween, type Scope, slippedOn } from '../milestones/index.ts';
import { statedOf } from '../progress/index.ts';
import { type CountedProject, findNode, namesOf } from '../projects/index.ts';
import type {
  Comparison,
  CountedRow,
  Moved,
  NamedProject,
  Portfolio,
  PortfolioQuestion,
} from './portfolio.ts';
import { projectsIn, type Range, rangeOf, rowNow, rowsOn } from './rows.ts';
import { assertWeighs, daysAsked, furthestFirst, inOrderOfUrgency, movedBetween, Tally } from './rules.ts';

/** Whose question it is, and what it is about. */
interface Asking {
  database: Database;
  actor: Actor;
  question: PortfolioQuestion;
  range: Range;
  today: CalendarDate;
  /** By whose knowledge past days are counted. */
  now: Instant;
  timeZone: string;
}

/**
 * All projects of a range as they stand on a day, and how that differs from an earlier one. Of today it is read from what
 * is kept; a past day is counted from what was said, by what is known now. It opens its own units of work, some rows in
 * each, so that a wide range keeps nobody waiting.
 * @throws JinduError `not_found`, `future_date`, `unprocessable`
 */
export async function getPortfolio(
  database: Database,
  actor: Actor,
  question: PortfolioQuestion,
  timeZone: string,
): Promise<Portfolio> {
  const { days, ...begun } = await database.read(async (unit) => {
    const today = dayOf(unit.now, timeZone);
    const days = daysAsked(question, today);
    return { days, today, now: unit.now, range: await rangeOf(unit, actor, question) };
  });
  const asking = { database, actor, question, timeZone, ...begun };
  const { asOf, compareTo } = days;
  const tally = new Tally(question.weightBasis);
  const rows: CountedRow[] = [];
  for await (const some of rowsOf(asking, asOf)) {
    for (const row of some.filter((each) => isMeant(each, question))) {
      rows.push(row);
      tally.add(row);
    }
  }
  const { range } = asking;
  const first = rows.sort(inOrderOfUrgency).slice(0, question.limit);
  return {
    within: question.within ?? null,
    name: range.name,
    asOf,
    weightBasis: question.weightBasis,
    counted: tally.counted(),
    ranked: await database.read((unit) => named(unit, first, asOf)),
    silent: rows.filter(({ light }) => light === 'grey').slice(0, question.limit),
    slipped: await slippedIn(asking, rows, asOf),
    comparison: compareTo === null ? null : await comparisonWith(asking, rows, compareTo, asOf),
  };
}

/** The rows of a day, some at a time; what is asked of the scope is known once all of it is read. */
async function* rowsOf(asking: Asking, asOf: CalendarDate): AsyncGenerator<CountedRow[]> {
  const { database, actor, range, question, today, now } = asking;
  const { weightBasis } = question;
  const isWeighed = weightBasis.startsWith('quantity:');
  const codes = new Set<string>();
  const projects: CountedProject[] = [];
  let count = 0;
  for await (const some of projectsIn(database, actor, range, isWeighed, today)) {
    count += some.length;
    for (const { quantities } of some) for (const { code } of quantities) codes.add(code);
    if (asOf === today) yield some.map((project) => rowNow(project, today));
    else projects.push(...some);
  }
  assertWeighs(weightBasis, codes, count);
  if (asOf < today) yield* rowsOn(database, projects, asOf, now);
}

/** By what is so on the day that is asked about, and not by what is so now. */
function isMeant({ status, light }: CountedRow, { filters }: PortfolioQuestion): boolean {
  return (
    (filters.status === undefined || filters.status === status) &&
    (filters.light === undefined || filters.light === light)
  );
}

/** What a reader is told of some of the rows. */
async function named(
  unit: ReadUnit,
  rows: readonly CountedRow[],
  asOf: CalendarDate,
): Promise<NamedProject[]> {
  const ids = rows.map(({ id }) => id);
  const names = new Map((await namesOf(unit, ids)).map((each) => [each.id, each]));
  const found: NamedProject[] = [];
  for (const row of rows) {
    const name = names.get(row.id);
    if (name === undefined) continue;
    const { baseline, stated } = row.told ?? (await toldNow(unit, row.id));
    const { percent } = row.standing;
    const planned = baseline === null ? null : plannedPercent(baseline.curve, asOf);
    const gap = planned === null || percent === null ? null : gapOf(percent, planned);
    const silentDays = row.saidAsOf === null ? null : daysBetween(row.saidAsOf, asOf);
    found.push({ ...name, row, planned, gap, silentDays, stated });
  }
  return found;
}

async function toldNow(unit: ReadUnit, id: string): Promise<NonNullable<CountedRow['told']>> {
  const node = await findNode(unit, id);
  return node === undefined
    ? { baseline: null, stated: null }
    : { baseline: node.baseline, stated: statedOf(node.kept) };
}

/** So many milestones are looked at where only those of some projects are meant. */
const milestonesLookedAt = 10_000;

/** Milestones of all that lies in the range; where filters choose some projects, those of these only. */
async function slippedIn(asking: Asking, rows: readonly CountedRow[], day: CalendarDate) {
  const { database, question } = asking;
  const isChosen = chosenBy(question, rows);
  const limit = isChosen === null ? question.limit : milestonesLookedAt;
  const all = await database.read((unit) => slippedOn(unit, scopeOf(asking), day, limit));
  return isChosen === null ? all : all.filter(isChosen).slice(0, question.limit);
}

async function pushedIn(asking: Asking, rows: readonly CountedRow[], from: CalendarDate, to: CalendarDate) {
  const { database, question, timeZone } = asking;
  const isChosen = chosenBy(question, rows);
  const limit = isChosen === null ? question.limit : milestonesLookedAt;
  const days = { from, to, dayOf: (moment: Instant) => dayOf(moment, timeZone) };
  const all = await database.read((unit) => pushedBetween(unit, scopeOf(asking), days, limit));
  return isChosen === null ? all : all.filter(isChosen).slice(0, question.limit);
}

function scopeOf({ range, actor }: Asking): Scope {
  return { ...range.scope, visibleWithin: actor.organizationId };
}

function chosenBy(
  { filters }: PortfolioQuestion,
  rows: readonly CountedRow[],
): ((of: { projectId: string }) => boolean) | null {
  if (Object.values(filters).every((value) => value === undefined)) return null;
  const ids = new Set(rows.map(({ id }) => id));
  return ({ projectId }) => ids.has(projectId);
}

/** How the same projects stood on an earlier day. */
async function comparisonWith(
  asking: Asking,
  rows: readonly CountedRow[],
  compareTo: CalendarDate,
  asOf: CalendarDate,
): Promise<Comparison> {
  const { database, now, question } = asking;
  const { limit, weightBasis } = question;
  const before = new Map<string, CountedRow>();
  const tally = new Tally(weightBasis);
  for await (const some of rowsOn(database, rows, compareTo, now)) {
    for (const row of some) {
      before.set(row.id, row);
      tally.add(row);
    }
  }
  const moved = rows
    .map((row) => movedBetween(before.get(row.id), row))
    .filter((each): each is Moved => each !== null)
    .sort(furthestFirst);
  const newlyRed = rows.filter(({ id, light }) => light === 'red' && before.get(id)?.light !== 'red');
  return {
    asOf: compareTo,
    counted: tally.counted(),
    moved: moved.slice(0, limit),
    movedCount: moved.length,
    newlyRed: newlyRed.slice(0, limit).map(({ id }) => id),
    newlyRedCount: newlyRed.length,
    pushed: await pushedIn(asking, rows, compareTo, asOf),
  };
}
