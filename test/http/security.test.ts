import { describe, expect, test } from 'vitest';
import { testApp } from '../support/index.ts';

test('every answer, refusals included, tells the browser how little it may do', async () => {
  await using app = await testApp();
  for (const path of ['/v1/organizations', '/healthz', '/nowhere', '/openapi.json', '/docs/']) {
    const { headers } = await app.admin.get(path);
    expect(headers['content-security-policy'], path).toContain("default-src 'none'");
    expect(headers['content-security-policy'], path).not.toContain('upgrade-insecure-requests');
    expect(headers['x-content-type-options'], path).toBe('nosniff');
    expect(headers['x-frame-options'] ?? headers['content-security-policy'], path).toMatch(
      /DENY|SAMEORIGIN|frame-ancestors/,
    );
    expect(headers['x-powered-by'], path).toBeUndefined();
  }
});

test('the answer has an id, which a client may choose if it is a plain one', async () => {
  await using app = await testApp();
  const own = await app.admin.get('/v1/nowhere', { 'x-request-id': 'weekly-42' });
  expect(own.headers['x-request-id']).toBe('weekly-42');
  expect(own.body.requestId).toBe('weekly-42');
  const odd = await app.admin.get('/v1/nowhere', { 'x-request-id': '<script>' });
  expect(odd.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
});

describe('other web pages', () => {
  test('are told nothing unless configured', async () => {
    await using app = await testApp();
    const { headers } = await app.admin.get('/v1/organizations', { origin: 'https://example.org' });
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  test('that are configured may use every method, and see the headers that matter', async () => {
    await using app = await testApp({ env: { JINDU_CORS_ORIGINS: 'https://example.org' } });
    const preflight = await app.stranger.send('OPTIONS', '/v1/organizations/a', {
      headers: {
        origin: 'https://example.org',
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers['access-control-allow-origin']).toBe('https://example.org');
    expect(preflight.headers['access-control-allow-methods']).toMatch(/PUT.*PATCH.*DELETE/);
    const answer = await app.admin.get('/v1/organizations', { origin: 'https://example.org' });
    expect(answer.headers['access-control-expose-headers']).toMatch(/etag/i);
    const refused = await app.stranger.get('/v1/organizations', { origin: 'https://example.org' });
    expect(refused.status).toBe(401);
    expect(refused.headers['access-control-allow-origin']).toBe('https://example.org');
    const other = await app.admin.get('/v1/organizations', { origin: 'https://elsewhere.org' });
    expect(other.headers['access-control-allow-origin']).not.toBe('https://elsewhere.org');
  });
});
