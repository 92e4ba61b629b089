import { and, asc, desc, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import { afterKey, prepared, type ReadUnit, remembered, type WriteUnit } from '../../database/index.ts';
import type { PageRequest } from '../../http/paging.ts';
import type { Instant } from '../../shared/clock.ts';
import { withinOrganization } from '../organizations/index.ts';
import { tokenTables } from './table.ts';
import type { Token } from './token.ts';

const selectById = prepared((db, engine) => {
  const { tokens: t } = tokenTables(engine);
  return db
    .select()
    .from(t)
    .where(eq(t.id, sql.placeholder('id')))
    .prepare();
});

export async function findToken(unit: ReadUnit, id: string): Promise<Token | undefined> {
  const [row] = await selectById(unit, { id });
  return row === undefined ? undefined : tokenOf(row);
}

const selectByHash = prepared((db, engine) => {
  const { tokens: t } = tokenTables(engine);
  return db
    .select()
    .from(t)
    .where(eq(t.secretHash, sql.placeholder('secretHash')))
    .prepare();
});

/** What is no token is not remembered: anybody can send that. */
const tokensByHash = remembered<Token>();

export async function findTokenBySecretHash(unit: ReadUnit, secretHash: string): Promise<Token | undefined> {
  const known = tokensByHash.recall(unit, secretHash);
  if (known !== undefined) return known;
  const [row] = await selectByHash(unit, { secretHash });
  if (row === undefined) return undefined;
  const token = tokenOf(row);
  tokensByHash.keep(unit, secretHash, token);
  return token;
}

export async function hasTokens(unit: ReadUnit): Promise<boolean> {
  const { tokens: t } = tokenTables(unit.engine);
  return (await unit.db.select({ id: t.id }).from(t).limit(1)).length > 0;
}

export async function insertToken(unit: WriteUnit, token: Token, secretHash: string): Promise<void> {
  await unit.db.insert(tokenTables(unit.engine).tokens).values({ ...token, secretHash });
}

/** Of an existing token. Without a hash, its secret stays what it is. */
export async function updateToken(unit: WriteUnit, token: Token, secretHash?: string): Promise<void> {
  const { tokens: t } = tokenTables(unit.engine);
  const row = secretHash === undefined ? token : { ...token, secretHash };
  tokensByHash.forgetAll(unit);
  await unit.db.update(t).set(row).where(eq(t.id, token.id));
}

const updateLastUse = prepared((db, engine) => {
  const { tokens: t } = tokenTables(engine);
  return db
    .update(t)
    .set({ lastUsedAt: sql`${sql.placeholder('at')}` })
    .where(eq(t.id, sql.placeholder('id')))
    .prepare();
});

export async function touchToken(
  unit: WriteUnit,
  { id, secretHash }: { id: string; secretHash: string },
  at: Instant,
): Promise<void> {
  // Only this one: with thousands of tokens, one or the other of them is touched all the time.
  tokensByHash.forget(unit, secretHash);
  await updateLastUse(unit, { id, at });
}

export interface TokenFilters {
  organizationId?: string;
  revoked: boolean;
}

export type TokenSort = 'id' | 'name' | 'createdAt';

/** At most `page.limit + 1` of them. `visibleWithin`: the organization whose subtree the actor sees; null for all. */
export async function listTokens(
  unit: ReadUnit,
  filters: TokenFilters,
  page: PageRequest<TokenSort>,
  visibleWithin: string | null,
): Promise<Token[]> {
  const { tokens: t } = tokenTables(unit.engine);
  const conditions: (SQL | undefined)[] = [filters.revoked ? isNotNull(t.revokedAt) : isNull(t.revokedAt)];
  if (filters.organizationId !== undefined) conditions.push(eq(t.organizationId, filters.organizationId));
  if (visibleWithin !== null) conditions.push(withinOrganization(unit, t.organizationId, visibleWithin));
  const column = t[page.sort];
  if (page.after !== null) conditions.push(afterKey(column, t.id, page.after, page.descending));
  const direction = page.descending ? desc : asc;
  const rows = await unit.db
    .select()
    .from(t)
    .where(and(...conditions))
    .orderBy(direction(column), direction(t.id))
    .limit(page.limit + 1);
  return rows.map(tokenOf);
}

function tokenOf({ secretHash: _, ...token }: Token & { secretHash: string }): Token {
  return token;
}
