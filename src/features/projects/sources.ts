import {
  type EffectiveProgress,
  type EffectiveStanding,
  effectiveStanding,
  type ProgressBasis,
  type Source,
  type SourceName,
} from '../../formulas/effective-progress.ts';
import type { LightDays } from '../../formulas/light-days.ts';
import { milestoneProgress } from '../../formulas/milestone-progress.ts';
import { quantityProgress } from '../../formulas/quantity-progress.ts';
import { type RollUp, type RollUpSums, rollUp, type Standing } from '../../formulas/roll-up.ts';
import type { LightRules } from '../../formulas/traffic-light.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import { FULL, type PercentHundredths, toFine } from '../../shared/percent.ts';
import { intervalOf, isApproximate, type Qualifier } from '../../shared/qualified-value.ts';
import type { Project } from './project.ts';

/** The newest report of a project that says a percent. */
export interface OwnReport {
  percentHundredths: PercentHundredths;
  qualifier: Qualifier;
  stated: string | null;
  asOf: CalendarDate;
  revision: number;
  /** Since which day all reports say that surely all is done; null if this one does not. */
  doneSince: CalendarDate | null;
}

/** A percent that was reported, whatever it was qualified by. */
export interface RecentPercent {
  asOf: CalendarDate;
  percentHundredths: PercentHundredths;
}

/** So many are kept: as many as a trend goes through. */
export const recentAtMost = 5;

/** Percents that were reported, by day, in a text that takes little room. Null where there are none. */
export type RecentPercents = string | null;

/** Days and hundredths in turn, with a space between. */
export function encodeRecent(recent: readonly RecentPercent[]): RecentPercents {
  if (recent.length === 0) return null;
  return recent.map(({ asOf, percentHundredths }) => `${asOf} ${percentHundredths}`).join(' ');
}

/** What is kept once a newer percent than all of them is reported: the newest ones. */
export function recentWith(text: RecentPercents, { asOf, percentHundredths }: RecentPercent): RecentPercents {
  const newest = `${asOf} ${percentHundredths}`;
  if (text === null) return newest;
  const isFull = text.split(' ').length === 2 * recentAtMost;
  const kept = isFull ? text.slice(text.indexOf(' ', text.indexOf(' ') + 1) + 1) : text;
  return `${kept} ${newest}`;
}

/** The newest day of them; null where there are none. */
export function newestRecentDay(text: RecentPercents): CalendarDate | null {
  if (text === null) return null;
  const end = text.lastIndexOf(' ');
  return text.slice(text.lastIndexOf(' ', end - 1) + 1, end);
}

/**
 * What {@link encodeRecent} wrote.
 * @throws SyntaxError if the text is not what it wrote.
 */
export function decodeRecent(text: RecentPercents): RecentPercent[] {
  if (text === null) return [];
  const words = text.split(' ');
  if (words.length % 2 !== 0) throw new SyntaxError(`Not days and percents: ${text}`);
  const recent: RecentPercent[] = [];
  for (let at = 0; at < words.length; at += 2)
    recent.push({ asOf: words[at] ?? '', percentHundredths: Number(words[at + 1]) });
  return recent;
}

/** How much of one quantity is done, by the newest report that says so. */
export interface DonePart {
  code: string;
  valueScaled: number;
  asOf: CalendarDate;
  revision: number;
}

/** All the money spent by a day, by the newest report that says so. */
export interface Spent {
  amountMinor: number;
  currency: string;
  asOf: CalendarDate;
}

/** What a project's milestones come to, those in use: how many, and what they weigh in units of 0.0001. */
export interface MilestoneSums {
  count: number;
  met: number;
  partlyMet: number;
  /** Without a weight: they do not count. */
  unweighted: number;
  metScaled: number;
  partlyMetScaled: number;
  allScaled: number;
  /** The newest day by which one that has a weight was met, be it in part. */
  asOf: CalendarDate;
}

/** All that a project's own standing is made of. */
export interface Told {
  own: OwnReport | null;
  /** At most one of each code, in the order of the codes. */
  done: readonly DonePart[];
  /** Null as long as no milestone that has a weight is met, even in part: then they say nothing, which is not 0. */
  milestones: MilestoneSums | null;
  sums: RollUpSums;
  /** The newest day that the figure of a child which counts speaks of. */
  newestChildAsOf: CalendarDate | null;
}

/** Where a project stands now, with all that it was made of; kept in step by `standing.ts`. */
export interface KeptStanding extends Told {
  spent: Spent | null;
  /** What its newest reports say, by day; at most {@link recentAtMost}. */
  recent: RecentPercents;
  standing: Standing;
  basis: SourceName | null;
  asOf: CalendarDate | null;
  /** The first day by which surely all was done, if it still is. */
  finishedOn: CalendarDate | null;
  /** The newest day of which a report of its own says anything, be it only money. */
  ownSaidAsOf: CalendarDate | null;
  /** The newest day of which there is a report of its own, be it withdrawn: beyond it, none is to be looked for. */
  newestReportAsOf: CalendarDate | null;
  /** The newest day of which anything was said of a child that counts, or below it. */
  newestChildSaidAsOf: CalendarDate | null;
  /** The newest day on which a child that counts was finished. */
  newestChildFinishedOn: CalendarDate | null;
  isUnweighted: boolean;
  /** Those that hold for it: of its organization, with its own cadence. */
  rules: LightRules;
  lights: LightDays;
}

/** A source, and the day that it speaks of. */
type Dated<S extends Source> = S & { asOf: CalendarDate };

export interface ProjectSources {
  report: Dated<Source> | null;
  children: (RollUp & { asOf: CalendarDate | null }) | null;
  milestones: Dated<Source> | null;
  quantities: Dated<Source & { code: string }> | null;
}

type Counted = Pick<Project, 'progressBasis' | 'quantities'>;

/** What each source says, side by side; null for one that the project does not have. */
export function sourcesOf(project: Pick<Project, 'quantities'>, told: Told): ProjectSources {
  const children = rollUp(told.sums);
  return {
    report: told.own === null ? null : reportSource(told.own),
    children: children === null ? null : { ...children, asOf: told.newestChildAsOf },
    milestones: told.milestones === null ? null : milestonesSource(told.milestones),
    quantities: quantitySource(project.quantities, told.done),
  };
}

/** Where the project stands, by its `progressBasis`. */
export function standingOf(project: Counted, sources: ProjectSources): EffectiveStanding {
  return effectiveStanding(project.progressBasis satisfies ProgressBasis, sources);
}

/** The day that the figure speaks of. */
export function asOfBasis(basis: EffectiveProgress['basis'], sources: ProjectSources): CalendarDate | null {
  return basis === null ? null : (sources[basis]?.asOf ?? null);
}

/**
 * The first day by which surely all was done: by its own reports since they say so, by its parts once the last of them
 * was; by quantities, the day that they speak of. Null if it is not.
 */
export function finishedOn(
  { standing, basis }: EffectiveStanding,
  sources: ProjectSources,
  own: OwnReport | null,
  newestChildFinishedOn: CalendarDate | null,
): CalendarDate | null {
  if (standing.percent === null || standing.low < FULL) return null;
  if (basis === 'report') return own?.doneSince ?? null;
  return basis === 'children' ? newestChildFinishedOn : asOfBasis(basis, sources);
}

/** Whether a report of a percent says that surely all is done. */
export function saysDone({
  percentHundredths,
  qualifier,
}: Pick<OwnReport, 'percentHundredths' | 'qualifier'>): boolean {
  return intervalOf(toFine(percentHundredths), qualifier, 0, FULL).low >= FULL;
}

/** The newest day of which anything was said of the project, or of what lies below it and counts. */
export function saidAsOf({
  ownSaidAsOf,
  newestChildSaidAsOf,
}: Pick<KeptStanding, 'ownSaidAsOf' | 'newestChildSaidAsOf'>): CalendarDate | null {
  if (ownSaidAsOf === null || newestChildSaidAsOf === null) return ownSaidAsOf ?? newestChildSaidAsOf;
  return ownSaidAsOf > newestChildSaidAsOf ? ownSaidAsOf : newestChildSaidAsOf;
}

/** What is done once a report says so of some quantities: it is newer than all that was said of them before. */
export function doneWith(
  done: readonly DonePart[],
  {
    quantities,
    asOf,
    revision,
  }: { quantities: { code: string; valueScaled: number }[] } & Omit<DonePart, 'code' | 'valueScaled'>,
): readonly DonePart[] {
  const parts = new Map(done.map((part) => [part.code, part]));
  for (const { code, valueScaled } of quantities) parts.set(code, { code, valueScaled, asOf, revision });
  return inOrderOfCodes(parts.values());
}

/** No code comes twice, so the order is always the same. */
export function inOrderOfCodes(parts: Iterable<DonePart>): readonly DonePart[] {
  return [...parts].sort((one, other) => (one.code < other.code ? -1 : 1));
}

function reportSource(own: OwnReport): Dated<Source> {
  const percent = toFine(own.percentHundredths);
  return {
    percent,
    ...intervalOf(percent, own.qualifier, 0, FULL),
    approximate: isApproximate(own.qualifier),
    coverage: FULL,
    asOf: own.asOf,
  };
}

function milestonesSource({
  metScaled,
  partlyMetScaled,
  allScaled,
  asOf,
}: MilestoneSums): Dated<Source> | null {
  const [met, partlyMet, all] = [BigInt(metScaled), BigInt(partlyMetScaled), BigInt(allScaled)];
  const source = milestoneProgress({ met, partlyMet, all });
  return source === null ? null : { ...source, asOf };
}

/** The first of the project's quantities of which a done part was told speaks for it; the others are shown beside it. */
function quantitySource(
  scope: Project['quantities'],
  done: readonly DonePart[],
): ProjectSources['quantities'] {
  for (const { code, valueScaled } of scope) {
    const part = done.find((each) => each.code === code);
    if (part === undefined) continue;
    const source = quantityProgress(BigInt(part.valueScaled), BigInt(valueScaled));
    if (source !== null) return { ...source, code, asOf: part.asOf };
  }
  return null;
}
