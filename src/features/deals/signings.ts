import type { Addend } from '../../formulas/money-sum.ts';
import { greaterValue, signedIncrement, type Worth } from '../../formulas/signed-increment.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import { minorIntervalOf } from '../../shared/qualified-money.ts';
import { type Agreement, termsOn } from '../agreements/index.ts';
import type { DatedFact } from './course.ts';
import type { DealFacts } from './deal.ts';
import { rankOf, stageOfAgreement } from './rules.ts';
import { stageFactsOf } from './stage-facts.ts';

/** What was signed is worth, by currency. */
export type Values = ReadonlyMap<string, Worth>;

/** What a deal adds to what was signed within a span of days. */
export interface Signing {
  /** Whether its first signing lies within; if not, it was before. */
  isFirst: boolean;
  /** Of a first one: whether its day is known, and not only the one by which it was. */
  isDayKnown: boolean;
  /** What it was worth on the day of its first signing, where that lies within; empty where nobody says. */
  first: Values;
  /** By how much that has grown since, or since the beginning of the span. */
  increments: Values;
}

/**
 * What a deal adds within (`after`, `upTo`]: a deal counts once, at its first signing; what it signs later counts by what
 * it is worth more. Null where it has signed nothing by then.
 * @param after null: from the beginning
 */
export function signingWithin(
  facts: DealFacts,
  after: CalendarDate | null,
  upTo: CalendarDate,
): Signing | null {
  const signed = firstSigning(facts);
  if (signed === null || signed.from > upTo) return null;
  const isFirst = after === null || signed.from > after;
  const greatest = new Map<string, Worth>();
  const first = new Map<string, Worth>();
  const increments = new Map<string, Worth>();
  for (const { day, currency, value } of valuesSigned(facts)) {
    if (day > upTo) continue;
    const increment = signedIncrement(greatest.get(currency), value);
    greatest.set(currency, greaterValue(greatest.get(currency), value));
    if (day <= signed.from) first.set(currency, greatest.get(currency) ?? value);
    else if (increment !== null && (after === null || day > after))
      increments.set(currency, both(increments.get(currency), increment));
  }
  return {
    ...{ isFirst, isDayKnown: isFirst && signed.on !== null },
    ...{ first: isFirst ? first : new Map(), increments },
  };
}

/** A value that an agreement came to have on a day, by its signing or by an amendment. */
interface SignedValue {
  day: CalendarDate;
  currency: string;
  value: Worth;
}

/** Every value that was ever signed, by day; an amendment that speaks of none is none. */
function valuesSigned({ agreements, amendments }: DealFacts): SignedValue[] {
  const found = agreements.filter(isSigning).flatMap((agreement) => {
    const { id, signedByDay } = agreement;
    const amended = amendments.filter(
      ({ agreementId, asOf, valueMinor }) => agreementId === id && asOf > signedByDay && valueMinor !== null,
    );
    return [signedByDay, ...amended.map(({ asOf }) => asOf)].flatMap((day) => {
      const signed = valueOn(agreement, amendments, day);
      return signed === null ? [] : [{ day, ...signed }];
    });
  });
  return found.sort((one, other) => (one.day === other.day ? 0 : one.day < other.day ? -1 : 1));
}

function valueOn(
  agreement: Agreement,
  amendments: DealFacts['amendments'],
  day: CalendarDate,
): Omit<SignedValue, 'day'> | null {
  const { valueMinor, valueCurrency, valueQualifier } = termsOn(agreement, amendments, day);
  if (valueMinor === null || valueCurrency === null) return null;
  const qualifier = valueQualifier ?? 'exact';
  const value = {
    ...minorIntervalOf({ amountMinor: valueMinor, qualifier }),
    isAbout: qualifier === 'about',
  };
  return { currency: valueCurrency, value };
}

function both(one: Worth | undefined, other: Worth): Worth {
  if (one === undefined) return other;
  return {
    lowMinor: one.lowMinor + other.lowMinor,
    highMinor: one.highMinor === null || other.highMinor === null ? null : one.highMinor + other.highMinor,
    isAbout: one.isAbout || other.isAbout,
  };
}

/**
 * What the agreements that were signed by a day are worth on it: of each currency the greatest, which the others are part
 * of; empty where no value is known. Null where none was signed.
 */
export function signedValuesOn({ agreements, amendments }: DealFacts, day: CalendarDate): Values | null {
  const signed = agreements.filter((each) => isSigning(each) && each.signedByDay <= day);
  if (signed.length === 0) return null;
  const values = new Map<string, Worth>();
  for (const agreement of signed) {
    const own = valueOn(agreement, amendments, day);
    if (own !== null) values.set(own.currency, greaterValue(values.get(own.currency), own.value));
  }
  return values;
}

/** As one of the amounts of a sum. */
export function addendOf({ lowMinor, highMinor, isAbout }: Worth): Addend {
  return { lowMinor, highMinor, amountMinor: lowMinor, qualifier: isAbout ? 'about' : null };
}

/** By an agreement, or by a party of which it is said that it has signed. */
function firstSigning(facts: DealFacts): DatedFact | null {
  const signed = stageFactsOf(facts).filter(
    ({ subjectType, stage }) =>
      (subjectType === 'agreement' || subjectType === 'partyStage') &&
      stage !== null &&
      stage !== 'lapsed' &&
      rankOf(stage) >= rankOf('frameworkSigned'),
  );
  return (
    signed.sort((one, other) => {
      if (one.from !== other.from) return one.from < other.from ? -1 : 1;
      return (one.on === null ? 1 : 0) - (other.on === null ? 1 : 0);
    })[0] ?? null
  );
}

function isSigning({ type }: Agreement): boolean {
  return stageOfAgreement[type] !== null;
}
