import type { ReadUnit } from '../../database/index.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import { knownMoment } from '../../shared/known-moment.ts';
import { milestonesOn } from '../milestones/index.ts';
import type { CurveMilestone } from './curve.ts';
import type { HistoryQuestion } from './history.ts';

/** The milestones of a project that its S-curve shows, as they were known then. */
export async function milestonesOf(
  unit: ReadUnit,
  projectId: string,
  { knownAt }: Pick<HistoryQuestion, 'knownAt'>,
  asOf: CalendarDate,
): Promise<readonly CurveMilestone[]> {
  return await milestonesOn(unit, projectId, asOf, knownMoment(knownAt, unit.now));
}
