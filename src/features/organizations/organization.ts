import type { Instant } from '../../shared/clock.ts';

export const organizationKinds = ['authority', 'community', 'company', 'other'] as const;
export type OrganizationKind = (typeof organizationKinds)[number];

export type OrganizationTranslations = Record<string, { name?: string; description?: string }>;

/** What a client says of an organization; the same fields, all present. */
export interface OrganizationFacts {
  name: string;
  translations: OrganizationTranslations;
  kind: OrganizationKind;
  /** The organization that it belongs to (district > sub-district > community); null for a root or an outside party. */
  parentId: string | null;
  description: string | null;
}

/** An organization as it stands. Its `revision` grows by one with every change; sending what is there changes nothing. */
export interface Organization extends OrganizationFacts {
  id: string;
  revision: number;
  createdAt: Instant;
  updatedAt: Instant;
  archivedAt: Instant | null;
}

/** What it is called where things are called by titles, as projects are. */
export function titleOf({ name, translations }: Pick<Organization, 'name' | 'translations'>): {
  title: string;
  translations: Record<string, { title?: string }>;
} {
  const titles = Object.entries(translations).flatMap(([language, words]) =>
    words.name === undefined ? [] : [[language, { title: words.name }] as const],
  );
  return { title: name, translations: Object.fromEntries(titles) };
}
