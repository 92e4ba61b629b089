import type { ReadUnit, WriteUnit } from '../../database/index.ts';
import { type Page, type PageRequest, pageOfRows } from '../../http/paging.ts';
import type { Actor } from '../../shared/actor.ts';
import { JinduError } from '../../shared/errors.ts';
import { assertExpected, type Expectation } from '../../shared/expectation.ts';
import { recordChange, type Told } from '../changes/index.ts';
import { referredOrganization, seesOrganization } from '../organizations/index.ts';
import { factsGivenBy, revoked } from './rules.ts';
import { hashOfSecret, newSecret } from './secret.ts';
import {
  findToken,
  insertToken,
  listTokens,
  type TokenFilters,
  type TokenSort,
  updateToken,
} from './store.ts';
import type { Token, TokenFacts } from './token.ts';

/**
 * Makes a token. The secret is in no other answer, and nowhere in the database.
 * @throws JinduError `forbidden`, `unprocessable`, `validation_failed`
 */
export async function createToken(
  unit: WriteUnit,
  actor: Actor,
  id: string,
  facts: TokenFacts,
  secret = newSecret(),
): Promise<{ token: Token; secret: string }> {
  const given = factsGivenBy(actor, facts, unit.now);
  if (given.organizationId !== null) {
    await referredOrganization(unit, actor, given.organizationId, '/organizationId');
  }
  const token: Token = {
    id,
    ...given,
    createdAt: unit.now,
    createdBy: actor.name,
    lastUsedAt: null,
    revokedAt: null,
    revision: 1,
  };
  await insertToken(unit, token, hashOfSecret(secret));
  await recordTokenChange(unit, actor, 'created', null, token);
  return { token, secret };
}

/** @throws JinduError `not_found` for one that is missing and for one that the actor does not see, alike */
export async function getToken(unit: ReadUnit, actor: Actor, id: string): Promise<Token> {
  const token = await findToken(unit, id);
  if (token === undefined || !(await seesToken(unit, actor, token))) {
    throw new JinduError('not_found', 'there is no such token');
  }
  return token;
}

export async function pageOfTokens(
  unit: ReadUnit,
  actor: Actor,
  filters: TokenFilters,
  page: PageRequest<TokenSort>,
): Promise<Page<Token>> {
  const rows = await listTokens(unit, filters, page, actor.organizationId);
  return pageOfRows(
    page,
    rows,
    (row) => ({ value: row[page.sort], id: row.id }),
    (row) => row,
  );
}

/**
 * Refuses the token from now on; again changes nothing.
 * @throws JinduError `not_found`, `precondition_failed`; `conflict` for the actor's own
 */
export async function revokeToken(
  unit: WriteUnit,
  actor: Actor,
  id: string,
  expectation: Expectation,
): Promise<Token> {
  const present = await getToken(unit, actor, id);
  assertExpected(expectation, present.revision);
  const next = revoked(present, actor, unit.now);
  if (next === present) return present;
  await updateToken(unit, next);
  await recordTokenChange(unit, actor, 'revoked', present, next);
  return next;
}

/** Tells the record of a token, in which there is neither its secret nor the hash of it. */
export async function recordTokenChange(
  unit: WriteUnit,
  actor: Actor,
  action: Told['action'],
  before: Token | null,
  after: Token,
): Promise<void> {
  const { id: subjectId, organizationId } = after;
  await recordChange(unit, actor, { action, subjectType: 'token', subjectId, organizationId, before, after });
}

async function seesToken(unit: ReadUnit, actor: Actor, { organizationId }: Token): Promise<boolean> {
  return organizationId === null
    ? actor.organizationId === null
    : await seesOrganization(unit, actor, organizationId);
}
