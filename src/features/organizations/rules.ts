import { isDeepStrictEqual } from 'node:util';
import type { Instant } from '../../shared/clock.ts';
import { JinduError } from '../../shared/errors.ts';
import type { Organization, OrganizationFacts } from './organization.ts';

/** The facts of an organization, without what the server made. */
export function factsOf({
  name,
  translations,
  kind,
  parentId,
  description,
}: Organization): OrganizationFacts {
  return { name, translations, kind, parentId, description };
}

/**
 * The organization after `facts` are sent for it: a first revision, the next one, or, where nothing differs, the very
 * same object.
 * @throws JinduError `archived`
 */
export function revised(
  previous: Organization | null,
  id: string,
  facts: OrganizationFacts,
  now: Instant,
): Organization {
  if (previous === null) {
    return { id, ...facts, revision: 1, createdAt: now, updatedAt: now, archivedAt: null };
  }
  assertOrganizationInUse(previous);
  if (isDeepStrictEqual(factsOf(previous), facts)) return previous;
  return { ...previous, ...facts, revision: previous.revision + 1, updatedAt: now };
}

/** @throws JinduError `archived` */
export function assertOrganizationInUse(organization: Organization): void {
  if (organization.archivedAt !== null) {
    throw new JinduError('archived', `the organization ${organization.id} is archived: restore it first`);
  }
}
