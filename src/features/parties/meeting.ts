import type { WriteUnit } from '../../database/index.ts';
import type { Actor } from '../../shared/actor.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import { type DealMilestone, tickMilestone } from '../milestones/index.ts';
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

/** Meets, once, the milestone that a party's stage speaks of. */
export async function meetMilestones(
  unit: WriteUnit,
  actor: Actor,
  { projectId, partyId, stage, since, asOf }: PartyStage,
  today: CalendarDate,
): Promise<void> {
  const milestone = metBy[stage];
  if (milestone === null) return;
  const fact = { on: since, by: asOf, because: `the party ${partyId}: ${stage}` };
  await tickMilestone(unit, actor, projectId, milestone, fact, today);
}
