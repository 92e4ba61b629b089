import type { Database, WriteUnit } from '../database/index.ts';
import { lightRuleSchemas, putLightRules } from '../features/light-rules/index.ts';
import { milestoneSchemas, putMilestone } from '../features/milestones/index.ts';
import { organizationSchemas, putOrganization } from '../features/organizations/index.ts';
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
import { illustrativeLightRules, illustrativePeriods, illustrativePlans } from './illustrative.ts';
import { milestones, organizations, projects, reports } from './tianmashan.ts';

const demo: Actor = { tokenId: null, name: 'demo', scopes: ['admin'], organizationId: null };

const onlyIfAbsent: Expectation = { revisions: null, absent: true };

/**
 * Loads the demo data, all or nothing, as a client would who sends each thing with `If-None-Match: *`: what is there
 * stays as it is, whatever became of it, so loading twice gives the same as loading once.
 * @param timeZone decides which day is today
 * @param isIllustrated with made-up plans and due dates, on projects that are marked so
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
