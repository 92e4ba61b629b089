import type { Database, ReadUnit } from '../../database/index.ts';
import { lightDaysOf, lightOn } from '../../formulas/light-days.ts';
import { courseOf } from '../../formulas/traffic-light.ts';
import type { Actor } from '../../shared/actor.ts';
import { breather } from '../../shared/breather.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import { JinduError } from '../../shared/errors.ts';
import { getOrganization, organizationsWithin, titleOf } from '../organizations/index.ts';
import { type StandingOn, standingsOn } from '../progress/index.ts';
import {
  type CountedProject,
  countedProjects,
  getProject,
  type Project,
  type ProjectFilters,
  projectsAtAndBelow,
} from '../projects/index.ts';
import type { Asking, Bounds, CountedRow, PortfolioQuestion, Range } from './portfolio.ts';
import { assertNotTooWide } from './rules.ts';

/**
 * What `within` names. A portfolio counts projects: a programme is made of them and a component is a part of one. Below a
 * project that is no programme it counts the components. `kind` counts whatever it names instead.
 * @throws JinduError `not_found`
 */
export async function rangeOf(
  unit: ReadUnit,
  actor: Actor,
  { within, filters }: Pick<PortfolioQuestion, 'within' | 'filters'>,
): Promise<Range> {
  if (within === undefined) return await ofOwners(unit, actor.organizationId, filters, null);
  const organization = await unlessMissing(getOrganization(unit, actor, within));
  if (organization !== null) return await ofOwners(unit, within, filters, titleOf(organization));
  const found = await unlessMissing(getProject(unit, actor, within));
  if (found === null) throw new JinduError('not_found', 'there is no such organization or project');
  return ofProject(found.project, filters);
}

/** An organization with all below it; null: all there are. */
async function ofOwners(
  unit: ReadUnit,
  within: string | null,
  { organizationId, ...filters }: PortfolioQuestion['filters'],
  name: Range['name'],
): Promise<Range> {
  const all = await organizationsWithin(unit, within);
  const owners = organizationId === undefined ? all : all.filter((id) => id === organizationId);
  const scope = within === null ? {} : { within };
  return { name, scope, owners, below: null, filters: wantedOf(filters, 'project') };
}

function ofProject({ id, kind, title, translations }: Project, filters: PortfolioQuestion['filters']): Range {
  const wanted = wantedOf(filters, kind === 'programme' ? 'project' : 'component');
  return {
    name: { title, translations },
    scope: { withinProject: id },
    owners: null,
    below: id,
    filters: wanted,
  };
}

/** Status and light are those of the day that is asked about, which a row has once it is counted. */
function wantedOf(
  { status: _, light: __, kind, ...filters }: PortfolioQuestion['filters'],
  otherwise: Project['kind'],
): Range['filters'] {
  return { ...filters, kind: kind ?? otherwise };
}

async function unlessMissing<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof JinduError && error.code === 'not_found') return null;
    throw error;
  }
}

/** So many rows are read before others have their turn, of so many parts: an owner may have none. */
const rowsAtATime = 1_000;
const partsAtATime = 200;

/**
 * Every project of the range as it stands now, some at a time. Each read is a unit of its own, so that a wide range keeps
 * nobody waiting; a project is met once, as it stands at that moment.
 * @throws JinduError `unprocessable` where they are too many
 */
export async function* projectsIn(
  { database, actor, range, today, bounds }: Asking,
  isWeighed: boolean,
): AsyncGenerator<CountedProject[]> {
  const parts = partsOf(range);
  let place: Place = { part: 0, afterId: null };
  let all = 0;
  const breathe = breather();
  while (place.part < parts.length) {
    const found = await database.read((unit) => nextIn(unit, actor, parts, place, isWeighed, today));
    place = found.place;
    all += found.projects.length;
    assertNotTooWide('shown', all, bounds);
    yield found.projects;
    await breathe();
  }
}

/** What is read one after the other: the owners, each with their projects, or all below one project. */
function partsOf({ owners, below, filters }: Range): ProjectFilters[] {
  const wanted = { ...filters, archived: false };
  if (owners !== null) return owners.map((organizationId) => ({ ...wanted, organizationId }));
  return below === null ? [] : [{ ...wanted, withinProject: below }];
}

/** How far the reading has come. */
interface Place {
  part: number;
  afterId: string | null;
}

async function nextIn(
  unit: ReadUnit,
  actor: Actor,
  parts: readonly ProjectFilters[],
  from: Place,
  isWeighed: boolean,
  today: CalendarDate,
): Promise<{ projects: CountedProject[]; place: Place }> {
  const projects: CountedProject[] = [];
  let place = from;
  for (;;) {
    const part = parts[place.part];
    const limit = rowsAtATime - projects.length;
    const isEnough = limit <= 0 || place.part - from.part >= partsAtATime;
    if (part === undefined || isEnough) return { projects, place };
    // The owners of a range are seen already; below a project there may be others.
    const visibleWithin = part.withinProject === undefined ? null : actor.organizationId;
    const page = { afterId: place.afterId, limit, isWeighed };
    const some = await countedProjects(unit, part, page, { visibleWithin, today });
    for (const project of some) if (project.id !== part.withinProject) projects.push(project);
    const last = some.length < limit ? undefined : some.at(-1);
    place =
      last === undefined ? { part: place.part + 1, afterId: null } : { part: place.part, afterId: last.id };
  }
}

export function rowNow(project: CountedProject, today: CalendarDate): CountedRow {
  return { ...project, light: lightOn(project.lights, today) ?? 'none', told: null };
}

const treesAtATime = 20;

/**
 * The same projects as they stood on an earlier day, by what was known at a moment: counted from what was said of them
 * and of all below them, some at a time.
 * @throws JinduError `unprocessable` where they and all below them are too many
 */
export async function* rowsOn(
  { database, bounds, now, knownAt }: Asking,
  projects: readonly CountedProject[],
  day: CalendarDate,
): AsyncGenerator<CountedRow[]> {
  await assertNotTooMany(database, projects, bounds);
  const breathe = breather();
  for (let from = 0; from < projects.length; from += treesAtATime) {
    const some = new Map(projects.slice(from, from + treesAtATime).map((each) => [each.id, each]));
    const standings = await database.read((unit) => standingsOn(unit, [...some.keys()], day, knownAt ?? now));
    await breathe();
    yield standings.map((then) => rowThen(some.get(then.id) as CountedProject, then, day));
  }
}

function rowThen(project: CountedProject, then: StandingOn, day: CalendarDate): CountedRow {
  const { standing, saidAsOf } = then;
  const { percent, low } = standing;
  const status = then.status ?? project.status;
  const baseline = then.baseline?.curve ?? null;
  const lights = lightDaysOf({ course: courseOf(status), percent, low, baseline, saidAsOf }, project.rules);
  return {
    ...project,
    status,
    standing,
    saidAsOf,
    lights,
    light: lightOn(lights, day) ?? 'none',
    told: then,
  };
}

async function assertNotTooMany(
  database: Database,
  projects: readonly CountedProject[],
  bounds: Bounds,
): Promise<void> {
  let all = 0;
  for (let from = 0; from < projects.length; from += idsAtATime) {
    const ids = projects.slice(from, from + idsAtATime).map(({ id }) => id);
    all += await database.read((unit) => projectsAtAndBelow(unit, ids));
    assertNotTooWide('counted', all, bounds);
  }
}

/** An engine has a bound on what one query may carry. */
const idsAtATime = 500;
