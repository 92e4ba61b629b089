import { and, gt, inArray, isNull } from 'drizzle-orm';
import type { ReadUnit } from '../../database/index.ts';
import { type CalendarDate, daysBetween } from '../../shared/calendar-date.ts';
import type { Instant } from '../../shared/clock.ts';
import { countedWithin, dueDatesTold, type Scope, worstFirst } from './store.ts';
import { milestoneTables } from './table.ts';

/** A milestone whose due date was put off between two days. */
export interface PushedMilestone {
  projectId: string;
  milestoneId: string;
  /** What was known at the end of the first day, and of the second. */
  dueDateBefore: CalendarDate;
  dueDate: CalendarDate;
  days: number;
}

/** So many milestones that were told of since the first day are looked at. */
const lookedAtMost = 5_000;

/** An engine has a bound on what one query may carry. */
const projectsAtATime = 500;

/**
 * The milestones in use whose due date, as it was known at the end of a day, is later than it was at the end of an
 * earlier one. Furthest first, at most `limit`.
 * @param dayOf the day on which a moment falls
 */
export async function pushedBetween(
  unit: ReadUnit,
  scope: Scope,
  { from, to, dayOf }: { from: CalendarDate; to: CalendarDate; dayOf: (moment: Instant) => CalendarDate },
  limit: number,
): Promise<PushedMilestone[]> {
  const { milestones: t } = milestoneTables(unit.engine);
  const told = await unit.db
    .select({ projectId: t.projectId, id: t.id })
    .from(t)
    // Where anything was said after the first day, the current revision was. A day begins at another moment in another
    // time zone; which of them it was is seen below.
    .where(
      and(
        gt(t.recordedAt, from),
        gt(t.revision, 1),
        isNull(t.supersededAt),
        isNull(t.archivedAt),
        inArray(t.projectId, countedWithin(unit, scope)),
      ),
    )
    .limit(lookedAtMost);
  const keyOf = (each: { projectId: string; id: string }) => `${each.projectId}/${each.id}`;
  const wanted = new Set(told.map(keyOf));
  const projectIds = [...new Set(told.map(({ projectId }) => projectId))];
  const pushed: PushedMilestone[] = [];
  for (let first = 0; first < projectIds.length; first += projectsAtATime) {
    const revisions = await dueDatesTold(unit, projectIds.slice(first, first + projectsAtATime));
    for (const [key, entries] of Map.groupBy(revisions, keyOf)) {
      const [entry] = entries;
      if (entry === undefined || !wanted.has(key)) continue;
      const knownOn = (day: CalendarDate) =>
        entries.findLast(({ recordedAt }) => dayOf(recordedAt) <= day)?.dueDate ?? null;
      const [dueDateBefore, dueDate] = [knownOn(from), knownOn(to)];
      if (dueDateBefore === null || dueDate === null || dueDate <= dueDateBefore) continue;
      const days = daysBetween(dueDateBefore, dueDate);
      pushed.push({ projectId: entry.projectId, milestoneId: entry.id, dueDateBefore, dueDate, days });
    }
  }
  return pushed.sort(worstFirst).slice(0, limit);
}
