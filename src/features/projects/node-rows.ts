import { type SQL, sql } from 'drizzle-orm';
import { LRUCache } from 'lru-cache';
import type { Column } from '../../database/index.ts';
import type { LightDays } from '../../formulas/light-days.ts';
import type { Baseline } from '../../formulas/planned-percent.ts';
import { decodeSums, encodeSums, noChildren } from '../../formulas/roll-up.ts';
import type { LightRules } from '../../formulas/traffic-light.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { PercentHundredths } from '../../shared/percent.ts';
import type { Qualifier } from '../../shared/qualified-value.ts';
import type { BaselineBasis, KeptBaseline } from './baseline.ts';
import type { PlacedProject, ProjectNode, ShownStanding } from './node.ts';
import { counts } from './rules.ts';
import {
  type DonePart,
  type KeptStanding,
  type MilestoneSums,
  type OwnReport,
  type Spent,
  saidAsOf,
} from './sources.ts';
import type { projectTables } from './table.ts';

// Between the rows of the tables and the nodes that they make up.

type Tables = ReturnType<typeof projectTables>;

export function nodeColumns({ projectStandings: s }: Tables) {
  return {
    id: s.projectId,
    ...placeColumns(s),
    quantities: asWritten(s.quantities),
    ...keptColumns(s),
    baselineBasis: s.baselineBasis,
    curve: asWritten(s.curve),
    isAssumed: s.isAssumed,
    baselineCoverageFine: s.baselineCoverageFine,
    planRevision: s.planRevision,
  };
}

/** The project as counting sees it, but for its quantities. */
export function placeColumns(t: Tables['projectStandings'] | Tables['projects']) {
  return {
    organizationId: t.organizationId,
    parentId: t.parentId,
    kind: t.kind,
    status: t.status,
    archivedAt: t.archivedAt,
    budgetMinor: t.budgetMinor,
    budgetCurrency: t.budgetCurrency,
    weightScaled: t.weightScaled,
    weightBasis: t.weightBasis,
    progressBasis: t.progressBasis,
    cadence: t.cadence,
    startDate: t.startDate,
    endDate: t.endDate,
  };
}

/** JSON as a text: who makes a node of it says how it is parsed. */
function asWritten(column: Column): SQL<string | null> {
  return sql<string | null>`${column}`;
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

export function rulesRow({ yellowBehindHundredths, redBehindHundredths, silentAfterDays }: LightRules) {
  return { yellowBehindHundredths, redBehindHundredths, silentAfterDays };
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
  done: readonly DonePart[] | null;
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
export function standingRow({ id, kept }: ProjectNode) {
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

export function reportedRow({ kept }: ProjectNode) {
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

export function milestonedRow({ kept }: ProjectNode) {
  return { milestones: kept.milestones };
}

export function rolledUpRow({ kept }: ProjectNode) {
  return {
    sums: kept.sums.children === 0 ? null : encodeSums(kept.sums),
    newestChildAsOf: kept.newestChildAsOf,
    newestChildSaidAsOf: kept.newestChildSaidAsOf,
    newestChildFinishedOn: kept.newestChildFinishedOn,
  };
}

export function baselineRow({ baseline }: ProjectNode) {
  return {
    baselineBasis: baseline?.basis ?? null,
    curve: baseline?.curve ?? null,
    isAssumed: baseline?.isAssumed ?? null,
    baselineCoverageFine: baseline?.coverage ?? null,
    planRevision: baseline?.revision ?? null,
  };
}

export function keptRow(node: ProjectNode) {
  return {
    ...standingRow(node),
    ...reportedRow(node),
    ...milestonedRow(node),
    ...rolledUpRow(node),
    ...baselineRow(node),
    parentId: node.parentId,
    kind: node.kind,
    organizationId: node.organizationId,
    status: node.status,
    isArchived: node.archivedAt !== null,
    archivedAt: node.archivedAt,
    startDate: node.startDate,
    endDate: node.endDate,
    budgetMinor: node.budgetMinor,
    budgetCurrency: node.budgetCurrency,
    quantities: node.quantities.length === 0 ? null : node.quantities,
    weightScaled: node.weightScaled,
    weightBasis: node.weightBasis,
    progressBasis: node.progressBasis,
    cadence: node.cadence,
    counts: counts(node),
    isUnweighted: node.kept.isUnweighted,
    ...rulesRow(node.kept.rules),
  };
}

interface BaselineRow {
  baselineBasis: BaselineBasis | null;
  curve: string | null;
  isAssumed: boolean | null;
  baselineCoverageFine: number | null;
  planRevision: number | null;
}

type NodeRow = Omit<PlacedProject, 'quantities'> & { quantities: string | null } & KeptRow & BaselineRow;

type Parse = (json: string) => unknown;

function baselineIn(row: BaselineRow, parse: Parse): KeptBaseline | null {
  const { baselineBasis: basis, curve, isAssumed, baselineCoverageFine: coverage } = row;
  if (basis === null || curve === null || isAssumed === null || coverage === null) return null;
  return {
    basis,
    curve: parse(curve) as Baseline,
    isAssumed,
    coverage,
    revision: row.planRevision,
  };
}

export function nodeOf(row: NodeRow, parse: Parse = JSON.parse): ProjectNode {
  return {
    id: row.id,
    organizationId: row.organizationId,
    parentId: row.parentId,
    kind: row.kind,
    status: row.status,
    archivedAt: row.archivedAt,
    budgetMinor: row.budgetMinor,
    budgetCurrency: row.budgetCurrency,
    quantities: row.quantities === null ? [] : (parse(row.quantities) as ProjectNode['quantities']),
    weightScaled: row.weightScaled,
    weightBasis: row.weightBasis,
    progressBasis: row.progressBasis,
    cadence: row.cadence,
    startDate: row.startDate,
    endDate: row.endDate,
    kept: keptOf(row),
    baseline: baselineIn(row, parse),
  };
}

/** A node that will be remembered: what it has in common with others, it shares with them. */
export function nodeToKeep(row: NodeRow): ProjectNode {
  const shared: Record<string, unknown> = { ...row };
  for (const name of oftenTheSame) {
    const text = row[name];
    if (text !== null) shared[name] = textInCommon(text);
  }
  return nodeOf(shared as unknown as NodeRow, parsedInCommon);
}

/** Days, words and the ids of others. */
const oftenTheSame = [
  ...(['organizationId', 'parentId', 'kind', 'status', 'budgetCurrency', 'weightBasis'] as const),
  ...(['progressBasis', 'cadence', 'startDate', 'endDate', 'basis', 'keptAsOf', 'yellowFrom'] as const),
  ...(['redFrom', 'greyFrom', 'ownQualifier', 'ownAsOf', 'ownDoneSince', 'spentCurrency'] as const),
  ...(['spentAsOf', 'newestChildAsOf', 'ownSaidAsOf', 'newestReportAsOf', 'newestChildSaidAsOf'] as const),
  ...(['finishedOn', 'newestChildFinishedOn', 'baselineBasis'] as const),
] as const satisfies readonly (keyof NodeRow)[];

const texts = new LRUCache<string, string>({ max: 5_000 });

function textInCommon(text: string): string {
  const known = texts.get(text);
  if (known === undefined) texts.set(text, text);
  return known ?? text;
}

/** Scopes and plans: of a thousand components, a few hundred are planned in ways of their own. */
const parsed = new LRUCache<string, object>({ max: 3_000 });

function parsedInCommon(json: string): unknown {
  let known = parsed.get(json);
  if (known === undefined) {
    known = frozen(JSON.parse(json) as object);
    parsed.set(json, known);
  }
  return known;
}

/** What many hold, none of them may change. */
function frozen<Part extends object>(part: Part): Part {
  for (const inner of Object.values(part)) if (typeof inner === 'object' && inner !== null) frozen(inner);
  return Object.freeze(part);
}
