import type { Database, WriteUnit } from '../../database/index.ts';
import { serverMadeId } from '../../http/resource.ts';
import type { Actor } from '../../shared/actor.ts';
import { hashOfSecret } from './secret.ts';
import { createToken, recordTokenChange } from './service.ts';
import { findToken, findTokenBySecretHash, hasTokens, updateToken } from './store.ts';
import type { TokenFacts } from './token.ts';

const configuredId = 'configured-admin';

const jindu: Actor = { tokenId: null, name: 'jindu', scopes: ['admin'], organizationId: null };

/**
 * Sees to it at the start that somebody can get in. With `adminToken` from the configuration, that is the secret of
 * the token `configured-admin`; another one in the configuration takes its place. Without, a database that has no
 * token at all gets one, whose secret is returned: to be shown once.
 *
 * A token that was revoked does not come back by a restart: configure another secret.
 */
export async function ensureFirstToken(
  database: Database,
  { adminToken }: { adminToken: string | null },
): Promise<string | null> {
  return await database.write(async (unit) => {
    if (adminToken !== null) {
      await ensureConfigured(unit, adminToken);
      return null;
    }
    if (await hasTokens(unit)) return null;
    const { secret } = await createToken(unit, jindu, serverMadeId(), unboundAdmin('first admin'));
    return secret;
  });
}

async function ensureConfigured(unit: WriteUnit, secret: string): Promise<void> {
  const secretHash = hashOfSecret(secret);
  if ((await findTokenBySecretHash(unit, secretHash)) !== undefined) return;
  const present = await findToken(unit, configuredId);
  if (present === undefined) {
    await createToken(unit, jindu, configuredId, unboundAdmin('configured admin'), secret);
    return;
  }
  const next = { ...present, lastUsedAt: null, revokedAt: null, revision: present.revision + 1 };
  await updateToken(unit, next, secretHash);
  await recordTokenChange(unit, jindu, 'replaced', present, next);
}

function unboundAdmin(name: string): TokenFacts {
  return { name, scopes: ['admin'], organizationId: null, expiresAt: null };
}
