import { describe, expect, test } from 'vitest';
import { type Client, testApp } from '../support/index.ts';

const facts = { name: '岳屏社区', kind: 'community' };

const create = (client: Client, key: string, body: object = facts) =>
  client.post('/v1/organizations', body, { 'idempotency-key': key });

describe('a POST under an Idempotency-Key', () => {
  test('sent again is answered as the first time, and done once', async () => {
    await using app = await testApp();
    const first = await create(app.admin, 'k');
    expect(first.status).toBe(201);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    const before = await app.rows();
    app.clock.advance({ hours: 23 });
    const again = await create(app.admin, 'k');
    expect([again.status, again.body, again.headers.location]).toEqual([
      201,
      first.body,
      first.headers.location,
    ]);
    expect(again.headers.etag).toBe(first.headers.etag);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(await app.rows()).toEqual(before);
  });

  test('sent many times at once is done once', async () => {
    await using app = await testApp();
    const answers = await Promise.all(Array.from({ length: 20 }, () => create(app.admin, 'k')));
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    expect(answers.filter((answer) => answer.headers['idempotency-replayed'] === undefined)).toHaveLength(1);
    expect((await app.admin.get('/v1/organizations')).body.items).toHaveLength(1);
  });

  test('is one whatever its white space and whether its key is quoted', async () => {
    await using app = await testApp();
    const first = await create(app.admin, 'k');
    const again = await app.admin.post('/v1/organizations', JSON.stringify(facts, null, 4), {
      'idempotency-key': '"k"',
    });
    expect(again.body).toEqual(first.body);
  });

  test('with another body is refused and changes nothing', async () => {
    await using app = await testApp();
    await create(app.admin, 'k');
    const before = await app.rows();
    const other = await create(app.admin, 'k', { ...facts, name: '肖家山社区' });
    expect(other.body).toMatchObject({ status: 422, code: 'idempotency_mismatch' });
    const elsewhere = await app.admin.post(
      '/v1/tokens',
      { name: 'x', scopes: ['read'] },
      { 'idempotency-key': 'k' },
    );
    expect(elsewhere.body.code).toBe('idempotency_mismatch');
    expect(await app.rows()).toEqual(before);
  });

  test('that was refused may be tried again under the same key', async () => {
    await using app = await testApp();
    const child = { ...facts, parentId: 'tianmashan' };
    const before = await app.rows();
    expect((await create(app.admin, 'k', child)).status).toBe(422);
    expect(await app.rows()).toEqual(before);
    await app.admin.put('/v1/organizations/tianmashan', { name: '天马山街道', kind: 'authority' });
    expect((await create(app.admin, 'k', child)).status).toBe(201);
  });

  test('is forgotten after 24 hours', async () => {
    await using app = await testApp();
    const first = await create(app.admin, 'k');
    app.clock.advance({ hours: 24, seconds: 1 });
    const second = await create(app.admin, 'k');
    expect(second.status).toBe(201);
    expect(second.body.id).not.toBe(first.body.id);
  });

  test('belongs to the token that sent it', async () => {
    await using app = await testApp();
    const other = await app.actor({ scopes: ['write'] });
    const first = await create(app.admin, 'k');
    const second = await create(other, 'k');
    expect(second.status).toBe(201);
    expect(second.body.id).not.toBe(first.body.id);
  });

  test.each(['', ' ', '岳屏'.repeat(2), 'a b', 'x'.repeat(256)])(
    'is refused where the key is %j',
    async (key) => {
      await using app = await testApp();
      const before = await app.rows();
      const answer = await create(app.admin, key);
      expect(answer.status).toBe(400);
      expect(answer.body.errors[0].pointer).toBe('header:idempotency-key');
      expect(await app.rows()).toEqual(before);
    },
  );
});

test('without a key, the same POST makes two', async () => {
  await using app = await testApp();
  const first = await app.admin.post('/v1/organizations', facts);
  const second = await app.admin.post('/v1/organizations', facts);
  expect(second.body.id).not.toBe(first.body.id);
});
