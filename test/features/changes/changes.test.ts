import { describe, expect, test } from 'vitest';
import { settleTianmashan, testApp } from '../../support/index.ts';

interface Entry {
  sequence: number;
  action: string;
  subject: { type: string; id: string };
}

const address = '/v1/organizations/tianmashan';
const facts = { name: '天马山街道', kind: 'authority' };
const told = (items: Entry[]) => items.map((entry) => `${entry.action} ${entry.subject.id}`);

describe('the record', () => {
  test('tells of every write who did it, when, and what was before and after', async () => {
    await using app = await testApp();
    const clerk = await app.actor({ name: 'clerk', scopes: ['write'] });
    const created = await clerk.put(address, facts);
    app.clock.advance({ hours: 1 });
    const changed = await clerk.patch(address, { description: 'a' });
    await clerk.delete(address);
    await clerk.post(`${address}/restoration`);
    const { items } = (await app.admin.get('/v1/changes?subjectType=organization')).body;
    expect(told(items)).toEqual([
      'created tianmashan',
      'replaced tianmashan',
      'archived tianmashan',
      'restored tianmashan',
    ]);
    expect(items[1]).toEqual({
      sequence: items[0].sequence + 1,
      at: '2023-07-03T02:02:03.004Z',
      actor: { tokenId: expect.any(String), name: 'clerk' },
      action: 'replaced',
      subject: { type: 'organization', id: 'tianmashan' },
      organizationId: 'tianmashan',
      reason: null,
      before: created.body,
      after: changed.body,
    });
    expect(items[0].before).toBeNull();
  });

  test('tells nothing of what changed nothing or was refused', async () => {
    await using app = await testApp();
    await app.admin.put(address, facts);
    const before = (await app.admin.get('/v1/changes')).body.items.length;
    await app.admin.put(address, facts);
    await app.admin.put(address, { ...facts, parentId: 'no-such' });
    await app.admin.patch(address, { name: 'x' }, { 'if-match': '"9"' });
    await app.stranger.delete(address);
    expect((await app.admin.get('/v1/changes')).body.items).toHaveLength(before);
  });

  test('is read from either end, by thing and by organization', async () => {
    await using app = await testApp();
    await settleTianmashan(app.admin);
    const newest = await app.admin.get('/v1/changes?sort=-sequence&limit=2');
    expect(told(newest.body.items)).toEqual(['created yuyuan', 'created dayang']);
    const next = await app.admin.get(`/v1/changes?sort=-sequence&limit=2&cursor=${newest.body.nextCursor}`);
    expect(told(next.body.items)).toEqual(['created xianghejian', 'created yueping']);
    const one = await app.admin.get('/v1/changes?subjectType=organization&subjectId=yueping');
    expect(told(one.body.items)).toEqual(['created yueping']);
    expect(told((await app.admin.get('/v1/changes?organizationId=yueping')).body.items)).toEqual([
      'created yueping',
    ]);
  });
});

describe('following the record', () => {
  test('by its cursor shows each change once, also those made later', async () => {
    await using app = await testApp();
    await settleTianmashan(app.admin);
    const seen: string[] = [];
    let cursor = '';
    for (let round = 0; round < 8; round += 1) {
      const page = await app.admin.get(`/v1/changes?subjectType=organization&limit=3${cursor}`);
      seen.push(...told(page.body.items));
      cursor = `&cursor=${page.body.nextCursor}`;
      if (round === 4) await app.admin.put('/v1/organizations/later', facts);
    }
    expect(seen).toHaveLength(10);
    expect(new Set(seen).size).toBe(10);
    expect(seen.at(-1)).toBe('created later');
  });

  test('waits for something new, and answers as soon as it is there', async () => {
    await using app = await testApp();
    await app.admin.put(address, facts);
    const { nextCursor } = (await app.admin.get('/v1/changes')).body;
    const waiting = app.admin.get(`/v1/changes?wait=10&cursor=${nextCursor}`);
    await app.admin.patch(address, { description: 'a' });
    const startedMs = performance.now();
    expect(told((await waiting).body.items)).toEqual(['replaced tianmashan']);
    expect(performance.now() - startedMs).toBeLessThan(3_000);
  });

  test('answers with nothing and a cursor to go on with when the wait is over', async () => {
    await using app = await testApp();
    const { nextCursor } = (await app.admin.get('/v1/changes')).body;
    const answer = await app.admin.get(`/v1/changes?wait=1&cursor=${nextCursor}`);
    expect(answer.body).toEqual({ items: [], nextCursor });
  });

  test('does not hold up the stop of the server', async () => {
    await using app = await testApp();
    const { nextCursor } = (await app.admin.get('/v1/changes')).body;
    const waiting = app.admin.get(`/v1/changes?wait=30&cursor=${nextCursor}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const startedMs = performance.now();
    await Promise.all([app.app.close(), waiting]);
    expect(performance.now() - startedMs).toBeLessThan(3_000);
  });

  test.each(['abc', 'WyJpZCIsImEiLCJiIl0', ''])(
    'refuses the cursor %j, which it did not give',
    async (cursor) => {
      await using app = await testApp();
      const answer = await app.admin.get(`/v1/changes?cursor=${cursor}`);
      expect(answer.body).toMatchObject({ status: 400, errors: [{ pointer: '?cursor' }] });
    },
  );
});

describe('who may read the record', () => {
  test('someone bound to an organization reads what concerns it and what lies below', async () => {
    await using app = await testApp();
    await settleTianmashan(app.admin);
    const bound = await app.actor({ organizationId: 'tianmashan', scopes: ['read'] });
    const { items } = (await bound.get('/v1/changes')).body;
    expect(told(items).sort()).toEqual([
      'created shenglishan',
      'created suyanjing',
      'created tianmashan',
      'created xiaojiashan',
      'created yueping',
    ]);
    expect((await bound.get('/v1/changes?organizationId=yanfeng')).body.items).toEqual([]);
  });

  test('a project that goes to another organization is told of in both records, to each what it may see', async () => {
    await using app = await testApp();
    await settleTianmashan(app.admin);
    const path = '/v1/projects/canteen';
    await app.admin.put(path, { title: '社区食堂', organizationId: 'yueping' });
    await app.admin.patch(path, { organizationId: 'suyanjing', title: '食堂' });
    const recordOf = async (organizationId: string) => {
      const reader = await app.actor({ scopes: ['read'], organizationId });
      const { body } = await reader.get('/v1/changes?subjectType=project');
      return body.items.map(({ action, before, after }: Record<string, { title: string } | null>) => [
        action,
        before?.title ?? null,
        after?.title ?? null,
      ]);
    };
    expect(await recordOf('yueping')).toEqual([
      ['created', null, '社区食堂'],
      ['replaced', '社区食堂', null],
    ]);
    expect(await recordOf('suyanjing')).toEqual([['replaced', null, '食堂']]);
  });

  test('a change that cannot be recorded is not made', async () => {
    await using app = await testApp();
    await settleTianmashan(app.admin);
    await app.admin.put('/v1/projects/canteen', { title: '社区食堂', organizationId: 'yueping' });
    const table = await app.rows();
    await app.database.refuseInserts('changes');
    const attempts = [
      () => app.admin.put('/v1/projects/canteen/reports/2023-06-30', { percent: 50 }),
      () => app.admin.patch('/v1/projects/canteen', { title: '食堂' }),
      () => app.admin.delete('/v1/projects/canteen'),
    ];
    for (const attempt of attempts) {
      expect((await attempt()).status).toBe(500);
      expect(app.log.takeErrors()).toHaveLength(1);
    }
    expect(await app.rows()).toEqual(table);
  });

  test('only who may manage tokens reads of tokens', async () => {
    await using app = await testApp({ env: { JINDU_PUBLIC_READ: 'true' } });
    const writer = await app.actor({ scopes: ['write'] });
    expect((await app.admin.get('/v1/changes?subjectType=token')).body.items).toHaveLength(2);
    for (const client of [writer, app.stranger]) {
      expect((await client.get('/v1/changes')).body.items).toEqual([]);
      expect((await client.get('/v1/changes?subjectType=token')).body.items).toEqual([]);
    }
  });
});
