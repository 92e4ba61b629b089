import { type Column, closureTable, defineTables } from '../../database/index.ts';
import { type OrganizationTranslations, organizationKinds } from './organization.ts';

export const organizationTables = defineTables((c) => {
  const organizations = c.table(
    'organizations',
    {
      id: c.text('id').primaryKey(),
      name: c.text('name').notNull(),
      translations: c.json<OrganizationTranslations>('translations').notNull(),
      kind: c.enumText('kind', organizationKinds).notNull(),
      parentId: c.text('parent_id').references((): Column => organizations.id),
      description: c.text('description'),
      /** What `q` is looked for in. */
      searchText: c.text('search_text').notNull(),
      revision: c.integer('revision').notNull(),
      createdAt: c.instant('created_at').notNull(),
      updatedAt: c.instant('updated_at').notNull(),
      archivedAt: c.instant('archived_at'),
    },
    (t) => [
      c.index('organizations_parent').on(t.parentId),
      c.index('organizations_name').on(t.name, t.id),
      c.index('organizations_created_at').on(t.createdAt, t.id),
      c.index('organizations_updated_at').on(t.updatedAt, t.id),
      c.enumCheck(t.kind),
    ],
  );

  /** Where each organization was in the tree, with the time during which that was what we knew. */
  const organizationPlaces = c.table(
    'organization_places',
    {
      organizationId: c
        .text('organization_id')
        .notNull()
        .references(() => organizations.id),
      /** The organization's revision that brought it there. */
      revision: c.integer('revision').notNull(),
      parentId: c.text('parent_id'),
      knownFrom: c.instant('known_from').notNull(),
      /** Null: it still is there. */
      knownUntil: c.instant('known_until'),
    },
    (t) => [c.primaryKey({ columns: [t.organizationId, t.revision] })],
  );
  return {
    organizations,
    organizationPlaces,
    organizationTree: closureTable(c, 'organization_tree'),
  };
});
