import type { ReadUnit, WriteUnit } from '../../database/index.ts';
import { type Page, type PageRequest, pageOfRows } from '../../http/paging.ts';
import type { Actor } from '../../shared/actor.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { Instant } from '../../shared/clock.ts';
import { JinduError } from '../../shared/errors.ts';
import { assertExpected, type Expectation, mustBeNew } from '../../shared/expectation.ts';
import type { Verdict } from '../../shared/verdict.ts';
import { recordChange } from '../changes/index.ts';
import { assertInUse, getNode, type ProjectNode, scaled, settleMilestones } from '../projects/index.ts';
import type { DatedMilestone, Milestone, MilestoneFacts } from './milestone.ts';
import { dueDatesIn, isMetOn, mostMilestones, revised, sumsOn } from './rules.ts';
import { shapeOf } from './schemas.ts';
import {
  addRevision,
  countedMilestones,
  dueDateRevisions,
  findMilestone,
  knownMilestones,
  listMilestones,
  type MilestoneFilters,
  type MilestoneSort,
  revisionsOf,
  sortValueOf,
} from './store.ts';
import { type MilestoneTemplate, type TemplateId, type TemplateMilestone, templates } from './templates.ts';

const missing = 'there is no such milestone';

/** What is said of a milestone of a project. */
export interface SaidOfMilestone {
  projectId: string;
  id: string;
  facts: MilestoneFacts;
  reason: string | null;
}

export interface Written {
  found: DatedMilestone;
  verdict: Verdict;
}

/** Meets those of a project's milestones, new or in use again, that something known already speaks of. */
export type MeetByKnownFacts = (
  unit: WriteUnit,
  actor: Actor,
  projectId: string,
  milestoneIds: readonly string[],
  today: CalendarDate,
) => Promise<void>;

/** @throws JinduError `not_found` */
export async function getMilestone(
  unit: ReadUnit,
  actor: Actor,
  projectId: string,
  id: string,
): Promise<DatedMilestone> {
  await getNode(unit, actor, projectId);
  const milestone = await findMilestone(unit, projectId, id);
  if (milestone === undefined) throw new JinduError('not_found', missing);
  return await dated(unit, milestone);
}

/**
 * Everything that was ever said of a milestone, the newest first, each with the due dates that were known by then.
 * @throws JinduError `not_found`
 */
export async function getMilestoneRevisions(
  unit: ReadUnit,
  actor: Actor,
  projectId: string,
  id: string,
): Promise<DatedMilestone[]> {
  await getNode(unit, actor, projectId);
  const revisions = await revisionsOf(unit, projectId, id);
  if (revisions.length === 0) throw new JinduError('not_found', missing);
  const dueDates = dueDatesIn(revisions.toReversed());
  return revisions.map((milestone) => ({
    milestone,
    dueDates: dueDates.filter(({ changedAt }) => changedAt <= milestone.recordedAt),
  }));
}

/** @throws JinduError `not_found` */
export async function pageOfMilestones(
  unit: ReadUnit,
  actor: Actor,
  projectId: string,
  filters: MilestoneFilters,
  page: PageRequest<MilestoneSort>,
): Promise<Page<DatedMilestone>> {
  await getNode(unit, actor, projectId);
  const rows = await listMilestones(unit, projectId, filters, page);
  const found = pageOfRows(
    page,
    rows,
    (row) => ({ value: sortValueOf(row, page.sort), id: row.id }),
    (row) => row,
  );
  return { ...found, items: await allDated(unit, projectId, found.items) };
}

/**
 * Creates or replaces; the same facts again change nothing.
 * @throws JinduError `not_found`, `archived`, `precondition_failed`, `conflict`, `future_date`, `unprocessable`
 */
export async function putMilestone(
  unit: WriteUnit,
  actor: Actor,
  said: SaidOfMilestone,
  expectation: Expectation | typeof mustBeNew,
  today: CalendarDate,
): Promise<Written> {
  const node = await getNode(unit, actor, said.projectId);
  assertInUse(node);
  return await put(unit, actor, node, said, expectation, today);
}

/**
 * Changes some facts, `change` making the new ones of the present ones.
 * @throws JinduError as {@link putMilestone}
 */
export async function changeMilestone(
  unit: WriteUnit,
  actor: Actor,
  projectId: string,
  id: string,
  change: (milestone: Milestone) => { facts: MilestoneFacts; reason: string | null },
  expectation: Expectation,
  today: CalendarDate,
): Promise<Written> {
  const { milestone } = await getMilestone(unit, actor, projectId, id);
  return await putMilestone(unit, actor, { projectId, id, ...change(milestone) }, expectation, today);
}

/**
 * Takes the milestone out of lists and out of progress; nothing of it is lost. Doing it twice changes nothing.
 * @throws JinduError `not_found`, `archived`, `precondition_failed`
 */
export async function archiveMilestone(
  unit: WriteUnit,
  actor: Actor,
  projectId: string,
  id: string,
  expectation: Expectation,
  today: CalendarDate,
): Promise<Written> {
  return await setArchived(unit, actor, { projectId, id, isArchived: true }, expectation, today);
}

/**
 * Takes it into use again; what came about in the meantime meets it.
 * @throws JinduError `not_found`, `archived`, `precondition_failed`, `unprocessable`
 */
export async function restoreMilestone(
  unit: WriteUnit,
  actor: Actor,
  projectId: string,
  id: string,
  expectation: Expectation,
  meet: MeetByKnownFacts,
  today: CalendarDate,
): Promise<Written> {
  const written = await setArchived(unit, actor, { projectId, id, isArchived: false }, expectation, today);
  if (written.verdict === 'unchanged') return written;
  await meet(unit, actor, projectId, [id], today);
  return { ...written, found: await getMilestone(unit, actor, projectId, id) };
}

/**
 * Makes those milestones of a template that the project does not have, archived ones among what it has, and meets what it
 * made by what is known already. All or nothing; twice makes nothing new.
 * @throws JinduError `not_found`, `archived`, `unprocessable`
 */
export async function applyTemplate(
  unit: WriteUnit,
  actor: Actor,
  projectId: string,
  templateId: TemplateId,
  meet: MeetByKnownFacts,
  today: CalendarDate,
): Promise<{ items: DatedMilestone[]; created: string[] }> {
  const node = await getNode(unit, actor, projectId);
  assertInUse(node);
  const { milestones } = templateOf(templateId);
  const created: string[] = [];
  for (const milestone of milestones) {
    if ((await findMilestone(unit, projectId, milestone.id)) !== undefined) continue;
    const current = await getNode(unit, actor, projectId);
    const said = { projectId, id: milestone.id, facts: factsOfStep(milestone), reason: null };
    await put(unit, actor, current, said, mustBeNew, today);
    created.push(milestone.id);
  }
  if (created.length > 0) await meet(unit, actor, projectId, created, today);
  const items: DatedMilestone[] = [];
  for (const { id } of milestones) items.push(await getMilestone(unit, actor, projectId, id));
  return { items, created };
}

/** A milestone as a picture of the curve shows it. */
export interface ShownMilestone {
  title: string;
  dueDate: CalendarDate | null;
  /** The day by which it was met, where the day itself is unknown. */
  dateMet: CalendarDate | null;
}

/** A project's milestones as they were on a day, known at a moment (null: now), by due date. Who may see them is asked before. */
export async function milestonesOn(
  unit: ReadUnit,
  projectId: string,
  day: CalendarDate,
  knownAt: Instant | null,
): Promise<ShownMilestone[]> {
  const milestones = await knownMilestones(unit, projectId, knownAt);
  return milestones.map((milestone) => ({
    title: milestone.title,
    dueDate: milestone.dueDate,
    dateMet: isMetOn(milestone, day) ? milestone.metBy : null,
  }));
}

function templateOf(id: TemplateId): MilestoneTemplate {
  const template = templates.find((each) => each.id === id);
  if (template === undefined) throw new Error(`the template ${id} is named and is not there`);
  return template;
}

function factsOfStep({ title, type, code, weight }: TemplateMilestone): MilestoneFacts {
  return {
    ...{ title, type, code, description: null, dueDate: null, status: 'scheduled' },
    ...{ dateMet: null, metBy: null, weightScaled: scaled(weight), valueMinor: null, valueCurrency: null },
  };
}

async function put(
  unit: WriteUnit,
  actor: Actor,
  node: ProjectNode,
  { projectId, id, facts, reason }: SaidOfMilestone,
  expectation: Expectation | typeof mustBeNew,
  today: CalendarDate,
): Promise<Written> {
  const previous = (await findMilestone(unit, projectId, id)) ?? null;
  assertExpected(expectation, previous?.revision ?? null);
  const saying = { projectId, id, facts, reason, now: unit.now, today, recordedBy: actor.name };
  const next = revised(previous, saying);
  if (next === previous) return { found: await dated(unit, previous), verdict: 'unchanged' };
  const verdict = previous === null ? 'created' : 'replaced';
  return { found: await save(unit, actor, node, verdict, previous, next, today), verdict };
}

async function setArchived(
  unit: WriteUnit,
  actor: Actor,
  { projectId, id, isArchived }: { projectId: string; id: string; isArchived: boolean },
  expectation: Expectation,
  today: CalendarDate,
): Promise<Written> {
  const found = await getMilestone(unit, actor, projectId, id);
  const { milestone } = found;
  const node = await getNode(unit, actor, projectId);
  assertInUse(node);
  assertExpected(expectation, milestone.revision);
  if ((milestone.archivedAt !== null) === isArchived) return { found, verdict: 'unchanged' };
  const next: Milestone = {
    ...milestone,
    reason: null,
    revision: milestone.revision + 1,
    archivedAt: isArchived ? unit.now : null,
    recordedAt: unit.now,
    recordedBy: actor.name,
  };
  const verdict = isArchived ? 'archived' : 'restored';
  return { found: await save(unit, actor, node, verdict, milestone, next, today), verdict };
}

/** Writes a revision with what it makes of the project's progress and with its entry in the record. */
async function save(
  unit: WriteUnit,
  actor: Actor,
  node: ProjectNode,
  action: 'created' | 'replaced' | 'archived' | 'restored',
  previous: Milestone | null,
  next: Milestone,
  today: CalendarDate,
): Promise<DatedMilestone> {
  const { projectId, id } = next;
  const before = previous === null ? null : shapeOf(await dated(unit, previous), today);
  if (next.archivedAt === null && (previous === null || previous.archivedAt !== null))
    await assertRoomFor(unit, projectId);
  await addRevision(unit, next);
  await settleMilestones(unit, node, sumsOn(await countedMilestones(unit, [projectId], null), today));
  const found = await dated(unit, next);
  await recordChange(unit, actor, {
    action,
    subjectType: 'milestone',
    subjectId: `${projectId}/${id}`,
    organizationId: node.organizationId,
    reason: next.reason,
    before,
    after: shapeOf(found, today),
  });
  return found;
}

/** @throws JinduError `unprocessable` */
async function assertRoomFor(unit: ReadUnit, projectId: string): Promise<void> {
  const inUse = await countedMilestones(unit, [projectId], null);
  if (inUse.length < mostMilestones) return;
  throw new JinduError('unprocessable', `the project has ${mostMilestones} milestones: archive one first`);
}

async function dated(unit: ReadUnit, milestone: Milestone): Promise<DatedMilestone> {
  const revisions = await dueDateRevisions(unit, milestone.projectId, [milestone.id]);
  return { milestone, dueDates: dueDatesIn(revisions) };
}

async function allDated(
  unit: ReadUnit,
  projectId: string,
  milestones: readonly Milestone[],
): Promise<DatedMilestone[]> {
  const ids = milestones.map(({ id }) => id);
  const revisions = Map.groupBy(await dueDateRevisions(unit, projectId, ids), ({ id }) => id);
  return milestones.map((milestone) => ({
    milestone,
    dueDates: dueDatesIn(revisions.get(milestone.id) ?? []),
  }));
}
