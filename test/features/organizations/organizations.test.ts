import { describe, expect, test } from 'vitest';
import { anOrganization, organizationsOfTianmashan, settleTianmashan, testApp } from '../../support/index.ts';

const address = '/v1/organizations/tianmashan';
const facts = { name: '天马山街道', kind: 'authority' };
const idsOf = (answer: { body: { items: { id: string }[] } }) => answer.body.items.map((item) => item.id);

describe('putting an organization', () => {
  test('creates it, and answers all of its fields', async () => {
    await using app = await testApp();
    const answer = await app.admin.put(address, {
      ...facts,
      translations: { en: { name: 'Tianmashan Sub-district' } },
    });
    expect(answer.status).toBe(201);
    expect(answer.headers['jindu-verdict']).toBe('created');
    expect(answer.body).toEqual({
      id: 'tianmashan',
      name: '天马山街道',
      translations: { en: { name: 'Tianmashan Sub-district' } },
      kind: 'authority',
      parentId: null,
      description: null,
      revision: 1,
      createdAt: '2023-07-03T01:02:03.004Z',
      updatedAt: '2023-07-03T01:02:03.004Z',
      archivedAt: null,
    });
    expect((await app.admin.get(address)).body).toEqual(answer.body);
  });

  test('the same again changes nothing and says so', async () => {
    await using app = await testApp();
    const first = await app.admin.put(address, facts);
    const before = await app.rows();
    app.clock.advance({ days: 1 });
    const again = await app.admin.put(address, facts);
    expect([again.status, again.headers['jindu-verdict'], again.body]).toEqual([
      200,
      'unchanged',
      first.body,
    ]);
    expect(await app.rows()).toEqual(before);
  });

  test('something else replaces all of it as a new revision', async () => {
    await using app = await testApp();
    await app.admin.put(address, { ...facts, description: '雁峰区下辖街道' });
    app.clock.advance({ days: 1 });
    const { status, headers, body } = await app.admin.put(address, { ...facts, kind: 'other' });
    expect([status, headers['jindu-verdict']]).toEqual([200, 'replaced']);
    expect(body).toMatchObject({ kind: 'other', description: null, revision: 2 });
    expect(body).toMatchObject({
      createdAt: '2023-07-03T01:02:03.004Z',
      updatedAt: '2023-07-04T01:02:03.004Z',
    });
  });

  test('many times at once makes one', async () => {
    await using app = await testApp();
    const answers = await Promise.all(Array.from({ length: 10 }, () => app.admin.put(address, facts)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([...Array(9).fill(200), 201]);
    expect((await app.admin.get('/v1/changes?subjectType=organization')).body.items).toHaveLength(1);
  });

  test.each([
    [{ ...facts, id: 'yueping' }, 400, '/id'],
    [{ kind: 'authority' }, 400, '/name'],
    [{ ...facts, name: '' }, 400, '/name'],
    [{ ...facts, name: 'x'.repeat(201) }, 400, '/name'],
    [{ ...facts, kind: 'district' }, 400, '/kind'],
    [{ ...facts, parentId: 'Yanfeng' }, 400, '/parentId'],
    [{ ...facts, translations: { english: { name: 'x' } } }, 400, '/translations/english'],
    [{ ...facts, translations: { en: { nmae: 'x' } } }, 400, '/translations/en/nmae'],
    [{ ...facts, revision: 1 }, 400, '/revision'],
    [{ ...facts, archivedAt: null }, 400, '/archivedAt'],
    [{ ...facts, parentId: 'no-such' }, 422, '/parentId'],
    [{ ...facts, parentId: 'tianmashan' }, 422, '/parentId'],
  ])('refuses %j and writes nothing', async (body, status, pointer) => {
    await using app = await testApp();
    const before = await app.rows();
    const answer = await app.admin.put(address, body);
    expect(answer.status, answer.text).toBe(status);
    expect(answer.body.errors[0].pointer).toBe(pointer);
    expect(await app.rows()).toEqual(before);
  });
});

describe('posting an organization', () => {
  test('under no id gets one of the server’s, under an id that is taken is refused', async () => {
    await using app = await testApp();
    const made = await app.admin.post('/v1/organizations', facts);
    expect(made.headers.location).toBe(`/v1/organizations/${made.body.id}`);
    const chosen = await app.admin.post('/v1/organizations', { id: 'tianmashan', ...facts });
    expect(chosen.status).toBe(201);
    const before = await app.rows();
    const taken = await app.admin.post('/v1/organizations', { id: 'tianmashan', ...facts });
    expect(taken.body).toMatchObject({ status: 409, code: 'conflict', errors: [{ pointer: '/id' }] });
    expect(await app.rows()).toEqual(before);
  });
});

describe('patching an organization', () => {
  test('changes what is sent, removes what is null, and leaves the rest', async () => {
    await using app = await testApp();
    await app.admin.put(address, {
      ...facts,
      description: 'a',
      translations: { en: { name: 'Tianmashan', description: 'b' }, fr: { name: 'x' } },
    });
    const patch = { description: null, translations: { en: { description: null }, fr: null } };
    const answer = await app.admin.patch(address, patch, { 'content-type': 'application/merge-patch+json' });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body).toMatchObject({ ...facts, description: null, revision: 2 });
    expect(answer.body.translations).toEqual({ en: { name: 'Tianmashan' } });
  });

  test('to what it already is changes nothing', async () => {
    await using app = await testApp();
    await app.admin.put(address, facts);
    const before = await app.rows();
    const answer = await app.admin.patch(address, { name: facts.name, description: null });
    expect([answer.status, answer.headers['jindu-verdict']]).toEqual([200, 'unchanged']);
    expect(await app.rows()).toEqual(before);
  });

  test.each([
    [{}, ''],
    [{ name: null }, '/name'],
    [{ kind: null }, '/kind'],
    [{ nam: 'x' }, '/nam'],
    [{ id: 'other' }, '/id'],
  ])('refuses %j', async (patch, pointer) => {
    await using app = await testApp();
    await app.admin.put(address, facts);
    const before = await app.rows();
    const answer = await app.admin.patch(address, patch);
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].pointer).toBe(pointer);
    expect(await app.rows()).toEqual(before);
  });

  test('of one that is not there is 404', async () => {
    await using app = await testApp();
    expect((await app.admin.patch(address, { name: 'x' })).status).toBe(404);
  });
});

describe('the tree', () => {
  test('is listed by parent, and by subtree with its root', async () => {
    await using app = await testApp();
    await settleTianmashan(app.admin);
    const communities = ['shenglishan', 'suyanjing', 'xiaojiashan', 'yueping'];
    expect(idsOf(await app.admin.get('/v1/organizations?parentId=tianmashan'))).toEqual(communities);
    expect(idsOf(await app.admin.get('/v1/organizations?within=tianmashan'))).toEqual(
      [...communities, 'tianmashan'].sort(),
    );
    expect(idsOf(await app.admin.get('/v1/organizations?within=yanfeng'))).toHaveLength(6);
    expect(idsOf(await app.admin.get('/v1/organizations?within=yueping'))).toEqual(['yueping']);
    expect(idsOf(await app.admin.get('/v1/organizations?kind=company'))).toEqual([
      'dayang',
      'xianghejian',
      'yuyuan',
    ]);
  });

  test('moves with all below it', async () => {
    await using app = await testApp();
    await settleTianmashan(app.admin);
    await app.admin.put('/v1/organizations/hengyang', { name: '衡阳市', kind: 'authority' });
    const moved = await app.admin.patch(address, { parentId: 'hengyang' });
    expect(moved.body.parentId).toBe('hengyang');
    expect(idsOf(await app.admin.get('/v1/organizations?within=yanfeng'))).toEqual(['yanfeng']);
    expect(idsOf(await app.admin.get('/v1/organizations?within=hengyang'))).toContain('yueping');
    await app.admin.patch(address, { parentId: null });
    expect(idsOf(await app.admin.get('/v1/organizations?within=hengyang'))).toEqual(['hengyang']);
    expect(idsOf(await app.admin.get('/v1/organizations?within=tianmashan'))).toContain('yueping');
  });

  test('has no circles', async () => {
    await using app = await testApp();
    await settleTianmashan(app.admin);
    const before = await app.rows();
    for (const parentId of ['yanfeng', 'tianmashan', 'yueping']) {
      const answer = await app.admin.patch('/v1/organizations/yanfeng', { parentId });
      expect(answer.body, parentId).toMatchObject({ status: 422, code: 'parent_cycle' });
    }
    expect(await app.rows()).toEqual(before);
  });

  test('is ten levels deep and no more, also for what is moved with others below it', async () => {
    await using app = await testApp();
    for (let level = 1; level <= 10; level += 1) {
      const parentId = level === 1 ? null : `l${level - 1}`;
      const answer = await app.admin.put(`/v1/organizations/l${level}`, { ...facts, parentId });
      expect(answer.status).toBe(201);
    }
    const deeper = await app.admin.put('/v1/organizations/l11', { ...facts, parentId: 'l10' });
    expect(deeper.body).toMatchObject({ status: 422, code: 'too_deep', errors: [{ pointer: '/parentId' }] });
    await app.admin.put('/v1/organizations/top', facts);
    const before = await app.rows();
    expect((await app.admin.patch('/v1/organizations/l1', { parentId: 'top' })).body.code).toBe('too_deep');
    expect(await app.rows()).toEqual(before);
    expect((await app.admin.patch('/v1/organizations/l2', { parentId: 'top' })).status).toBe(200);
  });
});

describe('archiving an organization', () => {
  test('takes it out of lists, keeps it readable, refuses writing, and is undone by a restoration', async () => {
    await using app = await testApp();
    await app.admin.put(address, facts);
    const archived = await app.admin.delete(address);
    expect(archived.body).toMatchObject({ archivedAt: '2023-07-03T01:02:03.004Z', revision: 2 });
    expect((await app.admin.get('/v1/organizations')).body.items).toEqual([]);
    expect(idsOf(await app.admin.get('/v1/organizations?archived=true'))).toEqual(['tianmashan']);
    expect((await app.admin.get(address)).body).toEqual(archived.body);
    const before = await app.rows();
    expect((await app.admin.delete(address)).body).toEqual(archived.body);
    expect((await app.admin.patch(address, { name: 'x' })).body.code).toBe('archived');
    expect((await app.admin.put(address, { ...facts, kind: 'other' })).body.code).toBe('archived');
    const child = await app.admin.put('/v1/organizations/yueping', { ...facts, parentId: 'tianmashan' });
    expect(child.status).toBe(422);
    expect(await app.rows()).toEqual(before);
    const restored = await app.admin.post(`${address}/restoration`);
    expect(restored.body).toMatchObject({ archivedAt: null, revision: 3 });
    const after = await app.rows();
    expect((await app.admin.post(`${address}/restoration`)).body).toEqual(restored.body);
    expect(await app.rows()).toEqual(after);
  });

  test('waits until those below it are archived, and comes back before them', async () => {
    await using app = await testApp();
    await settleTianmashan(app.admin);
    const refused = await app.admin.delete(address);
    expect(refused.body.code).toBe('conflict');
    for (const id of ['suyanjing', 'xiaojiashan', 'shenglishan', 'yueping', 'tianmashan']) {
      expect((await app.admin.delete(`/v1/organizations/${id}`)).status).toBe(200);
    }
    expect((await app.admin.post('/v1/organizations/yueping/restoration')).body.code).toBe('conflict');
    await app.admin.post(`${address}/restoration`);
    expect((await app.admin.post('/v1/organizations/yueping/restoration')).status).toBe(200);
  });
});

describe('looking for words', () => {
  test('finds Chinese and English, whatever their width and case, and nothing by wildcards', async () => {
    await using app = await testApp();
    await app.admin.put(address, { ...facts, translations: { en: { name: 'Tianmashan Sub-district' } } });
    await app.admin.put('/v1/organizations/other', { name: '100%_\\社区', kind: 'community' });
    const found = async (q: string) =>
      idsOf(await app.admin.get(`/v1/organizations?q=${encodeURIComponent(q)}`));
    for (const q of [
      '天马',
      '马山街',
      'SUB-DISTRICT',
      'ｔｉａｎ',
      'street 天马'.replace('street ', ''),
      'sub 天马',
    ]) {
      expect(await found(q), q).toEqual(['tianmashan']);
    }
    for (const q of ['%', '_', '\\', '100%']) expect(await found(q), q).toEqual(['other']);
    for (const q of ['天%山', '肖家山', 'T_anmashan']) expect(await found(q), q).toEqual([]);
  });
});

describe('someone who is bound to an organization', () => {
  test('sees it and what lies below, and nothing else', async () => {
    await using app = await testApp();
    await settleTianmashan(app.admin);
    const bound = await app.actor({ organizationId: 'tianmashan' });
    for (const { id } of organizationsOfTianmashan) {
      const isWithin = ['tianmashan', 'suyanjing', 'xiaojiashan', 'shenglishan', 'yueping'].includes(id);
      expect((await bound.get(`/v1/organizations/${id}`)).status, id).toBe(isWithin ? 200 : 404);
    }
    expect(idsOf(await bound.get('/v1/organizations'))).toHaveLength(5);
    expect(idsOf(await bound.get('/v1/organizations?within=yanfeng'))).toHaveLength(5);
    expect(idsOf(await bound.get('/v1/organizations?kind=company'))).toEqual([]);
  });

  test('changes it and what lies below, and nothing else', async () => {
    await using app = await testApp();
    await settleTianmashan(app.admin);
    const bound = await app.actor({ organizationId: 'tianmashan' });
    expect((await bound.patch(address, { description: 'a' })).status).toBe(200);
    expect(
      (await bound.put('/v1/organizations/new', anOrganization({ id: 'new', parentId: 'yueping' }))).status,
    ).toBe(201);
    const before = await app.rows();
    expect((await bound.patch('/v1/organizations/yanfeng', { description: 'a' })).status).toBe(404);
    expect((await bound.delete('/v1/organizations/dayang')).status).toBe(404);
    expect((await bound.put('/v1/organizations/root', facts)).body.code).toBe('forbidden');
    expect((await bound.patch(address, { parentId: null })).body.code).toBe('forbidden');
    expect((await bound.patch('/v1/organizations/yueping', { parentId: 'yanfeng' })).status).toBe(422);
    expect((await bound.patch('/v1/organizations/yueping', { parentId: null })).body.code).toBe('forbidden');
    expect(await app.rows()).toEqual(before);
  });
});
