import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { Citation } from '../../shared/citation.ts';
import type { Instant } from '../../shared/clock.ts';
import type { SaidIn } from '../../shared/dated-statement.ts';
import type { SaidMoney } from '../../shared/qualified-money.ts';
import type { Qualifier } from '../../shared/qualified-value.ts';

/** How far money has come, the first one first; `withdrawn` is what its source has taken back. */
export const fundingStatuses = ['sought', 'committed', 'arrived', 'withdrawn'] as const;
export type FundingStatus = (typeof fundingStatuses)[number];

/** What a client says of a line of funding; every field present. At most one of the two sources is there. */
export interface FundingFacts {
  title: string;
  purpose: string | null;
  /** All amounts of the line are in it. */
  currency: string;
  sourceOrganizationId: string | null;
  /** A source that is none of our organizations. */
  sourceName: string | null;
  note: string | null;
  citation: Citation | null;
}

/**
 * One revision of a line of funding. It is never overwritten: a change is the next revision, and this one then carries in
 * `supersededAt` until when it was what we knew.
 */
export interface Funding extends FundingFacts {
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

/** What is said of how much was sought, committed, arrived or withdrawn by a day. Cumulative: it speaks of all until then. */
export interface FundingAmountFacts {
  /** The day on which the line came to that status, not after `asOf`; null where that is not known. */
  since: CalendarDate | null;
  /** Null where the amount is not known. */
  amountMinor: number | null;
  qualifier: Qualifier;
  /** The words in which the amount was said, to the letter; null when it was sent as a number. */
  stated: string | null;
  note: string | null;
  reason: string | null;
  citation: Citation | null;
}

/** One revision of what was said of a line and a status as of one day; a correction or a withdrawal is the next one. */
export interface FundingAmount extends FundingAmountFacts {
  projectId: string;
  fundingId: string;
  status: FundingStatus;
  asOf: CalendarDate;
  revision: number;
  recordedAt: Instant;
  recordedBy: string;
  supersededAt: Instant | null;
  withdrawn: boolean;
}

/** Which amount of which line. */
export interface AmountKey {
  projectId: string;
  fundingId: string;
  status: FundingStatus;
  asOf: CalendarDate;
}

/** What is said of an amount of a line in a currency. */
export type SaidOfAmount = SaidIn<FundingAmount>;

export interface FoundAmount {
  amount: FundingAmount;
  /** That of its line. */
  currency: string;
}

/** A line with all that was said of its amounts, of all days, as it was known at the moment that is asked about. */
export interface FoundLine {
  line: Funding;
  amounts: readonly FundingAmount[];
}

/** What is said of a line of a project, and with it of how much has come to a status. */
export interface SaidOfLine {
  projectId: string;
  id: string;
  facts: FundingFacts;
  reason: string | null;
  amount: SaidWithLine | null;
}

/** What a line's own body says of an amount. What is left out of it stays as it was said. */
export interface SaidWithLine {
  status: FundingStatus;
  /** The day that it speaks of; null: `since`, or else today. */
  asOf: CalendarDate | null;
  since?: CalendarDate | null;
  money?: SaidMoney;
  citation: Citation | null;
}

/** The day that is asked about, and the moment whose knowledge is asked for (null: now). */
export interface AnsweredQuestion {
  asOf: CalendarDate;
  knownAt: Instant | null;
}
