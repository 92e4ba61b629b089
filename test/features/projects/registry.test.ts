import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aProject, settleTianmashan, type TestApp, testApp } from '../../support/index.ts';

let app: TestApp;

beforeAll(async () => {
  app = await testApp();
  await settleTianmashan(app.admin);
});
afterAll(() => app.close());

const yueping = {
  title: '岳屏社区老旧小区改造项目',
  translations: { en: { title: 'Yueping old-estate renovation' } },
  description: null,
  kind: 'project',
  category: 'old-estate-renovation',
  status: 'implementation',
  type: 'rehabilitation',
  sector: ['socialHousing'],
  organizationId: 'yueping',
  parentId: null,
  period: { startDate: '2023-01-01', endDate: '2023-12-31' },
  budget: { amount: 129000000.5, currency: 'CNY' },
  quantities: [
    { code: 'households', value: 563, unit: '户' },
    { code: 'buildings', value: 17, unit: '栋' },
    { code: 'floor-area', value: 30000.1234, unit: 'm²' },
  ],
  weight: 1.5,
  weightBasis: 'quantity:households',
  progressBasis: 'auto',
  cadence: 'weekly',
  tags: ['民生', '2023'],
  location: { description: '岳屏社区', latitude: 26.88, longitude: 112.6 },
  citation: { title: '衡阳日报', url: null, quote: '目前已完成工程总量的85%以上' },
};

const unknown = { percent: null, qualifier: 'between', low: 0, high: 100, basis: null, asOf: null };
const created = { revision: 1, createdAt: '2023-07-03T01:02:03.004Z', updatedAt: '2023-07-03T01:02:03.004Z' };

async function made(said: Record<string, unknown> = {}) {
  const project = aProject({ organizationId: 'yueping', ...said });
  const answer = await app.admin.put(`/v1/projects/${project.id}`, project);
  expect(answer.status, answer.text).toBe(201);
  return { id: project.id, path: `/v1/projects/${project.id}`, project, answer };
}

describe('a project', () => {
  test('is put with every field, read back as sent, and of it nothing is known yet', async () => {
    const path = '/v1/projects/yueping-estate-renovation';
    const answer = await app.admin.put(path, yueping);
    expect(answer.status).toBe(201);
    expect(answer.headers['jindu-verdict']).toBe('created');
    expect(answer.body).toEqual({
      id: 'yueping-estate-renovation',
      ...yueping,
      progress: unknown,
      light: 'grey',
      ...created,
      archivedAt: null,
    });
    expect((await app.admin.get(path)).body).toEqual(answer.body);
  });

  test('put with its title and owner alone has nothing but the defaults', async () => {
    const { id, project, answer } = await made();
    expect(answer.body).toEqual({
      id,
      title: project.title,
      translations: {},
      description: null,
      kind: 'project',
      category: null,
      status: 'identification',
      type: null,
      sector: [],
      organizationId: 'yueping',
      parentId: null,
      period: { startDate: null, endDate: null },
      budget: null,
      quantities: [],
      weight: null,
      weightBasis: 'equal',
      progressBasis: 'auto',
      cadence: null,
      tags: [],
      location: null,
      citation: null,
      progress: unknown,
      light: 'grey',
      ...created,
      archivedAt: null,
    });
  });

  test('put again as it was read, or as it was sent, is unchanged', async () => {
    const { path, project, answer } = await made({
      budget: { amount: 0.29, currency: 'CNY' },
      period: { endDate: '2023-12-31' },
    });
    const {
      progress: _p,
      light: _l,
      revision: _r,
      createdAt: _c,
      updatedAt: _u,
      archivedAt: _a,
      ...facts
    } = answer.body;
    const before = await app.rows();
    for (const body of [project, facts]) {
      const again = await app.admin.put(path, body);
      expect(again.status).toBe(200);
      expect(again.headers['jindu-verdict']).toBe('unchanged');
      expect(again.body).toEqual(answer.body);
    }
    expect(await app.rows()).toEqual(before);
  });

  test('put otherwise is replaced whole: what is left out is gone', async () => {
    const { path, project } = await made({ description: '三个片区', tags: ['民生'] });
    app.clock.advance({ minutes: 1 });
    const answer = await app.admin.put(path, { title: project.title, organizationId: 'yueping' });
    expect(answer.status).toBe(200);
    expect(answer.headers['jindu-verdict']).toBe('replaced');
    expect(answer.body).toMatchObject({
      revision: 2,
      description: null,
      tags: [],
      createdAt: expect.stringMatching(/:03\.004Z$/),
    });
    expect(answer.body.updatedAt > answer.body.createdAt).toBe(true);
  });

  test('posted without an id is given one, which is a slug', async () => {
    const { id: _id, ...facts } = aProject({ organizationId: 'yueping' });
    const answer = await app.admin.post('/v1/projects', facts);
    expect(answer.status).toBe(201);
    expect(answer.body.id).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    expect(answer.headers.location).toBe(`/v1/projects/${answer.body.id}`);
    expect((await app.admin.get(answer.headers.location as string)).body).toEqual(answer.body);
  });

  test('posted under an id that is taken is refused, even by the same facts', async () => {
    const { project } = await made();
    const before = await app.rows();
    const answer = await app.admin.post('/v1/projects', project);
    expect(answer.body).toMatchObject({
      status: 409,
      code: 'conflict',
      errors: [{ pointer: '/id', code: 'taken' }],
    });
    expect(await app.rows()).toEqual(before);
  });

  test('posted twice under one key is made once', async () => {
    const { id: _id, ...facts } = aProject({ organizationId: 'yueping' });
    const key = { 'idempotency-key': 'a-new-project' };
    const [first, second] = await Promise.all([
      app.admin.post('/v1/projects', facts, key),
      app.admin.post('/v1/projects', facts, key),
    ]);
    expect(first?.body).toEqual(second?.body);
    expect(
      (await app.admin.get(`/v1/projects?q=${encodeURIComponent(String(facts.title))}`)).body.items,
    ).toHaveLength(1);
  });

  test('is put once by twenty who put the same at once', async () => {
    const project = aProject({ organizationId: 'yueping' });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => app.admin.put(`/v1/projects/${project.id}`, project)),
    );
    const verdicts = answers.map((answer) => answer.headers['jindu-verdict']);
    expect(verdicts.filter((verdict) => verdict === 'created')).toHaveLength(1);
    expect(verdicts.filter((verdict) => verdict === 'unchanged')).toHaveLength(19);
  });

  test('that was read before is changed only as it was read', async () => {
    const { path, project, answer } = await made();
    const { etag } = answer.headers as { etag: string };
    expect((await app.admin.put(path, { ...project, title: 'a' }, { 'if-match': etag })).status).toBe(200);
    const before = await app.rows();
    for (const refused of [
      await app.admin.put(path, { ...project, title: 'b' }, { 'if-match': etag }),
      await app.admin.patch(path, { title: 'b' }, { 'if-match': etag }),
      await app.admin.delete(path, { 'if-match': etag }),
      await app.admin.put(path, { ...project, title: 'b' }, { 'if-none-match': '*' }),
      await app.admin.put('/v1/projects/no-such', { ...project, id: 'no-such' }, { 'if-match': '*' }),
    ]) {
      expect(refused.body).toMatchObject({ status: 412, code: 'precondition_failed' });
    }
    expect(await app.rows()).toEqual(before);
  });

  test('whose progress moved meanwhile can still be changed by who read it before, and is no longer 304', async () => {
    const { path, answer } = await made();
    const { etag } = answer.headers as { etag: string };
    await app.admin.put(`${path}/reports/2023-06-30`, { percent: 10 });
    expect((await app.admin.get(path, { 'if-none-match': etag })).status).toBe(200);
    expect((await app.admin.patch(path, { title: 'x' }, { 'if-match': etag })).status).toBe(200);
  });

  test('is in the record with every change', async () => {
    const { id, path, answer } = await made();
    const changed = await app.admin.patch(path, { title: '改名' });
    const archived = await app.admin.delete(path);
    const restored = await app.admin.post(`${path}/restoration`);
    const record = await app.admin.get(`/v1/changes?subjectType=project&subjectId=${id}`);
    expect(record.body.items).toMatchObject([
      { action: 'created', before: null, after: answer.body },
      { action: 'replaced', before: answer.body, after: changed.body },
      { action: 'archived', before: changed.body, after: archived.body },
      { action: 'restored', before: archived.body, after: restored.body },
    ]);
  });
});

test.each([
  858993.94, 875951.6042, 4872599.1011, 95353364.461, 218352595.1136, 6801776610.6093, 99999999999.9999,
])('a quantity and a weight of %d are taken and kept to the last decimal', async (value) => {
  const quantities = [{ code: 'floor-area', value, unit: 'm²' }];
  const weight = Math.min(value, 900_000_000);
  const { path, project, answer } = await made({ quantities, weight });
  expect(answer.body).toMatchObject({ quantities, weight });
  expect((await app.admin.put(path, project)).headers['jindu-verdict']).toBe('unchanged');
  const done = await app.admin.put(`${path}/reports/2023-06-30`, {
    quantities: [{ code: 'floor-area', value }],
  });
  expect(done.body.quantities, done.text).toEqual([{ code: 'floor-area', value }]);
});

test('a weight or a quantity of -0 is 0, and sent again changes nothing', async () => {
  const { path } = await made();
  const sent = `{"title":"a","organizationId":"yueping","weight":-0,"quantities":[{"code":"a","value":-0.0,"unit":"户"}],"budget":{"amount":-0,"currency":"CNY"}}`;
  expect((await app.admin.put(path, sent)).body.revision).toBe(2);
  expect((await app.admin.put(path, sent)).headers['jindu-verdict']).toBe('unchanged');
});

describe('a patch', () => {
  test('changes what it says and nothing else', async () => {
    const { path, answer } = await made(yueping);
    const changed = await app.admin.patch(path, {
      period: { endDate: '2024-06-30' },
      translations: { en: null, fr: { title: 'a' } },
    });
    expect(changed.headers['jindu-verdict']).toBe('replaced');
    expect(changed.body).toEqual({
      ...answer.body,
      period: { startDate: '2023-01-01', endDate: '2024-06-30' },
      translations: { fr: { title: 'a' } },
      revision: 2,
      updatedAt: changed.body.updatedAt,
    });
  });

  test('with null takes away what may be left out', async () => {
    const { path } = await made(yueping);
    const changed = await app.admin.patch(path, {
      budget: null,
      category: null,
      weight: null,
      period: null,
      tags: null,
      quantities: null,
      translations: null,
      location: { latitude: null, longitude: null },
    });
    expect(changed.body).toMatchObject({
      budget: null,
      category: null,
      weight: null,
      period: { startDate: null, endDate: null },
      tags: [],
      quantities: [],
      translations: {},
    });
    // What has no default cannot be taken away.
    const before = await app.rows();
    const refused = await app.admin.patch(path, { title: null });
    expect(refused.body).toMatchObject({ status: 400, errors: [{ pointer: '/title' }] });
    expect(await app.rows()).toEqual(before);
  });

  test('of one part of the budget keeps the other', async () => {
    const { path } = await made({ budget: { amount: 5, currency: 'CNY' } });
    expect((await app.admin.patch(path, { budget: { amount: 7 } })).body.budget).toEqual({
      amount: 7,
      currency: 'CNY',
    });
    const before = await app.rows();
    expect((await app.admin.patch(path, { budget: { currency: null } })).status).toBe(400);
    expect(await app.rows()).toEqual(before);
  });

  test('that changes nothing is unchanged, and an empty one is refused', async () => {
    const { path, project } = await made();
    const before = await app.rows();
    expect((await app.admin.patch(path, { title: project.title })).headers['jindu-verdict']).toBe(
      'unchanged',
    );
    expect((await app.admin.patch(path, {})).body).toMatchObject({
      status: 400,
      errors: [{ pointer: '', code: 'minProperties' }],
    });
    expect((await app.admin.patch(path, { title: null })).body).toMatchObject({
      status: 400,
      errors: [{ pointer: '/title' }],
    });
    expect(await app.rows()).toEqual(before);
  });

  test('may call itself a merge patch', async () => {
    const { path } = await made();
    const answer = await app.admin.patch(
      path,
      { title: 'x' },
      { 'content-type': 'application/merge-patch+json' },
    );
    expect(answer.body.title).toBe('x');
  });

  test('of a missing project is 404', async () => {
    expect((await app.admin.patch('/v1/projects/no-such', { title: 'x' })).status).toBe(404);
  });
});

describe('an archived project', () => {
  test('is out of the list, read by its id, not written, and comes back as it was', async () => {
    const { id, path, project, answer } = await made({ tags: ['归档'] });
    const archived = await app.admin.delete(path);
    expect(archived.body).toEqual({
      ...answer.body,
      revision: 2,
      updatedAt: archived.body.updatedAt,
      archivedAt: archived.body.updatedAt,
    });
    const ids = async (query: string) =>
      (await app.admin.get(`/v1/projects?${query}`)).body.items.map((item: { id: string }) => item.id);
    expect(await ids(`tag=${encodeURIComponent('归档')}`)).toEqual([]);
    expect(await ids(`tag=${encodeURIComponent('归档')}&archived=true`)).toEqual([id]);
    expect((await app.admin.get(path)).body).toEqual(archived.body);
    const before = await app.rows();
    for (const refused of [
      await app.admin.put(path, { ...project, title: 'x' }),
      await app.admin.put(path, project),
      await app.admin.patch(path, { title: 'x' }),
      await app.admin.put(`${path}/statuses/2023-06-30`, { status: 'completion' }),
      await app.admin.delete(`${path}/statuses/2023-07-03`),
      await app.admin.put(`${path}/reports/2023-06-30`, { percent: 1 }),
    ]) {
      expect(refused.body).toMatchObject({ status: 409, code: 'archived' });
    }
    expect((await app.admin.delete(path)).body).toEqual(archived.body);
    expect(await app.rows()).toEqual(before);
    const restored = await app.admin.post(`${path}/restoration`);
    expect(restored.body).toEqual({ ...answer.body, revision: 3, updatedAt: restored.body.updatedAt });
    const rows = await app.rows();
    expect((await app.admin.post(`${path}/restoration`)).body).toEqual(restored.body);
    expect(await app.rows()).toEqual(rows);
  });

  test('keeps its parent in use only as long as it is itself', async () => {
    const parent = await made();
    const child = await made({ parentId: parent.id });
    const before = await app.rows();
    expect((await app.admin.delete(parent.path)).body).toMatchObject({
      status: 409,
      code: 'conflict',
      detail: expect.stringContaining(child.id),
    });
    expect(await app.rows()).toEqual(before);
    await app.admin.delete(child.path);
    expect((await app.admin.delete(parent.path)).status).toBe(200);
    const rows = await app.rows();
    expect((await app.admin.post(`${child.path}/restoration`)).body).toMatchObject({
      status: 409,
      code: 'conflict',
    });
    const orphan = aProject({ organizationId: 'yueping', parentId: parent.id });
    expect((await app.admin.put(`/v1/projects/${orphan.id}`, orphan)).body).toMatchObject({
      status: 422,
      errors: [{ pointer: '/parentId', code: 'archived' }],
    });
    expect(await app.rows()).toEqual(rows);
    await app.admin.post(`${parent.path}/restoration`);
    expect((await app.admin.post(`${child.path}/restoration`)).status).toBe(200);
  });

  test('does not come back to an organization that is archived', async () => {
    await app.admin.put('/v1/organizations/closing', {
      name: '撤销的社区',
      kind: 'community',
      parentId: 'tianmashan',
    });
    const { path } = await made({ organizationId: 'closing' });
    expect((await app.admin.delete('/v1/organizations/closing')).body.code).toBe('conflict');
    await app.admin.delete(path);
    expect((await app.admin.delete('/v1/organizations/closing')).status).toBe(200);
    const before = await app.rows();
    expect((await app.admin.post(`${path}/restoration`)).body).toMatchObject({
      status: 422,
      code: 'unprocessable',
    });
    expect(await app.rows()).toEqual(before);
  });
});

describe('who may change projects', () => {
  test('not a token that only reports, and not one bound elsewhere, to whom it is as if it were missing', async () => {
    const { path, project } = await made();
    const reporter = await app.actor({ scopes: ['report'] });
    const outsider = await app.actor({ scopes: ['write'], organizationId: 'suyanjing' });
    const before = await app.rows();
    for (const answer of [
      await reporter.put(path, { ...project, title: 'x' }),
      await reporter.patch(path, { title: 'x' }),
      await reporter.delete(path),
      await reporter.post('/v1/projects', project),
      await reporter.put(`${path}/statuses/2023-06-30`, { status: 'completion' }),
    ]) {
      expect(answer.body).toMatchObject({ status: 403, code: 'forbidden' });
    }
    const missing = await outsider.get('/v1/projects/no-such');
    for (const answer of [
      await outsider.get(path),
      await outsider.put(path, { ...project, title: 'x' }),
      await outsider.patch(path, { title: 'x' }),
      await outsider.delete(path),
      await outsider.post(`${path}/restoration`),
      await outsider.get(`${path}/statuses`),
      await outsider.put(`${path}/statuses/2023-06-30`, { status: 'completion' }),
      await outsider.delete(`${path}/statuses/2023-07-03`),
    ]) {
      expect(answer.status).toBe(404);
      expect([answer.body.code, answer.body.detail]).toEqual([missing.body.code, missing.body.detail]);
    }
    expect(await app.rows()).toEqual(before);
    expect((await outsider.get('/v1/projects')).body.items).toEqual([]);
  });

  test('one who is bound neither gives a project away nor puts one under a project that is not seen', async () => {
    const { id: elsewhere } = await made({ organizationId: 'suyanjing' });
    const { path, id } = await made();
    const bound = await app.actor({ scopes: ['write'], organizationId: 'yueping' });
    const before = await app.rows();
    const away = await bound.patch(path, { organizationId: 'suyanjing' });
    expect(away.body).toMatchObject({
      status: 422,
      errors: [{ pointer: '/organizationId', code: 'unknown_organization' }],
    });
    const under = await bound.patch(path, { parentId: elsewhere });
    expect(under.body).toMatchObject({
      status: 422,
      errors: [{ pointer: '/parentId', code: 'unknown_project' }],
    });
    expect(
      (await bound.put(`/v1/projects/${elsewhere}`, aProject({ id: elsewhere, organizationId: 'yueping' })))
        .status,
    ).toBe(404);
    expect(await app.rows()).toEqual(before);
    expect((await bound.get('/v1/projects')).body.items.map((item: { id: string }) => item.id)).toContain(id);
  });
});

describe('bad input', () => {
  test.each([
    ['{"title":"a"}', '/organizationId'],
    ['{"organizationId":"yueping"}', '/title'],
    ['{"title":"","organizationId":"yueping"}', '/title'],
    [`{"title":"${'长'.repeat(201)}","organizationId":"yueping"}`, '/title'],
    ['{"title":5,"organizationId":"yueping"}', '/title'],
    ['{"title":null,"organizationId":"yueping"}', '/title'],
    ['{"title":"a\\u0000","organizationId":"yueping"}', '/title'],
    ['{"title":"\\udc00","organizationId":"yueping"}', '/title'],
    ['{"title":"a","organizationId":"Yueping"}', '/organizationId'],
    ['{"title":"a","organizationId":"yueping","titel":"b"}', '/titel'],
    ['{"title":"a","organizationId":"yueping","progress":{}}', '/progress'],
    ['{"title":"a","organizationId":"yueping","revision":1}', '/revision'],
    ['{"title":"a","organizationId":"yueping","archivedAt":null}', '/archivedAt'],
    ['{"title":"a","organizationId":"yueping","kind":"deal"}', '/kind'],
    ['{"title":"a","organizationId":"yueping","status":"Implementation"}', '/status'],
    ['{"title":"a","organizationId":"yueping","status":null}', '/status'],
    ['{"title":"a","organizationId":"yueping","weight":-1}', '/weight'],
    ['{"title":"a","organizationId":"yueping","weight":0.00001}', '/weight'],
    ['{"title":"a","organizationId":"yueping","weight":1e400}', '/weight'],
    ['{"title":"a","organizationId":"yueping","weight":"1"}', '/weight'],
    ['{"title":"a","organizationId":"yueping","weightBasis":"quantity:"}', '/weightBasis'],
    ['{"title":"a","organizationId":"yueping","weightBasis":"cost"}', '/weightBasis'],
    ['{"title":"a","organizationId":"yueping","progressBasis":"best"}', '/progressBasis'],
    ['{"title":"a","organizationId":"yueping","budget":{"amount":0.001,"currency":"CNY"}}', '/budget/amount'],
    ['{"title":"a","organizationId":"yueping","budget":{"amount":1,"currency":"RMB"}}', '/budget/currency'],
    ['{"title":"a","organizationId":"yueping","budget":5}', '/budget'],
    ['{"title":"a","organizationId":"yueping","period":{"startDate":"2023-02-30"}}', '/period/startDate'],
    ['{"title":"a","organizationId":"yueping","period":{"endDate":"2023-6-30"}}', '/period/endDate'],
    ['{"title":"a","organizationId":"yueping","quantities":[{"code":"a","value":1}]}', '/quantities/0/unit'],
    [
      '{"title":"a","organizationId":"yueping","quantities":[{"code":"A","value":1,"unit":"户"}]}',
      '/quantities/0/code',
    ],
    ['{"title":"a","organizationId":"yueping","tags":["a","a"]}', '/tags'],
    ['{"title":"a","organizationId":"yueping","tags":"a"}', '/tags'],
    ['{"title":"a","organizationId":"yueping","location":{"latitude":91}}', '/location/latitude'],
    [
      '{"title":"a","organizationId":"yueping","translations":{"english":{"title":"a"}}}',
      '/translations/english',
    ],
    ['{"title":"a","organizationId":"yueping","citation":{"url":"衡阳日报"}}', '/citation/url'],
    ['{"title":"a","organizationId":"yueping","id":"another"}', '/id'],
    ['{"title":"a","organizationId":"yueping"', ''],
    ['[]', ''],
    ['', ''],
  ])('%s is refused, naming the field', async (body, pointer) => {
    const before = await app.rows();
    const answer = await app.admin.put('/v1/projects/bad', body);
    expect(answer.body).toMatchObject({ status: 400, code: 'validation_failed' });
    expect(answer.body.errors[0].pointer).toBe(pointer);
    expect(answer.body.errors[0].message).toBeTruthy();
    expect(await app.rows()).toEqual(before);
  });

  test.each([
    [{ organizationId: 'nowhere' }, '/organizationId'],
    [{ parentId: 'no-such' }, '/parentId'],
    [{ period: { startDate: '2023-07-01', endDate: '2023-06-30' } }, '/period/endDate'],
    [
      {
        quantities: [
          { code: 'a', value: 1, unit: '户' },
          { code: 'a', value: 2, unit: '户' },
        ],
      },
      '/quantities/1/code',
    ],
  ])('%j cannot be so', async (facts, pointer) => {
    const project = aProject({ organizationId: 'yueping', ...facts });
    const before = await app.rows();
    const answer = await app.admin.put(`/v1/projects/${project.id}`, project);
    expect(answer.body).toMatchObject({ status: 422, code: 'unprocessable', errors: [{ pointer }] });
    expect((await app.admin.post('/v1/projects', project)).status).toBe(422);
    expect(await app.rows()).toEqual(before);
  });

  test.each(['Yueping', 'a_b', 'a--b', 'a-', 'x'.repeat(65), encodeURIComponent('岳屏')])(
    '%s is no id',
    async (id) => {
      const { id: _id, ...facts } = aProject({ organizationId: 'yueping' });
      const before = await app.rows();
      expect((await app.admin.put(`/v1/projects/${id}`, facts)).body).toMatchObject({
        status: 400,
        errors: [{ pointer: '{id}' }],
      });
      const posted = await app.admin.post('/v1/projects', { ...facts, id: decodeURIComponent(id) });
      expect(posted.body).toMatchObject({ status: 400, errors: [{ pointer: '/id' }] });
      expect(await app.rows()).toEqual(before);
    },
  );

  test('an id of 64 characters is one', async () => {
    const { id: _id, ...facts } = aProject({ organizationId: 'yueping' });
    expect((await app.admin.put(`/v1/projects/${'x'.repeat(64)}`, facts)).status).toBe(201);
  });

  test('a body of very many fields or items is refused without telling of each', async () => {
    const project = aProject({ organizationId: 'yueping' });
    const fields = Object.fromEntries(Array.from({ length: 20_001 }, (_, at) => [`x${at}`, 1]));
    const before = await app.rows();
    for (const [body, pointer] of [
      [{ ...project, ...fields }, ''],
      [{ ...project, location: fields }, '/location'],
      [{ ...project, quantities: Array(20_001).fill(0) }, '/quantities'],
      [{ ...project, quantities: Array(250).fill(Array(100).fill(0)) }, '/quantities/19'],
    ] as const) {
      const { errors } = (await app.admin.put(`/v1/projects/${project.id}`, body)).body;
      expect(errors).toMatchObject([{ code: 'size' }]);
      expect(errors[0].pointer.startsWith(pointer)).toBe(true);
    }
    expect(await app.rows()).toEqual(before);
  });

  test('bytes that are not UTF-8 are refused, not stored as something else', async () => {
    const project = aProject({ organizationId: 'yueping', title: '@@' });
    const [head, tail] = JSON.stringify(project).split('@@') as [string, string];
    const body = Buffer.concat([Buffer.from(head), Buffer.from([0xd4, 0xc0, 0xc6, 0xc1]), Buffer.from(tail)]);
    const before = await app.rows();
    const answer = await app.admin.put(`/v1/projects/${project.id}`, body);
    expect(answer.body).toMatchObject({
      status: 400,
      code: 'validation_failed',
      errors: [{ pointer: '', code: 'encoding' }],
    });
    expect(answer.body.detail).toContain('UTF-8');
    expect(await app.rows()).toEqual(before);
  });
});
