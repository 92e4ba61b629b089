import { isDeepStrictEqual } from 'node:util';
import { and, asc, eq, gt, inArray, isNull, max, type SQL, sql } from 'drizzle-orm';
import {
  type Engine,
  type Foreseen,
  gatheredUpdate,
  prepared,
  type ReadUnit,
  remembered,
  type WriteUnit,
} from '../../database/index.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import { withinOrganization } from '../organizations/index.ts';
import type { PlacedProject, ProjectNode } from './node.ts';
import {
  baselineRow,
  keptRow,
  milestonedRow,
  nodeColumns,
  nodeOf,
  nodeToKeep,
  placeColumns,
  reportedRow,
  rolledUpRow,
  rulesRow,
  standingRow,
} from './node-rows.ts';
import { projectTables } from './table.ts';

const selectNode = prepared((db, engine) => {
  const tables = projectTables(engine);
  const { projectStandings: s } = tables;
  return db
    .select(nodeColumns(tables))
    .from(s)
    .where(eq(s.projectId, sql.placeholder('id')))
    .prepare();
});

/**
 * Every report and every question of today begins with one, and a report goes up through all above it. Those above are
 * asked for often enough to stay, however many there are below them.
 */
const nodes = remembered<ProjectNode>({ isBulky: true });

/** A kind of thing that is made of a node and nothing else, and holds as long as the node does. */
export function madeOfNodes<Made extends object>() {
  return nodes.madeOfIt<Made>();
}

export async function findNode(unit: ReadUnit, id: string): Promise<ProjectNode | undefined> {
  const known = nodes.recall(unit, id);
  if (known !== undefined) return known;
  const [row] = await selectNode(unit, { id });
  if (row === undefined) return undefined;
  if (!nodes.isWorthKeeping(unit, id)) return nodeOf(row);
  const node = nodeToKeep(row);
  nodes.keep(unit, id, node);
  return node;
}

/** To be told with a work that begins with this node: it is read together with all above it. */
export function foreseenNode(id: string): Foreseen {
  return { id, lookUp: rememberNodes };
}

/** So many are asked for in one question, be it fewer: so it is always the same question. */
export const nodesAtOnce = 32;

const selectNodesAndAbove = prepared((db, engine) => {
  const tables = projectTables(engine);
  const { projectStandings: s, projectTree: tree } = tables;
  const wanted = Array.from({ length: nodesAtOnce }, (_, index) => sql.placeholder(`id${index}`));
  const above = db.select({ id: tree.ancestorId }).from(tree).where(inArray(tree.descendantId, wanted));
  return db.select(nodeColumns(tables)).from(s).where(inArray(s.projectId, above)).prepare();
});

/** Reads those that are not remembered yet, and all above them, to be found by {@link findNode} without a question. */
export async function rememberNodes(unit: ReadUnit, ids: readonly string[]): Promise<void> {
  if (unit.engine.isRemote) await rememberInFewQuestions(unit, ids);
  else for (const id of ids) await rememberUpwards(unit, id);
}

async function rememberUpwards(unit: ReadUnit, id: string): Promise<void> {
  for (let next: string | null = id; next !== null; ) next = (await findNode(unit, next))?.parentId ?? null;
}

async function rememberInFewQuestions(unit: ReadUnit, ids: readonly string[]): Promise<void> {
  const unknown = ids.filter((id) => nodes.recall(unit, id) === undefined);
  for (let from = 0; from < unknown.length; from += nodesAtOnce) {
    const wanted = Object.fromEntries(
      Array.from({ length: nodesAtOnce }, (_, index) => [`id${index}`, unknown[from + index] ?? '']),
    );
    for (const row of await selectNodesAndAbove(unit, wanted)) {
      if (nodes.recall(unit, row.id) === undefined) nodes.keep(unit, row.id, nodeToKeep(row));
    }
  }
}

/** To be called by whoever writes what a node is made of. */
export function forgetNode(unit: WriteUnit, id: string): void {
  nodes.forget(unit, id);
}

const selectPlaced = prepared((db, engine) => {
  const { projects: t } = projectTables(engine);
  return db
    .select({ id: t.id, ...placeColumns(t), quantities: t.quantities })
    .from(t)
    .where(eq(t.id, sql.placeholder('id')))
    .prepare();
});

/** The project itself, by which what a node has of it is put right. */
export async function findPlacedProject(unit: ReadUnit, id: string): Promise<PlacedProject | undefined> {
  const [project] = await selectPlaced(unit, { id });
  return project;
}

/** All directly below, archived ones among them. */
export async function childrenOf(unit: ReadUnit, parentId: string): Promise<ProjectNode[]> {
  const tables = projectTables(unit.engine);
  const { projectStandings: s } = tables;
  const rows = await unit.db
    .select(nodeColumns(tables))
    .from(s)
    .where(eq(s.parentId, parentId))
    .orderBy(asc(s.projectId));
  return rows.map((row) => nodeOf(row));
}

const selectOwned = prepared((db, engine) => {
  const tables = projectTables(engine);
  const { projects: t, projectStandings: s } = tables;
  return db
    .select(nodeColumns(tables))
    .from(t)
    .innerJoin(s, eq(s.projectId, t.id))
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
  return rows.map((row) => nodeOf(row));
}

/** The columns under placeholders of the same names. */
export const columnsOf = (...names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, sql.placeholder(name)]));

const standing = [
  ...(['percentFine', 'lowFine', 'highFine', 'isApproximate', 'coverageFine', 'basis', 'asOf'] as const),
  ...(['saidAsOf', 'finishedOn', 'isCompared', 'yellowFrom', 'redFrom', 'greyFrom'] as const),
] as const;
const reported = [
  ...(['ownPercentHundredths', 'ownQualifier', 'ownStated', 'ownAsOf', 'ownRevision', 'done'] as const),
  ...(['ownSaidAsOf', 'newestReportAsOf', 'ownDoneSince', 'recent', 'spentMinor', 'spentCurrency'] as const),
  'spentAsOf',
] as const;
const rolledUp = ['sums', 'newestChildAsOf', 'newestChildSaidAsOf', 'newestChildFinishedOn'] as const;
const place = [
  ...(['parentId', 'kind', 'organizationId', 'status', 'isArchived', 'archivedAt', 'startDate'] as const),
  ...(['endDate', 'budgetMinor', 'budgetCurrency', 'quantities', 'weightScaled', 'weightBasis'] as const),
  ...(['progressBasis', 'cadence', 'counts', 'isUnweighted'] as const),
] as const;
const rules = ['yellowBehindHundredths', 'redBehindHundredths', 'silentAfterDays'] as const;
const lightDays = ['isCompared', 'yellowFrom', 'redFrom', 'greyFrom'] as const;
const planned = ['baselineBasis', 'curve', 'isAssumed', 'baselineCoverageFine', 'planRevision'] as const;
const whole = [...standing, ...reported, 'milestones', ...rolledUp, ...place, ...rules, ...planned] as const;

const insertKept = prepared((db, engine) => {
  const { projectStandings: t } = projectTables(engine);
  return db
    .insert(t)
    .values({ projectId: sql.placeholder('projectId'), ...columnsOf(...whole) } as never)
    .prepare();
});

const updateColumns = (columns: readonly string[]) =>
  prepared((db, engine) => {
    const { projectStandings: t } = projectTables(engine);
    return db
      .update(t)
      .set(columnsOf(...columns) as never)
      .where(eq(t.projectId, sql.placeholder('projectId')))
      .prepare();
  });

const updateKept = updateColumns(whole);
const updateRules = updateColumns([...rules, ...lightDays]);
const updatePlanned = updateColumns([...planned, ...lightDays]);

// What a report or a milestone changes, of the project and of all above it. Who asks the same unit for one of these nodes
// is told from memory.
const standings = (engine: Engine) => projectTables(engine).projectStandings;
const updateReported = gatheredUpdate(standings, 'projectId', [...standing, ...reported]);
const updateMilestoned = gatheredUpdate(standings, 'projectId', [...standing, 'milestones']);
const updateRolledUp = gatheredUpdate(standings, 'projectId', [...standing, ...rolledUp]);

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

/** The plan that counts for it, and what its light is by that. */
export async function updateBaseline(unit: WriteUnit, node: ProjectNode): Promise<void> {
  forgetNode(unit, node.id);
  await updatePlanned(unit, { projectId: node.id, ...baselineRow(node), ...node.kept.lights });
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
