import type { ReadUnit, WriteUnit } from '../../database/index.ts';
import { type Page, type PageRequest, pageOfRows } from '../../http/paging.ts';
import type { Actor } from '../../shared/actor.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import { fieldError, JinduError, notYet } from '../../shared/errors.ts';
import { assertExpected, type Expectation, type mustBeNew } from '../../shared/expectation.ts';
import type { Verdict } from '../../shared/verdict.ts';
import { recordChange } from '../changes/index.ts';
import { referredOrganization, seesOrganization } from '../organizations/index.ts';
import { listProjects, type ProjectFilters, type ProjectSort } from './list.ts';
import type { ProjectNode } from './node.ts';
import { findNode } from './nodes.ts';
import {
  type Project,
  type ProjectFacts,
  type ProjectStatus,
  type StatusEntry,
  sinceUnknown,
} from './project.ts';
import { assertInUse, revised, statusOn } from './rules.ts';
import { shapeOf } from './schemas.ts';
import { settleProject } from './standing.ts';
import {
  findProject,
  findProjectBelow,
  findProjectOf,
  type ListedProject,
  projectTree,
  replaceStatusEntry,
  type StandingProject,
  saveProject,
  statusEntries,
  visibleProjects,
} from './store.ts';

const missing = 'there is no such project';

/** @throws JinduError `not_found` for one that is missing and for one that the actor does not see, alike */
export async function getProject(unit: ReadUnit, actor: Actor, id: string): Promise<StandingProject> {
  const found = await findProject(unit, id);
  if (found === undefined || !(await seesOrganization(unit, actor, found.project.organizationId))) {
    throw new JinduError('not_found', missing);
  }
  return found;
}

/**
 * The project as far as counting progress needs it.
 * @throws JinduError `not_found`
 */
export async function getNode(unit: ReadUnit, actor: Actor, id: string): Promise<ProjectNode> {
  const node = await findNode(unit, id);
  if (node === undefined || !(await seesOrganization(unit, actor, node.organizationId))) {
    throw new JinduError('not_found', missing);
  }
  return node;
}

export async function pageOfProjects(
  unit: ReadUnit,
  actor: Actor,
  filters: ProjectFilters,
  page: PageRequest<ProjectSort>,
  today: CalendarDate,
): Promise<Page<ListedProject>> {
  const rows = await listProjects(unit, filters, page, { visibleWithin: actor.organizationId, today });
  return pageOfRows(
    page,
    rows,
    ({ project }) => ({ value: project[page.sort], id: project.id }),
    (row) => row,
  );
}

/**
 * Creates or replaces; the same facts again change nothing. The first status holds since an unknown day, a changed one from
 * `today` on.
 * @throws JinduError `archived`, `precondition_failed`, `unprocessable`, `parent_cycle`, `too_deep`, `not_found`, `forbidden`
 */
export async function putProject(
  unit: WriteUnit,
  actor: Actor,
  id: string,
  facts: ProjectFacts,
  expectation: Expectation | typeof mustBeNew,
  today: CalendarDate,
): Promise<{ found: StandingProject; verdict: Verdict }> {
  const before = await findProject(unit, id);
  if (before !== undefined) await getProject(unit, actor, id);
  const previous = before?.project ?? null;
  assertExpected(expectation, previous?.revision ?? null);
  const next = revised(previous, id, facts, unit.now);
  if (before !== undefined && next === previous) return { found: before, verdict: 'unchanged' };
  if (previous?.organizationId !== next.organizationId) {
    await referredOrganization(unit, actor, next.organizationId, '/organizationId');
  }
  if (next.parentId !== null && previous?.parentId !== next.parentId)
    await referredParent(unit, actor, next.parentId);
  const verdict = previous === null ? 'created' : 'replaced';
  const found = await save(unit, actor, verdict, before ?? null, next, today);
  if (previous?.status !== next.status) {
    const since = previous === null ? sinceUnknown : today;
    await replaceStatusEntry(unit, id, since, { status: next.status, reason: null, recordedBy: actor.name });
  }
  return { found, verdict };
}

/**
 * Changes some facts, `change` making the new ones of the present ones.
 * @throws JinduError as {@link putProject}
 */
export async function changeProject(
  unit: WriteUnit,
  actor: Actor,
  id: string,
  change: (project: Project) => ProjectFacts,
  expectation: Expectation,
  today: CalendarDate,
): Promise<{ found: StandingProject; verdict: Verdict }> {
  const { project } = await getProject(unit, actor, id);
  return await putProject(unit, actor, id, change(project), expectation, today);
}

/**
 * Takes the project out of lists and roll-ups; nothing of it is lost.
 * @throws JinduError `conflict` while one below it is in use
 */
export async function archiveProject(
  unit: WriteUnit,
  actor: Actor,
  id: string,
  expectation: Expectation,
  today: CalendarDate,
): Promise<{ found: StandingProject; verdict: Verdict }> {
  const before = await getProject(unit, actor, id);
  const { project } = before;
  assertExpected(expectation, project.revision);
  if (project.archivedAt !== null) return { found: before, verdict: 'unchanged' };
  const child = await findProjectBelow(unit, id);
  if (child !== undefined) {
    // Its id is told to those only who see it.
    const [seen] =
      actor.organizationId === null ? [child] : await visibleProjects(unit, actor.organizationId, [child]);
    const name = seen === undefined ? 'another project' : `the project ${seen}`;
    throw new JinduError('conflict', `${name} lies below it and is in use: move or archive that first`);
  }
  const next = { ...again(project, unit), archivedAt: unit.now };
  return { found: await save(unit, actor, 'archived', before, next, today), verdict: 'archived' };
}

/** @throws JinduError `conflict` while the project above it or its organization is archived */
export async function restoreProject(
  unit: WriteUnit,
  actor: Actor,
  id: string,
  expectation: Expectation,
  today: CalendarDate,
): Promise<{ found: StandingProject; verdict: Verdict }> {
  const before = await getProject(unit, actor, id);
  const { project } = before;
  assertExpected(expectation, project.revision);
  if (project.archivedAt === null) return { found: before, verdict: 'unchanged' };
  const parent = project.parentId === null ? undefined : await findNode(unit, project.parentId);
  if (parent !== undefined && parent.archivedAt !== null) {
    throw new JinduError('conflict', `the project above it, ${parent.id}, is archived: restore that first`);
  }
  await referredOrganization(unit, actor, project.organizationId, '/organizationId');
  const next = { ...again(project, unit), archivedAt: null };
  return { found: await save(unit, actor, 'restored', before, next, today), verdict: 'restored' };
}

/** The statuses that the project has had, by the day from which each holds. */
export async function getStatuses(unit: ReadUnit, actor: Actor, id: string): Promise<StatusEntry[]> {
  await getNode(unit, actor, id);
  return await statusEntries(unit, id);
}

/**
 * Says that a status holds from a day on; the project's own status is the newest one's.
 * @throws JinduError `future_date`, `archived`, `not_found`
 */
export async function putStatus(
  unit: WriteUnit,
  actor: Actor,
  id: string,
  asOf: CalendarDate,
  said: { status: ProjectStatus; reason: string | null },
  today: CalendarDate,
): Promise<{ entry: StatusEntry; verdict: Verdict }> {
  if (asOf > today) throw notYet('{asOf}', asOf, today);
  if (asOf === sinceUnknown) {
    const message = `must be later: ${sinceUnknown} stands for the unknown day of the first status`;
    throw fieldError('validation_failed', '{asOf}', 'minimum', message);
  }
  const before = await getProject(unit, actor, id);
  assertInUse(before.project);
  const present = (await statusEntries(unit, id)).find((entry) => entry.asOf === asOf);
  if (present !== undefined && present.status === said.status && present.reason === said.reason) {
    return { entry: present, verdict: 'unchanged' };
  }
  await replaceStatusEntry(unit, id, asOf, { ...said, recordedBy: actor.name });
  const entry = { projectId: id, asOf, ...said, recordedAt: unit.now, recordedBy: actor.name };
  await afterStatusChange(unit, actor, before, { asOf, reason: said.reason, today }, present ?? null, entry);
  return { entry, verdict: present === undefined ? 'created' : 'corrected' };
}

/**
 * Takes back what was said of the status on a day.
 * @throws JinduError `not_found`, `archived`; `conflict` for the only one there is
 */
export async function withdrawStatus(
  unit: WriteUnit,
  actor: Actor,
  id: string,
  asOf: CalendarDate,
  today: CalendarDate,
): Promise<StatusEntry> {
  const before = await getProject(unit, actor, id);
  assertInUse(before.project);
  const entries = await statusEntries(unit, id);
  const present = entries.find((entry) => entry.asOf === asOf);
  if (present === undefined) throw new JinduError('not_found', 'no status was said for that day');
  if (entries.length === 1)
    throw new JinduError('conflict', 'it is the only status the project has: correct it instead');
  await replaceStatusEntry(unit, id, asOf, null);
  await afterStatusChange(unit, actor, before, { asOf, reason: null, today }, present, null);
  return present;
}

/** What of an organization's is in use, for who wants to archive it. */
export async function projectInUse(unit: ReadUnit, organizationId: string): Promise<string | null> {
  const project = await findProjectOf(unit, organizationId);
  return project === undefined ? null : `the project ${project}`;
}

async function afterStatusChange(
  unit: WriteUnit,
  actor: Actor,
  { project, kept }: StandingProject,
  { asOf, reason, today }: { asOf: CalendarDate; reason: string | null; today: CalendarDate },
  before: StatusEntry | null,
  after: StatusEntry | null,
): Promise<void> {
  await recordChange(unit, actor, {
    action: after === null ? 'withdrawn' : before === null ? 'created' : 'corrected',
    subjectType: 'status',
    subjectId: `${project.id}/${asOf}`,
    organizationId: project.organizationId,
    reason,
    before,
    after,
  });
  const current = statusOn(await statusEntries(unit, project.id), '9999-12-31');
  if (current === null || current === project.status) return;
  const next = { ...again(project, unit), status: current };
  await save(unit, actor, 'replaced', { project, kept }, next, today);
}

function again(project: Project, unit: WriteUnit): Project {
  return { ...project, revision: project.revision + 1, updatedAt: unit.now };
}

async function save(
  unit: WriteUnit,
  actor: Actor,
  action: 'created' | 'replaced' | 'archived' | 'restored',
  before: StandingProject | null,
  next: Project,
  today: CalendarDate,
): Promise<StandingProject> {
  const nodeBefore = before === null ? null : ((await findNode(unit, next.id)) ?? null);
  await saveProject(unit, before?.project ?? null, next);
  if (before === null || before.project.parentId !== next.parentId)
    await projectTree.place(unit, next.id, next.parentId);
  await settleProject(unit, nodeBefore, next);
  const after = await findProject(unit, next.id);
  if (after === undefined) throw new Error(`the project ${next.id} was saved and is not there`);
  await recordProject(unit, actor, action, before, after, today);
  return after;
}

/**
 * A project that goes from one organization to another is told of in both records: that it went, with what it was, and
 * that it came, with what it is.
 */
async function recordProject(
  unit: WriteUnit,
  actor: Actor,
  action: 'created' | 'replaced' | 'archived' | 'restored',
  before: StandingProject | null,
  after: StandingProject,
  today: CalendarDate,
): Promise<void> {
  const told = { action, subjectType: 'project', subjectId: after.project.id } as const;
  const { organizationId } = after.project;
  const shapes = { before: before === null ? null : shapeOf(before, today), after: shapeOf(after, today) };
  if (before === null || before.project.organizationId === organizationId) {
    await recordChange(unit, actor, { ...told, organizationId, ...shapes });
    return;
  }
  const former = before.project.organizationId;
  await recordChange(unit, actor, { ...told, organizationId: former, before: shapes.before, after: null });
  await recordChange(unit, actor, { ...told, organizationId, before: null, after: shapes.after });
}

async function referredParent(unit: ReadUnit, actor: Actor, parentId: string): Promise<void> {
  const parent = await findNode(unit, parentId);
  const code =
    parent === undefined || !(await seesOrganization(unit, actor, parent.organizationId))
      ? 'unknown_project'
      : 'archived';
  if (code === 'archived' && parent?.archivedAt === null) return;
  const message = code === 'archived' ? 'must be the id of a project in use' : 'must be the id of a project';
  throw new JinduError(
    'unprocessable',
    `the parent ${parentId} ${code === 'archived' ? 'is archived' : 'does not exist'}`,
    [{ pointer: '/parentId', code, message }],
  );
}
