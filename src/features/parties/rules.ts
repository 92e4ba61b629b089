import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { Instant } from '../../shared/clock.ts';
import { inForceOn, revisedStatement, type SaidIn } from '../../shared/dated-statement.ts';
import { fieldError, JinduError, notYet } from '../../shared/errors.ts';
import {
  type DealStage,
  dealStages,
  type KnownParty,
  type Party,
  type PartyFacts,
  type PartyStage,
} from './party.ts';

/** How many parties a project may have in use. */
export const mostParties = 200;

/** What of a statement says where a party was, and when. */
export type StageThen = Pick<PartyStage, 'asOf' | 'since' | 'stage'>;

/** Of statements that are in force, the one that says where the party was on a day. */
export function stageOn<Statement extends StageThen>(
  statements: readonly Statement[],
  day: CalendarDate,
): Statement | null {
  return inForceOn(statements, day);
}

/** Since when a party is in the stage that it is in on a day. */
export interface InStage {
  stage: DealStage;
  /** The day on which it came to it, as far as anybody said; null where that is not known. */
  since: CalendarDate | null;
  /** The day by which it had come to it at the latest. */
  by: CalendarDate;
}

/**
 * The stage on a day, and since when it is that one: a statement that repeats the stage without a day does not take away
 * the day that was said before. Null before the first statement.
 */
export function inStageOn(statements: readonly StageThen[], day: CalendarDate): InStage | null {
  const line = timeLineOf(statements).filter((point) => point.day <= day);
  const last = line.at(-1);
  if (last === undefined) return null;
  const { stage } = last.statement;
  const first = line[line.findLastIndex((point) => point.statement.stage !== stage) + 1] ?? last;
  const since = last.statement.since ?? first.statement.since;
  return { stage, since, by: since !== null && since < first.day ? since : first.day };
}

/** A day from which on a statement holds: the one on which the party came to the stage, or the one it speaks of. */
interface Point<Statement> {
  day: CalendarDate;
  statement: Statement;
}

function timeLineOf<Statement extends StageThen>(statements: readonly Statement[]): Point<Statement>[] {
  const points = statements.flatMap((statement) => {
    const { since, asOf } = statement;
    const said = { day: asOf, statement };
    return since === null || since === asOf ? [said] : [{ day: since, statement }, said];
  });
  return points.sort((one, other) => {
    const [a, b] = one.day === other.day ? [one.statement.asOf, other.statement.asOf] : [one.day, other.day];
    return a < b ? -1 : a > b ? 1 : 0;
  });
}

/** Whether a party is there on a day: one that is told apart from unnamed ones is there from that day on. */
export function isThereOn({ splitOn }: Pick<Party, 'splitOn'>, day: CalendarDate): boolean {
  return splitOn === null || splitOn <= day;
}

/** Whether it stands for companies that nobody has named. */
export function isUnnamed({ organizationId, name }: Pick<Party, 'organizationId' | 'name'>): boolean {
  return organizationId === null && name === null;
}

type Split = Pick<Party, 'splitFrom' | 'splitOn'>;

/**
 * How many of a party's companies are still unnamed on a day: its count, without those told apart from it by then. Null
 * where the count is not known, and of a party that has a name.
 * @param others the parties of the project that are in use
 */
export function unnamedOn(
  party: Pick<Party, 'id' | 'organizationId' | 'name'>,
  others: readonly Split[],
  statements: readonly (StageThen & Pick<PartyStage, 'count'>)[],
  day: CalendarDate,
): number | null {
  const count = stageOn(statements, day)?.count ?? null;
  if (!isUnnamed(party) || count === null) return null;
  return count - splitOff(party, others, day);
}

function splitOff({ id }: Pick<Party, 'id'>, others: readonly Split[], day: CalendarDate): number {
  return others.filter(({ splitFrom, splitOn }) => splitFrom === id && splitOn !== null && splitOn <= day)
    .length;
}

/**
 * On no day may more be told apart from a party than it stands for.
 * @param pointer where in the request it was said that would make it so
 * @throws JinduError `unprocessable`
 */
export function assertEnoughUnnamed(
  party: Pick<Party, 'id'>,
  others: readonly Split[],
  statements: readonly (StageThen & Pick<PartyStage, 'count'>)[],
  pointer: string,
): void {
  const days = [
    ...others.flatMap(({ splitFrom, splitOn }) => (splitFrom === party.id && splitOn ? [splitOn] : [])),
    ...timeLineOf(statements).map(({ day }) => day),
  ];
  for (const day of days) {
    const count = stageOn(statements, day)?.count ?? 0;
    const named = splitOff(party, others, day);
    if (named <= count) continue;
    const message = `must leave ${party.id} as many companies as are told apart from it: ${named} of ${count} on ${day}`;
    throw new JinduError('unprocessable', `${named} are told apart from ${party.id}, which has ${count}`, [
      { pointer, code: 'too_many_named', message },
    ]);
  }
}

/**
 * A party does not go back from a stage unless somebody says why, and one that has lapsed is beyond all others. The reason
 * is that of the statement that goes back, or, where what is said now makes a later one go back, that of what is said now.
 * @param others what else is in force of the party
 * @throws JinduError `stage_goes_back`
 */
export function assertDoesNotGoBack(
  said: StageThen & Pick<PartyStage, 'reason'>,
  others: readonly (StageThen & Pick<PartyStage, 'reason'>)[],
): void {
  if (said.reason !== null) return;
  const line = timeLineOf([...others, said]);
  for (const [index, { statement, day }] of line.entries()) {
    const before = line[index - 1];
    if (before === undefined) continue;
    const { statement: earlier } = before;
    const isSaid = statement === said || earlier === said;
    if (!isSaid || statement.reason !== null || isNotBehind(statement.stage, earlier.stage)) continue;
    const detail = `${statement.stage} on ${day} goes back from ${earlier.stage} of ${before.day}`;
    throw new JinduError('stage_goes_back', `${detail} without a reason`, [
      { pointer: '/reason', code: 'required', message: 'is required where a party goes back to a stage' },
    ]);
  }
}

function isNotBehind(stage: DealStage, earlier: DealStage): boolean {
  return dealStages.indexOf(stage) >= dealStages.indexOf(earlier);
}

/** @throws JinduError `archived` */
export function assertPartyInUse({ id, archivedAt }: Pick<Party, 'id' | 'archivedAt'>): void {
  if (archivedAt !== null) throw new JinduError('archived', `the party ${id} is archived: restore it first`);
}

/**
 * Who is not named stays so: their history counts companies. One of them that gets a name is a party of its own, told
 * apart from them.
 * @throws JinduError `unprocessable`
 */
export function assertStaysNamed(present: PartyFacts | null, next: PartyFacts): void {
  if (present === null || isUnnamed(present) === isUnnamed(next)) return;
  const message = isUnnamed(next)
    ? 'must stay there, be it another: a party that has a name is not one of several without'
    : 'must be left out: one of several that are not named is a party of its own, with splitFrom';
  throw fieldError(
    'unprocessable',
    next.organizationId === null ? '/name' : '/organizationId',
    'named',
    message,
  );
}

/**
 * How many they are is said of those who are not named, with where they are, and of nobody else.
 * @throws JinduError `validation_failed`, `unprocessable`
 */
export function assertCounted(
  party: Pick<Party, 'organizationId' | 'name'>,
  { count }: Pick<PartyStage, 'count'>,
): void {
  if (isUnnamed(party) && count === null) throw missing('/count');
  if (!isUnnamed(party) && count !== null)
    throw fieldError('unprocessable', '/count', 'named', 'must be left out: a party that is named is one');
}

/** @throws JinduError `validation_failed` for a new party that neither is named nor says how many it stands for */
export function assertNamedOrCounted(
  party: Pick<Party, 'organizationId' | 'name'>,
  isCounted: boolean,
): void {
  if (isUnnamed(party) && !isCounted) throw missing('/count');
}

function missing(pointer: string): JinduError {
  const message = 'is required with a stage, at least 1, of a party without organizationId and name';
  return fieldError('validation_failed', pointer, 'required', message);
}

/**
 * A party is told apart from one that is in use and stands for companies without a name, and has a name itself.
 * @param source the party that `splitFrom` names, if there is one
 * @throws JinduError `unprocessable`, `future_date`
 */
export function assertSplits(party: Party, source: Party | null, today: CalendarDate): void {
  const { splitFrom, splitOn } = party;
  if (source === null || source.archivedAt !== null) {
    throw new JinduError('unprocessable', `there is no party ${splitFrom} in use`, [
      { pointer: '/splitFrom', code: 'unknown_party', message: 'must be a party of the project in use' },
    ]);
  }
  if (!isUnnamed(source)) {
    const message = `must be a party of companies that are not named: ${source.id} has a name`;
    throw fieldError('unprocessable', '/splitFrom', 'named', message);
  }
  if (isUnnamed(party))
    throw fieldError('unprocessable', '/splitFrom', 'named', 'must be left out of a party without a name');
  if (splitOn !== null && splitOn > today) throw notYet('/splitOn', splitOn, today);
}

/** The facts with the day of the split, where nobody said it: the one it had, or else the day that is spoken of. */
export function withDayOfSplit(
  { facts, asOf }: { facts: PartyFacts; asOf: CalendarDate | null },
  present: Party | null,
  today: CalendarDate,
): PartyFacts {
  if (facts.splitFrom === null || facts.splitOn !== null) return facts;
  const isSame = present !== null && present.splitFrom === facts.splitFrom;
  return { ...facts, splitOn: isSame ? present.splitOn : (asOf ?? today) };
}

/**
 * The statement that what is said of a party comes to; null where it says what is in force on its day. A stage that is
 * said without a day agrees with whatever day is known.
 * @param present the current revision of the statement of that day
 */
export function stageSaid(
  statements: readonly PartyStage[],
  present: PartyStage | null,
  said: Omit<SaidIn<PartyStage>, 'note'>,
  now: Instant,
  recordedBy: string,
): PartyStage | null {
  const { stage, since, count, asOf } = said;
  const isSince = since === null || since === inStageOn(statements, asOf)?.since;
  const inForce = stageOn(statements, asOf);
  if (inForce?.stage === stage && inForce.count === count && isSince) return null;
  const repeats = present !== null && !present.withdrawn && present.stage === stage;
  const whole = repeats
    ? { ...said, since: since ?? present.since, note: present.note }
    : { ...said, note: null };
  return revisedStatement(present, whole, now, recordedBy).statement;
}

/**
 * Where a party is said to be must go with what else is known of it.
 * @throws JinduError `validation_failed`, `unprocessable`, `stage_goes_back`
 */
export function assertStageFits({ party, statements, others }: KnownParty, said: PartyStage): void {
  assertCounted(party, said);
  const rest = statements.filter(({ asOf }) => asOf !== said.asOf);
  assertDoesNotGoBack(said, rest);
  if (isUnnamed(party)) assertEnoughUnnamed(party, others, [...rest, said], '/count');
}

/** @throws JinduError `unprocessable` */
export function assertRoomFor(inUse: readonly Party[]): void {
  if (inUse.length < mostParties) return;
  throw new JinduError('unprocessable', `the project has ${mostParties} parties: archive one first`);
}
