import type { CalendarDate } from '../../shared/calendar-date.ts';
import {
  type DealStage,
  dealStages,
  isThereOn,
  isUnnamed,
  type Party,
  type PartyStage,
  stageOn,
  unnamedOn,
} from '../parties/index.ts';
import type { DealFacts } from './deal.ts';
import { rankOf } from './rules.ts';

/** The parties of a deal that are in one stage on a day. */
export interface PartiesInStage {
  /** Null: no stage of theirs is known. */
  stage: DealStage | null;
  partyIds: string[];
  /** An organization that is several parties of the deal counts once, where it is farthest. */
  named: number;
  /** Companies that are not named, each of them counted. */
  unnamed: number;
}

/** By stage, those of which none is known last; stages in which nobody is are left out. */
export function partiesOn(facts: DealFacts, day: CalendarDate): PartiesInStage[] {
  const present = presentOn(facts, day);
  const parts = Map.groupBy(present, ({ party }) => party.organizationId ?? `party/${party.id}`);
  const counted = new Set([...parts.values()].map((some) => some.toSorted(farthestFirst)[0]));
  const byStage = Map.groupBy(present, ({ stage }) => stage);
  return [...dealStages, null].flatMap((stage) => {
    const there = byStage.get(stage) ?? [];
    if (there.length === 0) return [];
    return {
      stage,
      partyIds: there.map(({ party }) => party.id),
      named: there.filter((each) => !isUnnamed(each.party) && counted.has(each)).length,
      unnamed: there.reduce((sum, each) => sum + each.unnamed, 0),
    };
  });
}

interface Present {
  party: Party;
  stage: DealStage | null;
  unnamed: number;
}

function presentOn(facts: DealFacts, day: CalendarDate): Present[] {
  const said = Map.groupBy(facts.partyStages, ({ partyId }) => partyId);
  return facts.parties.flatMap((party) => {
    const stages = said.get(party.id) ?? [];
    const now = stageOn(stages, day);
    if (!isThereOn(party, day) || (now === null && isSaidOnlyLater(stages, party.splitOn))) return [];
    const unnamed = unnamedOn(party, facts.parties, stages, day) ?? 0;
    // Who was told apart from others is where they are, as long as nothing else is said.
    const others = party.splitFrom === null ? [] : (said.get(party.splitFrom) ?? []);
    return { party, stage: (now ?? stageOn(others, day))?.stage ?? null, unnamed };
  });
}

/** What has lapsed is behind all that goes on, and what is in no stage behind that. */
function farthestFirst(one: Present, other: Present): number {
  const [a, b] = [one, other].map(({ stage }) =>
    stage === null ? -2 : stage === 'lapsed' ? -1 : rankOf(stage),
  ) as [number, number];
  return b - a;
}

/** A party of which nothing is said before a day is not there before it, unless it is there by being told apart. */
function isSaidOnlyLater(stages: readonly PartyStage[], splitOn: CalendarDate | null): boolean {
  return stages.length > 0 && splitOn === null;
}
