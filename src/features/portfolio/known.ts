import type { ReadUnit } from '../../database/index.ts';
import { breather } from '../../shared/breather.ts';
import type { Instant } from '../../shared/clock.ts';
import { organizationsKnownWithin } from '../organizations/index.ts';
import { rulesThen } from '../progress/index.ts';
import {
  type CountedProject,
  type CountedThen,
  type KnownFilters,
  knownProjects,
  projectsKnownAt,
} from '../projects/index.ts';
import type { Asking } from './portfolio.ts';
import { assertNotTooWide } from './rules.ts';

/** So many rows are read before others have their turn. */
const rowsAtATime = 1_000;

/** An engine has a bound on what one query may carry. */
const namesAtATime = 500;

/**
 * Every project of the range as it was known at a moment, some at a time, by their ids: whose it was, where it lay, what
 * it weighed and by which light rules it was judged. What it stood at is still to be counted.
 * @throws JinduError `unprocessable` where they are too many
 */
export async function* projectsKnown(asking: Asking, knownAt: Instant): AsyncGenerator<CountedProject[]> {
  const rules = new RulesKnown(knownAt);
  for await (const some of known(asking, knownAt, asking.range.filters)) {
    const found = some.filter(({ id }) => id !== asking.range.below);
    yield await asking.database.read(async (unit) => {
      const projects: CountedProject[] = [];
      for (const { cadence, ...project } of found)
        projects.push({ ...project, ...notCounted, rules: await rules.of(unit, { ...project, cadence }) });
      return projects;
    });
  }
}

/** The ids of all that lay in the range as it was known at a moment, whatever they are, the project itself among them. */
export async function* idsKnown(asking: Asking, knownAt: Instant): AsyncGenerator<string[]> {
  for await (const some of known(asking, knownAt, {})) yield some.map(({ id }) => id);
}

const notCounted: Pick<CountedProject, 'standing' | 'lights' | 'saidAsOf'> = {
  standing: { percent: null, low: 0, high: 0, approximate: false, coverage: 0 },
  lights: { isCompared: false, yellowFrom: null, redFrom: null, greyFrom: null },
  saidAsOf: null,
};

async function* known(
  asking: Asking,
  knownAt: Instant,
  filters: Asking['range']['filters'],
): AsyncGenerator<CountedThen[]> {
  const { database, bounds } = asking;
  const breathe = breather();
  let all = 0;
  for await (const part of partsKnown(asking, knownAt)) {
    const meant = { ...filters, ...part.filters };
    let afterId: string | null = null;
    do {
      const page: { afterId: string | null; limit: number } = { afterId, limit: rowsAtATime };
      const some: CountedThen[] = await database.read((unit) => projectsKnownAt(unit, meant, knownAt, page));
      const found = some.filter(({ organizationId }) => part.isOwner(organizationId));
      all += found.length;
      assertNotTooWide('counted', all, bounds);
      yield found;
      afterId = some.length < rowsAtATime ? null : (some.at(-1)?.id ?? null);
      await breathe();
    } while (afterId !== null);
  }
}

/** What is asked of one query after the other, and of its rows. */
interface Part {
  filters: Pick<KnownFilters, 'owners' | 'ids' | 'visibleWithin'>;
  isOwner(organizationId: string): boolean;
}

async function* partsKnown(asking: Asking, knownAt: Instant): AsyncGenerator<Part> {
  const { database, actor, range } = asking;
  const visibleWithin = actor.organizationId;
  if (range.below !== null) {
    for await (const ids of idsBelow(asking, range.below, knownAt))
      yield { filters: { owners: null, ids, visibleWithin }, isOwner: () => true };
    return;
  }
  const within = range.scope.within ?? actor.organizationId;
  const owners = await database.read((unit) => organizationsKnownWithin(unit, within, knownAt));
  const areFew = owners.length <= namesAtATime;
  const all = new Set(owners);
  const isOwner = within === null ? () => true : (id: string) => all.has(id);
  yield { filters: { owners: within !== null && areFew ? owners : null, ids: null, visibleWithin }, isOwner };
}

/** The project and all that lay below it, level by level. */
async function* idsBelow(
  { database, bounds }: Asking,
  rootId: string,
  knownAt: Instant,
): AsyncGenerator<string[]> {
  const breathe = breather();
  let level = [rootId];
  let all = 0;
  while (level.length > 0) {
    all += level.length;
    assertNotTooWide('counted', all, bounds);
    const next: string[] = [];
    for (let from = 0; from < level.length; from += namesAtATime) {
      const ids = level.slice(from, from + namesAtATime);
      yield ids;
      const below = await database.read((unit) => knownProjects(unit, { parentIds: ids }, knownAt));
      next.push(...below.map(({ id }) => id));
      await breathe();
    }
    level = next;
  }
}

/** Those of an organization are asked for once. */
class RulesKnown {
  readonly #knownAt: Instant;
  readonly #known = new Map<string, CountedProject['rules']>();

  constructor(knownAt: Instant) {
    this.#knownAt = knownAt;
  }

  async of(
    unit: ReadUnit,
    { organizationId, cadence }: Pick<CountedThen, 'organizationId' | 'cadence'>,
  ): Promise<CountedProject['rules']> {
    const key = `${organizationId} ${cadence}`;
    const rules = this.#known.get(key) ?? (await rulesThen(unit, { organizationId, cadence }, this.#knownAt));
    this.#known.set(key, rules);
    return rules;
  }
}
