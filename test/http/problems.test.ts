import { describe, expect, test } from 'vitest';
import { testApp } from '../support/index.ts';

describe('a refusal', () => {
  test('is a problem with a stable code, the path without its query, and the request’s id', async () => {
    await using app = await testApp();
    const missing = await app.admin.get('/v1/organizations/no-such');
    expect(missing.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(missing.headers['cache-control']).toBe('no-store');
    expect(missing.body).toEqual({
      type: expect.stringMatching(/errors#not_found$/),
      title: 'There is no such thing',
      status: 404,
      code: 'not_found',
      detail: 'there is no such organization',
      instance: '/v1/organizations/no-such',
      requestId: missing.headers['x-request-id'],
      errors: [],
    });
    const curious = await app.admin.get('/v1/organizations/no-such?secret=1');
    expect(curious.body).toMatchObject({ status: 400, instance: '/v1/organizations/no-such' });
    expect(curious.text).not.toContain('secret=1');
  });

  test.each([
    '/nowhere',
    '/v1',
    '/v1/nowhere',
    '/v1/organizations/',
    '/v1/organizations/a/b',
    '/%',
    '/v1/organizations/%00',
    '/v1/organizations/%E0%A4%A',
  ])('of an address that is none, %s, is a problem too', async (path) => {
    await using app = await testApp();
    const answer = await app.admin.get(path);
    expect([400, 404]).toContain(answer.status);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.body.instance).toBe(path);
  });

  test('of an id that could be none names the path parameter', async () => {
    await using app = await testApp();
    for (const id of ['Yueping', 'a_b', 'a--b', 'x'.repeat(65), '岳屏']) {
      const answer = await app.admin.get(`/v1/organizations/${encodeURIComponent(id)}`);
      expect(answer.status, id).toBe(400);
      expect(answer.body.errors[0].pointer, id).toBe('{id}');
    }
  });
});
