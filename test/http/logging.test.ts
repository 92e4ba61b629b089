import { describe, expect, test } from 'vitest';
import { testApp } from '../support/index.ts';

describe('the log', () => {
  test('has one line per request when it has been answered', async () => {
    await using app = await testApp();
    const started = app.log.lines.length;
    await app.admin.put('/v1/organizations/yueping', { name: '岳屏社区', kind: 'community' });
    const lines = app.log.lines.slice(started);
    expect(lines).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        requestId: expect.any(String),
        method: 'PUT',
        path: '/v1/organizations/yueping',
        route: '/v1/organizations/:id',
        status: 201,
        ms: expect.any(Number),
        tokenId: 'configured-admin',
        tokenName: 'configured admin',
        msg: 'answered',
      },
    ]);
  });

  test('has refusals as well, with the id that the client was given', async () => {
    await using app = await testApp();
    const answer = await app.stranger.get('/v1/organizations/yueping');
    expect(app.log.lines.at(-1)).toMatchObject({
      level: 'info',
      status: 401,
      requestId: answer.body.requestId,
      tokenId: null,
    });
  });

  test('has neither bodies, nor queries, nor headers', async () => {
    await using app = await testApp();
    const secrets = ['in-the-body-5f2a', 'in-the-query-5f2a', 'in-a-header-5f2a'];
    await app.admin.post('/v1/organizations?wrong=in-the-query-5f2a', {
      name: 'in-the-body-5f2a',
      kind: 'other',
    });
    await app.admin.post(
      '/v1/organizations',
      { name: 'in-the-body-5f2a', kind: 'wrong' },
      { 'idempotency-key': 'in-a-header-5f2a', cookie: 'in-a-header-5f2a' },
    );
    const text = JSON.stringify(app.log.lines);
    for (const secret of secrets) expect(text).not.toContain(secret);
  });

  test('is silent about probes that go well', async () => {
    await using app = await testApp();
    const started = app.log.lines.length;
    for (const path of ['/healthz', '/readyz']) await app.stranger.get(path);
    expect(app.log.lines.slice(started)).toEqual([]);
  });
});
