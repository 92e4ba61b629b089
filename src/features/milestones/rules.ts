import { isDeepStrictEqual } from 'node:util';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { Instant } from '../../shared/clock.ts';
import { JinduError, notYet } from '../../shared/errors.ts';
import type { MilestoneSums } from '../projects/index.ts';
import type { CountedMilestone, DueDateEntry, Milestone, MilestoneFacts } from './milestone.ts';

/** How many milestones a project may have in use. */
export const mostMilestones = 200;

/** The facts of a milestone, and nothing else that it may carry. */
export function factsOf(milestone: MilestoneFacts): MilestoneFacts {
  return {
    title: milestone.title,
    type: milestone.type,
    code: milestone.code,
    description: milestone.description,
    dueDate: milestone.dueDate,
    status: milestone.status,
    dateMet: milestone.dateMet,
    metBy: milestone.metBy,
    weightScaled: milestone.weightScaled,
    valueMinor: milestone.valueMinor,
    valueCurrency: milestone.valueCurrency,
  };
}

/** What is said of which milestone, when, and by whom. */
export interface Saying {
  projectId: string;
  id: string;
  facts: MilestoneFacts;
  /** Why it changes; no fact of the milestone, so that the same facts again are the same for whatever reason. */
  reason: string | null;
  now: Instant;
  today: CalendarDate;
  recordedBy: string;
}

/**
 * The milestone after something is said of it: a first revision, the next one, or, where nothing differs, the very same
 * object.
 * @throws JinduError `archived`, `future_date`, `unprocessable`
 */
export function revised(previous: Milestone | null, saying: Saying): Milestone {
  const { projectId, id, reason, now, recordedBy } = saying;
  const facts = withDayMet(saying.facts, previous, saying.today);
  assertMetWhenSaid(saying.facts, saying.today);
  if (previous !== null) {
    assertMilestoneInUse(previous);
    if (isDeepStrictEqual(factsOf(previous), facts)) return previous;
    assertPutOffWithReason(previous, facts, reason);
  }
  return {
    projectId,
    id,
    ...facts,
    firstDueDate: previous?.firstDueDate ?? facts.dueDate,
    reason,
    revision: (previous?.revision ?? 0) + 1,
    createdAt: previous?.createdAt ?? now,
    archivedAt: null,
    recordedAt: now,
    recordedBy,
    supersededAt: null,
  };
}

/** @throws JinduError `archived` */
export function assertMilestoneInUse({ id, archivedAt }: Milestone): void {
  if (archivedAt !== null)
    throw new JinduError('archived', `the milestone ${id} is archived: restore it first`);
}

/**
 * Where nobody says by which day it was met, it is the day on which we are told; and it stays that one when the same is
 * said again.
 */
function withDayMet(facts: MilestoneFacts, previous: Milestone | null, today: CalendarDate): MilestoneFacts {
  if (!isReached(facts)) return facts;
  const isSaidAgain =
    previous !== null && previous.status === facts.status && previous.dateMet === facts.dateMet;
  const known = isSaidAgain ? previous.metBy : null;
  return { ...facts, metBy: facts.dateMet ?? facts.metBy ?? known ?? today };
}

function isReached({ status }: Pick<MilestoneFacts, 'status'>): boolean {
  return status === 'met' || status === 'partiallyMet';
}

function assertMetWhenSaid(facts: MilestoneFacts, today: CalendarDate): void {
  const { status, dateMet, metBy } = facts;
  if (dateMet !== null && dateMet > today) throw notYet('/dateMet', dateMet, today);
  if (metBy !== null && metBy > today) throw notYet('/metBy', metBy, today);
  if (dateMet !== null && status !== 'met') {
    throw contradiction(
      '/dateMet',
      'status',
      `must be left out of what is ${status}: only what is met has a day`,
    );
  }
  if (metBy !== null && !isReached(facts)) {
    throw contradiction('/metBy', 'status', `must be left out of what is ${status}: nothing of it is met`);
  }
  if (dateMet !== null && metBy !== null && dateMet !== metBy) {
    throw contradiction(
      '/metBy',
      'same_day',
      `must be dateMet, ${dateMet}, or be left out: the day is known`,
    );
  }
}

/** To put off a due date, or to take it away, needs a reason; to bring it forward, or to set the first, does not. */
function assertPutOffWithReason(
  previous: Milestone,
  { dueDate }: MilestoneFacts,
  reason: string | null,
): void {
  const isPutOff = previous.dueDate !== null && (dueDate === null || dueDate > previous.dueDate);
  if (!isPutOff || reason !== null) return;
  const change = dueDate === null ? 'is taken away' : `is put off to ${dueDate}`;
  throw new JinduError('unprocessable', `the due date ${previous.dueDate} ${change} without a reason`, [
    {
      pointer: '/reason',
      code: 'required',
      message: 'is required where a due date is put off or taken away',
    },
  ]);
}

function contradiction(pointer: string, code: string, message: string): JinduError {
  return new JinduError('unprocessable', `${pointer.slice(1)} ${message}`, [{ pointer, code, message }]);
}

/** The due dates that a milestone has had, from its revisions, the first one first. */
export function dueDatesIn(
  revisions: readonly Pick<Milestone, 'dueDate' | 'recordedAt' | 'reason'>[],
): DueDateEntry[] {
  const entries: DueDateEntry[] = [];
  for (const { dueDate, recordedAt, reason } of revisions) {
    if ((entries.at(-1)?.dueDate ?? null) === dueDate) continue;
    entries.push({ dueDate, changedAt: recordedAt, reason });
  }
  return entries;
}

/** Whether it was met by a day. */
export function isMetOn({ status, metBy }: Pick<Milestone, 'status' | 'metBy'>, day: CalendarDate): boolean {
  return status === 'met' && metBy !== null && metBy <= day;
}

/** What a project's milestones come to on a day; null as long as none that has a weight is met, even in part. */
export function sumsOn(
  milestones: readonly Pick<Milestone, 'weightScaled' | 'status' | 'metBy'>[],
  day: CalendarDate,
): MilestoneSums | null {
  const sums = { count: 0, met: 0, partlyMet: 0, unweighted: 0 };
  const weights = { metScaled: 0, partlyMetScaled: 0, allScaled: 0 };
  let asOf: CalendarDate | null = null;
  for (const { weightScaled, status, metBy } of milestones) {
    const isCounted = metBy !== null && metBy <= day;
    const weight = weightScaled ?? 0;
    sums.count += 1;
    if (weightScaled === null) sums.unweighted += 1;
    weights.allScaled += weight;
    if (!isCounted) continue;
    sums[status === 'met' ? 'met' : 'partlyMet'] += 1;
    weights[status === 'met' ? 'metScaled' : 'partlyMetScaled'] += weight;
    if (weight > 0 && (asOf === null || metBy > asOf)) asOf = metBy;
  }
  return asOf === null ? null : { ...sums, ...weights, asOf };
}

/** The same of several projects' milestones, by project. */
export function sumsByProject(
  milestones: readonly CountedMilestone[],
  day: CalendarDate,
): Map<string, MilestoneSums | null> {
  const sums = new Map<string, MilestoneSums | null>();
  for (const [projectId, some] of Map.groupBy(milestones, (each) => each.projectId))
    sums.set(projectId, sumsOn(some, day));
  return sums;
}
