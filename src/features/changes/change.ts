import type { Instant } from '../../shared/clock.ts';

export const changeActions = [
  'created',
  'replaced',
  'corrected',
  'withdrawn',
  'archived',
  'restored',
  'revoked',
] as const;
export type ChangeAction = (typeof changeActions)[number];

export const subjectTypes = [
  'organization',
  'project',
  'status',
  'report',
  'plan',
  'milestone',
  'party',
  'partyStage',
  'agreement',
  'amendment',
  'funding',
  'fundingAmount',
  'dealStage',
  'lightRules',
  'token',
] as const;
export type SubjectType = (typeof subjectTypes)[number];

/**
 * One entry of the record: who did what to which thing, and what it was before and after. Entries are only ever added,
 * in the same unit of work as the change that they tell of, so there is no change without its entry and no entry
 * without its change.
 */
export interface Change {
  /** Grows with every entry; the order in which the changes were made. */
  sequence: number;
  at: Instant;
  actorTokenId: string | null;
  actorName: string;
  action: ChangeAction;
  subjectType: SubjectType;
  /**
   * The thing's id; for a report, a status or the stage of a deal `<projectId>/<asOf>`; for a milestone, a party, an
   * agreement or a line of funding `<projectId>/<its id>`, and for what is said of one of them as of a day
   * `<projectId>/<its id>/<asOf>`, an amount `<projectId>/<fundingId>/<status>/<asOf>`; for a plan `<projectId>`, for
   * light rules `<organizationId>`.
   */
  subjectId: string;
  /** The organization whose matter it is; null for what belongs to none. */
  organizationId: string | null;
  reason: string | null;
  /** The thing as clients saw it before; null when it was made by this change. */
  before: unknown;
  after: unknown;
}
