import { and, asc, gt, inArray, isNull } from 'drizzle-orm';
import { afterKey, type ReadUnit } from '../../database/index.ts';
import { type CalendarDate, daysBetween } from '../../shared/calendar-date.ts';
import type { Instant } from '../../shared/clock.ts';
import { countedWithin, dueDatesTold, type Scope } from './store.ts';
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

/** Two days, and how a moment falls on one. */
export interface DaysApart {
  from: CalendarDate;
  to: CalendarDate;
  dayOf: (moment: Instant) => CalendarDate;
}

/** How far the milestones have been looked at. */
export interface LookedAt {
  projectId: string;
  milestoneId: string;
}

/** What one look has found; `next` is where to go on, null where all have been looked at. */
export interface Look {
  pushed: PushedMilestone[];
  next: LookedAt | null;
}

/** So many milestones that were told of since the first day are looked at in one call; of no more projects. */
const lookedAtOnce = 500;

/**
 * Of the next of the milestones in use, those whose due date, as it was known at the end of a day, is later than it was
 * at the end of an earlier one.
 */
export async function pushedAfter(
  unit: ReadUnit,
  scope: Scope,
  days: DaysApart,
  after: LookedAt | null,
): Promise<Look> {
  const { milestones: t } = milestoneTables(unit.engine);
  const isNext =
    after === null
      ? undefined
      : afterKey(t.projectId, t.id, { value: after.projectId, id: after.milestoneId }, false);
  const told = await unit.db
    .select({ projectId: t.projectId, milestoneId: t.id })
    .from(t)
    // Where anything was said after the first day, the current revision was. A day begins at another moment in another
    // time zone; which of them it was is seen below.
    .where(
      and(
        gt(t.recordedAt, days.from),
        gt(t.revision, 1),
        isNull(t.supersededAt),
        isNull(t.archivedAt),
        inArray(t.projectId, countedWithin(unit, scope)),
        isNext,
      ),
    )
    .orderBy(asc(t.projectId), asc(t.id))
    .limit(lookedAtOnce);
  const wanted = new Set(told.map(({ projectId, milestoneId }) => `${projectId}/${milestoneId}`));
  const projectIds = [...new Set(told.map(({ projectId }) => projectId))];
  const revisions = projectIds.length === 0 ? [] : await dueDatesTold(unit, projectIds);
  const pushed = putOff(
    revisions.filter(({ projectId, id }) => wanted.has(`${projectId}/${id}`)),
    days,
  );
  return { pushed, next: told.length < lookedAtOnce ? null : (told.at(-1) ?? null) };
}

/**
 * All that were put off of these projects’ milestones, among those that were in use as it was known at a moment. At most
 * some hundred projects a call.
 */
export async function pushedAsKnown(
  unit: ReadUnit,
  projectIds: readonly string[],
  days: DaysApart,
  knownAt: Instant,
): Promise<PushedMilestone[]> {
  const told = await dueDatesTold(unit, projectIds);
  return putOff(
    told.filter(({ recordedAt }) => recordedAt <= knownAt),
    days,
  );
}

/** From the revisions of milestones, by revision; one whose last is archived is not in use. */
function putOff(revisions: Awaited<ReturnType<typeof dueDatesTold>>, { from, to, dayOf }: DaysApart) {
  const pushed: PushedMilestone[] = [];
  for (const entries of Map.groupBy(revisions, ({ projectId, id }) => `${projectId}/${id}`).values()) {
    const last = entries.at(-1);
    if (last === undefined || last.archivedAt !== null) continue;
    const knownOn = (day: CalendarDate) =>
      entries.findLast(({ recordedAt }) => dayOf(recordedAt) <= day)?.dueDate ?? null;
    const [dueDateBefore, dueDate] = [knownOn(from), knownOn(to)];
    if (dueDateBefore === null || dueDate === null || dueDate <= dueDateBefore) continue;
    const days = daysBetween(dueDateBefore, dueDate);
    pushed.push({ projectId: last.projectId, milestoneId: last.id, dueDateBefore, dueDate, days });
  }
  return pushed;
}
