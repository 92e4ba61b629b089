import type { ReadUnit, WriteUnit } from '../../database/index.ts';
import type { Actor } from '../../shared/actor.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import { agreementsIn, meetingByAgreement } from '../agreements/index.ts';
import { fundingAmountsIn, fundingIn, meetingByAmount } from '../funding/index.ts';
import { type MeetingFact, tickMilestone } from '../milestones/index.ts';
import { meetingByStage, partiesIn, partyStagesIn } from '../parties/index.ts';

/**
 * Meets what is new, or in use again, of a project's milestones by what is known of the deal already, as later facts would:
 * each once, by the fact that came about first.
 * @throws JinduError `not_found`, `archived` of the project
 */
export async function meetByKnownFacts(
  unit: WriteUnit,
  actor: Actor,
  projectId: string,
  milestoneIds: readonly string[],
  today: CalendarDate,
): Promise<void> {
  const facts = (await meetingFactsOf(unit, projectId)).filter(({ milestone }) =>
    milestoneIds.includes(milestone),
  );
  for (const some of Map.groupBy(facts, ({ milestone }) => milestone).values()) {
    const [first] = some.sort(earliestFirst);
    if (first !== undefined) await tickMilestone(unit, actor, projectId, first, today);
  }
}

/** By what is in use and in force. */
async function meetingFactsOf(unit: ReadUnit, projectId: string): Promise<MeetingFact[]> {
  const partyIds = new Set((await partiesIn(unit, [projectId], null)).map(({ id }) => id));
  const stages = await partyStagesIn(unit, [projectId], null);
  const lines = new Map((await fundingIn(unit, [projectId], null)).map((line) => [line.id, line]));
  const amounts = await fundingAmountsIn(unit, [projectId], null);
  const found = [
    ...(await agreementsIn(unit, [projectId], null)).map(meetingByAgreement),
    ...stages.map((stage) => (partyIds.has(stage.partyId) ? meetingByStage(stage) : null)),
    ...amounts.map((amount) => {
      const line = lines.get(amount.fundingId);
      return line === undefined ? null : meetingByAmount(line, amount);
    }),
  ];
  return found.filter((fact) => fact !== null);
}

/** A day that is known says more than one by which it was so. */
function earliestFirst(one: MeetingFact, other: MeetingFact): number {
  const [a, b] = [one.on ?? one.by, other.on ?? other.by];
  if (a !== b) return a < b ? -1 : 1;
  return (one.on === null ? 1 : 0) - (other.on === null ? 1 : 0);
}
