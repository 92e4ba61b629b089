import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { Instant } from '../../shared/clock.ts';

/** The closed list of OC4IDS. */
export const milestoneStatuses = ['scheduled', 'met', 'notMet', 'partiallyMet'] as const;
export type MilestoneStatus = (typeof milestoneStatuses)[number];

/** The list of OC4IDS. */
export const milestoneTypes = [
  'preProcurement',
  'approval',
  'engagement',
  'assessment',
  'delivery',
  'reporting',
  'financing',
  'payment',
  'procurement',
  'contractClose',
] as const;
export type MilestoneType = (typeof milestoneTypes)[number];

/** What a client says of a milestone; every field present. */
export interface MilestoneFacts {
  title: string;
  type: MilestoneType | null;
  code: string | null;
  description: string | null;
  dueDate: CalendarDate | null;
  status: MilestoneStatus;
  dateMet: CalendarDate | null;
  /**
   * The day by which it was met, or partly met, at the latest. Where `dateMet` is known it is that day; null where
   * nothing is met.
   */
  metBy: CalendarDate | null;
  /** In units of 0.0001; null: it does not count toward progress. */
  weightScaled: number | null;
  valueMinor: number | null;
  valueCurrency: string | null;
}

/**
 * One revision of a milestone: an event of a project, with a day on which it is due and a day on which it was met. It is
 * never overwritten: a change is the next revision, and this one then carries in `supersededAt` until when it was what we
 * knew.
 */
export interface Milestone extends MilestoneFacts {
  projectId: string;
  id: string;
  /** The first due date that it ever had: what a slip is counted from. */
  firstDueDate: CalendarDate | null;
  /** Why this revision was made. */
  reason: string | null;
  revision: number;
  createdAt: Instant;
  archivedAt: Instant | null;
  recordedAt: Instant;
  recordedBy: string;
  supersededAt: Instant | null;
}

/** A due date, since when it was what we knew, and why it was changed. */
export interface DueDateEntry {
  dueDate: CalendarDate | null;
  changedAt: Instant;
  reason: string | null;
}

/** A milestone with the due dates that it has had, the first one first. */
export interface DatedMilestone {
  milestone: Milestone;
  dueDates: readonly DueDateEntry[];
}

/** Of a milestone, what counting progress needs. */
export type CountedMilestone = Pick<Milestone, 'projectId' | 'weightScaled' | 'status' | 'metBy'>;
