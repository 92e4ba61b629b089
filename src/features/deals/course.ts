import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { DealStage } from '../parties/index.ts';
import { dealStages } from '../parties/index.ts';
import type { Course, StageFact } from './deal.ts';
import { farther } from './rules.ts';

/** A fact with the day from which on it counts, and what it is said of: what is said later of the same takes its place. */
export interface DatedFact extends StageFact {
  of: string;
  from: CalendarDate;
}

/**
 * How a deal came to where it is on a day, by what was so on each day up to it. Facts of the same thing that count from the
 * same day on are given in the order in which they hold.
 */
export function courseUpTo(facts: readonly DatedFact[], day: CalendarDate): Course {
  const holding = new Holding();
  let reached: Course['reached'] = null;
  let stay: Pick<Course, 'stage' | 'since' | 'sinceBy'> = { stage: null, since: null, sinceBy: null };
  for (const some of byDay(facts, day)) {
    for (const fact of some) {
      holding.take(fact);
      reached = farther(reached, fact.stage);
    }
    const stage = holding.stage();
    if (stage !== stay.stage) stay = { stage, ...beginning(stage, some) };
  }
  return { ...stay, because: stay.stage === null ? null : holding.because(stay.stage), reached };
}

/** What counts by a day, those from one day on together, the earliest first. */
function byDay(facts: readonly DatedFact[], day: CalendarDate): DatedFact[][] {
  const days = Map.groupBy(
    facts.filter(({ from }) => from <= day),
    ({ from }) => from,
  );
  return [...days].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, some]) => some);
}

/**
 * When a stay began that the facts of a day have begun: by one that gives the stage, or, where the deal has fallen back to
 * what held before, by one that no longer holds.
 */
function beginning(stage: DealStage | null, facts: readonly DatedFact[]): Pick<Course, 'since' | 'sinceBy'> {
  if (stage === null) return { since: null, sinceBy: null };
  const giving = facts.filter((fact) => fact.stage === stage);
  const first = (giving.length > 0 ? giving : facts).toSorted(earliestFirst)[0];
  return { since: first?.on ?? null, sinceBy: first?.by ?? null };
}

/** The facts that hold on a day. */
class Holding {
  readonly #facts = new Map<string, DatedFact>();
  readonly #counts = new Map<DealStage, number>(dealStages.map((stage) => [stage, 0]));
  /** Of those who can leave a deal, the parties or whoever sets a stage by hand, how many say anything. */
  #speakers = 0;
  #left = 0;
  #isOver = false;

  take(fact: DatedFact): void {
    const before = this.#facts.get(fact.of);
    if (before !== undefined) this.#count(before, -1);
    this.#facts.set(fact.of, fact);
    this.#count(fact, 1);
  }

  stage(): DealStage | null {
    if (this.#isOver || (this.#speakers > 0 && this.#left === this.#speakers)) return 'lapsed';
    return dealStages.findLast((stage) => stage !== 'lapsed' && (this.#counts.get(stage) ?? 0) > 0) ?? null;
  }

  /** Of a deal that has lapsed the last one to leave it, unless the project itself is over. */
  because(stage: DealStage): StageFact | null {
    const giving = [...this.#facts.values()].filter((fact) => fact.stage === stage);
    if (stage !== 'lapsed') return shown(giving.sort(earliestFirst)[0]);
    return shown(giving.find(isOfProject) ?? giving.sort(earliestFirst).at(-1));
  }

  #count(fact: DatedFact, change: 1 | -1): void {
    const { stage } = fact;
    if (stage !== null) this.#counts.set(stage, (this.#counts.get(stage) ?? 0) + change);
    if (isOfProject(fact)) this.#isOver = change === 1 && stage === 'lapsed';
    else if (canLeave(fact) && stage !== null) {
      this.#speakers += change;
      if (stage === 'lapsed') this.#left += change;
    }
  }
}

function isOfProject({ subjectType }: StageFact): boolean {
  return subjectType === 'status' || subjectType === 'project';
}

function canLeave({ subjectType }: StageFact): boolean {
  return subjectType === 'partyStage' || subjectType === 'dealStage';
}

/** Between facts of one day, the more solid before the others. */
const evidence = ['agreement', 'fundingAmount', 'status', 'project', 'partyStage', 'dealStage'] as const;

function earliestFirst(one: DatedFact, other: DatedFact): number {
  const [a, b] = [one, other].map(({ on, by, from }) => on ?? by ?? from) as [CalendarDate, CalendarDate];
  if (a !== b) return a < b ? -1 : 1;
  // A day that is known says more than one by which it was so.
  if ((one.on === null) !== (other.on === null)) return one.on === null ? 1 : -1;
  const solidity = evidence.indexOf(one.subjectType) - evidence.indexOf(other.subjectType);
  return solidity !== 0 ? solidity : one.of < other.of ? -1 : 1;
}

function shown(fact: DatedFact | undefined): StageFact | null {
  if (fact === undefined) return null;
  const { subjectType, subjectId, stage, on, by, text } = fact;
  return { subjectType, subjectId, stage, on, by, text };
}
