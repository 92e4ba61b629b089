import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { Citation } from '../../shared/citation.ts';
import type { Instant } from '../../shared/clock.ts';
import type { Agreement, Amendment } from '../agreements/index.ts';
import type { Funding, FundingAmount } from '../funding/index.ts';
import type { DealStage, Party, PartyStage } from '../parties/index.ts';
import type { ProjectStatus } from '../projects/index.ts';

/** A stage that a person gives a deal, beside the one that follows from its facts. */
export interface SetStageFacts {
  stage: DealStage;
  /** The day on which it came to that stage, not after `asOf`; null where that is not known. */
  since: CalendarDate | null;
  /** Why it is said. */
  reason: string | null;
  note: string | null;
  citation: Citation | null;
}

/** One revision of the stage that was set as of one day; a correction or a withdrawal is the next one. */
export interface SetStage extends SetStageFacts {
  projectId: string;
  asOf: CalendarDate;
  revision: number;
  recordedAt: Instant;
  recordedBy: string;
  supersededAt: Instant | null;
  withdrawn: boolean;
}

/**
 * All that is in use and in force of a project as a deal, of whatever day, as it was known at one moment. There is no
 * separate kind of thing: a project is a deal by having any of it, its statuses aside.
 */
export interface DealFacts {
  projectId: string;
  parties: readonly Party[];
  partyStages: readonly PartyStage[];
  agreements: readonly Agreement[];
  amendments: readonly Amendment[];
  funding: readonly Funding[];
  amounts: readonly FundingAmount[];
  setStages: readonly SetStage[];
  /** By day. */
  statuses: readonly { asOf: CalendarDate; status: ProjectStatus }[];
}

/** A fact that says how far a deal is. Its subject is named as in the record of changes. */
export interface StageFact {
  subjectType: 'partyStage' | 'agreement' | 'fundingAmount' | 'status' | 'project' | 'dealStage';
  subjectId: string;
  /** Null: what gave a stage before gives none any more. */
  stage: DealStage | null;
  /** The day on which it came to be so; null where that is not known. */
  on: CalendarDate | null;
  /** The day by which it was so at the latest; null where not even that is known. */
  by: CalendarDate | null;
  text: string;
}

/** Where a deal has come to by a day. */
export interface Course {
  /** Null where no fact gives one. */
  stage: DealStage | null;
  /** Of the facts that give the stage on the day, the one that did so first. */
  because: StageFact | null;
  /** The first day of the stay in this stage; null where it is not known. */
  since: CalendarDate | null;
  /** The day by which the stay had begun at the latest. */
  sinceBy: CalendarDate | null;
  /** The farthest stage that any fact ever gave by the day, left again or not; null where none gave any. */
  reached: OpenStage | null;
}

/** A stage of a deal that goes on. */
export type OpenStage = Exclude<DealStage, 'lapsed'>;

/** A deal on a day: where it is by its facts, and beside it where somebody says that it is. */
export interface DealOn {
  /** Whether anything makes the project a deal by that day. */
  isDeal: boolean;
  facts: Course;
  /** The stage that was set by hand and is in force on the day; null where there is none. */
  set: SetStage | null;
  /** Whether the two are one stage; null where one of them is missing. */
  agrees: boolean | null;
  /** Which of the two is farther; null where neither is, or one of them has lapsed. */
  farther: 'facts' | 'set' | null;
  /** What a list and the funnel go by: the facts, and where they give no stage what was set. */
  counted: Course & { by: 'facts' | 'set' | null };
}
