import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../../src/database/index.ts';
import { hashOfSecret } from '../../../src/features/tokens/secret.ts';
import { createToken } from '../../../src/features/tokens/service.ts';
import { findTokenBySecretHash, touchToken } from '../../../src/features/tokens/store.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { systemClock } from '../../../src/shared/clock.ts';

const admin: Actor = { tokenId: null, name: 'admin', scopes: ['admin'], organizationId: null };

test('that one token was used is noted without forgetting the others', async () => {
  const migrationsFolder = fileURLToPath(new URL('../../../migrations/sqlite', import.meta.url));
  const database = await openDatabase({ file: ':memory:', migrationsFolder, clock: systemClock });
  onTestFinished(() => database.close());
  const made = await database.write(async (unit) => {
    const facts = { name: 'a script', scopes: ['report' as const], organizationId: null, expiresAt: null };
    return [await createToken(unit, admin, 'one', facts), await createToken(unit, admin, 'other', facts)];
  });
  const [one = '', other = ''] = made.map(({ secret }) => hashOfSecret(secret));
  const found = (hash: string) => database.read((unit) => findTokenBySecretHash(unit, hash));
  const remembered = await found(other);
  await found(one);

  await database.write((unit) => touchToken(unit, { id: 'one', secretHash: one }, unit.now));

  expect((await found(one))?.lastUsedAt).not.toBeNull();
  expect(await found(other)).toBe(remembered);
});
