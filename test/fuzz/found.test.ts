import { afterAll, describe, expect, test } from 'vitest';
import { aProject, settleTianmashan, testApp } from '../support/index.ts';

const { app, admin } = await (async () => {
  const app = await testApp();
  await settleTianmashan(app.admin);
  return { app, admin: app.admin };
})();
const project = aProject({ organizationId: 'yueping' });
await admin.put(`/v1/projects/${project.id}`, project);

describe('what a search has found once does not come back:', () => {
  test.each(['2016-12-31T23:59:60Z', '0000-01-01T00:00:00+23:59', '9999-12-31T23:59:59-23:59'])(
    'a moment that no clock of ours can show is refused: %s',
    async (knownAt) => {
      for (const question of ['progress', 'progress/history', 'progress.svg']) {
        const path = `/v1/projects/${project.id}/${question}?knownAt=${encodeURIComponent(knownAt)}`;
        const { status, body } = await admin.get(path);
        expect([status, body.errors?.[0]?.pointer]).toEqual([400, '?knownAt']);
      }
      const token = { name: 'late', scopes: ['read'], expiresAt: knownAt };
      const { status, body } = await admin.post('/v1/tokens', token);
      expect([status, body.errors?.[0]?.pointer]).toEqual([400, '/expiresAt']);
    },
  );

  test.each(['1e400', '-1e400', 'Infinity'])('a number that is no number is no limit: %s', async (limit) => {
    for (const list of ['projects', 'organizations', 'tokens', 'changes', `projects/${project.id}/reports`]) {
      const { status, body } = await admin.get(`/v1/${list}?limit=${limit}`);
      expect([status, body.errors?.[0]?.pointer]).toEqual([400, '?limit']);
    }
  });

  test('a patch that is sent as a whole thing is refused, and replaces nothing', async () => {
    const path = `/v1/projects/${project.id}`;
    const before = await app.rows();
    const headers = { 'content-type': 'application/merge-patch+json' };
    const whole = { title: '只改标题', organizationId: 'yueping' };
    for (const [method, address] of [
      ['PUT', path],
      ['POST', '/v1/projects'],
      ['DELETE', path],
    ] as const) {
      const { status, body } = await admin.send(method, address, { payload: whole, headers });
      expect([status, body.code]).toEqual([415, 'unsupported_media_type']);
    }
    expect(await app.rows()).toEqual(before);
    expect((await admin.patch(path, { description: '改了' }, headers)).status).toBe(200);
  });

  test('a reason that nobody can see is none, in a query as in a body', async () => {
    const path = `/v1/projects/${project.id}/reports/2023-06-30`;
    await admin.put(path, { percent: 50 });
    for (const blank of ['%20', '%E2%80%8B']) {
      const { status, body } = await admin.delete(`${path}?reason=${blank}`);
      expect([status, body.errors?.[0]?.pointer]).toEqual([400, '?reason']);
    }
    expect((await admin.get(path)).body).toMatchObject({ percent: 50, withdrawn: false });
  });

  test('the description tells which names translations may stand under', async () => {
    const { schemas } = (await admin.get('/openapi.json')).body.components;
    for (const name of [
      'ProjectInput',
      'ProjectPatch',
      'OrganizationInput',
      'OrganizationPatch',
      'Project',
    ]) {
      const { propertyNames } = schemas[name].properties.translations;
      expect('zh-Hans', name).toMatch(new RegExp(propertyNames.pattern));
      expect('Chinese', name).not.toMatch(new RegExp(propertyNames.pattern));
    }
  });

  test('an operation that asks for no body says how it refuses one', async () => {
    const paths = (await admin.get('/openapi.json')).body.paths;
    for (const [method, path] of [
      ['DELETE', '/v1/projects/{id}'],
      ['POST', '/v1/projects/{id}/restoration'],
      ['DELETE', '/v1/projects/{id}/statuses/{asOf}'],
    ] as const) {
      const address = path.replace('{id}', project.id).replace('{asOf}', '2023-06-30');
      const headers = { 'content-type': 'text/html' };
      const { status, body } = await admin.send(method, address, { payload: '<p>', headers });
      expect(status, address).toBe(415);
      expect(paths[path][method.toLowerCase()].responses[415].description).toContain(`\`${body.code}\``);
    }
  });
});

afterAll(() => app.close());
