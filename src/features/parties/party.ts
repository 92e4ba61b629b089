import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { Citation } from '../../shared/citation.ts';
import type { Instant } from '../../shared/clock.ts';

/** The roles of OC4IDS in which a party may take part in a project. */
export const partyRoles = [
  'interestedParty',
  'supplier',
  'tenderer',
  'funder',
  'buyer',
  'procuringEntity',
  'payer',
  'payee',
  'publicAuthority',
  'administrativeEntity',
  'reviewBody',
  'independentMonitor',
] as const;
export type PartyRole = (typeof partyRoles)[number];

/** How far a party has come, the first one first; one that is `lapsed` has left the deal from whichever it was in. */
export const dealStages = [
  'lead',
  'inTalks',
  'frameworkSigned',
  'contractSigned',
  'funded',
  'started',
  'operating',
  'lapsed',
] as const;
export type DealStage = (typeof dealStages)[number];

/** What a client says of a party; every field present. At most one of `organizationId` and `name` is there. */
export interface PartyFacts {
  /** Null, with `name` null too: it stands for companies that are not named, as many as its stages say. */
  organizationId: string | null;
  name: string | null;
  role: PartyRole;
  /** The party of unnamed companies of which this one was one until it was named. */
  splitFrom: string | null;
  /** The day from which it is told apart from them; null where it never was one of them. */
  splitOn: CalendarDate | null;
  note: string | null;
  citation: Citation | null;
}

/**
 * One revision of a party to a project. It is never overwritten: a change is the next revision, and this one then carries
 * in `supersededAt` until when it was what we knew.
 */
export interface Party extends PartyFacts {
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

/** What is said of where a party was on a day. */
export interface PartyStageFacts {
  stage: DealStage;
  /** The day on which it came to that stage, not after `asOf`; null where that is not known. */
  since: CalendarDate | null;
  /** How many companies it stood for, where they are not named; null for a party that is. */
  count: number | null;
  note: string | null;
  reason: string | null;
  citation: Citation | null;
}

/** One revision of what was said of a party as of one day; a correction or a withdrawal is the next one. */
export interface PartyStage extends PartyStageFacts {
  projectId: string;
  partyId: string;
  asOf: CalendarDate;
  revision: number;
  recordedAt: Instant;
  recordedBy: string;
  supersededAt: Instant | null;
  withdrawn: boolean;
}

/** A party with what else is needed to say how it was on a day. */
export interface KnownParty {
  party: Party;
  /** What is in force of where it was. */
  statements: readonly PartyStage[];
  /** The parties of its project that are in use. */
  others: readonly Party[];
}
