import { type Actor, holdsScope, type Scope, scopes } from '../../shared/actor.ts';
import { type Instant, instantOf } from '../../shared/clock.ts';
import { fieldError, JinduError } from '../../shared/errors.ts';
import type { Token, TokenFacts } from './token.ts';

/** Use is noted once in this time, so that reading does not become writing. */
const touchedEveryMs = 60_000;

/**
 * The facts of a new token, held against what its maker may give.
 * @throws JinduError `forbidden` for more than the maker has; `unprocessable` for an expiry that has passed
 */
export function factsGivenBy(actor: Actor, facts: TokenFacts, now: Instant): TokenFacts {
  const beyond = facts.scopes.find((scope) => !holdsScope(actor, scope));
  if (beyond !== undefined) throw new JinduError('forbidden', `this token cannot give the scope ${beyond}`);
  if (facts.organizationId === null && actor.organizationId !== null) {
    throw new JinduError(
      'forbidden',
      `this token is bound to ${actor.organizationId}: it makes only tokens that are bound to that or below`,
    );
  }
  const expiresAt = facts.expiresAt === null ? null : instantOf(facts.expiresAt);
  if (expiresAt !== null && expiresAt <= now) {
    throw fieldError('unprocessable', '/expiresAt', 'future', 'must lie in the future');
  }
  return { ...facts, scopes: alongLadder(facts.scopes), expiresAt };
}

/**
 * The token after it is revoked; the very same if it already was.
 * @throws JinduError `conflict` for the token that asks: nobody locks themselves out by mistake
 */
export function revoked(token: Token, actor: Actor, now: Instant): Token {
  if (token.revokedAt !== null) return token;
  if (token.id === actor.tokenId) {
    throw new JinduError('conflict', 'a token does not revoke itself: use another one for that');
  }
  return { ...token, revokedAt: now, revision: token.revision + 1 };
}

/** Neither revoked nor expired. */
export function isGood(token: Token, now: Instant): boolean {
  return token.revokedAt === null && (token.expiresAt === null || token.expiresAt > now);
}

/** Whether its use is worth noting again. */
export function isDueForTouch(token: Token, now: Instant): boolean {
  return token.lastUsedAt === null || Date.parse(now) - Date.parse(token.lastUsedAt) >= touchedEveryMs;
}

function alongLadder(given: readonly Scope[]): Scope[] {
  return scopes.filter((scope) => given.includes(scope));
}
