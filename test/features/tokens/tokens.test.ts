import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SqliteFile, settleTianmashan, type TestApp, testApp } from '../../support/index.ts';

const report = { name: 'weekly script', scopes: ['report'] };

async function madeToken(app: TestApp, facts: object = report) {
  const answer = await app.admin.post('/v1/tokens', facts);
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
}

describe('making a token', () => {
  test('answers with the secret once; no other answer has it', async () => {
    await using app = await testApp();
    const answer = await app.admin.post('/v1/tokens', report);
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: 'weekly script',
      scopes: ['report'],
      organizationId: null,
      expiresAt: null,
      createdAt: '2023-07-03T01:02:03.004Z',
      createdBy: 'configured admin',
      lastUsedAt: null,
      revokedAt: null,
      revision: 1,
      secret: expect.stringMatching(/^jindu_[\w-]{43}$/),
    });
    expect(answer.headers.location).toBe(`/v1/tokens/${answer.body.id}`);
    expect(answer.headers['cache-control']).toBe('no-store');
    const { secret, ...token } = answer.body;
    expect((await app.admin.get(`/v1/tokens/${token.id}`)).body).toEqual(token);
    expect((await app.admin.get('/v1/tokens')).text).not.toContain(secret);
    expect((await app.admin.get('/v1/tokens', { accept: 'text/csv' })).text).not.toContain('secret');
  });

  test('neither its secret nor the hash of it is in the record, and the secret is nowhere in the file', async () => {
    await using app = await testApp();
    const { secret, id } = await madeToken(app);
    await app.admin.delete(`/v1/tokens/${id}`);
    const record = await app.admin.get(`/v1/changes?subjectType=token&subjectId=${id}`);
    expect(record.body.items.map((change: { action: string }) => change.action)).toEqual([
      'created',
      'revoked',
    ]);
    expect(record.text).not.toMatch(/secret|hash/i);
    await app.app.close();
    if (app.database instanceof SqliteFile) {
      expect(readFileSync(app.database.file).includes(secret)).toBe(false);
    }
  });

  test('sent twice under one key makes one token, and the second answer has no secret', async () => {
    await using app = await testApp();
    const first = await app.admin.post('/v1/tokens', report, { 'idempotency-key': 'k1' });
    const again = await app.admin.post('/v1/tokens', report, { 'idempotency-key': 'k1' });
    expect(again.status).toBe(201);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.body).toEqual({ ...first.body, secret: null });
    expect((await app.admin.get('/v1/tokens?sort=name')).body.items).toHaveLength(2);
  });

  test('keeps scopes along the ladder, and an expiry in UTC', async () => {
    await using app = await testApp();
    const token = await madeToken(app, {
      name: 'x',
      scopes: ['write', 'read'],
      expiresAt: '2024-01-01T00:00:00+08:00',
    });
    expect(token).toMatchObject({ scopes: ['read', 'write'], expiresAt: '2023-12-31T16:00:00.000Z' });
  });

  test.each([
    [{ name: '', scopes: ['read'] }, 400, '/name'],
    [{ name: 'x' }, 400, '/scopes'],
    [{ name: 'x', scopes: [] }, 400, '/scopes'],
    [{ name: 'x', scopes: ['read', 'read'] }, 400, '/scopes'],
    [{ name: 'x', scopes: ['reed'] }, 400, '/scopes/0'],
    [{ name: 'x', scopes: ['read'], secret: 'of my own' }, 400, '/secret'],
    [{ name: 'x', scopes: ['read'], expiresAt: 'tomorrow' }, 400, '/expiresAt'],
    [{ name: 'x', scopes: ['read'], expiresAt: '2016-12-31T23:59:60Z' }, 400, '/expiresAt'],
    [{ name: 'x', scopes: ['read'], expiresAt: '2023-07-03T01:02:03.004Z' }, 422, '/expiresAt'],
    [{ name: 'x', scopes: ['read'], organizationId: 'nowhere' }, 422, '/organizationId'],
  ])('refuses %j and writes nothing', async (facts, status, pointer) => {
    await using app = await testApp();
    const before = await app.rows();
    const answer = await app.admin.post('/v1/tokens', facts);
    expect(answer.status).toBe(status);
    expect(answer.body.errors[0].pointer).toBe(pointer);
    expect(await app.rows()).toEqual(before);
  });
});

describe('an admin who is bound to an organization', () => {
  test('makes and sees only tokens that are bound to it or below', async () => {
    await using app = await testApp();
    await settleTianmashan(app.admin);
    const district = await madeToken(app, { name: 'd', scopes: ['read'], organizationId: 'yanfeng' });
    const bound = await app.actor({ organizationId: 'tianmashan', name: 'bound' });
    const below = await bound.post('/v1/tokens', { ...report, organizationId: 'yueping' });
    expect(below.status).toBe(201);
    const before = await app.rows();
    expect((await bound.post('/v1/tokens', report)).body.code).toBe('forbidden');
    const beyond = await bound.post('/v1/tokens', { ...report, organizationId: 'yanfeng' });
    expect(beyond.body).toMatchObject({ status: 422, errors: [{ pointer: '/organizationId' }] });
    const missing = await bound.post('/v1/tokens', { ...report, organizationId: 'no-such' });
    expect(missing.status).toBe(422);
    for (const id of [district.id, 'configured-admin', 'no-such']) {
      expect((await bound.get(`/v1/tokens/${id}`)).status).toBe(404);
      expect((await bound.delete(`/v1/tokens/${id}`)).status).toBe(404);
    }
    expect(await app.rows()).toEqual(before);
    const seen = (await bound.get('/v1/tokens')).body.items;
    expect(seen.map((token: { name: string }) => token.name)).toEqual(['bound', 'weekly script']);
    expect((await bound.get('/v1/tokens?organizationId=yanfeng')).body.items).toEqual([]);
    expect((await app.admin.get('/v1/tokens')).body.items).toHaveLength(4);
  });

  test('revokes a token of its own organization', async () => {
    await using app = await testApp();
    await settleTianmashan(app.admin);
    const bound = await app.actor({ organizationId: 'tianmashan' });
    const { id } = await madeToken(app, { ...report, organizationId: 'yueping' });
    expect((await bound.delete(`/v1/tokens/${id}`)).status).toBe(200);
  });
});

describe('revoking a token', () => {
  test('refuses it from the next request on and keeps it readable', async () => {
    await using app = await testApp();
    const { secret, id } = await madeToken(app);
    const script = app.clientWith(secret);
    expect((await script.get('/v1/organizations')).status).toBe(200);
    const revoked = await app.admin.delete(`/v1/tokens/${id}`);
    expect(revoked.body).toMatchObject({ revokedAt: '2023-07-03T01:02:03.004Z', revision: 2 });
    expect((await script.get('/v1/organizations')).status).toBe(401);
    expect((await app.admin.get(`/v1/tokens/${id}`)).body.revokedAt).toBe('2023-07-03T01:02:03.004Z');
    expect((await app.admin.get('/v1/tokens')).text).not.toContain(id);
    expect((await app.admin.get('/v1/tokens?revoked=true')).body.items).toHaveLength(1);
  });

  test('again changes nothing', async () => {
    await using app = await testApp();
    const { id } = await madeToken(app);
    const first = await app.admin.delete(`/v1/tokens/${id}`);
    const before = await app.rows();
    app.clock.advance({ minutes: 5 });
    const again = await app.admin.delete(`/v1/tokens/${id}`);
    expect(again.status).toBe(200);
    expect(again.body).toEqual(first.body);
    expect(await app.rows()).toEqual(before);
  });

  test('is refused for the token that asks, and for another revision than the one read', async () => {
    await using app = await testApp();
    const { id } = await madeToken(app);
    const before = await app.rows();
    expect((await app.admin.delete('/v1/tokens/configured-admin')).body.code).toBe('conflict');
    expect((await app.admin.delete(`/v1/tokens/${id}`, { 'if-match': '"7"' })).status).toBe(412);
    expect(await app.rows()).toEqual(before);
  });
});

describe('a token in use', () => {
  test('is refused from the moment of its expiry', async () => {
    await using app = await testApp();
    const script = await app.actor({ scopes: ['read'], expiresAt: '2023-07-03T02:00:00Z' });
    app.clock.set('2023-07-03T01:59:59.999Z');
    expect((await script.get('/v1/organizations')).status).toBe(200);
    app.clock.set('2023-07-03T02:00:00.000Z');
    const refused = await script.get('/v1/organizations');
    expect(refused.body.code).toBe('unauthenticated');
  });

  test('has its use noted, at most once a minute', async () => {
    await using app = await testApp();
    const { secret, id } = await madeToken(app);
    const script = app.clientWith(secret);
    const lastUsedAt = async () => (await app.admin.get(`/v1/tokens/${id}`)).body.lastUsedAt;
    await Promise.all([script.get('/v1/organizations'), script.get('/v1/organizations')]);
    await expect.poll(lastUsedAt).toBe('2023-07-03T01:02:03.004Z');
    app.clock.advance({ seconds: 59 });
    await script.get('/v1/organizations');
    await app.admin.put('/v1/organizations/a', { name: 'a', kind: 'other' });
    expect(await lastUsedAt()).toBe('2023-07-03T01:02:03.004Z');
    app.clock.advance({ seconds: 1 });
    await script.get('/v1/organizations');
    await expect.poll(lastUsedAt).toBe('2023-07-03T01:03:03.004Z');
  });

  test('whose use cannot be noted still reads', async () => {
    await using app = await testApp();
    const { secret } = await madeToken(app);
    const release = await app.database.holdWriters();
    expect((await app.clientWith(secret).get('/v1/organizations')).status).toBe(200);
    await release();
  });

  test.each([
    '',
    'Bearer',
    'Bearer ',
    'Basic YTpi',
    'bearer jindu_nope',
    `Bearer ${'x'.repeat(600)}`,
    'Bearer a b',
  ])('is not %j', async (authorization) => {
    await using app = await testApp();
    const answer = await app.stranger.get('/v1/organizations', { authorization });
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="jindu"');
  });
});
