import type { CalendarDate } from '../../shared/calendar-date.ts';
import {
  type DealStage,
  dealStages,
  isThereOn,
  isUnnamed,
  type PartyStage,
  stageOn,
  unnamedOn,
} from '../parties/index.ts';
import type { DealFacts } from './deal.ts';

/** The parties of a deal that are in one stage on a day. */
export interface PartiesInStage {
  /** Null: no stage of theirs is known. */
  stage: DealStage | null;
  partyIds: string[];
  named: number;
  /** Companies that are not named, each of them counted. */
  unnamed: number;
}

/** By stage, those of which none is known last; stages in which nobody is are left out. */
export function partiesOn(facts: DealFacts, day: CalendarDate): PartiesInStage[] {
  const said = Map.groupBy(facts.partyStages, ({ partyId }) => partyId);
  const found = new Map<DealStage | null, PartiesInStage>();
  for (const party of facts.parties) {
    const stages = said.get(party.id) ?? [];
    const now = stageOn(stages, day);
    if (!isThereOn(party, day) || (now === null && isSaidOnlyLater(stages, party.splitOn))) continue;
    const stage = now?.stage ?? null;
    const there = found.get(stage) ?? { stage, partyIds: [], named: 0, unnamed: 0 };
    const unnamed = unnamedOn(party, facts.parties, stages, day) ?? 0;
    found.set(stage, {
      stage,
      partyIds: [...there.partyIds, party.id],
      named: there.named + (isUnnamed(party) ? 0 : 1),
      unnamed: there.unnamed + unnamed,
    });
  }
  return [...dealStages, null].flatMap((stage) => found.get(stage) ?? []);
}

/** A party of which nothing is said before a day is not there before it, unless it is there by being told apart. */
function isSaidOnlyLater(stages: readonly PartyStage[], splitOn: CalendarDate | null): boolean {
  return stages.length > 0 && splitOn === null;
}
