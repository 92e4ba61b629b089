import type { Database, ReadUnit } from '../../database/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { breather } from '../../shared/breather.ts';
import { type CalendarDate, dayOf } from '../../shared/calendar-date.ts';
import type { Instant } from '../../shared/clock.ts';
import { fieldError } from '../../shared/errors.ts';
import { askedDay, knownMoment } from '../../shared/known-moment.ts';
import { agreementsIn, amendmentsIn } from '../agreements/index.ts';
import { fundingAmountsIn, fundingIn } from '../funding/index.ts';
import { type DueMilestone, dueMilestonesIn } from '../milestones/index.ts';
import { partiesIn, partyStagesIn } from '../parties/index.ts';
import { knownStatuses, type NamedProject, type ProjectFilters, projectsAmong } from '../projects/index.ts';
import type { DealFacts } from './deal.ts';
import { projectsSpokenOf, setStages } from './store.ts';

/** Which deals are meant. */
export type DealFilters = Pick<ProjectFilters, 'within' | 'withinProject' | 'category' | 'tag' | 'q'>;

/** A project with all that was known of it as a deal at a moment. */
export interface KnownDeal {
  project: NamedProject;
  facts: DealFacts;
  /** Those that have a due date, by it. */
  milestones: readonly DueMilestone[];
}

/** The two clocks of a question. */
export interface Clocks {
  today: CalendarDate;
  asOf: CalendarDate;
  /** The moment by whose knowledge is answered; null: all that is known now. */
  knownAt: Instant | null;
}

/** @throws JinduError `future_date` */
export function clocksOf(
  unit: ReadUnit,
  asked: { asOf: CalendarDate | null; knownAt: string | null },
  timeZone: string,
): Clocks {
  const today = dayOf(unit.now, timeZone);
  const asOf = askedDay(asked.asOf, today);
  return { today, asOf, knownAt: knownMoment(asked.knownAt, unit.now) };
}

/** So many projects are read before others have their turn. */
const projectsAtATime = 100;

/** As much as one answer is to cost: every fact of each is read. */
const dealsAtMost = 20_000;

/**
 * The projects that anything makes a deal, by their ids, some at a time: each read is a unit of its own, so that a wide
 * question keeps nobody waiting; a deal is met once, as it is known at that moment. What is archived now is left out.
 * @throws JinduError `unprocessable` where they are too many
 */
export async function* dealsIn(
  database: Database,
  actor: Actor,
  filters: DealFilters,
  { knownAt, today }: Clocks,
): AsyncGenerator<KnownDeal[]> {
  const breathe = breather();
  const asker = { visibleWithin: actor.organizationId, today };
  let afterId: string | null = null;
  let all = 0;
  for (;;) {
    const { ids, deals }: { ids: string[]; deals: KnownDeal[] } = await database.read(async (unit) => {
      const spokenOf = await projectsSpokenOf(unit, afterId, projectsAtATime);
      const meant = await projectsAmong(unit, spokenOf, { ...filters, archived: false }, asker);
      return { ids: spokenOf, deals: await knownDeals(unit, meant, knownAt) };
    });
    all += deals.length;
    if (all > dealsAtMost) throw tooWide();
    yield deals;
    if (ids.length < projectsAtATime) return;
    afterId = ids.at(-1) ?? null;
    await breathe();
  }
}

/** What was known of these projects at a moment (null: now). At most some hundred. */
export async function knownDeals(
  unit: ReadUnit,
  projects: readonly NamedProject[],
  knownAt: Instant | null,
): Promise<KnownDeal[]> {
  if (projects.length === 0) return [];
  const ids = projects.map(({ id }) => id);
  const known = {
    parties: byProject(await partiesIn(unit, ids, knownAt)),
    partyStages: byProject(await partyStagesIn(unit, ids, knownAt)),
    agreements: byProject(await agreementsIn(unit, ids, knownAt)),
    amendments: byProject(await amendmentsIn(unit, ids, knownAt)),
    funding: byProject(await fundingIn(unit, ids, knownAt)),
    amounts: byProject(await fundingAmountsIn(unit, ids, knownAt)),
    setStages: byProject(await setStages.inForceIn(unit, ids, null, knownAt)),
    statuses: byProject(await knownStatuses(unit, ids, knownAt)),
    milestones: byProject(await dueMilestonesIn(unit, ids, knownAt)),
  };
  return projects.map((project) => {
    const { id } = project;
    const [parties, agreements, funding] = [known.parties(id), known.agreements(id), known.funding(id)];
    const [hasParty, hasAgreement, hasLine] = [idsOf(parties), idsOf(agreements), idsOf(funding)];
    const facts = {
      projectId: id,
      ...{ parties, agreements, funding },
      // What is said of something that is archived counts no more than that itself.
      partyStages: known.partyStages(id).filter(({ partyId }) => hasParty.has(partyId)),
      amendments: known.amendments(id).filter(({ agreementId }) => hasAgreement.has(agreementId)),
      amounts: known.amounts(id).filter(({ fundingId }) => hasLine.has(fundingId)),
      setStages: known.setStages(id),
      statuses: known.statuses(id),
    };
    return { project, facts, milestones: known.milestones(id) };
  });
}

function idsOf(things: readonly { id: string }[]): ReadonlySet<string> {
  return new Set(things.map(({ id }) => id));
}

function byProject<Row extends { projectId: string }>(rows: readonly Row[]): (id: string) => Row[] {
  const grouped = Map.groupBy(rows, ({ projectId }) => projectId);
  return (id) => grouped.get(id) ?? [];
}

function tooWide() {
  const most = dealsAtMost.toLocaleString('en');
  return fieldError(
    'unprocessable',
    '?within',
    'too_wide',
    `must name less: a question reads at most ${most} deals`,
  );
}
