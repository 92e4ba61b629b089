import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { Citation } from '../../shared/citation.ts';
import type { Instant } from '../../shared/clock.ts';
import type { Qualifier } from '../../shared/qualified-value.ts';

export const agreementTypes = ['framework', 'investment', 'construction', 'lease', 'other'] as const;
export type AgreementType = (typeof agreementTypes)[number];

/** What an agreement is worth, as it was said; all null where no value is known. */
export interface AgreedValue {
  valueMinor: number | null;
  valueCurrency: string | null;
  valueQualifier: Qualifier | null;
  /** The words in which it was said, to the letter; null when it was sent as a number. */
  valueStated: string | null;
}

/** What a client says of an agreement as it was signed; every field present. */
export interface AgreementFacts extends AgreedValue {
  type: AgreementType;
  title: string;
  /** Null where the day is not known. */
  signedOn: CalendarDate | null;
  /** The day by which it was signed at the latest; that of `signedOn` where it is known. */
  signedByDay: CalendarDate;
  effectiveOn: CalendarDate | null;
  endsOn: CalendarDate | null;
  partyIds: string[];
  documentUrl: string | null;
  note: string | null;
  citation: Citation | null;
}

/**
 * One revision of what is said of an agreement. What its parties change later is an {@link Amendment}, and no revision:
 * that is for what was written down wrongly here.
 */
export interface Agreement extends AgreementFacts {
  projectId: string;
  id: string;
  reason: string | null;
  revision: number;
  createdAt: Instant;
  archivedAt: Instant | null;
  recordedAt: Instant;
  recordedBy: string;
  supersededAt: Instant | null;
}

/** What the parties changed as of one day (a modification of OC4IDS); null leaves as it was what it does not speak of. */
export interface AmendmentFacts extends AgreedValue {
  rationale: string;
  /** What is now agreed otherwise than in time and value. */
  scope: string | null;
  effectiveOn: CalendarDate | null;
  endsOn: CalendarDate | null;
  documentUrl: string | null;
  reason: string | null;
  citation: Citation | null;
}

/** One revision of the amendment as of one day; a correction or a withdrawal is the next one. */
export interface Amendment extends AmendmentFacts {
  projectId: string;
  agreementId: string;
  asOf: CalendarDate;
  revision: number;
  recordedAt: Instant;
  recordedBy: string;
  supersededAt: Instant | null;
  withdrawn: boolean;
}

/** What is agreed on a day: what was signed, with what was changed by then. */
export interface Terms extends AgreedValue {
  effectiveOn: CalendarDate | null;
  endsOn: CalendarDate | null;
  documentUrl: string | null;
}

/** What an amendment speaks of (OC4IDS). */
export const modificationTypes = ['duration', 'value', 'scope'] as const;
export type ModificationType = (typeof modificationTypes)[number];

/** An amendment, with what was agreed until it and from it on. */
export interface Modification {
  amendment: Amendment;
  before: Terms;
  after: Terms;
}
