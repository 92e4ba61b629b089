import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../../src/database/index.ts';
import { ensureFirstToken, identify } from '../../../src/features/tokens/index.ts';
import { testApp } from '../../support/index.ts';

const secretOfMine = 'a-secret-of-my-own-choice';
const another = 'another-secret-of-my-own-choice';

test('on a database without tokens one is made, and its secret is told once', async () => {
  await using app = await testApp({ from: 'new', env: { JINDU_ADMIN_TOKEN: undefined } });
  expect(app.app.firstAdminToken).toMatch(/^jindu_[\w-]{43}$/);
  const admin = app.clientWith(app.app.firstAdminToken);
  const { items } = (await admin.get('/v1/tokens')).body;
  expect(items).toMatchObject([
    { name: 'first admin', scopes: ['admin'], organizationId: null, createdBy: 'jindu' },
  ]);
  const record = (await admin.get('/v1/changes')).body.items;
  expect(record).toMatchObject([
    { action: 'created', actor: { tokenId: null, name: 'jindu' }, before: null },
  ]);
});

describe('the first token', () => {
  let folder: string;
  let database: Database;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'jindu-tokens-'));
    const clock = { now: () => new Date('2023-07-03T01:02:03.004Z') };
    database = await openDatabase({
      file: join(folder, 'jindu.db'),
      migrationsFolder: 'migrations/sqlite',
      clock,
    });
  });

  afterEach(async () => {
    await database.close();
    rmSync(folder, { recursive: true });
  });

  test('is made only where there is none', async () => {
    const secret = await ensureFirstToken(database, { adminToken: null });
    expect(secret).not.toBeNull();
    expect(await ensureFirstToken(database, { adminToken: null })).toBeNull();
    expect(await identify(database, String(secret))).toMatchObject({
      name: 'first admin',
      scopes: ['admin'],
    });
  });

  test('that is configured lets in by that secret, and is not told again', async () => {
    expect(await ensureFirstToken(database, { adminToken: secretOfMine })).toBeNull();
    expect(await ensureFirstToken(database, { adminToken: secretOfMine })).toBeNull();
    expect(await identify(database, secretOfMine)).toEqual({
      tokenId: 'configured-admin',
      name: 'configured admin',
      scopes: ['admin'],
      organizationId: null,
    });
  });

  test('that is configured anew refuses the earlier secret', async () => {
    await ensureFirstToken(database, { adminToken: secretOfMine });
    await ensureFirstToken(database, { adminToken: another });
    expect(await identify(database, secretOfMine)).toBeNull();
    expect(await identify(database, another)).toMatchObject({ tokenId: 'configured-admin' });
  });

  test('may be configured as the one that was printed', async () => {
    const secret = String(await ensureFirstToken(database, { adminToken: null }));
    await ensureFirstToken(database, { adminToken: secret });
    expect(await identify(database, secret)).toMatchObject({ name: 'first admin' });
  });
});

test('a configured token that was revoked does not come back by a restart, but with another secret', async () => {
  await using app = await testApp({ env: { JINDU_ADMIN_TOKEN: secretOfMine } });
  const admin = app.clientWith(secretOfMine);
  const helper = await admin.post('/v1/tokens', { name: 'helper', scopes: ['admin'] });
  const other = app.clientWith(helper.body.secret);
  expect((await other.delete('/v1/tokens/configured-admin')).status).toBe(200);
  const restart = async (adminToken: string) => {
    await using again = await testApp({ from: app.database, env: { JINDU_ADMIN_TOKEN: adminToken } });
    return (await again.clientWith(adminToken).get('/v1/tokens')).status;
  };
  await app.app.close();
  expect(await restart(secretOfMine)).toBe(401);
  expect(await restart(another)).toBe(200);
});
