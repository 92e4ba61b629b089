import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { Instant } from '../../shared/clock.ts';
import { fieldError, JinduError, notYet } from '../../shared/errors.ts';
import { revisedThing } from '../../shared/revised-thing.ts';
import type {
  Agreement,
  AgreementFacts,
  Amendment,
  AmendmentFacts,
  Modification,
  ModificationType,
  Terms,
} from './agreement.ts';

/** How many agreements a project may have in use. */
export const mostAgreements = 200;

/** How many amendments of one agreement may be in force. */
export const mostAmendments = 100;

/** What is agreed on a day: what was signed, with the amendments up to that day folded over it. */
export function termsOn(agreement: Agreement, amendments: readonly Amendment[], day: CalendarDate): Terms {
  return modificationsOn(agreement, amendments, day).at(-1)?.after ?? signedTerms(agreement);
}

/**
 * The amendments of an agreement up to a day, by day, each with what it changed. Those of others, later ones and those
 * that were withdrawn may be among what is given; the order in which it is given, or was recorded, does not matter.
 */
export function modificationsOn(
  agreement: Agreement,
  amendments: readonly Amendment[],
  day: CalendarDate,
): Modification[] {
  const inForce = amendments
    .filter((each) => isOf(agreement, each) && !each.withdrawn && each.asOf <= day)
    .sort((one, other) => (one.asOf < other.asOf ? -1 : 1));
  let before = signedTerms(agreement);
  return inForce.map((amendment) => {
    const modification = { amendment, before, after: amended(before, amendment) };
    before = modification.after;
    return modification;
  });
}

/** Whether it was surely signed by a day. */
export function isSignedOn({ signedByDay }: Agreement, day: CalendarDate): boolean {
  return signedByDay <= day;
}

/** What an amendment speaks of; nothing where only its rationale, or its document, is known. */
export function typesOf({ effectiveOn, endsOn, valueMinor, scope }: AmendmentFacts): ModificationType[] {
  const types: ModificationType[] = [];
  if (effectiveOn !== null || endsOn !== null) types.push('duration');
  if (valueMinor !== null) types.push('value');
  if (scope !== null) types.push('scope');
  return types;
}

function isOf({ projectId, id }: Agreement, amendment: Amendment): boolean {
  return amendment.agreementId === id && amendment.projectId === projectId;
}

function signedTerms(agreement: Agreement): Terms {
  const { effectiveOn, endsOn, documentUrl } = agreement;
  return { effectiveOn, endsOn, documentUrl, ...valueIn(agreement) };
}

function amended(terms: Terms, amendment: Amendment): Terms {
  return {
    effectiveOn: amendment.effectiveOn ?? terms.effectiveOn,
    endsOn: amendment.endsOn ?? terms.endsOn,
    documentUrl: amendment.documentUrl ?? terms.documentUrl,
    // A figure is said whole: the bound of one is not that of another.
    ...valueIn(amendment.valueMinor === null ? terms : amendment),
  };
}

function valueIn({ valueMinor, valueCurrency, valueQualifier, valueStated }: Terms | AmendmentFacts) {
  return { valueMinor, valueCurrency, valueQualifier, valueStated };
}

/** What is sent of an agreement: the day by which it was signed may be left to us. */
export type SentAgreement = Omit<AgreementFacts, 'signedByDay'> & { signedByDay: CalendarDate | null };

/** What is said of which agreement, when, and by whom. */
export interface Saying {
  projectId: string;
  id: string;
  sent: SentAgreement;
  /** Why it changes; no fact of the agreement, so that the same facts again are the same for whatever reason. */
  reason: string | null;
  now: Instant;
  today: CalendarDate;
  recordedBy: string;
}

/**
 * The agreement after something is said of it: a first revision, the next one, or, where nothing differs, the very same
 * object.
 * @throws JinduError `archived`, `future_date`, `unprocessable`
 */
export function revised(previous: Agreement | null, saying: Saying): Agreement {
  const { projectId, id, sent, reason, now, today, recordedBy } = saying;
  assertSignedWhenSaid(sent, today);
  if (previous !== null) assertAgreementInUse(previous);
  const facts: AgreementFacts = {
    ...sent,
    signedByDay: signedByDay(sent, previous, today),
    partyIds: inKnownOrder(sent.partyIds, previous),
  };
  return revisedThing(previous, { projectId, id }, facts, { reason, now, recordedBy });
}

/** @throws JinduError `archived` */
export function assertAgreementInUse({ id, archivedAt }: Agreement): void {
  if (archivedAt !== null)
    throw new JinduError('archived', `the agreement ${id} is archived: restore it first`);
}

/**
 * Where nobody says by which day it was signed, it is the day on which we are told; and it stays that one when the same is
 * said again.
 */
function signedByDay(sent: SentAgreement, previous: Agreement | null, today: CalendarDate): CalendarDate {
  const isSaidAgain = previous !== null && previous.signedOn === sent.signedOn;
  return sent.signedOn ?? sent.signedByDay ?? (isSaidAgain ? previous.signedByDay : today);
}

/** The order in which parties are told says nothing. */
function inKnownOrder(partyIds: string[], previous: Agreement | null): string[] {
  if (previous === null || previous.partyIds.length !== partyIds.length) return partyIds;
  return partyIds.every((id) => previous.partyIds.includes(id)) ? previous.partyIds : partyIds;
}

function assertSignedWhenSaid({ signedOn, signedByDay }: SentAgreement, today: CalendarDate): void {
  if (signedOn !== null && signedOn > today) throw notYet('/signedOn', signedOn, today);
  if (signedByDay !== null && signedByDay > today) throw notYet('/signedByDay', signedByDay, today);
  if (signedOn !== null && signedByDay !== null && signedOn !== signedByDay) {
    throw fieldError(
      'unprocessable',
      '/signedByDay',
      'same_day',
      `must be signedOn, ${signedOn}, or be left out: the day is known`,
    );
  }
}

/**
 * The parties that an agreement names must be of its project, and in use.
 * @param unknown those of them that are not
 * @throws JinduError `unknown_party`, which names every one that is none
 */
export function assertPartiesKnown(partyIds: readonly string[], unknown: readonly string[]): void {
  if (unknown.length === 0) return;
  throw new JinduError(
    'unknown_party',
    `the project has no party ${unknown.join(', ')} in use`,
    unknown.map((id) => ({
      pointer: `/partyIds/${partyIds.indexOf(id)}`,
      code: 'unknown_party',
      message: 'must be the id of a party of the project that is in use',
    })),
  );
}

/**
 * Nothing is amended before it was signed.
 * @param pointer where the day is that is written: that of the amendment, or of the signing
 * @throws JinduError `unprocessable`
 */
export function assertSignedBeforeAmended(
  agreement: Agreement,
  amendments: readonly Amendment[],
  pointer: string,
): void {
  const first = modificationsOn(agreement, amendments, lastDay)[0]?.amendment.asOf;
  if (first === undefined || first >= agreement.signedByDay) return;
  const message =
    pointer === '{asOf}'
      ? `must not be before ${agreement.signedByDay}, by which the agreement was signed`
      : `must not be later than ${first}, the day of an amendment`;
  throw fieldError('unprocessable', pointer, 'signing', message);
}

/**
 * An agreement has one currency, in what was signed and in every amendment.
 * @param written the amendment that is written; null: the agreement is
 * @throws JinduError `currency_mixed`
 */
export function assertOneCurrency(
  agreement: Agreement,
  amendments: readonly Amendment[],
  written: Amendment | null,
): void {
  const sent = written === null ? agreement.valueCurrency : written.valueCurrency;
  const others = [
    ...(written === null ? [] : [{ currency: agreement.valueCurrency, of: 'the agreement' }]),
    ...modificationsOn(agreement, amendments, lastDay)
      .filter(({ amendment }) => amendment.asOf !== written?.asOf)
      .map(({ amendment }) => ({
        currency: amendment.valueCurrency,
        of: `the amendment of ${amendment.asOf}`,
      })),
  ];
  const other = others.find(({ currency }) => currency !== null && currency !== sent);
  if (sent === null || other === undefined) return;
  throw fieldError(
    'currency_mixed',
    '/value/currency',
    'currency_mixed',
    `must be ${other.currency}, as in ${other.of}`,
  );
}

/**
 * On no day do the terms end before they begin.
 * @param pointer where in the request that is to be put right
 * @throws JinduError `unprocessable`
 */
export function assertEndsAfterBeginning(
  agreement: Agreement,
  amendments: readonly Amendment[],
  pointer: string,
): void {
  const amendedTerms = modificationsOn(agreement, amendments, lastDay).map(({ amendment, after }) => ({
    terms: after,
    since: ` from ${amendment.asOf} on`,
  }));
  for (const { terms, since } of [{ terms: signedTerms(agreement), since: '' }, ...amendedTerms]) {
    const { effectiveOn, endsOn } = terms;
    if (effectiveOn === null || endsOn === null || endsOn >= effectiveOn) continue;
    throw new JinduError('unprocessable', `it would end on ${endsOn}${since}, before it begins`, [
      { pointer, code: 'period', message: `must let it end on ${effectiveOn} or later${since}` },
    ]);
  }
}

/** After every day that is said. */
const lastDay: CalendarDate = '9999-12-31';
