import type { Database, ReadUnit } from '../../database/index.ts';
import { gapOf } from '../../formulas/plan-gap.ts';
import { plannedPercent } from '../../formulas/planned-percent.ts';
import type { Actor } from '../../shared/actor.ts';
import { type CalendarDate, dayOf, daysBetween } from '../../shared/calendar-date.ts';
import { knownMoment } from '../../shared/known-moment.ts';
import { statedOf } from '../progress/index.ts';
import { type CountedProject, findNode, namesOf } from '../projects/index.ts';
import { FirstFew } from './first-few.ts';
import { projectsKnown } from './known.ts';
import { pushedIn, slippedIn } from './milestones.ts';
import {
  type Asking,
  type Comparison,
  type CountedRow,
  type Gathered,
  type Moved,
  type NamedProject,
  type Portfolio,
  type PortfolioQuestion,
  portfolioBounds,
} from './portfolio.ts';
import { projectsIn, rangeOf, rowNow, rowsOn } from './rows.ts';
import { assertWeighs, daysAsked, furthestFirst, inOrderOfUrgency, movedBetween, Tally } from './rules.ts';
import { summedNow } from './summed.ts';

/**
 * All projects of a range as they stand on a day, and how that differs from an earlier one. Of today it is read from what
 * is kept; a past day, and what was known at a moment, are counted from what was said. It opens its own units of work, some rows in
 * each, so that a wide range keeps nobody waiting.
 * @throws JinduError `not_found`, `future_date`, `unprocessable`
 */
export async function getPortfolio(
  database: Database,
  actor: Actor,
  question: PortfolioQuestion,
  timeZone: string,
  bounds = portfolioBounds,
): Promise<Portfolio> {
  const { days, ...begun } = await database.read(async (unit) => {
    const today = dayOf(unit.now, timeZone);
    const days = daysAsked(question, today);
    const knownAt = knownMoment(question.knownAt, unit.now);
    return { days, today, now: unit.now, knownAt, range: await rangeOf(unit, actor, question) };
  });
  const { asOf, compareTo } = days;
  const asking = { database, actor, question, timeZone, bounds, asOf, ...begun };
  const { within = null, weightBasis } = question;
  const isSummed = isOfNow(asking) && compareTo === null && weightBasis === 'equal';
  const { rows, ...gathered } = isSummed
    ? { ...(await summedNow(asking)), rows: [] }
    : await gatheredFrom(asking, compareTo !== null);
  return {
    ...{ within, name: asking.range.name, asOf, knownAt: asking.knownAt, weightBasis },
    counted: gathered.counted,
    ranked: await database.read((unit) => named(unit, gathered.ranked, asOf)),
    silent: gathered.silent,
    slipped: await slippedIn(asking, rows),
    comparison: compareTo === null ? null : await comparisonWith(asking, rows, compareTo),
  };
}

/** Whether it is asked of what is kept. */
function isOfNow({ asOf, today, knownAt }: Asking): boolean {
  return asOf === today && knownAt === null;
}

/**
 * A portfolio counted row by row. The rows are handed on where others than the first of them are asked for: where they are
 * compared, and of a past day, of which the database cannot tell which ones are meant.
 */
async function gatheredFrom(
  asking: Asking,
  areCompared: boolean,
): Promise<Gathered & { rows: readonly CountedRow[] }> {
  const { question } = asking;
  const tally = new Tally(question.weightBasis);
  const first = new FirstFew(question.limit, inOrderOfUrgency);
  const firstSilent = new FirstFew(question.limit, inOrderOfUrgency);
  const rows: CountedRow[] = [];
  for await (const some of rowsOf(asking)) {
    for (const row of some.filter((each) => isMeant(each, question))) {
      tally.add(row);
      first.add(row);
      if (row.light === 'grey') firstSilent.add(row);
      if (areCompared || !isOfNow(asking)) rows.push(row);
    }
  }
  const inOrder = rows.sort(inOrderOfUrgency);
  return { counted: tally.counted(), ranked: first.all, silent: firstSilent.all, rows: inOrder };
}

/** The rows of a day, some at a time; what is asked of the scope is known once all of it is read. */
async function* rowsOf(asking: Asking): AsyncGenerator<CountedRow[]> {
  const { question, asOf, today, knownAt } = asking;
  const { weightBasis } = question;
  const isWeighed = weightBasis.startsWith('quantity:');
  const codes = new Set<string>();
  const projects: CountedProject[] = [];
  let count = 0;
  const all = knownAt === null ? projectsIn(asking, isWeighed) : projectsKnown(asking, knownAt);
  for await (const some of all) {
    count += some.length;
    for (const { quantities } of some) for (const { code } of quantities) codes.add(code);
    if (isOfNow(asking)) yield some.map((project) => rowNow(project, today));
    else projects.push(...some);
  }
  assertWeighs(weightBasis, codes, count);
  if (!isOfNow(asking)) yield* rowsOn(asking, projects, asOf);
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

/** How the same projects stood on an earlier day. */
async function comparisonWith(
  asking: Asking,
  rows: readonly CountedRow[],
  compareTo: CalendarDate,
): Promise<Comparison> {
  const { limit, weightBasis } = asking.question;
  const before = new Map<string, CountedRow>();
  const tally = new Tally(weightBasis);
  for await (const some of rowsOn(asking, rows, compareTo)) {
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
    pushed: await pushedIn(asking, rows, compareTo),
  };
}
