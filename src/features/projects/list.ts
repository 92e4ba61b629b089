import {
  and,
  asc,
  count,
  desc,
  eq,
  gt,
  inArray,
  isNotNull,
  isNull,
  lte,
  or,
  type Placeholder,
  type SQL,
  sql,
} from 'drizzle-orm';
import {
  afterKey,
  containing,
  patternsOf,
  prepared,
  preparedInShapes,
  type ReadUnit,
  searchQuery,
} from '../../database/index.ts';
import { type LightRules, lights } from '../../formulas/traffic-light.ts';
import type { PageRequest } from '../../http/paging.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import { organizationTables, withinOrganization } from '../organizations/index.ts';
import { shownOf, standingColumns } from './node-rows.ts';
import type { Project, ProjectKind, ProjectStatus } from './project.ts';
import type { KeptStanding } from './sources.ts';
import { type ListedProject, projectColumns } from './store.ts';
import { projectTables } from './table.ts';

/** A light, or that there is none. */
export const shownLights = [...lights, 'none'] as const;
export type ShownLight = (typeof shownLights)[number];

export interface ProjectFilters {
  organizationId?: string;
  within?: string;
  withinProject?: string;
  parentId?: string;
  kind?: ProjectKind;
  category?: string;
  status?: ProjectStatus;
  light?: ShownLight;
  tag?: string;
  q?: string;
  archived: boolean;
}

export type ProjectSort = 'id' | 'title' | 'createdAt' | 'updatedAt';

/** So many projects are looked at in the list's order before those are gathered that may be meant. */
const lookedAtFirst = 1_000;

/** Whose question it is, and on which day. */
export interface Asker {
  /** The organization whose subtree the actor sees; null for all. */
  visibleWithin: string | null;
  today: CalendarDate;
}

/**
 * At most `page.limit + 1` of them.
 *
 * No index has the words of a search, a tag or what lies within something in the order of a list. Where many projects
 * are meant, a page is soon found along that order; where few are, they are quickly gathered and put in order. Which of
 * the two it is shows at the first thousand; of what lies within an organization, an index tells before.
 */
export async function listProjects(
  unit: ReadUnit,
  filters: ProjectFilters,
  page: PageRequest<ProjectSort>,
  asker: Asker,
): Promise<ListedProject[]> {
  const list = new ProjectList(unit, filters, page, asker);
  if (!list.isPicked) return await list.page();
  if (await list.isOfFew()) return await list.named(await list.gathered());
  const first = await list.first();
  const picked = first.filter((row) => row.isPicked === 1).map((row) => row.id);
  const isEnough = picked.length >= list.limit || first.length < lookedAtFirst;
  return await list.named(isEnough ? picked.slice(0, list.limit) : await list.gathered());
}

/** Of a project, what counting many of them needs: where it stands now, and what it weighs. */
export type CountedProject = Pick<
  Project,
  'id' | 'organizationId' | 'status' | 'weightScaled' | 'budgetMinor' | 'budgetCurrency' | 'quantities'
> &
  Pick<KeptStanding, 'standing' | 'lights' | 'rules'> & { saidAsOf: CalendarDate | null };

/**
 * Of those that the filters mean the next `limit` after an id, by their ids, as they are to be counted. Quick where the
 * filters name an organization and a kind, or a project within which they lie.
 * @param isWeighed whether the scope is to be read, without which `quantities` is empty
 */
export async function countedProjects(
  unit: ReadUnit,
  filters: ProjectFilters,
  { afterId, limit, isWeighed }: { afterId: string | null; limit: number; isWeighed: boolean },
  asker: Asker,
): Promise<CountedProject[]> {
  const after = afterId === null ? null : { sort: 'id', value: afterId, id: afterId };
  const page: PageRequest<ProjectSort> = { limit: limit - 1, sort: 'id', descending: false, after };
  return await new ProjectList(unit, filters, page, asker).counted(isWeighed);
}

/** So many ids are named in one query. */
const namedAtATime = 50;

/** These projects as they are to be counted, by their ids; those that are not there are left out. */
export async function countedProjectsById(
  unit: ReadUnit,
  ids: readonly string[],
): Promise<Map<string, CountedProject>> {
  const found = new Map<string, CountedProject>();
  for (let from = 0; from < ids.length; from += namedAtATime) {
    const some = ids.slice(from, from + namedAtATime);
    // The same text for any number: a name may come twice.
    const given = Array.from({ length: namedAtATime }, (_, index) => [`id${index}`, some[index] ?? some[0]]);
    for (const row of await selectCountedById(unit, Object.fromEntries(given)))
      found.set(row.id, countedOf(row));
  }
  return found;
}

/** A project as a list of something that projects have names it. */
export type NamedProject = Pick<
  Project,
  'id' | 'title' | 'translations' | 'tags' | 'organizationId' | 'category' | 'status'
>;

/** Those of these projects that the filters mean and the asker sees, by their ids. At most some hundred a call. */
export async function projectsAmong(
  unit: ReadUnit,
  ids: readonly string[],
  filters: ProjectFilters,
  asker: Asker,
): Promise<NamedProject[]> {
  const page: PageRequest<ProjectSort> = { limit: ids.length, sort: 'id', descending: false, after: null };
  return await new ProjectList(unit, filters, page, asker).among(ids);
}

/** What a list is asked for, and the names under which that is given to its queries. */
type Given = Record<string, string | number | undefined>;
type Asked = Record<string, Placeholder | undefined>;

const runPage = preparedInShapes<(Project & Parameters<typeof shownOf>[0])[]>();
const runFirst = preparedInShapes<{ id: string; isPicked: number }[]>();
const runGathered = preparedInShapes<{ id: string }[]>();
const runOwned = preparedInShapes<{ projects: number }[]>();
const runAmong = preparedInShapes<NamedProject[]>();

/** So many are asked about by one query. */
const amongAtATime = 200;

/** The queries of one list. Their text depends on which filters there are, and not on what these say. */
class ProjectList {
  readonly limit: number;
  readonly #unit: ReadUnit;
  readonly #given: Given;
  readonly #archived: boolean;
  readonly #page: PageRequest<ProjectSort>;
  readonly #patterns: string[];
  readonly #light: ShownLight | undefined;
  readonly #shape: string;

  constructor(
    unit: ReadUnit,
    { archived, q, light, ...filters }: ProjectFilters,
    page: PageRequest<ProjectSort>,
    { visibleWithin, today }: Asker,
  ) {
    this.limit = page.limit + 1;
    this.#unit = unit;
    this.#archived = archived;
    this.#page = page;
    this.#light = light;
    this.#patterns = q === undefined ? [] : patternsOf(q);
    const patterns = this.#patterns.map((pattern, index) => [`pattern${index}`, pattern]);
    const given = {
      ...filters,
      ...Object.fromEntries(patterns),
      search: q === undefined ? null : searchQuery(unit.engine, q),
      visibleWithin,
      today: light === undefined ? null : today,
      ...{ after: page.after?.value, afterId: page.after?.id, limit: this.limit },
    };
    this.#given = withoutMissing(given);
    this.#shape = JSON.stringify([
      archived,
      light ?? null,
      page.sort,
      page.descending,
      Object.keys(this.#given),
    ]);
  }

  /** Whether it asks for what no index has in the list's order. */
  get isPicked(): boolean {
    const { within, visibleWithin, withinProject, tag } = this.#given;
    return (
      this.#patterns.length > 0 ||
      this.#light !== undefined ||
      [within, visibleWithin, withinProject, tag].some((each) => each !== undefined)
    );
  }

  /** The page of a list that asks for nothing else than indexes have. */
  async page(): Promise<ListedProject[]> {
    const build = () => {
      const { t, asked } = this.#names();
      return this.#rows()
        .where(this.#plain(asked))
        .orderBy(...this.#order(t))
        .limit(asked.limit)
        .prepare();
    };
    return listed(await runPage(this.#unit, this.#shape, build as never, this.#given));
  }

  /** Of the first in the list's order, by the filters that an index has, which the others pick. */
  async first() {
    const build = () => {
      const { t, asked } = this.#names();
      const isPicked = sql<number>`case when ${this.#picks(asked)} then 1 else 0 end`.mapWith(Number);
      return this.#unit.db
        .select({ id: t.id, isPicked })
        .from(t)
        .where(this.#plain(asked))
        .orderBy(...this.#order(t))
        .limit(sql.placeholder('lookedAtFirst'))
        .prepare();
    };
    return await runFirst(this.#unit, this.#shape, build, { ...this.#given, lookedAtFirst });
  }

  /**
   * Whether they would be gathered from an organization, as `#gatherer` chooses, that has no more projects than are looked
   * at first. Its index alone is asked, and that only up to one more.
   */
  async isOfFew(): Promise<boolean> {
    const { search, withinProject, within, visibleWithin } = this.#given;
    if (search !== undefined || withinProject !== undefined) return false;
    if (within === undefined && visibleWithin === undefined) return false;
    const build = () => {
      const { t, asked } = this.#names();
      const { table, owns } = this.#gatherer(asked);
      const owned = this.#unit.db
        .select({ id: t.id })
        .from(table)
        .crossJoin(t)
        .where(and(owns, this.#isListed(t)))
        .limit(sql.placeholder('tooMany'))
        .as('owned');
      return this.#unit.db.select({ projects: count() }).from(owned).prepare();
    };
    const given = { ...this.#given, tooMany: lookedAtFirst + 1 };
    const [owned] = await runOwned(this.#unit, this.#shape, build, given);
    return owned !== undefined && owned.projects <= lookedAtFirst;
  }

  /** The page's ids, beginning with what a filter names and not with the order. */
  async gathered(): Promise<string[]> {
    const build = () => {
      const { t, asked } = this.#names();
      const { table, owns } = this.#gatherer(asked);
      return (
        this.#unit.db
          .select({ id: t.id })
          .from(table)
          // SQLite takes the tables of a cross join in this order, whatever it thinks of their sizes.
          .crossJoin(t)
          .where(and(owns, this.#plain(asked), this.#picks(asked)))
          .orderBy(...this.#order(t))
          .limit(asked.limit)
          .prepare()
      );
    };
    const rows = await runGathered(this.#unit, this.#shape, build, this.#given);
    return rows.map((row) => row.id);
  }

  /** These projects, in this order. */
  async named(ids: readonly string[]): Promise<ListedProject[]> {
    const [first] = ids;
    if (first === undefined) return [];
    const places = Array.from({ length: this.limit }, (_, index) => `id${index}`);
    const build = () => {
      const { t } = this.#names();
      const placeholders = places.map((place) => sql.placeholder(place));
      return this.#rows().where(inArray(t.id, placeholders)).prepare();
    };
    // The same text for any number: a name may come twice.
    const given = Object.fromEntries(places.map((place, index) => [place, ids[index] ?? first]));
    const rows = await runPage(this.#unit, `named ${this.limit}`, build as never, given);
    const byId = new Map(listed(rows).map((each) => [each.project.id, each]));
    return ids.map((id) => byId.get(id) as ListedProject);
  }

  /** The next of them as they are to be counted. */
  async counted(isWeighed: boolean): Promise<CountedProject[]> {
    const build = () => {
      const { tables, t, asked } = this.#names();
      const { projectStandings: s, projectTree: tree } = tables;
      const columns = { ...countedColumns(tables), ...(isWeighed ? { quantities: t.quantities } : {}) };
      const isWanted = and(this.#plain(asked), this.#picks(asked));
      if (asked.withinProject === undefined) {
        const from = this.#unit.db.select(columns).from(t).innerJoin(s, eq(s.projectId, t.id));
        return from.where(isWanted).orderBy(asc(t.id)).limit(asked.limit).prepare();
      }
      const isBelow = and(eq(tree.ancestorId, asked.withinProject), eq(t.id, tree.descendantId));
      // Said of the tree, whose index has them in this order: of the project, all below would be read for each part.
      const isNext = asked.afterId === undefined ? undefined : gt(tree.descendantId, asked.afterId);
      return this.#unit.db
        .select(columns)
        .from(tree)
        .crossJoin(t)
        .innerJoin(s, eq(s.projectId, t.id))
        .where(and(isBelow, isNext, isWanted))
        .orderBy(asc(tree.descendantId))
        .limit(asked.limit)
        .prepare();
    };
    const shape = `counted ${isWeighed} ${this.#shape}`;
    const rows = await runCounted(this.#unit, shape, build as never, this.#given);
    return rows.map(countedOf);
  }

  /** Those of these that are meant. */
  async among(ids: readonly string[]): Promise<NamedProject[]> {
    const places = Array.from({ length: amongAtATime }, (_, index) => `among${index}`);
    const build = () => {
      const { t, asked } = this.#names();
      const { id, title, translations, tags, organizationId, category, status } = t;
      const placeholders = places.map((place) => sql.placeholder(place));
      return this.#unit.db
        .select({ id, title, translations, tags, organizationId, category, status })
        .from(t)
        .where(and(inArray(id, placeholders), this.#plain(asked), this.#picks(asked)))
        .orderBy(asc(id))
        .prepare();
    };
    const found: NamedProject[] = [];
    for (let from = 0; from < ids.length; from += amongAtATime) {
      // The same text for any number: a name may come twice.
      const named = places.map((place, index) => [place, ids[from + index] ?? ids[from]]);
      const given = { ...this.#given, ...Object.fromEntries(named) };
      found.push(...(await runAmong(this.#unit, `among ${this.#shape}`, build, given)));
    }
    return found;
  }

  #rows() {
    const { tables, t } = this.#names();
    const { projectStandings: s } = tables;
    return this.#unit.db
      .select({ ...projectColumns(tables), ...standingColumns(s) })
      .from(t)
      .innerJoin(s, eq(s.projectId, t.id));
  }

  #names() {
    const tables = projectTables(this.#unit.engine);
    const names = Object.keys(this.#given).map((name) => [name, sql.placeholder(name)]);
    return { tables, t: tables.projects, asked: Object.fromEntries(names) as Asked & { limit: Placeholder } };
  }

  /** What an index in the list's order may have, or costs nothing to ask of a row. */
  #plain(asked: Asked): SQL | undefined {
    const { t } = this.#names();
    const { organizationId, parentId, kind, category, status, after, afterId } = asked;
    const conditions: (SQL | undefined)[] = [this.#isListed(t)];
    if (organizationId !== undefined) conditions.push(eq(t.organizationId, organizationId));
    if (parentId !== undefined) conditions.push(eq(t.parentId, parentId));
    if (kind !== undefined) conditions.push(eq(t.kind, kind));
    if (category !== undefined) conditions.push(eq(t.category, category));
    if (status !== undefined) conditions.push(eq(t.status, status));
    if (after !== undefined && afterId !== undefined) {
      const { sort, descending } = this.#page;
      conditions.push(afterKey(t[sort], t.id, { value: after, id: afterId }, descending));
    }
    return and(...conditions);
  }

  #isListed(t: ReturnType<typeof projectTables>['projects']): SQL {
    return this.#archived ? isNotNull(t.archivedAt) : isNull(t.archivedAt);
  }

  /** The others. */
  #picks(asked: Asked): SQL | undefined {
    const { tables, t } = this.#names();
    const { projectTags, projectTree: tree } = tables;
    const { within, visibleWithin, withinProject, tag } = asked;
    const { db } = this.#unit;
    const patterns = this.#patterns.map((_, index) => asked[`pattern${index}`] as Placeholder);
    const conditions = [containing(t.searchText, patterns)];
    if (tag !== undefined) {
      const isTagged = and(eq(projectTags.projectId, t.id), eq(projectTags.tag, tag));
      conditions.push(
        sql`exists ${db.select({ id: projectTags.projectId }).from(projectTags).where(isTagged)}`,
      );
    }
    if (withinProject !== undefined) {
      const isBelow = and(eq(tree.ancestorId, withinProject), eq(tree.descendantId, t.id));
      conditions.push(sql`exists ${db.select({ id: tree.descendantId }).from(tree).where(isBelow)}`);
    }
    if (this.#light !== undefined && asked.today !== undefined) {
      const { projectStandings: s } = tables;
      const isLit = and(eq(s.projectId, t.id), hasLight(s, this.#light, asked.today));
      conditions.push(sql`exists ${db.select({ id: s.projectId }).from(s).where(isLit)}`);
    }
    for (const organizationId of [within, visibleWithin]) {
      if (organizationId !== undefined)
        conditions.push(withinOrganization(this.#unit, t.organizationId, organizationId));
    }
    return and(...conditions);
  }

  /** The table that names the projects which one filter means: that of which the fewest are to be expected. */
  #gatherer(asked: Asked) {
    const { tables, t } = this.#names();
    const { projectTags, projectTree, projectSearches } = tables;
    const { organizationTree } = organizationTables(this.#unit.engine);
    const { search, tag, withinProject } = asked;
    if (search !== undefined) {
      const isFound = this.#unit.engine.search.found(projectSearches, search);
      return { table: projectSearches, owns: and(isFound, eq(t.id, projectSearches.subjectId)) };
    }
    if (withinProject !== undefined) {
      const isBelow = eq(projectTree.ancestorId, withinProject);
      return { table: projectTree, owns: and(isBelow, eq(t.id, projectTree.descendantId)) };
    }
    const organizationId = asked.within ?? asked.visibleWithin;
    if (organizationId !== undefined) {
      const isWithin = eq(organizationTree.ancestorId, organizationId);
      return {
        table: organizationTree,
        owns: and(isWithin, eq(t.organizationId, organizationTree.descendantId)),
      };
    }
    if (tag !== undefined) {
      return { table: projectTags, owns: and(eq(projectTags.tag, tag), eq(t.id, projectTags.projectId)) };
    }
    if (this.#light !== undefined && asked.today !== undefined) {
      const { projectStandings: s } = tables;
      const isLit = hasLight(s, this.#light, asked.today);
      return { table: s, owns: and(isLit, eq(t.id, s.projectId)) };
    }
    // A search without a letter has no term; then all are looked at.
    return { table: projectSearches, owns: eq(t.id, projectSearches.subjectId) };
  }

  #order(t: ReturnType<typeof projectTables>['projects']): SQL[] {
    const direction = this.#page.descending ? desc : asc;
    return [direction(t[this.#page.sort]), direction(t.id)];
  }
}

type CountedRow = Omit<CountedProject, 'standing' | 'lights' | 'rules' | 'quantities'> &
  Parameters<typeof shownOf>[0] &
  LightRules &
  Partial<Pick<Project, 'quantities'>>;

const runCounted = preparedInShapes<CountedRow[]>();

const selectCountedById = prepared((db, engine) => {
  const tables = projectTables(engine);
  const { projects: t, projectStandings: s } = tables;
  const ids = Array.from({ length: namedAtATime }, (_, index) => sql.placeholder(`id${index}`));
  return db
    .select(countedColumns(tables))
    .from(t)
    .innerJoin(s, eq(s.projectId, t.id))
    .where(inArray(t.id, ids))
    .prepare();
});

function countedColumns({ projects: t, projectStandings: s }: ReturnType<typeof projectTables>) {
  return {
    id: t.id,
    organizationId: t.organizationId,
    status: t.status,
    weightScaled: t.weightScaled,
    budgetMinor: t.budgetMinor,
    budgetCurrency: t.budgetCurrency,
    ...standingColumns(s),
    saidAsOf: s.saidAsOf,
    yellowBehindHundredths: s.yellowBehindHundredths,
    redBehindHundredths: s.redBehindHundredths,
    silentAfterDays: s.silentAfterDays,
  };
}

function countedOf(row: CountedRow): CountedProject {
  const { id, organizationId, status, weightScaled, budgetMinor, budgetCurrency, saidAsOf } = row;
  const { yellowBehindHundredths, redBehindHundredths, silentAfterDays } = row;
  const { standing, lights } = shownOf(row);
  return {
    ...{ id, organizationId, status, weightScaled, budgetMinor, budgetCurrency, saidAsOf, standing, lights },
    quantities: row.quantities ?? [],
    rules: { yellowBehindHundredths, redBehindHundredths, silentAfterDays },
  };
}

/** As `lightOn` of `formulas/light-days.ts` has it, for the database. What is red was yellow before. */
export function hasLight(
  s: ReturnType<typeof projectTables>['projectStandings'],
  light: ShownLight,
  day: Placeholder | CalendarDate,
): SQL | undefined {
  if (light === 'grey') return lte(s.greyFrom, day);
  const isHeard = or(isNull(s.greyFrom), gt(s.greyFrom, day));
  if (light === 'none') return and(isHeard, eq(s.isCompared, false));
  const colour = {
    green: or(isNull(s.yellowFrom), gt(s.yellowFrom, day)),
    yellow: and(lte(s.yellowFrom, day), or(isNull(s.redFrom), gt(s.redFrom, day))),
    red: lte(s.redFrom, day),
  };
  return and(isHeard, eq(s.isCompared, true), colour[light]);
}

function withoutMissing(given: object): Given {
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined && value !== null),
  );
}

function listed(rows: readonly (Project & Parameters<typeof shownOf>[0])[]): ListedProject[] {
  return rows.map((row) => ({ project: row, kept: shownOf(row) }));
}
