import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { Agreement } from '../agreements/index.ts';
import { type Funding, type FundingAmount, totalsOn } from '../funding/index.ts';
import {
  type DealStage,
  inStageOn,
  isThereOn,
  isUnnamed,
  type Party,
  type PartyStage,
  type StageThen,
  stageOn,
  unnamedOn,
} from '../parties/index.ts';
import { sinceUnknown } from '../projects/index.ts';
import type { DatedFact } from './course.ts';
import type { DealFacts } from './deal.ts';
import { isFunded, stageOfAgreement, stageOfStatus } from './rules.ts';

/** Every fact that ever says how far the deal is, of whatever day; those of one subject in the order of their days. */
export function stageFactsOf(facts: DealFacts): DatedFact[] {
  const stages = Map.groupBy(facts.partyStages, ({ partyId }) => partyId);
  const amounts = Map.groupBy(facts.amounts, ({ fundingId }) => fundingId);
  return [
    ...facts.parties.flatMap((party) => factsOfParty(party, facts.parties, stages)),
    ...facts.agreements.flatMap(factsOfAgreement),
    ...facts.funding.flatMap((line) => factsOfFunding(line, amounts.get(line.id) ?? [])),
    ...factsOfStatuses(facts),
  ];
}

/** The same of the stages that were set by hand. */
export function factsOfSetStages({ projectId, setStages }: DealFacts): DatedFact[] {
  return turnsOf(setStages).flatMap((from) => {
    const said = saidOn(setStages, from);
    if (said === null) return [];
    const { stage, on, by, statement } = said;
    const text = `set by hand to ${stage}, ${sinceText(on, by)}: ${statement.reason}`;
    const subject = { subjectType: 'dealStage', subjectId: `${projectId}/${statement.asOf}` } as const;
    return [{ of: 'set', from, ...subject, stage, on, by, text }];
  });
}

/** The first day on which anything but its status makes the project a deal; null where nothing does. */
export function firstDayOf(facts: DealFacts): CalendarDate | null {
  const stages = Map.groupBy(facts.partyStages, ({ partyId }) => partyId);
  const amounts = Map.groupBy(facts.amounts, ({ fundingId }) => fundingId);
  const days = [
    ...facts.parties.map(({ id, splitOn }) => splitOn ?? firstOf(turnsOf(stages.get(id) ?? []))),
    ...facts.agreements.map(({ signedByDay }) => signedByDay),
    ...facts.funding.map(({ id }) => firstOf(turnsOf(amounts.get(id) ?? []))),
    ...turnsOf(facts.setStages),
  ];
  return days.length === 0 ? null : firstOf(days);
}

/** Of what nobody dates there is no day before it. */
function firstOf(days: readonly CalendarDate[]): CalendarDate {
  return days.toSorted()[0] ?? sinceUnknown;
}

/** The days on which statements may come into force. */
function turnsOf(statements: readonly { asOf: CalendarDate; since: CalendarDate | null }[]): CalendarDate[] {
  const days = statements.flatMap(({ asOf, since }) => (since === null ? [asOf] : [since, asOf]));
  return [...new Set(days)].sort();
}

/** What statements say on a day, and since when. */
function saidOn<Statement extends StageThen>(statements: readonly Statement[], day: CalendarDate) {
  const statement = stageOn(statements, day);
  const stay = inStageOn(statements, day);
  return statement === null || stay === null
    ? null
    : { statement, stage: stay.stage, on: stay.since, by: stay.by };
}

/**
 * A party that was told apart from others is not there before, whatever is said of it, and is where they are as long as
 * nothing is; one of nobody says nothing.
 */
function factsOfParty(
  party: Party,
  all: readonly Party[],
  stagesOf: ReadonlyMap<string, readonly PartyStage[]>,
): DatedFact[] {
  const stages = stagesOf.get(party.id) ?? [];
  const stagesOfOthers = party.splitFrom === null ? [] : (stagesOf.get(party.splitFrom) ?? []);
  const splits = all.flatMap(({ splitFrom, splitOn }) =>
    splitFrom === party.id && splitOn ? [splitOn] : [],
  );
  const appears = party.splitOn === null ? [] : [party.splitOn];
  const days = [...new Set([...turnsOf(stages), ...turnsOf(stagesOfOthers), ...splits, ...appears])].sort();
  return days.flatMap((from): DatedFact[] => {
    const said = isThereOn(party, from) ? (saidOn(stages, from) ?? saidOn(stagesOfOthers, from)) : null;
    if (said === null) return [];
    const { on, by, statement } = said;
    const unnamed = unnamedOn(party, all, stages, from);
    const stage: DealStage | null = unnamed === 0 ? null : said.stage;
    const who = isUnnamed(party) ? companies(unnamed) : `${party.name ?? party.organizationId} is`;
    return [
      {
        of: `party/${party.id}`,
        from,
        subjectType: 'partyStage',
        subjectId: `${party.projectId}/${statement.partyId}/${statement.asOf}`,
        stage,
        ...{ on, by },
        text: `${who} ${said.stage}, ${sinceText(on, by)}`,
      },
    ];
  });
}

function companies(unnamed: number | null): string {
  if (unnamed === null) return 'companies that are not named are';
  return unnamed === 1 ? '1 company that is not named is' : `${unnamed} companies that are not named are`;
}

function factsOfAgreement(agreement: Agreement): DatedFact[] {
  const { projectId, id, type, title, signedOn, signedByDay } = agreement;
  const stage = stageOfAgreement[type];
  if (stage === null) return [];
  const when = signedOn === null ? `by ${signedByDay}` : `on ${signedOn}`;
  return [
    {
      of: `agreement/${id}`,
      from: signedByDay,
      subjectType: 'agreement',
      subjectId: `${projectId}/${id}`,
      stage,
      on: signedOn,
      by: signedByDay,
      text: `${type} agreement ${title}, signed ${when}`,
    },
  ];
}

/** One fact for each time that money comes to be there, or to be gone. */
function factsOfFunding(line: Funding, amounts: readonly FundingAmount[]): DatedFact[] {
  const found: DatedFact[] = [];
  const moving = amounts.filter(({ status }) => status === 'arrived' || status === 'withdrawn');
  for (const from of turnsOf(moving)) {
    const { arrived, withdrawn } = totalsOn(line, amounts, from);
    const stage = isFunded(arrived, withdrawn) ? 'funded' : null;
    if (stage === (found.at(-1)?.stage ?? null)) continue;
    const turned = stage === null ? withdrawn : arrived;
    const status = turned === withdrawn ? 'withdrawn' : 'arrived';
    const asOf = turned?.asOf ?? from;
    const since = moving.find((each) => each.status === status && each.asOf === asOf)?.since ?? null;
    found.push({
      of: `funding/${line.id}`,
      from,
      subjectType: 'fundingAmount',
      subjectId: `${line.projectId}/${line.id}/${status}/${asOf}`,
      stage,
      on: since,
      by: since ?? from,
      text: `${line.title}: money has ${stage === null ? 'gone' : 'arrived'}, ${since === null ? `by ${from}` : `on ${since}`}`,
    });
  }
  return found;
}

/** A status says nothing of a project before something else makes it a deal. */
function factsOfStatuses(facts: DealFacts): DatedFact[] {
  const first = firstDayOf(facts);
  if (first === null) return [];
  return facts.statuses.flatMap(({ asOf, status }): DatedFact[] => {
    if (status === 'suspended') return [];
    const on = asOf === sinceUnknown ? null : asOf;
    return [
      {
        of: 'status',
        from: asOf < first ? first : asOf,
        ...subjectOfStatus(facts.projectId, on),
        stage: stageOfStatus[status],
        ...{ on, by: on },
        text: `the project’s status is ${status}, ${on === null ? 'since a day that is not known' : `since ${on}`}`,
      },
    ];
  });
}

/** The status that a project was registered with is no entry of its own. */
function subjectOfStatus(projectId: string, on: CalendarDate | null) {
  return on === null
    ? ({ subjectType: 'project', subjectId: projectId } as const)
    : ({ subjectType: 'status', subjectId: `${projectId}/${on}` } as const);
}

function sinceText(on: CalendarDate | null, by: CalendarDate): string {
  return on === null ? `by ${by}` : `since ${on}`;
}
