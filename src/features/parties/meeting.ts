import type { DealMilestone, MeetingFact } from '../milestones/index.ts';
import type { DealStage, PartyStage } from './party.ts';

/** Which milestone of the template `deal` a party meets by coming to a stage. */
const metBy: Readonly<Record<DealStage, DealMilestone | null>> = {
  lead: 'lead',
  inTalks: 'talks',
  frameworkSigned: 'framework-agreement',
  contractSigned: 'contract',
  funded: 'funding-in-place',
  started: 'start',
  operating: 'completion',
  lapsed: null,
};

/** The milestone that a party's stage speaks of, met; null where there is none. */
export function meetingByStage({ partyId, stage, since, asOf }: PartyStage): MeetingFact | null {
  const milestone = metBy[stage];
  return milestone === null
    ? null
    : { milestone, on: since, by: asOf, because: `the party ${partyId}: ${stage}` };
}
