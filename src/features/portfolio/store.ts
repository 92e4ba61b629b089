import { and, asc, count, eq, gt, inArray, lte, ne, or, type Placeholder, type SQL, sql } from 'drizzle-orm';
import {
  type Column,
  containing,
  patternsOf,
  preparedInShapes,
  type ReadUnit,
} from '../../database/index.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import { withinOrganization } from '../organizations/index.ts';
import { hasLight, type ProjectFilters, type ProjectStatus, projectTables } from '../projects/index.ts';

/** What is summed by one query: the projects of some owners, or a stretch of those below a project, that are meant. */
export interface Stretch {
  /** Null: whoever owns them. At most {@link ownersAtATime}. */
  owners: readonly string[] | null;
  /** What lies below it, and not itself. */
  below: string | null;
  /** By their ids, those after the first and up to the second. */
  after: string | null;
  upTo: string | null;
  filters: Omit<ProjectFilters, 'within' | 'withinProject' | 'archived'>;
  /** The organization whose subtree the asker sees; null for all. */
  visibleWithin: string | null;
  today: CalendarDate;
}

export const ownersAtATime = 50;

/** Projects of one owner with one status, summed as they stand now. Percents are fine; every sum is exact. */
export interface ProjectSums {
  organizationId: string;
  status: ProjectStatus;
  projects: number;
  grey: number;
  red: number;
  yellow: number;
  green: number;
  /** Those that have a percent. */
  known: number;
  /** Of these, the approximate ones. */
  approximate: number;
  percent: number;
  low: number;
  high: number;
  covered: number;
  /** The place of the first of them in the order of urgency, but for the grey ones. */
  first: string | null;
  /** The place of the first of the grey ones. */
  firstGrey: string | null;
}

type Standings = ReturnType<typeof projectTables>['projectStandings'];
type Given = Record<string, string | undefined>;
type Asked = Record<string, Placeholder | undefined>;

const runSums = preparedInShapes<ProjectSums[]>();
const runFirst = preparedInShapes<{ id: string; place: string }[]>();
const runBoundary = preparedInShapes<{ id: string }[]>();

/** By owner and status; the database reads no row twice and puts nothing in order. */
export async function sumsOf(unit: ReadUnit, stretch: Stretch): Promise<ProjectSums[]> {
  const { given, asked, shape } = askedOf(stretch);
  const build = () => {
    const { projectStandings: s } = projectTables(unit.engine);
    const day = sql.placeholder('today');
    const columns = {
      organizationId: s.organizationId,
      status: s.status,
      projects: count(),
      ...lightCounts(s, day),
      known: count(s.percentFine),
      approximate: counted(sql`when ${eq(s.isApproximate, true)} and ${s.percentFine} is not null then 1`),
      percent: summed(s.percentFine),
      low: summed(s.lowFine),
      high: summed(s.highFine),
      covered: summed(s.coverageFine),
      first: sql<string | null>`min(${placeBesideGrey(s, day)})`,
      firstGrey: sql<string | null>`min(${placeOfGrey(s, day)})`,
    };
    return selecting(unit, stretch, asked, columns).groupBy(s.organizationId, s.status).prepare();
  };
  return await runSums(unit, shape, build as never, given);
}

/** A project and its place among all: whichever has the smaller one comes first. */
export interface Placed {
  id: string;
  place: string;
}

/** The first of them in the order of urgency, or of the grey ones alone, who are the longest silent. */
export async function firstOf(
  unit: ReadUnit,
  stretch: Stretch,
  { onlyGrey, limit }: { onlyGrey: boolean; limit: number },
): Promise<Placed[]> {
  const { given, asked, shape } = askedOf(stretch);
  const build = () => {
    const { projectStandings: s } = projectTables(unit.engine);
    const day = sql.placeholder('today');
    const grey = placeOfGrey(s, day);
    const place = sql<string>`${onlyGrey ? grey : sql`coalesce(${grey}, ${placeBesideGrey(s, day)})`}`;
    const isMeant = onlyGrey ? hasLight(s, 'grey', day) : undefined;
    return selecting(unit, stretch, asked, { id: s.projectId, place }, isMeant)
      .orderBy(asc(place))
      .limit(sql.placeholder('limit'))
      .prepare();
  };
  return await runFirst(unit, `${onlyGrey} ${shape}`, build as never, { ...given, limit });
}

/** Of all below a project, the id that so many lie up to, after one; null where there are not as many. */
export async function boundaryBelow(
  unit: ReadUnit,
  below: string,
  after: string | null,
  most: number,
): Promise<string | null> {
  const build = () => {
    const { projectTree: tree } = projectTables(unit.engine);
    const isNext = after === null ? undefined : gt(tree.descendantId, sql.placeholder('after'));
    return unit.db
      .select({ id: tree.descendantId })
      .from(tree)
      .where(and(eq(tree.ancestorId, sql.placeholder('below')), isNext))
      .orderBy(asc(tree.descendantId))
      .limit(1)
      .offset(most - 1)
      .prepare();
  };
  const given = after === null ? { below } : { below, after };
  const [row] = await runBoundary(unit, `${after === null} ${most}`, build, given);
  return row?.id ?? null;
}

/** What a question's filters ask of a project, in words of the standings' table. */
export function isMeantToday(
  unit: ReadUnit,
  { below, filters, today }: Pick<Stretch, 'below' | 'filters' | 'today'>,
): SQL | undefined {
  const { projectStandings: s } = projectTables(unit.engine);
  const isOther = below === null ? undefined : ne(s.projectId, below);
  // A value may stand wherever a place for one does.
  const asked = { ...plainOf(filters), today } as unknown as Asked;
  return and(isOther, ...conditionsOf(unit, s, filters, asked));
}

function selecting(
  unit: ReadUnit,
  { filters, owners }: Stretch,
  asked: Asked,
  columns: Record<string, unknown>,
  more?: SQL,
) {
  const { projectStandings: s, projectTree: tree } = projectTables(unit.engine);
  const conditions = [more, ...conditionsOf(unit, s, filters, asked)];
  if (owners !== null) {
    const places = Array.from({ length: ownersAtATime }, (_, index) => sql.placeholder(`owner${index}`));
    conditions.push(inArray(s.organizationId, places));
  }
  if (asked.visibleWithin !== undefined)
    conditions.push(withinOrganization(unit, s.organizationId, asked.visibleWithin));
  const select = unit.db.select(columns as { id: typeof s.projectId });
  if (asked.below === undefined) return select.from(s).where(and(...conditions));
  conditions.push(eq(tree.ancestorId, asked.below), ne(tree.descendantId, asked.below));
  if (asked.after !== undefined) conditions.push(gt(tree.descendantId, asked.after));
  if (asked.upTo !== undefined) conditions.push(lte(tree.descendantId, asked.upTo));
  return (
    select
      .from(tree)
      // SQLite takes the tables of a cross join in this order, whatever it thinks of their sizes.
      .crossJoin(s)
      .where(and(eq(s.projectId, tree.descendantId), ...conditions))
  );
}

/** What it asks for, the names under which that is given to its queries, and what tells one text of them from another. */
function askedOf({ owners, below, after, upTo, filters, visibleWithin, today }: Stretch) {
  const given: Given = { ...plainOf(filters), today };
  for (const [name, value] of Object.entries({ below, after, upTo, visibleWithin }))
    if (value !== null) given[name] = value;
  // The same text for any number of owners: one may be named twice.
  for (let index = 0; owners !== null && index < ownersAtATime; index += 1)
    given[`owner${index}`] = owners[index] ?? owners[0];
  const asked: Asked = Object.fromEntries(Object.keys(given).map((name) => [name, sql.placeholder(name)]));
  return { given, asked, shape: JSON.stringify([filters.light ?? null, Object.keys(given)]) };
}

/** The filters by which a row is looked for, each word of a search under a name of its own. */
function plainOf({ q, light: _, ...filters }: Stretch['filters']): Given {
  const patterns = q === undefined ? [] : patternsOf(q);
  const said = Object.entries(filters).filter(([, value]) => value !== undefined);
  return Object.fromEntries([...said, ...patterns.map((pattern, index) => [`pattern${index}`, pattern])]);
}

function conditionsOf(
  unit: ReadUnit,
  s: Standings,
  { light }: Stretch['filters'],
  asked: Asked,
): (SQL | undefined)[] {
  const { organizationId, parentId, kind, status, today } = asked;
  const conditions: (SQL | undefined)[] = [eq(s.isArchived, false), ofProject(unit, s, asked)];
  if (kind !== undefined) conditions.push(eq(s.kind, kind));
  if (organizationId !== undefined) conditions.push(eq(s.organizationId, organizationId));
  if (parentId !== undefined) conditions.push(eq(s.parentId, parentId));
  if (status !== undefined) conditions.push(eq(s.status, status));
  if (light !== undefined) conditions.push(hasLight(s, light, today as Placeholder));
  return conditions;
}

/** The filters of which a standing says nothing. */
function ofProject(unit: ReadUnit, s: Standings, asked: Asked): SQL | undefined {
  const { projects: t, projectTags } = projectTables(unit.engine);
  const { category, tag } = asked;
  const patterns = Object.entries(asked).flatMap(([name, value]) =>
    name.startsWith('pattern') && value !== undefined ? [value] : [],
  );
  const conditions: SQL[] = [];
  if (category !== undefined || patterns.length > 0) {
    const isCategory = category === undefined ? undefined : eq(t.category, category);
    const isMeant = and(eq(t.id, s.projectId), isCategory, containing(t.searchText, patterns));
    conditions.push(sql`exists ${unit.db.select({ id: t.id }).from(t).where(isMeant)}`);
  }
  if (tag !== undefined) {
    const isTagged = and(eq(projectTags.projectId, s.projectId), eq(projectTags.tag, tag));
    conditions.push(
      sql`exists ${unit.db.select({ id: projectTags.projectId }).from(projectTags).where(isTagged)}`,
    );
  }
  return and(...conditions);
}

/** How many have which light, as `lightOn` of `formulas/light-days.ts` has it; without any are all the others. */
function lightCounts(s: Standings, day: Placeholder) {
  const isGrey = lte(s.greyFrom, day);
  const isRed = lte(s.redFrom, day);
  const isYellow = lte(s.yellowFrom, day);
  const isCompared = eq(s.isCompared, true);
  return {
    grey: counted(sql`when ${isGrey} then 1`),
    red: counted(sql`when ${isGrey} then null when ${and(isCompared, isRed)} then 1`),
    yellow: counted(sql`when ${or(isGrey, isRed)} then null when ${and(isCompared, isYellow)} then 1`),
    green: counted(sql`when ${or(isGrey, isRed, isYellow)} then null when ${isCompared} then 1`),
  };
}

// A place is a text, in whose order the projects are as `inOrderOfUrgency` has them: the light's own, the day since which
// it is so, the id.

function placeBesideGrey(s: Standings, day: Placeholder): SQL {
  return sql`case when ${lte(s.greyFrom, day)} then null when ${eq(s.isCompared, false)} then '4' || ${s.projectId} when ${lte(s.redFrom, day)} then '0' || ${s.redFrom} || ${s.projectId} when ${lte(s.yellowFrom, day)} then '2' || ${s.yellowFrom} || ${s.projectId} else '3' || coalesce(${s.yellowFrom}, '9999-12-31') || ${s.projectId} end`;
}

function placeOfGrey(s: Standings, day: Placeholder): SQL {
  return sql`case when ${lte(s.greyFrom, day)} then '1' || ${s.greyFrom} || ${s.projectId} end`;
}

function counted(cases: SQL): SQL<number> {
  return sql<number>`count(case ${cases} end)`.mapWith(Number);
}

/** Of so many fine percents as a portfolio may count, the sum is a number that holds it exactly. */
function summed(column: Column): SQL<number> {
  return sql<number>`coalesce(sum(${column}), 0)`.mapWith(Number);
}
