import type { Database } from '../../database/index.ts';
import type { Actor } from '../../shared/actor.ts';
import type { Instant } from '../../shared/clock.ts';
import { SharedAnswers } from '../../shared/shared-answers.ts';
import { isDueForTouch, isGood } from './rules.ts';
import { hashOfSecret } from './secret.ts';
import { findTokenBySecretHash, touchToken } from './store.ts';
import type { Token } from './token.ts';

/**
 * Whose secret this is; null for one that is unknown, expired or revoked. Asked anew for every request, so that a
 * revoked token is refused from the very next one. Its use is noted at most once a minute, and nobody waits for that.
 */
export async function identify(database: Database, secret: string): Promise<Actor | null> {
  const secretHash = hashOfSecret(secret);
  const { token, now } = await askedOf(database).get(secretHash, () =>
    database.read(async (unit) => ({ token: await findTokenBySecretHash(unit, secretHash), now: unit.now })),
  );
  if (token === undefined || !isGood(token, now)) return null;
  if (isDueForTouch(token, now)) touch(database, { id: token.id, secretHash });
  return { tokenId: token.id, name: token.name, scopes: token.scopes, organizationId: token.organizationId };
}

/** A script sends many requests at once with one token, which is then asked for once and not for each. */
const asked = new WeakMap<Database, SharedAnswers<{ token: Token | undefined; now: Instant }>>();

function askedOf(database: Database) {
  const known = asked.get(database) ?? new SharedAnswers();
  asked.set(database, known);
  return known;
}

/** The tokens whose use is being noted. A closing database ends what it has queued, so nothing of it is lost. */
const beingTouched = new WeakMap<Database, Set<string>>();

function touch(database: Database, token: { id: string; secretHash: string }): void {
  const { id } = token;
  const ids = beingTouched.get(database) ?? new Set();
  beingTouched.set(database, ids);
  if (ids.has(id)) return;
  ids.add(id);
  const done = () => ids.delete(id);
  // A storage that cannot be written fails those who write; it must not fail those who read.
  database.write((unit) => touchToken(unit, token, unit.now)).then(done, done);
}
