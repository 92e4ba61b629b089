import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { Citation } from '../../shared/citation.ts';
import type { Instant } from '../../shared/clock.ts';
import type { PercentHundredths } from '../../shared/percent.ts';
import type { Qualifier } from '../../shared/qualified-value.ts';

/**
 * What was said about one project's progress as of one day. Cumulative: it speaks of all that was reached by then.
 * A report says at least one of a percent, quantities done, money spent.
 */
export interface ReportFacts {
  /** Null in a report that speaks of quantities or money alone. */
  percentHundredths: PercentHundredths | null;
  qualifier: Qualifier;
  /** The words in which the percent was said, to the letter; null when it was sent as a number. */
  stated: string | null;
  /** How much of the project's quantities is done, in units of 0.0001. */
  quantities: { code: string; valueScaled: number }[];
  spentMinor: number | null;
  spentCurrency: string | null;
  note: string | null;
  /** Why progress fell, or why the report was corrected or withdrawn. */
  reason: string | null;
  citation: Citation | null;
}

/**
 * One revision of the report of `(projectId, asOf)`. It is never overwritten: a correction or a withdrawal is the next
 * revision, and this one then carries in `supersededAt` until when it was what we knew.
 */
export interface Report extends ReportFacts {
  projectId: string;
  asOf: CalendarDate;
  revision: number;
  recordedAt: Instant;
  recordedBy: string;
  supersededAt: Instant | null;
  withdrawn: boolean;
}
