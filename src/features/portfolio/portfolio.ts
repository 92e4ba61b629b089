import type { PointsHundredths } from '../../formulas/plan-gap.ts';
import type { RollUp } from '../../formulas/roll-up.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
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
  /** An earlier day; null: nothing is compared. */
  compareTo: CalendarDate | null;
  weightBasis: WeightBasis;
  /** So many are named in each list. */
  limit: number;
}

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
  weightBasis: WeightBasis;
  counted: Counted;
  /** In the order in which they are to be read. */
  ranked: NamedProject[];
  /** Those that are grey, the longest silent first. */
  silent: Pick<CountedRow, 'id' | 'saidAsOf'>[];
  slipped: SlippedMilestone[];
  comparison: Comparison | null;
}
