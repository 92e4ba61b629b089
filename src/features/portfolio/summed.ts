import { breather } from '../../shared/breather.ts';
import { type CountedProject, countedProjectsById } from '../projects/index.ts';
import type { Asking, CountedRow, Gathered } from './portfolio.ts';
import { rowNow } from './rows.ts';
import { assertNotTooWide, countedFrom } from './rules.ts';
import {
  boundaryBelow,
  firstOf,
  ownersAtATime,
  type Placed,
  type ProjectSums,
  type Stretch,
  sumsOf,
} from './store.ts';

/**
 * Today’s portfolio of projects that weigh alike, summed by the database. A row of each is read once, and no row comes
 * out but those that are named: they are of the owners whose first ones come first.
 * @throws JinduError `unprocessable` where they are too many
 */
export async function summedNow(asking: Asking): Promise<Gathered> {
  const groups: ProjectSums[] = [];
  let projects = 0;
  for await (const some of sums(asking)) {
    groups.push(...some);
    projects += some.reduce((sum, group) => sum + group.projects, 0);
    assertNotTooWide('shown', projects, asking.bounds);
  }
  const counted = countedFrom(groups);
  const ranked = await firstIn(asking, groups, false);
  const { red, grey } = counted.byLight;
  // Only the red ones are before the grey ones: often those that are wanted are among the ranked.
  const areRanked = red === 0 || red + grey <= asking.question.limit;
  const silent = areRanked ? [] : await firstIn(asking, groups, true);
  const rows = await rowsOf(asking, ranked, silent);
  return {
    counted,
    ranked: rows.ranked,
    silent: areRanked ? rows.ranked.filter(({ light }) => light === 'grey') : rows.silent,
  };
}

/** So many of those below a project are summed by one query. */
const belowAtATime = 1_000;

/** Each query is a unit of its own, with a breath after it. */
async function* sums(asking: Asking): AsyncGenerator<ProjectSums[]> {
  const { database } = asking;
  const breathe = breather();
  for await (const stretch of stretches(asking)) {
    yield await database.read((unit) => sumsOf(unit, stretch));
    await breathe();
  }
}

async function* stretches(asking: Asking): AsyncGenerator<Stretch> {
  const { database, range } = asking;
  const whole = wholeOf(asking);
  if (range.owners !== null) yield* byOwners(whole, range.owners);
  const { below } = range;
  if (below === null) return;
  let after: string | null = null;
  do {
    const from: string | null = after;
    const upTo: string | null = await database.read((unit) => boundaryBelow(unit, below, from, belowAtATime));
    yield { ...whole, after, upTo };
    after = upTo;
  } while (after !== null);
}

function* byOwners(whole: Stretch, owners: readonly string[]): Generator<Stretch> {
  for (let from = 0; from < owners.length; from += ownersAtATime)
    yield { ...whole, owners: owners.slice(from, from + ownersAtATime) };
}

/** All that is meant, as one. */
export function wholeOf({ range, question, actor, today }: Asking): Stretch {
  const { status, light } = question.filters;
  const filters = {
    ...range.filters,
    ...(status === undefined ? {} : { status }),
    ...(light === undefined ? {} : { light }),
  };
  // The owners of a range are seen already; below a project there may be others.
  const visibleWithin = range.below === null ? null : actor.organizationId;
  return { owners: null, below: range.below, after: null, upTo: null, filters, visibleWithin, today };
}

/** The ids of the first few, in their order. As many owners as are wanted have them all: each has one of its own. */
async function firstIn(asking: Asking, groups: readonly ProjectSums[], onlyGrey: boolean): Promise<string[]> {
  const { database, question } = asking;
  const { limit } = question;
  const firsts = groups
    .map(({ organizationId, first, firstGrey }) => ({
      organizationId,
      place: onlyGrey ? firstGrey : least(first, firstGrey),
    }))
    .filter((each): each is { organizationId: string; place: string } => each.place !== null)
    .sort(byPlace);
  const owners = [...new Set(firsts.slice(0, limit).map(({ organizationId }) => organizationId))];
  const breathe = breather();
  const found: Placed[] = [];
  for (const stretch of byOwners(wholeOf(asking), owners)) {
    found.push(...(await database.read((unit) => firstOf(unit, stretch, { onlyGrey, limit }))));
    await breathe();
  }
  return found
    .sort(byPlace)
    .slice(0, limit)
    .map(({ id }) => id);
}

function least(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
}

function byPlace(one: { place: string }, other: { place: string }): number {
  return one.place < other.place ? -1 : 1;
}

async function rowsOf(
  { database, today }: Asking,
  ranked: readonly string[],
  silent: readonly string[],
): Promise<Pick<Gathered, 'ranked' | 'silent'>> {
  const ids = [...new Set([...ranked, ...silent])];
  const found = await database.read((unit) => countedProjectsById(unit, ids));
  const rows = (some: readonly string[]): CountedRow[] =>
    some
      .map((id) => found.get(id))
      .filter((project): project is CountedProject => project !== undefined)
      .map((project) => rowNow(project, today));
  return { ranked: rows(ranked), silent: rows(silent) };
}
