import type { DealMilestone, MeetingFact } from '../milestones/index.ts';
import type { Agreement, AgreementType } from './agreement.ts';

/** The milestone of a deal that is met once an agreement of the type is signed. */
const metBy: Readonly<Record<AgreementType, DealMilestone | null>> = {
  framework: 'framework-agreement',
  investment: 'contract',
  construction: 'contract',
  lease: 'contract',
  other: null,
};

/** The milestone that an agreement speaks of by being signed, met; null where there is none. */
export function meetingByAgreement({ id, type, signedOn, signedByDay }: Agreement): MeetingFact | null {
  const milestone = metBy[type];
  return milestone === null
    ? null
    : { milestone, on: signedOn, by: signedByDay, because: `the agreement ${id} is signed` };
}
