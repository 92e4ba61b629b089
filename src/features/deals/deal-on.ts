import type { CalendarDate } from '../../shared/calendar-date.ts';
import { stageOn } from '../parties/index.ts';
import { courseUpTo } from './course.ts';
import type { DealFacts, DealOn } from './deal.ts';
import { comparison, counted } from './rules.ts';
import { factsOfSetStages, firstDayOf, stageFactsOf } from './stage-facts.ts';

/** Where a deal is on a day, by the rules of `rules.ts`. */
export function dealOn(facts: DealFacts, day: CalendarDate): DealOn {
  const byFacts = courseUpTo(stageFactsOf(facts), day);
  const set = stageOn(facts.setStages, day);
  const first = firstDayOf(facts);
  return {
    isDeal: first !== null && first <= day,
    facts: byFacts,
    set,
    ...comparison(byFacts.stage, set?.stage ?? null),
    counted: counted(byFacts, courseUpTo(factsOfSetStages(facts), day)),
  };
}
