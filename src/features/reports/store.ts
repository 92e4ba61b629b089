import {
  aliasedTable,
  and,
  asc,
  desc,
  eq,
  gt,
  gte,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  max,
  min,
  ne,
  notExists,
  notInArray,
  or,
  type SQL,
  type SQLWrapper,
  sql,
} from 'drizzle-orm';
import {
  afterKey,
  gatheredInsert,
  isKnown,
  prepared,
  type ReadUnit,
  type WriteUnit,
} from '../../database/index.ts';
import type { PageRequest } from '../../http/paging.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { Instant } from '../../shared/clock.ts';
import { qualifiers } from '../../shared/qualified-value.ts';
import { type RecentPercent, saysDone } from '../projects/index.ts';
import type { Report } from './report.ts';
import { boundingQualifiers } from './rules.ts';
import { reportTables } from './table.ts';

type Row = Omit<Report, 'quantities'> & { quantities: Report['quantities'] | null };

const selectCurrent = prepared((db, engine) => {
  const { reports: t } = reportTables(engine);
  return db
    .select()
    .from(t)
    .where(
      and(
        eq(t.projectId, sql.placeholder('projectId')),
        eq(t.asOf, sql.placeholder('asOf')),
        isNull(t.supersededAt),
      ),
    )
    .prepare();
});

/** The current revision, be it withdrawn. */
export async function findReport(
  unit: ReadUnit,
  projectId: string,
  asOf: CalendarDate,
): Promise<Report | undefined> {
  const [row] = await selectCurrent(unit, { projectId, asOf });
  return row === undefined ? undefined : reportOf(row);
}

/**
 * What a report must say to be looked at: a percent, one that bounds what lies on its other side, quantities, money
 * spent, or anything at all.
 */
export type Aspect = 'percent' | 'bound' | 'quantities' | 'spent' | 'anything';

type Direction = 'before' | 'after';

const neighbour = (direction: Direction, aspect: Aspect) =>
  prepared((db, engine) => {
    const { reports: t } = reportTables(engine);
    return db
      .select()
      .from(t)
      .where(
        and(
          eq(t.projectId, sql.placeholder('projectId')),
          (direction === 'before' ? lt : gt)(t.asOf, sql.placeholder('asOf')),
          isNull(t.supersededAt),
          eq(t.withdrawn, false),
          aspect === 'bound'
            ? and(isNotNull(t.percentHundredths), inArray(t.qualifier, boundingQualifiers[direction]))
            : says(t, aspect),
        ),
      )
      .orderBy((direction === 'before' ? desc : asc)(t.asOf))
      .limit(1)
      .prepare();
  });

const inBothDirections = (aspect: Aspect) => ({
  before: neighbour('before', aspect),
  after: neighbour('after', aspect),
});

const neighbours = {
  percent: inBothDirections('percent'),
  bound: inBothDirections('bound'),
  quantities: inBothDirections('quantities'),
  spent: inBothDirections('spent'),
  anything: inBothDirections('anything'),
};

/** The nearest report in force on that side of a day which says the aspect. */
export async function findNeighbour(
  unit: ReadUnit,
  projectId: string,
  asOf: CalendarDate,
  direction: Direction,
  aspect: Aspect,
): Promise<Report | null> {
  const [row] = await neighbours[aspect][direction](unit, { projectId, asOf });
  return row === undefined ? null : reportOf(row);
}

/** The nearest report in force on that side of a day which says how much of this quantity is done. */
export async function findQuantityNeighbour(
  unit: ReadUnit,
  projectId: string,
  asOf: CalendarDate,
  direction: Direction,
  code: string,
): Promise<{ report: Report; valueScaled: number } | null> {
  for (let from = asOf; ; ) {
    const report = await findNeighbour(unit, projectId, from, direction, 'quantities');
    if (report === null) return null;
    const quantity = report.quantities.find((each) => each.code === code);
    if (quantity !== undefined) return { report, valueScaled: quantity.valueScaled };
    from = report.asOf;
  }
}

const insertRow = gatheredInsert((engine) => reportTables(engine).reports);

const supersede = prepared((db, engine) => {
  const { reports: t } = reportTables(engine);
  return db
    .update(t)
    .set({ supersededAt: sql.placeholder('now') as never })
    .where(
      and(
        eq(t.projectId, sql.placeholder('projectId')),
        eq(t.asOf, sql.placeholder('asOf')),
        isNull(t.supersededAt),
      ),
    )
    .prepare();
});

/** Adds a revision; the one before it, if there is one, ends being what we know. */
export async function addRevision(unit: WriteUnit, report: Report): Promise<void> {
  if (report.revision > 1)
    await supersede(unit, { now: unit.now, projectId: report.projectId, asOf: report.asOf });
  await insertRow(unit, { ...report, quantities: report.quantities.length === 0 ? null : report.quantities });
}

export type ReportSort = 'asOf';

/** The current revisions of a project's reports, at most `page.limit + 1`. */
export async function listReports(
  unit: ReadUnit,
  projectId: string,
  filters: { from?: CalendarDate; to?: CalendarDate; withdrawn: boolean },
  page: PageRequest<ReportSort>,
): Promise<Report[]> {
  const { reports: t } = reportTables(unit.engine);
  const conditions: (SQL | undefined)[] = [
    eq(t.projectId, projectId),
    isNull(t.supersededAt),
    eq(t.withdrawn, filters.withdrawn),
  ];
  if (filters.from !== undefined) conditions.push(gte(t.asOf, filters.from));
  if (filters.to !== undefined) conditions.push(lte(t.asOf, filters.to));
  if (page.after !== null)
    conditions.push(
      afterKey(t.asOf, t.asOf, { value: page.after.value, id: page.after.value }, page.descending),
    );
  const rows = await unit.db
    .select()
    .from(t)
    .where(and(...conditions))
    .orderBy((page.descending ? desc : asc)(t.asOf))
    .limit(page.limit + 1);
  return rows.map(reportOf);
}

/** Every revision of one report, the newest first. */
export async function revisionsOf(unit: ReadUnit, projectId: string, asOf: CalendarDate): Promise<Report[]> {
  const { reports: t } = reportTables(unit.engine);
  const rows = await unit.db
    .select()
    .from(t)
    .where(and(eq(t.projectId, projectId), eq(t.asOf, asOf)))
    .orderBy(desc(t.revision));
  return rows.map(reportOf);
}

const selectRevision = prepared((db, engine) => {
  const { reports: t } = reportTables(engine);
  return db
    .select()
    .from(t)
    .where(
      and(
        eq(t.projectId, sql.placeholder('projectId')),
        eq(t.asOf, sql.placeholder('asOf')),
        eq(t.revision, sql.placeholder('revision')),
      ),
    )
    .prepare();
});

/**
 * Those of these revisions that there are; their ids are `<projectId>/<asOf>`. One question each, all asked at once: put
 * into one, they would be planned anew every time, which takes ten times as long.
 */
export async function findRevisions(
  unit: ReadUnit,
  wanted: readonly { reportId: string; revision: number }[],
): Promise<Report[]> {
  const found = await Promise.all(
    wanted.map(({ reportId, revision }) => {
      const [projectId, asOf] = reportId.split('/');
      return selectRevision(unit, { projectId, asOf, revision });
    }),
  );
  return found.flat().map(reportOf);
}

/** The moments at which the revisions of a report were recorded. Its id is `<projectId>/<asOf>`; empty for any other. */
export function momentsOfReport(unit: ReadUnit, reportId: string): SQLWrapper {
  const { reports: t } = reportTables(unit.engine);
  const [projectId = '', asOf = ''] = reportId.split('/');
  return unit.db
    .select({ at: t.recordedAt })
    .from(t)
    .where(and(eq(t.projectId, projectId), eq(t.asOf, asOf)));
}

/**
 * The reports in force of these projects up to a day, as they were known at a moment (null: now), by day.
 * At most some hundred projects a call: an engine has a bound on what one query may carry.
 */
export async function reportsInForce(
  unit: ReadUnit,
  projectIds: readonly string[],
  upTo: CalendarDate,
  knownAt: Instant | null,
): Promise<Report[]> {
  const { reports: t } = reportTables(unit.engine);
  const rows = await unit.db
    .select()
    .from(t)
    .where(and(inArray(t.projectId, [...projectIds]), lte(t.asOf, upTo), inForce(t, knownAt)))
    .orderBy(asc(t.asOf));
  return rows.map(reportOf);
}

/** Of those, each project's newest that says a percent, or money spent. */
export async function newestInForce(
  unit: ReadUnit,
  aspect: 'percent' | 'spent',
  projectIds: readonly string[],
  upTo: CalendarDate,
  knownAt: Instant | null,
): Promise<Report[]> {
  const { reports: t } = reportTables(unit.engine);
  const other = aliasedTable(t, 'other');
  const newest = unit.db
    .select({ asOf: max(other.asOf) })
    .from(other)
    .where(
      and(
        eq(other.projectId, t.projectId),
        lte(other.asOf, upTo),
        inForce(other, knownAt),
        says(other, aspect),
      ),
    );
  const rows = await unit.db
    .select()
    .from(t)
    .where(and(inArray(t.projectId, [...projectIds]), eq(t.asOf, newest), inForce(t, knownAt)));
  return rows.map(reportOf);
}

/** Of one project, the newest that say a percent: at most so many, the newest first. */
export async function newestPercents(
  unit: ReadUnit,
  projectId: string,
  upTo: CalendarDate,
  knownAt: Instant | null,
  atMost: number,
): Promise<RecentPercent[]> {
  const { reports: t } = reportTables(unit.engine);
  const rows = await unit.db
    .select({ asOf: t.asOf, percentHundredths: t.percentHundredths })
    .from(t)
    .where(and(eq(t.projectId, projectId), lte(t.asOf, upTo), inForce(t, knownAt), says(t, 'percent')))
    .orderBy(desc(t.asOf))
    .limit(atMost);
  return rows.map(({ asOf, percentHundredths }) => ({ asOf, percentHundredths: percentHundredths ?? 0 }));
}

/** The newest day of which a project has a report, be it withdrawn. */
export async function newestDayOf(unit: ReadUnit, projectId: string): Promise<CalendarDate | null> {
  const { reports: t } = reportTables(unit.engine);
  const [row] = await unit.db
    .select({ asOf: max(t.asOf) })
    .from(t)
    .where(eq(t.projectId, projectId));
  return row?.asOf ?? null;
}

/** Since which day all reports of each of these projects say that surely all is done; none of a project of which they do not. */
export async function doneSinceInForce(
  unit: ReadUnit,
  projectIds: readonly string[],
  upTo: CalendarDate,
  knownAt: Instant | null,
): Promise<{ projectId: string; doneSince: CalendarDate }[]> {
  const { reports: t } = reportTables(unit.engine);
  const other = aliasedTable(t, 'other');
  const isLess = or(ne(other.percentHundredths, 10_000), notInArray(other.qualifier, doneQualifiers));
  const lessLater = unit.db
    .select({ asOf: other.asOf })
    .from(other)
    .where(
      and(
        eq(other.projectId, t.projectId),
        gte(other.asOf, t.asOf),
        lte(other.asOf, upTo),
        inForce(other, knownAt),
        says(other, 'percent'),
        isLess,
      ),
    );
  const rows = await unit.db
    .select({ projectId: t.projectId, asOf: min(t.asOf) })
    .from(t)
    .where(
      and(
        inArray(t.projectId, [...projectIds]),
        lte(t.asOf, upTo),
        inForce(t, knownAt),
        says(t, 'percent'),
        notExists(lessLater),
      ),
    )
    .groupBy(t.projectId);
  return rows.flatMap(({ projectId, asOf }) => (asOf === null ? [] : [{ projectId, doneSince: asOf }]));
}

/** Of a report of 100 %, those by which surely all is done. */
const doneQualifiers = qualifiers.filter((qualifier) => saysDone({ percentHundredths: 10_000, qualifier }));

/** Of those, all that say quantities, by day. */
export async function quantitiesInForce(
  unit: ReadUnit,
  projectIds: readonly string[],
  upTo: CalendarDate,
  knownAt: Instant | null,
): Promise<Pick<Report, 'projectId' | 'asOf' | 'revision' | 'quantities'>[]> {
  const { reports: t } = reportTables(unit.engine);
  const rows = await unit.db
    .select({ projectId: t.projectId, asOf: t.asOf, revision: t.revision, quantities: t.quantities })
    .from(t)
    .where(
      and(
        inArray(t.projectId, [...projectIds]),
        lte(t.asOf, upTo),
        inForce(t, knownAt),
        says(t, 'quantities'),
      ),
    )
    .orderBy(asc(t.asOf));
  return rows.map((row) => ({ ...row, quantities: row.quantities ?? [] }));
}

/** Of those, the newest day of each project of which anything is said. */
export async function newestDaysInForce(
  unit: ReadUnit,
  projectIds: readonly string[],
  upTo: CalendarDate,
  knownAt: Instant | null,
): Promise<{ projectId: string; asOf: CalendarDate }[]> {
  const { reports: t } = reportTables(unit.engine);
  const rows = await unit.db
    .select({ projectId: t.projectId, asOf: max(t.asOf) })
    .from(t)
    .where(and(inArray(t.projectId, [...projectIds]), lte(t.asOf, upTo), inForce(t, knownAt)))
    .groupBy(t.projectId);
  return rows.flatMap(({ projectId, asOf }) => (asOf === null ? [] : [{ projectId, asOf }]));
}

type ReportTable = ReturnType<typeof reportTables>['reports'];

function inForce(t: ReportTable, knownAt: Instant | null): SQL | undefined {
  return and(isKnown(t.recordedAt, t.supersededAt, knownAt), eq(t.withdrawn, false));
}

const columnOf = {
  percent: 'percentHundredths',
  quantities: 'quantities',
  spent: 'spentMinor',
} as const;

function says(t: ReportTable, aspect: Exclude<Aspect, 'bound'>): SQL | undefined {
  if (aspect === 'anything') return undefined;
  return isNotNull(t[columnOf[aspect]]);
}

function reportOf(row: Row): Report {
  return { ...row, quantities: row.quantities ?? [] };
}
