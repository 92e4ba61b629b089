import { overdueDays } from '../../formulas/milestone-slip.ts';
import { type CalendarDate, daysBetween } from '../../shared/calendar-date.ts';
import { type DueMilestone, isMetOn } from '../milestones/index.ts';
import { type NamedProject, type ProjectStatus, sinceUnknown, statusOn } from '../projects/index.ts';
import type { DealFacts, DealOn } from './deal.ts';
import { dealOn } from './deal-on.ts';
import type { KnownDeal } from './load.ts';
import { type CurrencyMoney, lineTotalsOn, moneyByCurrency } from './money.ts';
import { type PartiesInStage, partiesOn } from './parties-on.ts';
import { signedValuesOn, type Values } from './signings.ts';

/** What is due next of a deal. */
export interface NextDue {
  milestoneId: string;
  title: string;
  dueDate: CalendarDate;
  overdueDays: number;
}

/** A deal as it is seen on a day. */
export interface DealView {
  project: NamedProject;
  asOf: CalendarDate;
  deal: DealOn;
  /** Of the project, on the day. */
  status: ProjectStatus;
  /** How long it has been in the stage that is counted; null where that is not known. */
  ageDays: number | null;
  /** The newest day by which something was so that is in force. */
  lastMovementOn: CalendarDate | null;
  parties: PartiesInStage[];
  money: CurrencyMoney[];
  /** What was signed is worth; null where nothing was. */
  signed: Values | null;
  nextDue: NextDue | null;
}

/** The deal on a day. */
export function viewOn({ project, facts, milestones }: KnownDeal, asOf: CalendarDate): DealView {
  const deal = dealOn(facts, asOf);
  const { since } = deal.counted;
  return {
    ...{ project, asOf, deal },
    status: statusOn(facts.statuses, asOf) ?? project.status,
    ageDays: since === null ? null : daysBetween(since, asOf),
    lastMovementOn: lastMovementOn(facts, asOf),
    parties: partiesOn(facts, asOf),
    money: moneyByCurrency(lineTotalsOn(facts, asOf)),
    signed: signedValuesOn(facts, asOf),
    nextDue: nextDueOn(milestones, asOf),
  };
}

function lastMovementOn(facts: DealFacts, day: CalendarDate): CalendarDate | null {
  const said = [...facts.amounts, ...facts.setStages];
  const splits = new Map(
    facts.parties.flatMap(({ id, splitOn }) => (splitOn === null ? [] : [[id, splitOn]])),
  );
  const days = [
    ...said.map(({ asOf, since }) => since ?? asOf),
    // Of a party that was told apart, nothing moves before it is there.
    ...facts.partyStages.map(({ partyId, asOf, since }) => latest(since ?? asOf, splits.get(partyId))),
    ...splits.values(),
    ...facts.agreements.map(({ signedByDay }) => signedByDay),
    ...facts.amendments.map(({ asOf }) => asOf),
    ...facts.statuses.flatMap(({ asOf }) => (asOf === sinceUnknown ? [] : asOf)),
  ];
  return days.reduce<CalendarDate | null>(
    (newest, each) => (each <= day && (newest === null || each > newest) ? each : newest),
    null,
  );
}

function latest(one: CalendarDate, other: CalendarDate | undefined): CalendarDate {
  return other === undefined || one > other ? one : other;
}

/** Of the milestones that are open on the day the one that is due first, however long that was ago. */
function nextDueOn(milestones: readonly DueMilestone[], day: CalendarDate): NextDue | null {
  const [next] = milestones
    .filter((milestone) => !isMetOn(milestone, day))
    .toSorted((one, other) => (one.dueDate === other.dueDate ? 0 : one.dueDate < other.dueDate ? -1 : 1));
  if (next === undefined) return null;
  const { id, title, dueDate } = next;
  return { milestoneId: id, title, dueDate, overdueDays: overdueDays({ dueDate, isMet: false }, day) ?? 0 };
}
