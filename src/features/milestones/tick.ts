import type { WriteUnit } from '../../database/index.ts';
import type { Actor } from '../../shared/actor.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import { noExpectation } from '../../shared/expectation.ts';
import { factsOf } from './rules.ts';
import { putMilestone } from './service.ts';
import { revisionsOf } from './store.ts';
import type { DealMilestone } from './templates.ts';

/** The fact by which a milestone is met. */
export interface MeetingFact {
  milestone: DealMilestone;
  /** The day on which it was met; null where that is not known. */
  on: CalendarDate | null;
  /** The day by which it was met at the latest. */
  by: CalendarDate;
  /** What is kept as the reason of the revision. */
  because: string;
}

/**
 * Meets a milestone that a fact elsewhere speaks of, once: where the project has it in use and it was never met before,
 * be that taken back since. Otherwise nothing is done, so that whoever opens it again has the last word.
 * @throws JinduError `not_found`, `archived` of the project; `future_date`
 */
export async function tickMilestone(
  unit: WriteUnit,
  actor: Actor,
  projectId: string,
  { milestone: id, on, by, because }: MeetingFact,
  today: CalendarDate,
): Promise<void> {
  const revisions = await revisionsOf(unit, projectId, id);
  const [milestone] = revisions;
  if (milestone === undefined || milestone.archivedAt !== null) return;
  if (revisions.some(({ status }) => status === 'met')) return;
  const facts = { ...factsOf(milestone), status: 'met', dateMet: on, metBy: on ?? by } as const;
  await putMilestone(unit, actor, { projectId, id, facts, reason: because }, noExpectation, today);
}
