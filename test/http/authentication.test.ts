import { describe, expect, test } from 'vitest';
import { anOrganization, testApp } from '../support/index.ts';

describe('who asks', () => {
  test('is refused before anything of the request is read', async () => {
    await using app = await testApp();
    const answer = await app.stranger.put('/v1/organizations/NOT-a-slug', '{"not": json');
    expect(answer.body).toMatchObject({ status: 401, code: 'unauthenticated' });
  });

  test('is not told whether a token was revoked, has expired or never was', async () => {
    await using app = await testApp();
    const { body } = await app.admin.post('/v1/tokens', { name: 'x', scopes: ['read'] });
    const expiring = await app.actor({ expiresAt: '2023-07-03T02:00:00Z' });
    await app.admin.delete(`/v1/tokens/${body.id}`);
    app.clock.advance({ hours: 1 });
    const answers = await Promise.all(
      [app.clientWith(body.secret), expiring, app.clientWith('jindu_never-was')].map((client) =>
        client.get('/v1/organizations', { 'x-request-id': 'same' }),
      ),
    );
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
  });

  test('needs the scope, and each scope has those below it', async () => {
    await using app = await testApp();
    const reader = await app.actor({ scopes: ['read'] });
    const reporter = await app.actor({ scopes: ['report'] });
    const writer = await app.actor({ scopes: ['write'] });
    const { id, ...facts } = anOrganization();
    for (const client of [reader, reporter, writer]) {
      expect((await client.get('/v1/organizations')).status).toBe(200);
      expect((await client.get('/v1/tokens')).body.code).toBe('forbidden');
    }
    expect((await reporter.put(`/v1/organizations/${id}`, facts)).body.code).toBe('forbidden');
    expect((await writer.put(`/v1/organizations/${id}`, facts)).status).toBe(201);
  });

  test('with a secret is never in the log', async () => {
    await using app = await testApp();
    const { body } = await app.admin.post('/v1/tokens', { name: 'x', scopes: ['read'] });
    const client = app.clientWith(body.secret);
    await client.get('/v1/organizations');
    await client.get(`/v1/organizations?q=${body.secret}`);
    await client.get(`/v1/${body.secret}`);
    await app.clientWith('jindu_wrong-secret-0123456789').get('/v1/organizations');
    const log = JSON.stringify(app.log.lines);
    expect(log).not.toContain(body.secret);
    expect(log).not.toContain('jindu_wrong');
    expect(log).toContain(body.id);
  });
});

describe('a public installation', () => {
  test('lets anybody read, and nobody write without a token', async () => {
    await using app = await testApp({ env: { JINDU_PUBLIC_READ: 'true' } });
    await app.admin.put('/v1/organizations/a', { name: 'a', kind: 'other' });
    expect((await app.stranger.get('/v1/organizations/a')).status).toBe(200);
    const before = await app.rows();
    expect((await app.stranger.put('/v1/organizations/b', { name: 'b', kind: 'other' })).status).toBe(401);
    expect((await app.stranger.get('/v1/tokens')).status).toBe(401);
    expect((await app.stranger.get('/metrics')).status).toBe(401);
    expect(await app.rows()).toEqual(before);
  });

  test('still refuses a token that is wrong', async () => {
    await using app = await testApp({ env: { JINDU_PUBLIC_READ: 'true' } });
    expect((await app.clientWith('wrong').get('/v1/organizations')).status).toBe(401);
  });
});

test('the figures of the server are for tokens that are bound to no organization', async () => {
  await using app = await testApp();
  await app.admin.put('/v1/organizations/a', { name: 'a', kind: 'other' });
  const bound = await app.actor({ organizationId: 'a' });
  expect((await bound.get('/metrics')).body.code).toBe('forbidden');
  expect((await app.stranger.get('/metrics')).status).toBe(401);
  const metrics = await app.admin.get('/metrics');
  expect(metrics.headers['content-type']).toMatch(/^text\/plain/);
  expect(metrics.text).toContain('jindu_http_request_seconds_count{');
});
