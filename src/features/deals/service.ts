import type { Database, ReadUnit } from '../../database/index.ts';
import { type Page, type PageRequest, pageOfRows } from '../../http/paging.ts';
import type { Actor } from '../../shared/actor.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import { assertCompared } from '../../shared/known-moment.ts';
import { getOrganization, titleOf } from '../organizations/index.ts';
import type { DealStage } from '../parties/index.ts';
import { illustrativeTag } from '../pictures/index.ts';
import { getProject, type Project } from '../projects/index.ts';
import { type Funnel, FunnelTally } from './funnel.ts';
import { type Clocks, clocksOf, type DealFilters, dealsIn, knownDeals } from './load.ts';
import { rankOf } from './rules.ts';
import { type DealView, viewOn } from './view.ts';

/** The day, and the moment whose knowledge is asked for; null: today, and now. */
export interface AskedClocks {
  asOf: CalendarDate | null;
  knownAt: string | null;
}

/** A project as a deal, be it none; it may be archived. */
export interface FoundDeal {
  view: DealView;
  clocks: Clocks;
}

/** @throws JinduError `not_found`, `future_date` */
export async function getDeal(
  unit: ReadUnit,
  actor: Actor,
  projectId: string,
  asked: AskedClocks,
  timeZone: string,
): Promise<FoundDeal> {
  const { project } = await getProject(unit, actor, projectId);
  const clocks = clocksOf(unit, asked, timeZone);
  const [known] = await knownDeals(unit, [project], clocks.knownAt);
  if (known === undefined) throw new Error(`nothing was read of ${projectId}`);
  return { view: viewOn(known, clocks.asOf), clocks };
}

export const dealSorts = ['stage', 'age', 'lastMovement', 'nextDue', 'title', 'id'] as const;
export type DealSort = (typeof dealSorts)[number];

/** Which deals a list names, and on which day. */
export interface DealListQuestion extends AskedClocks {
  filters: DealFilters;
  /** `none`: those without a stage. Null: whatever their stage. */
  stages: readonly (DealStage | 'none')[] | null;
}

/**
 * The deals that are in these stages on a day, by what was known at a moment. Every deal in the range is looked at for each
 * page, some at a time, in units of work of its own.
 * @throws JinduError `future_date`, `unprocessable`
 */
export async function pageOfDeals(
  database: Database,
  actor: Actor,
  { filters, stages, ...asked }: DealListQuestion,
  page: PageRequest<DealSort>,
  timeZone: string,
): Promise<Page<DealView>> {
  const clocks = await database.read(async (unit) => clocksOf(unit, asked, timeZone));
  const beyond: Row[] = [];
  for await (const some of dealsIn(database, actor, filters, clocks)) {
    for (const known of some) {
      const view = viewOn(known, clocks.asOf);
      const { stage } = view.deal.counted;
      if (!view.deal.isDeal || (stages !== null && !stages.includes(stage ?? 'none'))) continue;
      const row = { view, value: placeOf(view, page), id: known.project.id };
      if (page.after === null || inOrder(page)(page.after, row) < 0) beyond.push(row);
    }
    // What comes after the page is let go, so that of many deals few are kept.
    if (beyond.length > keptAtMost) beyond.sort(inOrder(page)).splice(page.limit + 1);
  }
  const rows = beyond.sort(inOrder(page)).slice(0, page.limit + 1);
  return pageOfRows(
    page,
    rows,
    ({ value, id }) => ({ value, id }),
    ({ view }) => view,
  );
}

/** More than a page has. */
const keptAtMost = 1_000;

interface Place {
  value: string | number;
  id: string | number;
}

interface Row extends Place {
  view: DealView;
}

/** A place in the list as text; what has none comes last, from whichever end. */
function placeOf({ project, deal, ageDays, lastMovementOn, nextDue }: DealView, page: PageRequest<DealSort>) {
  const missing = page.descending ? '' : '~';
  const { stage } = deal.counted;
  const places: Record<DealSort, string> = {
    stage: stage === null ? missing : String(rankOf(stage)),
    age: ageDays === null ? missing : String(ageDays).padStart(8, '0'),
    lastMovement: lastMovementOn ?? missing,
    nextDue: nextDue?.dueDate ?? missing,
    title: project.title,
    id: project.id,
  };
  return places[page.sort];
}

function inOrder({ descending }: PageRequest): (one: Place, other: Place) => number {
  const direction = descending ? -1 : 1;
  return (one, other) => {
    const [a, b] = one.value === other.value ? [one.id, other.id] : [one.value, other.value];
    return a === b ? 0 : a < b ? -direction : direction;
  };
}

/** What is asked of a funnel. */
export interface FunnelQuestion extends AskedClocks {
  filters: DealFilters;
  /** An earlier day; null: nothing is compared. */
  compareTo: CalendarDate | null;
  /** Null: the one that there is. */
  currency: string | null;
}

export interface FoundFunnel {
  within: string | null;
  withinProject: string | null;
  /** What it is the funnel of, for a title; null: all that the asker sees. */
  name: Pick<Project, 'title' | 'translations'> | null;
  clocks: Clocks;
  funnel: Funnel;
  /** Whether any of it is made up, to show what would be seen. */
  isIllustrative: boolean;
}

/**
 * The deals of a range by stage on a day, and how that differs from an earlier one, by what is known now or was at a moment. It
 * opens its own units of work, some deals in each, so that a wide range keeps nobody waiting.
 * @throws JinduError `not_found`, `future_date`, `unprocessable`
 */
export async function getFunnel(
  database: Database,
  actor: Actor,
  question: FunnelQuestion,
  timeZone: string,
): Promise<FoundFunnel> {
  const { filters, compareTo, currency } = question;
  const { clocks, name } = await database.read(async (unit) => ({
    clocks: clocksOf(unit, question, timeZone),
    name: await nameOf(unit, actor, filters),
  }));
  const { asOf } = clocks;
  assertCompared(compareTo, asOf);
  const tally = new FunnelTally({ asOf, compareTo, currency });
  let isIllustrative = false;
  for await (const some of dealsIn(database, actor, filters, clocks)) {
    for (const { project, facts } of some) {
      const isCounted = tally.add(facts);
      isIllustrative ||= isCounted && project.tags.includes(illustrativeTag);
    }
  }
  const { within = null, withinProject = null } = filters;
  return { ...{ within, withinProject, name }, clocks, funnel: tally.funnel(), isIllustrative };
}

/** @throws JinduError `not_found` where one of the two names nothing that the asker sees */
async function nameOf(
  unit: ReadUnit,
  actor: Actor,
  { within, withinProject }: DealFilters,
): Promise<FoundFunnel['name']> {
  const organization = within === undefined ? null : await getOrganization(unit, actor, within);
  if (withinProject !== undefined) {
    const { title, translations } = (await getProject(unit, actor, withinProject)).project;
    return { title, translations };
  }
  return organization === null ? null : titleOf(organization);
}
