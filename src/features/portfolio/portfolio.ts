import type { Database } from '../../database/index.ts';
import type { PointsHundredths } from '../../formulas/plan-gap.ts';
import type { RollUp } from '../../formulas/roll-up.ts';
import type { Actor } from '../../shared/actor.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { Instant } from '../../shared/clock.ts';
import type { PercentFine } from '../../shared/percent.ts';
import type { PushedMilestone, SlippedMilestone } from '../milestones/index.ts';
import type { StandingOn } from '../progress/index.ts';
import type { CountedProject, Project, ProjectFilters, ShownLight, WeightBasis } from '../projects/index.ts';

/** What is asked of a portfolio. */
export interface PortfolioQuestion {
  /** An organization, or a programme or project; undefined: all that the asker sees. */
  within: string | undefined;
  filters: Omit<ProjectFilters, 'within' | 'withinProject' | 'archived'>;
  /** Null: today. */
  asOf: CalendarDate | null;
  /** A moment, whose knowledge is asked for; null: all that is known. */
  knownAt: Instant | null;
  /** An earlier day; null: nothing is compared. */
  compareTo: CalendarDate | null;
  weightBasis: WeightBasis;
  /** So many are named in each list. */
  limit: number;
}

/** Whose projects are counted. */
export interface Range {
  name: Pick<Project, 'title' | 'translations'> | null;
  /** The filter that says so, for what is asked elsewhere. */
  scope: { within?: string; withinProject?: string };
  /** The owners whose projects are meant, by their ids; null: whoever owns what lies below a project. */
  owners: readonly string[] | null;
  /** The project below which they lie; null where they are their owners'. */
  below: string | null;
  /** Without status and light, which are those of the day that is asked about. */
  filters: Omit<ProjectFilters, 'within' | 'withinProject' | 'archived' | 'status' | 'light'>;
}

/** Whose question it is, and what it is about. */
export interface Asking {
  database: Database;
  actor: Actor;
  question: PortfolioQuestion;
  range: Range;
  asOf: CalendarDate;
  today: CalendarDate;
  now: Instant;
  /** Null: by all that is known. */
  knownAt: Instant | null;
  timeZone: string;
  bounds: Bounds;
}

/** Beyond so many projects a portfolio is refused. */
export interface Bounds {
  /** More than anybody reads, and as much as one answer is to cost. */
  shown: number;
  /** A past day is counted from every report. Those below them are meant too. */
  counted: number;
}

export const portfolioBounds: Bounds = { shown: 200_000, counted: 20_000 };

/** A project on the day asked about, with its light. */
export interface CountedRow extends CountedProject {
  light: ShownLight;
  /** Of a past day, what a reader is told besides; today it is asked for those that are named. */
  told: Pick<StandingOn, 'baseline' | 'stated'> | null;
}

/** A project that a portfolio names. */
export interface NamedProject extends Pick<Project, 'id' | 'title' | 'translations' | 'tags'> {
  row: CountedRow;
  planned: PercentFine | null;
  gap: PointsHundredths | null;
  silentDays: number | null;
  /** The words of the report that the figure was taken from, if it was typed. */
  stated: string | null;
}

/** All projects of a range on a day, counted. */
export interface Counted {
  projects: number;
  byStatus: Record<Project['status'], number>;
  byLight: Record<ShownLight, number>;
  /** Null if none counts. */
  rollUp: RollUp | null;
}

/** What is made of all projects of a range on a day. */
export interface Gathered {
  counted: Counted;
  /** The first of them, in the order in which they are to be read. */
  ranked: CountedRow[];
  /** The first of those that are grey, the longest silent before the others. */
  silent: CountedRow[];
}

export interface Moved {
  projectId: string;
  /** As shown; null where nothing was known. */
  from: number | null;
  to: number | null;
  /** Percentage points; null where one of the two is not known. */
  points: PointsHundredths | null;
  lightBefore: ShownLight;
  light: ShownLight;
}

/** What is different from an earlier day. */
export interface Comparison {
  asOf: CalendarDate;
  counted: Counted;
  moved: Moved[];
  movedCount: number;
  newlyRed: string[];
  newlyRedCount: number;
  pushed: PushedMilestone[];
}

export interface Portfolio {
  within: string | null;
  /** What it is the portfolio of, for a title: an organization's name or a project's title; null for all. */
  name: Pick<Project, 'title' | 'translations'> | null;
  asOf: CalendarDate;
  knownAt: Instant | null;
  weightBasis: WeightBasis;
  counted: Counted;
  /** In the order in which they are to be read. */
  ranked: NamedProject[];
  /** Those that are grey, the longest silent first. */
  silent: Pick<CountedRow, 'id' | 'saidAsOf'>[];
  slipped: SlippedMilestone[];
  comparison: Comparison | null;
}
