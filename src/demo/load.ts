import type { Database, WriteUnit } from '../database/index.ts';
import {
  agreementSchemas,
  amendmentSchemas,
  putAgreement,
  putAmendment,
} from '../features/agreements/index.ts';
import { fundingSchemas, putAmount, putFunding, saidOfAmount } from '../features/funding/index.ts';
import { lightRuleSchemas, putLightRules } from '../features/light-rules/index.ts';
import { milestoneSchemas, putMilestone } from '../features/milestones/index.ts';
import { organizationSchemas, putOrganization } from '../features/organizations/index.ts';
import { partyBodies, putParty } from '../features/parties/index.ts';
import { illustrativeTag } from '../features/pictures/index.ts';
import { planSchemas, putPlan } from '../features/plans/index.ts';
import { bringKeptUpToDate } from '../features/progress/index.ts';
import {
  changeProject,
  factsOf,
  getProject,
  type Project,
  projectSchemas,
  putProject,
  putStatus,
  settleRulesWithin,
} from '../features/projects/index.ts';
import { putReport, reportSchemas } from '../features/reports/index.ts';
import type { Actor } from '../shared/actor.ts';
import { type CalendarDate, dayOf } from '../shared/calendar-date.ts';
import { JinduError } from '../shared/errors.ts';
import { type Expectation, noExpectation } from '../shared/expectation.ts';
import {
  illustrativeAgreements,
  illustrativeAmendments,
  illustrativeAmounts,
  illustrativeDeal,
  illustrativeFunding,
  illustrativeLightRules,
  illustrativeParties,
  illustrativePeriods,
  illustrativePlans,
} from './illustrative.ts';
import {
  agreements,
  type DemoAgreement,
  type DemoFunding,
  type DemoParty,
  funding,
  milestones,
  organizations,
  parties,
  projects,
  reports,
} from './tianmashan.ts';

const demo: Actor = { tokenId: null, name: 'demo', scopes: ['admin'], organizationId: null };

const onlyIfAbsent: Expectation = { revisions: null, absent: true };

/**
 * Loads the demo data, all or nothing, as a client would who sends each thing with `If-None-Match: *`: what is there
 * stays as it is, whatever became of it, so loading twice gives the same as loading once.
 * @param timeZone decides which day is today
 * @param isIllustrated with made-up plans, due dates and a deal, on projects that are marked so
 */
export async function loadDemo(
  database: Database,
  timeZone = 'Asia/Shanghai',
  isIllustrated = false,
): Promise<void> {
  await bringKeptUpToDate(database);
  await database.write(async (unit) => {
    const today = dayOf(unit.now, timeZone);
    await loadInUnit(unit, today);
    if (isIllustrated) await illustrate(unit, today);
  });
}

async function loadInUnit(unit: WriteUnit, today: CalendarDate): Promise<void> {
  for (const { id, ...body } of organizations) {
    const facts = organizationSchemas.factsFrom(body);
    await unlessThere(putOrganization(unit, demo, id, facts, onlyIfAbsent, settleRulesWithin));
  }
  for (const { id, laterStatus, ...body } of projects) {
    const facts = projectSchemas.factsFrom(body);
    const isNew = await unlessThere(putProject(unit, demo, id, facts, onlyIfAbsent, today));
    if (!isNew || laterStatus === undefined) continue;
    const { asOf, ...said } = laterStatus;
    await putStatus(unit, demo, id, asOf, said, today);
  }
  for (const { projectId, asOf, body } of reports) {
    const said = { projectId, asOf, facts: reportSchemas.factsFrom(body) };
    await unlessThere(putReport(unit, demo, said, onlyIfAbsent, today));
  }
  for (const { projectId, id, body } of milestones) {
    const said = { projectId, id, ...milestoneSchemas.saidIn(body) };
    await unlessThere(putMilestone(unit, demo, said, onlyIfAbsent, today));
  }
  await loadDeals(unit, { parties, agreements, funding }, today);
}

/** What makes a deal of projects, the parties before what they have signed. */
async function loadDeals(
  unit: WriteUnit,
  deals: {
    parties: readonly DemoParty[];
    agreements: readonly DemoAgreement[];
    funding: readonly DemoFunding[];
  },
  today: CalendarDate,
): Promise<void> {
  for (const { projectId, id, body } of deals.parties) {
    const said = { projectId, id, ...partyBodies.saidIn(body) };
    await unlessThere(putParty(unit, demo, said, onlyIfAbsent, today));
  }
  for (const { projectId, id, body } of deals.agreements) {
    const said = { projectId, id, ...agreementSchemas.saidIn(body) };
    await unlessThere(putAgreement(unit, demo, said, onlyIfAbsent, today));
  }
  for (const { projectId, id, body } of deals.funding) {
    const said = { projectId, id, ...fundingSchemas.saidIn(body) };
    await unlessThere(putFunding(unit, demo, said, onlyIfAbsent, today));
  }
}

/** Only what nobody has said anything of is made up. */
async function illustrate(unit: WriteUnit, today: CalendarDate): Promise<void> {
  const { organizationId, body } = illustrativeLightRules;
  const facts = lightRuleSchemas.factsFrom(body);
  await unlessThere(putLightRules(unit, demo, organizationId, facts, onlyIfAbsent, settleRulesWithin));
  for (const { projectId, period } of illustrativePeriods) {
    const { project } = await getProject(unit, demo, projectId);
    if (project.startDate === null && project.endDate === null)
      await mark(unit, projectId, today, { ...period });
  }
  for (const { projectId, body } of illustrativePlans) {
    const put = putPlan(unit, demo, projectId, planSchemas.factsFrom(body), onlyIfAbsent);
    if (await unlessThere(put)) await mark(unit, projectId, today);
  }
  await illustrateDeal(unit, today);
}

/** The whole of it, or nothing where the project is there already: what became of it since is left alone. */
async function illustrateDeal(unit: WriteUnit, today: CalendarDate): Promise<void> {
  const { id, ...body } = illustrativeDeal;
  const put = putProject(unit, demo, id, projectSchemas.factsFrom(body), onlyIfAbsent, today);
  if (!(await unlessThere(put))) return;
  const deals = {
    parties: illustrativeParties,
    agreements: illustrativeAgreements,
    funding: illustrativeFunding,
  };
  await loadDeals(unit, deals, today);
  for (const { body, ...key } of illustrativeAmendments)
    await putAmendment(unit, demo, key, amendmentSchemas.amendmentFactsFrom(body), onlyIfAbsent, today);
  for (const { key, body } of illustrativeAmounts) {
    const said = (currency: string) => saidOfAmount(key, body, currency);
    await putAmount(unit, demo, key, said, onlyIfAbsent, today);
  }
}

/** Marks the project as one of which something is made up. */
async function mark(
  unit: WriteUnit,
  projectId: string,
  today: CalendarDate,
  more: Partial<Pick<Project, 'startDate' | 'endDate'>> = {},
): Promise<void> {
  const marked = (project: Project) => ({
    ...factsOf(project),
    ...more,
    tags: [...new Set([...project.tags, illustrativeTag])],
  });
  await unlessThere(changeProject(unit, demo, projectId, marked, noExpectation, today));
}

/** False where it was there already. So is the report of an archived project: the two came in together. */
async function unlessThere(put: Promise<unknown>): Promise<boolean> {
  try {
    await put;
    return true;
  } catch (error) {
    if (error instanceof JinduError && ['precondition_failed', 'archived'].includes(error.code)) return false;
    throw error;
  }
}
