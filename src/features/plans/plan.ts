import type { PlanPoint } from '../../formulas/planned-percent.ts';
import type { Instant } from '../../shared/clock.ts';

/** What is said of how a project is to progress. */
export interface PlanFacts {
  /** At least two, strictly by date, percents never falling. */
  points: readonly PlanPoint[];
  note: string | null;
  /** Why the plan was changed or withdrawn. */
  reason: string | null;
}

/**
 * One revision of a project's plan, its baseline. It is never overwritten: a changed or withdrawn plan is the next
 * revision, and this one then carries in `supersededAt` until when it was what we knew.
 */
export interface Plan extends PlanFacts {
  projectId: string;
  revision: number;
  recordedAt: Instant;
  recordedBy: string;
  supersededAt: Instant | null;
  withdrawn: boolean;
}
