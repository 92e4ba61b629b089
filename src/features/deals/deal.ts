import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { Citation } from '../../shared/citation.ts';
import type { Instant } from '../../shared/clock.ts';
import type { DealStage } from '../parties/index.ts';

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
