import { describe, expect, test } from 'vitest';
import { testApp } from '../support/index.ts';

describe('the rate limit', () => {
  test('per token refuses what is beyond it with 429, Retry-After and how many are left', async () => {
    await using app = await testApp({ env: { JINDU_RATE_LIMIT_PER_TOKEN: '3' } });
    const reader = await app.actor({ scopes: ['read'] });
    const answers = [];
    for (let sent = 0; sent < 4; sent += 1) answers.push(await reader.get('/v1/organizations'));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 429]);
    expect(answers.map((answer) => answer.headers['ratelimit-remaining'])).toEqual(['2', '1', '0', '0']);
    expect(answers[0]?.headers['ratelimit-limit']).toBe('3');
    const refused = answers[3];
    expect(refused?.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(refused?.body).toMatchObject({ status: 429, code: 'rate_limited' });
    const seconds = Number(refused?.headers['retry-after']);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect((await app.admin.get('/v1/organizations')).status).toBe(200);
  });

  test('per address counts the guessing of tokens', async () => {
    await using app = await testApp({ env: { JINDU_RATE_LIMIT_PER_ADDRESS: '3' } });
    const statuses = [];
    for (let sent = 0; sent < 5; sent += 1) {
      statuses.push((await app.clientWith(`guess-${sent}`).get('/v1/organizations')).status);
    }
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
  });

  test('per address counts all of its tokens together', async () => {
    await using app = await testApp({ env: { JINDU_RATE_LIMIT_PER_ADDRESS: '4' } });
    const one = await app.actor();
    const other = await app.actor();
    const answers = [await one.get('/v1/organizations'), await other.get('/v1/organizations')];
    expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
    expect((await one.get('/v1/organizations')).status).toBe(429);
  });

  test('both at once: headers tell of the nearer one, and neither breaks the other', async () => {
    await using app = await testApp({
      env: { JINDU_RATE_LIMIT_PER_ADDRESS: '100', JINDU_RATE_LIMIT_PER_TOKEN: '2' },
    });
    const statuses = [];
    for (let sent = 0; sent < 3; sent += 1) statuses.push((await app.admin.get('/v1/organizations')).status);
    expect(statuses).toEqual([200, 200, 429]);
  });

  test('believes an address that was forwarded only of a proxy that is trusted', async () => {
    await using plain = await testApp({ env: { JINDU_RATE_LIMIT_PER_ADDRESS: '1' } });
    await plain.stranger.get('/v1/organizations', { 'x-forwarded-for': '203.0.113.1' });
    const again = await plain.stranger.get('/v1/organizations', { 'x-forwarded-for': '203.0.113.2' });
    expect(again.status).toBe(429);
    await using behind = await testApp({
      env: { JINDU_RATE_LIMIT_PER_ADDRESS: '1', JINDU_TRUST_PROXY: '127.0.0.1' },
    });
    await behind.stranger.get('/v1/organizations', { 'x-forwarded-for': '203.0.113.1' });
    const other = await behind.stranger.get('/v1/organizations', { 'x-forwarded-for': '203.0.113.2' });
    expect(other.status).toBe(401);
  });

  test('does not count who asks for health or the description', async () => {
    await using app = await testApp({ env: { JINDU_RATE_LIMIT_PER_ADDRESS: '1' } });
    for (const path of ['/healthz', '/readyz', '/openapi.json', '/healthz', '/readyz']) {
      expect((await app.stranger.get(path)).status).toBe(200);
    }
  });

  test('writes nothing for what it refuses', async () => {
    await using app = await testApp({ env: { JINDU_RATE_LIMIT_PER_TOKEN: '1' } });
    const writer = await app.actor({ scopes: ['write'] });
    await writer.get('/v1/organizations');
    const before = await app.rows();
    expect((await writer.put('/v1/organizations/a', { name: 'a', kind: 'other' })).status).toBe(429);
    expect(await app.rows()).toEqual(before);
  });
});
