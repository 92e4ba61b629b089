import { defineTables } from '../../database/index.ts';
import type { Scope } from '../../shared/actor.ts';
import { organizationTables } from '../organizations/index.ts';

export const tokenTables = defineTables((c, engine) => ({
  tokens: c.table(
    'tokens',
    {
      id: c.text('id').primaryKey(),
      name: c.text('name').notNull(),
      scopes: c.json<Scope[]>('scopes').notNull(),
      organizationId: c.text('organization_id').references(() => organizationTables(engine).organizations.id),
      /** SHA-256 of the secret, the only trace of it. */
      secretHash: c.text('secret_hash').notNull(),
      expiresAt: c.instant('expires_at'),
      createdAt: c.instant('created_at').notNull(),
      createdBy: c.text('created_by').notNull(),
      lastUsedAt: c.instant('last_used_at'),
      revokedAt: c.instant('revoked_at'),
      revision: c.integer('revision').notNull(),
    },
    (t) => [
      c.uniqueIndex('tokens_secret_hash').on(t.secretHash),
      c.index('tokens_organization').on(t.organizationId),
    ],
  ),
}));
