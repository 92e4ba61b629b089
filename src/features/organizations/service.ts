import type { ReadUnit, WriteUnit } from '../../database/index.ts';
import { type Page, type PageRequest, pageOfRows } from '../../http/paging.ts';
import type { Actor } from '../../shared/actor.ts';
import { JinduError } from '../../shared/errors.ts';
import { assertExpected, type Expectation, type mustBeNew } from '../../shared/expectation.ts';
import type { Verdict } from '../../shared/verdict.ts';
import { recordChange } from '../changes/index.ts';
import type { Organization, OrganizationFacts } from './organization.ts';
import { revised } from './rules.ts';
import {
  findOrganization,
  findOrganizationBelow,
  listOrganizations,
  type OrganizationFilters,
  type OrganizationSort,
  organizationTree,
  saveOrganization,
  savePlace,
} from './store.ts';

/** Has what depends on an organization's place in the tree follow it once it has moved, with all below it. */
export type FollowMove = (unit: WriteUnit, organizationId: string) => Promise<void>;

/** Whether the actor sees what belongs to this organization. */
export async function seesOrganization(
  unit: ReadUnit,
  actor: Actor,
  organizationId: string,
): Promise<boolean> {
  const { organizationId: bound } = actor;
  return (
    bound === null ||
    bound === organizationId ||
    (await organizationTree.isWithin(unit, organizationId, bound))
  );
}

/** @throws JinduError `not_found` for one that is missing and for one that the actor does not see, alike */
export async function getOrganization(unit: ReadUnit, actor: Actor, id: string): Promise<Organization> {
  const organization = await findOrganization(unit, id);
  if (organization === undefined || !(await seesOrganization(unit, actor, id))) {
    throw new JinduError('not_found', 'there is no such organization');
  }
  return organization;
}

/**
 * The organization that a body refers to, which must be there, seen and in use.
 * @throws JinduError `unprocessable` pointing at the field
 */
export async function referredOrganization(
  unit: ReadUnit,
  actor: Actor,
  id: string,
  pointer: string,
): Promise<Organization> {
  const organization = await findOrganization(unit, id);
  if (organization === undefined || !(await seesOrganization(unit, actor, id))) {
    throw new JinduError('unprocessable', `there is no organization ${id}`, [
      { pointer, code: 'unknown_organization', message: 'must be the id of an organization' },
    ]);
  }
  if (organization.archivedAt !== null) {
    throw new JinduError('unprocessable', `the organization ${id} is archived`, [
      { pointer, code: 'archived', message: 'must be the id of an organization in use' },
    ]);
  }
  return organization;
}

/**
 * The organization that a body names as taking part: as {@link referredOrganization}, or an outside party, which is a
 * company without a parent. Those belong to nobody here and are named by all.
 * @throws JinduError `unprocessable` pointing at the field
 */
export async function namedOrganization(
  unit: ReadUnit,
  actor: Actor,
  id: string,
  pointer: string,
): Promise<Organization> {
  const organization = await findOrganization(unit, id);
  const isOutside = organization?.kind === 'company' && organization.parentId === null;
  return await referredOrganization(
    unit,
    isOutside ? { ...actor, organizationId: null } : actor,
    id,
    pointer,
  );
}

export async function pageOfOrganizations(
  unit: ReadUnit,
  actor: Actor,
  filters: OrganizationFilters,
  page: PageRequest<OrganizationSort>,
): Promise<Page<Organization>> {
  const rows = await listOrganizations(unit, filters, page, actor.organizationId);
  return pageOfRows(
    page,
    rows,
    (row) => ({ value: row[page.sort], id: row.id }),
    (row) => row,
  );
}

/**
 * Creates or replaces; the same facts again change nothing.
 * @throws JinduError `archived`, `precondition_failed`, `unprocessable`, `parent_cycle`, `too_deep`, `forbidden`, `not_found`
 */
export async function putOrganization(
  unit: WriteUnit,
  actor: Actor,
  id: string,
  facts: OrganizationFacts,
  expectation: Expectation | typeof mustBeNew,
  followMove: FollowMove,
): Promise<{ organization: Organization; verdict: Verdict }> {
  const previous = (await findOrganization(unit, id)) ?? null;
  if (previous !== null) await getOrganization(unit, actor, id);
  assertExpected(expectation, previous?.revision ?? null);
  const next = revised(previous, id, facts, unit.now);
  if (next === previous) return { organization: next, verdict: 'unchanged' };
  const isMoved = previous === null || previous.parentId !== next.parentId;
  if (isMoved) await assertMayLieUnder(unit, actor, id, next.parentId);
  await saveOrganization(unit, next);
  if (isMoved) {
    await organizationTree.place(unit, id, next.parentId);
    await savePlace(unit, next);
    if (previous !== null) await followMove(unit, id);
  }
  await record(unit, actor, previous === null ? 'created' : 'replaced', previous, next);
  return { organization: next, verdict: previous === null ? 'created' : 'replaced' };
}

/**
 * Changes some facts, `change` making the new ones of the present ones.
 * @throws JinduError as {@link putOrganization}
 */
export async function changeOrganization(
  unit: WriteUnit,
  actor: Actor,
  id: string,
  change: (organization: Organization) => OrganizationFacts,
  expectation: Expectation,
  followMove: FollowMove,
): Promise<{ organization: Organization; verdict: Verdict }> {
  const present = await getOrganization(unit, actor, id);
  return await putOrganization(unit, actor, id, change(present), expectation, followMove);
}

/**
 * Takes the organization out of use; nothing of it is lost.
 * @param inUseBy names something of another feature that still needs it, or null
 * @throws JinduError `conflict` while an organization below it or a project of it is in use
 */
export async function archiveOrganization(
  unit: WriteUnit,
  actor: Actor,
  id: string,
  expectation: Expectation,
  inUseBy: (unit: ReadUnit, id: string) => Promise<string | null>,
): Promise<{ organization: Organization; verdict: Verdict }> {
  const present = await getOrganization(unit, actor, id);
  assertNotBoundTo(actor, id);
  assertExpected(expectation, present.revision);
  if (present.archivedAt !== null) return { organization: present, verdict: 'unchanged' };
  const child = await findOrganizationBelow(unit, id);
  const user = child === undefined ? await inUseBy(unit, id) : `the organization ${child}`;
  if (user !== null)
    throw new JinduError('conflict', `${user} still belongs to it: move or archive that first`);
  const next = { ...present, revision: present.revision + 1, updatedAt: unit.now, archivedAt: unit.now };
  await saveOrganization(unit, next);
  await record(unit, actor, 'archived', present, next);
  return { organization: next, verdict: 'archived' };
}

/** @throws JinduError `conflict` while the organization above it is archived */
export async function restoreOrganization(
  unit: WriteUnit,
  actor: Actor,
  id: string,
  expectation: Expectation,
): Promise<{ organization: Organization; verdict: Verdict }> {
  const present = await getOrganization(unit, actor, id);
  assertNotBoundTo(actor, id);
  assertExpected(expectation, present.revision);
  if (present.archivedAt === null) return { organization: present, verdict: 'unchanged' };
  const parent = present.parentId === null ? undefined : await findOrganization(unit, present.parentId);
  if (parent !== undefined && parent.archivedAt !== null) {
    throw new JinduError(
      'conflict',
      `the organization above it, ${parent.id}, is archived: restore that first`,
    );
  }
  const next = { ...present, revision: present.revision + 1, updatedAt: unit.now, archivedAt: null };
  await saveOrganization(unit, next);
  await record(unit, actor, 'restored', present, next);
  return { organization: next, verdict: 'restored' };
}

/** Someone who is bound to an organization neither makes roots nor moves, archives or restores the one that binds them. */
async function assertMayLieUnder(
  unit: WriteUnit,
  actor: Actor,
  id: string,
  parentId: string | null,
): Promise<void> {
  if (actor.organizationId !== null && parentId === null) throw onlyBelow(actor.organizationId);
  assertNotBoundTo(actor, id);
  if (parentId !== null) await referredOrganization(unit, actor, parentId, '/parentId');
}

function assertNotBoundTo(actor: Actor, id: string): void {
  if (id === actor.organizationId) throw onlyBelow(id);
}

function onlyBelow(organizationId: string): JinduError {
  return new JinduError('forbidden', `this token is bound to ${organizationId}: it works below that only`);
}

async function record(
  unit: WriteUnit,
  actor: Actor,
  action: 'created' | 'replaced' | 'archived' | 'restored',
  before: Organization | null,
  after: Organization,
): Promise<void> {
  const told = {
    action,
    subjectType: 'organization',
    subjectId: after.id,
    organizationId: after.id,
  } as const;
  await recordChange(unit, actor, { ...told, before, after });
}
