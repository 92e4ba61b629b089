import { isDeepStrictEqual } from 'node:util';
import { and, asc, eq, gt, inArray, isNull, max, type SQL, sql } from 'drizzle-orm';
import { prepared, type ReadUnit, remembered, type WriteUnit } from '../../database/index.ts';
import type { LightDays } from '../../formulas/light-days.ts';
import type { Baseline } from '../../formulas/planned-percent.ts';
import { decodeSums, encodeSums, noChildren } from '../../formulas/roll-up.ts';
import type { LightRules } from '../../formulas/traffic-light.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { PercentHundredths } from '../../shared/percent.ts';
import type { Qualifier } from '../../shared/qualified-value.ts';
import { withinOrganization } from '../organizations/index.ts';
import type { BaselineBasis, KeptBaseline } from './baseline.ts';
import type { Project } from './project.ts';
import { counts } from './rules.ts';
import {
  type DonePart,
  type KeptStanding,
  type MilestoneSums,
  type OwnReport,
  type Spent,
  saidAsOf,
} from './sources.ts';
import { projectTables } from './table.ts';

// A node is a project as counting progress sees it: where it is in the tree, what it weighs, and the standing that is
// kept of it. What else a project is, and its history, is in `store.ts`.

/** What counting progress needs of a project, and where it stands. */
export type ProjectNode = Pick<
  Project,
  | 'id'
  | 'organizationId'
  | 'parentId'
  | 'kind'
  | 'status'
  | 'archivedAt'
  | 'budgetMinor'
  | 'budgetCurrency'
  | 'quantities'
  | 'weightScaled'
  | 'weightBasis'
  | 'progressBasis'
  | 'cadence'
  | 'startDate'
  | 'endDate'
> & {
  kept: KeptStanding;
  /** The planned curve that counts now; null where nothing is planned. See `settle-baseline.ts`. */
  baseline: KeptBaseline | null;
};

/** A project before it is said where it stands. */
export type PlacedProject = Omit<ProjectNode, 'kept' | 'baseline'>;

/** Of what is kept, what others than the counting of progress are shown. */
export type ShownStanding = Pick<KeptStanding, 'standing' | 'basis' | 'asOf' | 'lights'>;

type Tables = ReturnType<typeof projectTables>;

function nodeColumns({ projects: t, projectStandings: s, projectBaselines: b }: Tables) {
  return {
    id: t.id,
    organizationId: t.organizationId,
    parentId: t.parentId,
    kind: t.kind,
    status: t.status,
    archivedAt: t.archivedAt,
    budgetMinor: t.budgetMinor,
    budgetCurrency: t.budgetCurrency,
    quantities: t.quantities,
    weightScaled: t.weightScaled,
    weightBasis: t.weightBasis,
    progressBasis: t.progressBasis,
    cadence: t.cadence,
    startDate: t.startDate,
    endDate: t.endDate,
    ...keptColumns(s),
    baselineBasis: b.basis,
    curve: b.curve,
    isAssumed: b.isAssumed,
    baselineCoverageFine: b.coverageFine,
    planRevision: b.ownRevision,
  };
}

export function keptColumns(s: Tables['projectStandings']) {
  return {
    ...standingColumns(s),
    ownPercentHundredths: s.ownPercentHundredths,
    ownQualifier: s.ownQualifier,
    ownStated: s.ownStated,
    ownAsOf: s.ownAsOf,
    ownRevision: s.ownRevision,
    ownDoneSince: s.ownDoneSince,
    recent: s.recent,
    spentMinor: s.spentMinor,
    spentCurrency: s.spentCurrency,
    spentAsOf: s.spentAsOf,
    done: s.done,
    milestones: s.milestones,
    sums: s.sums,
    newestChildAsOf: s.newestChildAsOf,
    ownSaidAsOf: s.ownSaidAsOf,
    newestReportAsOf: s.newestReportAsOf,
    newestChildSaidAsOf: s.newestChildSaidAsOf,
    finishedOn: s.finishedOn,
    newestChildFinishedOn: s.newestChildFinishedOn,
    isUnweighted: s.isUnweighted,
    yellowBehindHundredths: s.yellowBehindHundredths,
    redBehindHundredths: s.redBehindHundredths,
    silentAfterDays: s.silentAfterDays,
  };
}

export function standingColumns(s: Tables['projectStandings']) {
  return {
    percentFine: s.percentFine,
    lowFine: s.lowFine,
    highFine: s.highFine,
    isApproximate: s.isApproximate,
    coverageFine: s.coverageFine,
    basis: s.basis,
    keptAsOf: s.asOf,
    isCompared: s.isCompared,
    yellowFrom: s.yellowFrom,
    redFrom: s.redFrom,
    greyFrom: s.greyFrom,
  };
}

const selectNode = prepared((db, engine) => {
  const tables = projectTables(engine);
  const { projects: t, projectStandings: s, projectBaselines: b } = tables;
  return db
    .select(nodeColumns(tables))
    .from(t)
    .innerJoin(s, eq(s.projectId, t.id))
    .leftJoin(b, eq(b.projectId, t.id))
    .where(eq(t.id, sql.placeholder('id')))
    .prepare();
});

/** Every report and every question of today begins with one, and a report goes up through all above it. */
const nodes = remembered<ProjectNode>();

export async function findNode(unit: ReadUnit, id: string): Promise<ProjectNode | undefined> {
  const known = nodes.recall(unit, id);
  if (known !== undefined) return known;
  const [row] = await selectNode(unit, { id });
  if (row === undefined) return undefined;
  const node = nodeOf(sharingTexts(row));
  nodes.keep(unit, id, node);
  return node;
}

const texts = new Map<string, string>();

/** Days, words and the ids of others come again and again: of each that is remembered, one copy is enough. */
function sharingTexts<Row extends object>(row: Row): Row {
  for (const name in row) {
    const value = row[name];
    if (typeof value !== 'string') continue;
    const known = texts.get(value);
    if (known === undefined) texts.set(value, value);
    else row[name] = known as typeof value;
  }
  if (texts.size > textsShared) texts.clear();
  return row;
}

const textsShared = 20_000;

/** To be called by whoever writes what a node is made of. */
export function forgetNode(unit: WriteUnit, id: string): void {
  nodes.forget(unit, id);
}

/** All directly below, archived ones among them. */
export async function childrenOf(unit: ReadUnit, parentId: string): Promise<ProjectNode[]> {
  const tables = projectTables(unit.engine);
  const { projects: t, projectStandings: s, projectBaselines: b } = tables;
  const rows = await unit.db
    .select(nodeColumns(tables))
    .from(t)
    .innerJoin(s, eq(s.projectId, t.id))
    .leftJoin(b, eq(b.projectId, t.id))
    .where(eq(t.parentId, parentId))
    .orderBy(asc(t.id));
  return rows.map(nodeOf);
}

const selectOwned = prepared((db, engine) => {
  const tables = projectTables(engine);
  const { projects: t, projectStandings: s, projectBaselines: b } = tables;
  return db
    .select(nodeColumns(tables))
    .from(t)
    .innerJoin(s, eq(s.projectId, t.id))
    .leftJoin(b, eq(b.projectId, t.id))
    .where(and(eq(t.organizationId, sql.placeholder('organizationId')), gt(t.id, sql.placeholder('afterId'))))
    .orderBy(asc(t.id))
    .limit(sql.placeholder('limit'))
    .prepare();
});

/** Those that the organization itself owns, archived ones among them: at most `limit`, after an id, by their ids. */
export async function nodesOwnedBy(
  unit: ReadUnit,
  organizationId: string,
  afterId: string,
  limit: number,
): Promise<ProjectNode[]> {
  const rows = await selectOwned(unit, { organizationId, afterId, limit });
  return rows.map(nodeOf);
}

/** The columns under placeholders of the same names. */
export const columnsOf = (...names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, sql.placeholder(name)]));

const standing = columnsOf(
  ...['percentFine', 'lowFine', 'highFine', 'isApproximate', 'coverageFine', 'basis', 'asOf', 'saidAsOf'],
  ...['finishedOn', 'isCompared', 'yellowFrom', 'redFrom', 'greyFrom'],
);
const reported = columnsOf(
  ...['ownPercentHundredths', 'ownQualifier', 'ownStated', 'ownAsOf', 'ownRevision', 'done', 'ownSaidAsOf'],
  ...['newestReportAsOf', 'ownDoneSince', 'recent', 'spentMinor', 'spentCurrency', 'spentAsOf'],
);
const rolledUp = columnsOf('sums', 'newestChildAsOf', 'newestChildSaidAsOf', 'newestChildFinishedOn');
const place = columnsOf(
  ...['parentId', 'kind', 'organizationId', 'status', 'isArchived', 'counts', 'isUnweighted'],
);
const milestoned = columnsOf('milestones');
const rules = columnsOf('yellowBehindHundredths', 'redBehindHundredths', 'silentAfterDays');
const lightDays = columnsOf('isCompared', 'yellowFrom', 'redFrom', 'greyFrom');
const whole = { ...standing, ...reported, ...milestoned, ...rolledUp, ...place, ...rules };

const insertKept = prepared((db, engine) => {
  const { projectStandings: t } = projectTables(engine);
  return db
    .insert(t)
    .values({ projectId: sql.placeholder('projectId'), ...whole } as never)
    .prepare();
});

const updateColumns = (columns: object) =>
  prepared((db, engine) => {
    const { projectStandings: t } = projectTables(engine);
    return db
      .update(t)
      .set(columns as never)
      .where(eq(t.projectId, sql.placeholder('projectId')))
      .prepare();
  });

const updateReported = updateColumns({ ...standing, ...reported });
const updateMilestoned = updateColumns({ ...standing, ...milestoned });
const updateRolledUp = updateColumns({ ...standing, ...rolledUp });
const updateKept = updateColumns(whole);
const updateRules = updateColumns({ ...rules, ...lightDays });

const selectKeptRow = prepared((db, engine) => {
  const { projectStandings: t } = projectTables(engine);
  return db
    .select()
    .from(t)
    .where(eq(t.projectId, sql.placeholder('id')))
    .prepare();
});

/** Whether what is kept of the project, to the last column, is what would be kept of `node`. */
export async function isKeptAs(unit: ReadUnit, node: ProjectNode): Promise<boolean> {
  const [row] = await selectKeptRow(unit, { id: node.id });
  return isDeepStrictEqual(row, keptRow(node));
}

export async function insertStanding(unit: WriteUnit, node: ProjectNode): Promise<void> {
  await insertKept(unit, keptRow(node));
}

/** Where it stands now, and where in the tree, and whether it counts there. */
export async function updateStanding(unit: WriteUnit, node: ProjectNode): Promise<void> {
  forgetNode(unit, node.id);
  await updateKept(unit, keptRow(node));
}

/** Where it stands now that its own reports say something else. */
export async function updateReportedStanding(unit: WriteUnit, node: ProjectNode): Promise<void> {
  nodes.keep(unit, node.id, node);
  await updateReported(unit, { ...standingRow(node), ...reportedRow(node) });
}

/** Where it stands now that its milestones say something else. */
export async function updateMilestoneStanding(unit: WriteUnit, node: ProjectNode): Promise<void> {
  nodes.keep(unit, node.id, node);
  await updateMilestoned(unit, { ...standingRow(node), ...milestonedRow(node) });
}

/** Where it stands now that something else is said below it. */
export async function updateRolledUpStanding(unit: WriteUnit, node: ProjectNode): Promise<void> {
  nodes.keep(unit, node.id, node);
  await updateRolledUp(unit, { ...standingRow(node), ...rolledUpRow(node) });
}

/** The light rules that hold for it, and what its light is by them. */
export async function updateLights(unit: WriteUnit, node: ProjectNode): Promise<void> {
  forgetNode(unit, node.id);
  const { rules, lights } = node.kept;
  await updateRules(unit, { projectId: node.id, ...rulesRow(rules), ...lights });
}

function rulesRow({ yellowBehindHundredths, redBehindHundredths, silentAfterDays }: LightRules) {
  return { yellowBehindHundredths, redBehindHundredths, silentAfterDays };
}

export async function setUnweighted(
  unit: WriteUnit,
  projectId: string,
  isUnweighted: boolean,
): Promise<void> {
  const { projectStandings: t } = projectTables(unit.engine);
  forgetNode(unit, projectId);
  await unit.db.update(t).set({ isUnweighted }).where(eq(t.projectId, projectId));
}

/** Days of which a parent keeps the newest among its children that count. */
export const childDays = ['asOf', 'saidAsOf', 'finishedOn'] as const;
export type ChildDay = (typeof childDays)[number];

const selectNewestChild = (day: ChildDay) =>
  prepared((db, engine) => {
    const { projectStandings: t } = projectTables(engine);
    return db
      .select({ day: max(t[day]) })
      .from(t)
      .where(and(eq(t.parentId, sql.placeholder('parentId')), eq(t.counts, true)))
      .prepare();
  });

const newestChild = {
  asOf: selectNewestChild('asOf'),
  saidAsOf: selectNewestChild('saidAsOf'),
  finishedOn: selectNewestChild('finishedOn'),
};

/** Looked for among all children. */
export async function findNewestOfChildren(
  unit: ReadUnit,
  parentId: string,
  day: ChildDay,
): Promise<CalendarDate | null> {
  const [row] = await newestChild[day](unit, { parentId });
  return row?.day ?? null;
}

/** What a list of children names: those of which nothing is known, or those without a weight on the basis chosen. */
export type ChildLack = 'silent' | 'unweighted';

/**
 * Children that count and lack something: at most `limit` ids, in their order.
 * @param visibleWithin the organization whose subtree the reader sees; null for all
 */
export async function childrenLacking(
  unit: ReadUnit,
  parentId: string,
  lack: ChildLack,
  visibleWithin: string | null,
  limit: number,
): Promise<string[]> {
  const { projects, projectStandings: t } = projectTables(unit.engine);
  const conditions: (SQL | undefined)[] = [
    eq(t.parentId, parentId),
    eq(t.counts, true),
    lack === 'silent' ? isNull(t.asOf) : eq(t.isUnweighted, true),
  ];
  if (visibleWithin !== null) {
    const seen = withinOrganization(unit, projects.organizationId, visibleWithin);
    conditions.push(inArray(t.projectId, unit.db.select({ id: projects.id }).from(projects).where(seen)));
  }
  const rows = await unit.db
    .select({ id: t.projectId })
    .from(t)
    .where(and(...conditions))
    .orderBy(asc(t.projectId))
    .limit(limit);
  return rows.map((row) => row.id);
}

interface StandingRow {
  percentFine: number | null;
  lowFine: number;
  highFine: number;
  isApproximate: boolean;
  coverageFine: number;
  basis: KeptStanding['basis'];
  keptAsOf: CalendarDate | null;
  isCompared: boolean;
  yellowFrom: CalendarDate | null;
  redFrom: CalendarDate | null;
  greyFrom: CalendarDate | null;
}

export interface KeptRow extends StandingRow {
  ownPercentHundredths: PercentHundredths | null;
  ownQualifier: Qualifier | null;
  ownStated: string | null;
  ownAsOf: CalendarDate | null;
  ownRevision: number | null;
  ownDoneSince: CalendarDate | null;
  recent: string | null;
  spentMinor: number | null;
  spentCurrency: string | null;
  spentAsOf: CalendarDate | null;
  done: DonePart[] | null;
  milestones: MilestoneSums | null;
  sums: string | null;
  newestChildAsOf: CalendarDate | null;
  ownSaidAsOf: CalendarDate | null;
  newestReportAsOf: CalendarDate | null;
  newestChildSaidAsOf: CalendarDate | null;
  finishedOn: CalendarDate | null;
  newestChildFinishedOn: CalendarDate | null;
  isUnweighted: boolean;
  yellowBehindHundredths: number;
  redBehindHundredths: number;
  silentAfterDays: number | null;
}

export function shownOf(row: StandingRow): ShownStanding {
  return {
    standing: {
      percent: row.percentFine,
      low: row.lowFine,
      high: row.highFine,
      approximate: row.isApproximate,
      coverage: row.coverageFine,
    },
    basis: row.basis,
    asOf: row.keptAsOf,
    lights: lightsOf(row),
  };
}

function lightsOf({ isCompared, yellowFrom, redFrom, greyFrom }: StandingRow): LightDays {
  return { isCompared, yellowFrom, redFrom, greyFrom };
}

export function keptOf(row: KeptRow): KeptStanding {
  const { standing, basis, asOf, lights } = shownOf(row);
  const {
    newestChildAsOf,
    ownSaidAsOf,
    newestReportAsOf,
    newestChildSaidAsOf,
    newestChildFinishedOn,
    isUnweighted,
  } = row;
  return {
    standing,
    basis,
    asOf,
    own: ownOf(row),
    spent: spentOf(row),
    recent: row.recent,
    finishedOn: row.finishedOn,
    done: row.done ?? nothing,
    milestones: row.milestones,
    sums: row.sums === null ? noChildren : decodeSums(row.sums),
    newestChildAsOf,
    ownSaidAsOf,
    newestReportAsOf,
    newestChildSaidAsOf,
    newestChildFinishedOn,
    isUnweighted,
    rules: rulesRow(row),
    lights,
  };
}

const nothing: readonly never[] = Object.freeze([]);

function ownOf(row: KeptRow): OwnReport | null {
  if (row.ownAsOf === null) return null;
  return {
    percentHundredths: row.ownPercentHundredths as PercentHundredths,
    qualifier: row.ownQualifier as Qualifier,
    stated: row.ownStated,
    asOf: row.ownAsOf,
    revision: row.ownRevision as number,
    doneSince: row.ownDoneSince,
  };
}

function spentOf({ spentMinor, spentCurrency, spentAsOf }: KeptRow): Spent | null {
  if (spentMinor === null || spentCurrency === null || spentAsOf === null) return null;
  return { amountMinor: spentMinor, currency: spentCurrency, asOf: spentAsOf };
}

/** Of a node's row, the columns of where it stands. */
function standingRow({ id, kept }: ProjectNode) {
  const { standing, lights } = kept;
  return {
    projectId: id,
    percentFine: standing.percent,
    lowFine: standing.low,
    highFine: standing.high,
    isApproximate: standing.approximate,
    coverageFine: standing.coverage,
    basis: kept.basis,
    asOf: kept.asOf,
    saidAsOf: saidAsOf(kept),
    finishedOn: kept.finishedOn,
    isCompared: lights.isCompared,
    yellowFrom: lights.yellowFrom,
    redFrom: lights.redFrom,
    greyFrom: lights.greyFrom,
  };
}

function reportedRow({ kept }: ProjectNode) {
  const { own, spent } = kept;
  return {
    ownPercentHundredths: own?.percentHundredths ?? null,
    ownQualifier: own?.qualifier ?? null,
    ownStated: own?.stated ?? null,
    ownAsOf: own?.asOf ?? null,
    ownRevision: own?.revision ?? null,
    ownDoneSince: own?.doneSince ?? null,
    ownSaidAsOf: kept.ownSaidAsOf,
    newestReportAsOf: kept.newestReportAsOf,
    recent: kept.recent,
    spentMinor: spent?.amountMinor ?? null,
    spentCurrency: spent?.currency ?? null,
    spentAsOf: spent?.asOf ?? null,
    done: kept.done.length === 0 ? null : kept.done,
  };
}

function milestonedRow({ kept }: ProjectNode) {
  return { milestones: kept.milestones };
}

function rolledUpRow({ kept }: ProjectNode) {
  return {
    sums: kept.sums.children === 0 ? null : encodeSums(kept.sums),
    newestChildAsOf: kept.newestChildAsOf,
    newestChildSaidAsOf: kept.newestChildSaidAsOf,
    newestChildFinishedOn: kept.newestChildFinishedOn,
  };
}

function keptRow(node: ProjectNode) {
  return {
    ...standingRow(node),
    ...reportedRow(node),
    ...milestonedRow(node),
    ...rolledUpRow(node),
    parentId: node.parentId,
    kind: node.kind,
    organizationId: node.organizationId,
    status: node.status,
    isArchived: node.archivedAt !== null,
    counts: counts(node),
    isUnweighted: node.kept.isUnweighted,
    ...rulesRow(node.kept.rules),
  };
}

interface BaselineRow {
  baselineBasis: BaselineBasis | null;
  curve: Baseline | null;
  isAssumed: boolean | null;
  baselineCoverageFine: number | null;
  planRevision: number | null;
}

function baselineIn(row: BaselineRow): KeptBaseline | null {
  const { baselineBasis: basis, curve, isAssumed, baselineCoverageFine: coverage } = row;
  if (basis === null || curve === null || isAssumed === null || coverage === null) return null;
  return { basis, curve, isAssumed, coverage, revision: basis === 'plan' ? row.planRevision : null };
}

function nodeOf(row: PlacedProject & KeptRow & BaselineRow): ProjectNode {
  return {
    id: row.id,
    organizationId: row.organizationId,
    parentId: row.parentId,
    kind: row.kind,
    status: row.status,
    archivedAt: row.archivedAt,
    budgetMinor: row.budgetMinor,
    budgetCurrency: row.budgetCurrency,
    quantities: row.quantities,
    weightScaled: row.weightScaled,
    weightBasis: row.weightBasis,
    progressBasis: row.progressBasis,
    cadence: row.cadence,
    startDate: row.startDate,
    endDate: row.endDate,
    kept: keptOf(row),
    baseline: baselineIn(row),
  };
}
