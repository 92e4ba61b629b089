import { describe, expect, test } from 'vitest';
import { milestonesOn, slippedOn } from '../../../src/features/milestones/index.ts';
import { rebuildStandings } from '../../../src/features/progress/index.ts';
import { settleTianmashan, type TestApp, testApp } from '../../support/index.ts';

const project = '/v1/projects/xianghejian-urban-renewal';
const milestones = `${project}/milestones`;
const framework = `${milestones}/framework-agreement`;

async function urbanRenewal(): Promise<TestApp> {
  const jindu = await testApp({ now: '2023-07-03T01:02:03.004Z' });
  await settleTianmashan(jindu.admin);
  await jindu.admin.put(project, { title: '湘核建城市更新项目', organizationId: 'tianmashan' });
  return jindu;
}

describe('the due date of a milestone', () => {
  test('may be put off for a reason, and all that it was stays readable', async () => {
    await using jindu = await urbanRenewal();
    await jindu.admin.put(framework, { title: '框架协议签订', dueDate: '2023-05-31' });
    jindu.clock.advance({ seconds: 60 });
    const before = await jindu.rows();
    const refused = await jindu.admin.patch(framework, { dueDate: '2023-06-20' });
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, '/reason']);
    const taken = await jindu.admin.patch(framework, { dueDate: null });
    expect([taken.status, taken.body.errors[0].pointer]).toEqual([422, '/reason']);
    expect(await jindu.rows()).toEqual(before);

    const { status, body } = await jindu.admin.patch(framework, {
      dueDate: '2023-06-20',
      reason: '资金未到位',
    });
    expect(status).toBe(200);
    expect(body.dueDateHistory).toEqual([
      { dueDate: '2023-05-31', changedAt: '2023-07-03T01:02:03.004Z', reason: null },
      { dueDate: '2023-06-20', changedAt: '2023-07-03T01:03:03.004Z', reason: '资金未到位' },
    ]);
    expect(body).toMatchObject({ revision: 2, slippedDays: 20, overdueDays: 13 });
    const again = await jindu.admin.patch(framework, { title: '框架协议' });
    expect(again.body.dueDateHistory).toHaveLength(2);

    const revisions = (await jindu.admin.get(`${framework}/revisions`)).body.items;
    expect(revisions.map((each: { dueDate: string }) => each.dueDate)).toEqual([
      '2023-06-20',
      '2023-06-20',
      '2023-05-31',
    ]);
    expect(revisions[2].dueDateHistory).toHaveLength(1);
  });

  test('may be brought forward, or set for the first time, without one', async () => {
    await using jindu = await urbanRenewal();
    await jindu.admin.put(framework, { title: '框架协议签订' });
    expect((await jindu.admin.patch(framework, { dueDate: '2023-12-31' })).status).toBe(200);
    expect((await jindu.admin.patch(framework, { dueDate: '2023-10-31' })).body.slippedDays).toBe(-61);
  });

  test('counts as overdue on a day before it was met', async () => {
    await using jindu = await urbanRenewal();
    await jindu.admin.put(framework, { title: '签订', dueDate: '2023-06-01', dateMet: '2023-06-20' });
    const on = async (day: string) => (await jindu.admin.get(`${framework}?asOf=${day}`)).body.overdueDays;
    expect([await on('2023-06-11'), await on('2023-06-20')]).toEqual([10, 0]);
    expect((await jindu.admin.get(`${framework}?asOf=2023-07-04`)).body.code).toBe('future_date');
  });
});

describe('that a milestone is met', () => {
  test('may be said without the day, and then holds from the day on which we are told or the one named', async () => {
    await using jindu = await urbanRenewal();
    const told = await jindu.admin.put(framework, { title: '框架协议签订', status: 'met', weight: 15 });
    expect(told.body).toMatchObject({ status: 'met', dateMet: null, metBy: '2023-07-03', slippedDays: null });
    jindu.clock.advance({ seconds: 200_000 });
    const again = await jindu.admin.put(framework, { title: '框架协议签订', status: 'met', weight: 15 });
    expect(again.headers['jindu-verdict']).toBe('unchanged');
    const named = await jindu.admin.patch(framework, { metBy: '2023-06-30' });
    expect(named.body).toMatchObject({ dateMet: null, metBy: '2023-06-30', revision: 2 });
  });

  test.each([
    ['a day to come', { dateMet: '2023-07-04' }, 'future_date', '/dateMet'],
    ['by a day to come', { status: 'met', metBy: '2023-07-04' }, 'future_date', '/metBy'],
    [
      'a day, and that it is not met',
      { dateMet: '2023-06-30', status: 'notMet' },
      'unprocessable',
      '/dateMet',
    ],
    [
      'a day for a part of it',
      { dateMet: '2023-06-30', status: 'partiallyMet' },
      'unprocessable',
      '/dateMet',
    ],
    ['by a day, and that it is open', { metBy: '2023-06-30' }, 'unprocessable', '/metBy'],
    ['two days', { dateMet: '2023-06-01', metBy: '2023-06-30' }, 'unprocessable', '/metBy'],
  ])('is refused with %s', async (_what, said, code, pointer) => {
    await using jindu = await urbanRenewal();
    const before = await jindu.rows();
    const { status, body } = await jindu.admin.put(framework, { title: '签订', weight: 15, ...said });
    expect([status, body.code, body.errors[0].pointer]).toEqual([422, code, pointer]);
    expect(await jindu.rows()).toEqual(before);
  });

  test('can be taken back by a patch of the day or of the status alone', async () => {
    await using jindu = await urbanRenewal();
    await jindu.admin.put(framework, { title: '签订', dateMet: '2023-06-20' });
    const taken = await jindu.admin.patch(framework, { dateMet: null });
    expect(taken.body).toMatchObject({ status: 'scheduled', dateMet: null, metBy: null });
    const met = await jindu.admin.patch(framework, { dateMet: '2023-06-21' });
    expect(met.body).toMatchObject({ status: 'met', metBy: '2023-06-21' });
    const open = await jindu.admin.patch(framework, { status: 'notMet' });
    expect(open.body).toMatchObject({ status: 'notMet', dateMet: null, metBy: null });
  });
});

describe('a template', () => {
  test('is listed, makes what is not there, and makes nothing twice', async () => {
    await using jindu = await urbanRenewal();
    const listed = (await jindu.admin.get('/v1/milestone-templates')).body.items;
    expect(listed.map(({ id }: { id: string }) => id)).toEqual(['deal', 'estate-renovation']);
    for (const { milestones: steps } of listed) {
      expect(steps.reduce((sum: number, { weight }: { weight: number }) => sum + weight, 0)).toBe(100);
    }
    await jindu.admin.put(framework, { title: '框架协议', dateMet: '2023-06-20', weight: 30 });
    const made = await jindu.admin.post(`${milestones}?template=deal`);
    expect([made.status, made.body.created.length, made.body.items.length]).toEqual([201, 6, 7]);
    expect((await jindu.admin.get(framework)).body).toMatchObject({ title: '框架协议', weight: 30 });
    const before = await jindu.rows();
    const again = await jindu.admin.post(`${milestones}?template=deal`);
    expect([again.status, again.body.created]).toEqual([200, []]);
    expect(await jindu.rows()).toEqual(before);
    expect(again.headers['jindu-verdict']).toBe('unchanged');
  });

  test('that does not exist, or comes with a body, is refused', async () => {
    await using jindu = await urbanRenewal();
    const unknown = await jindu.admin.post(`${milestones}?template=dael`);
    expect([unknown.status, unknown.body.errors[0].pointer]).toEqual([400, '?template']);
    const both = await jindu.admin.post(`${milestones}?template=deal`, { title: '竣工' });
    expect([both.status, both.body.code]).toEqual([422, 'unprocessable']);
    expect((await jindu.admin.get(milestones)).body.items).toEqual([]);
  });

  test('makes all or nothing: one that would be too many leaves none', async () => {
    await using jindu = await urbanRenewal();
    for (let number = 0; number < 195; number += 1)
      await jindu.admin.put(`${milestones}/step-${number}`, { title: `第${number}步` });
    const before = await jindu.rows();
    const refused = await jindu.admin.post(`${milestones}?template=deal`);
    expect([refused.status, refused.body.code]).toEqual([422, 'unprocessable']);
    expect(await jindu.rows()).toEqual(before);
  });
});

describe('milestones as a source of progress', () => {
  test('say nothing until one is met, and then the weight met by that day, whatever the weights add up to', async () => {
    await using jindu = await urbanRenewal();
    const progress = async (query = '') => (await jindu.admin.get(`${project}/progress${query}`)).body;
    await jindu.admin.put(`${milestones}/contract`, { title: '合同签订', weight: 45 });
    await jindu.admin.put(`${milestones}/party`, { title: '庆祝', dateMet: '2023-05-01' });
    await jindu.admin.put(`${milestones}/press`, { title: '报道', weight: 0, dateMet: '2023-05-02' });
    expect(await progress()).toMatchObject({
      percent: null,
      low: 0,
      high: 100,
      sources: { milestones: null },
    });

    await jindu.admin.put(framework, { title: '框架协议签订', weight: 15, dateMet: '2023-06-20' });
    await jindu.admin.put(`${milestones}/funding`, { title: '资金到位', weight: 20, status: 'partiallyMet' });
    expect(await progress()).toMatchObject({ percent: 18.75, low: 18.75, high: 43.75, basis: 'milestones' });
    expect((await progress()).sources.milestones).toMatchObject({
      qualifier: 'atLeast',
      asOf: '2023-07-03',
      milestones: 5,
      met: 3,
      partlyMet: 1,
      unweighted: 1,
      weightMet: 15,
      weightTotal: 80,
      normalized: true,
    });
    expect(await progress('?asOf=2023-06-20')).toMatchObject({ percent: 18.75, qualifier: 'exact' });
    expect(await progress('?asOf=2023-06-19')).toMatchObject({ percent: null, basis: null });
    const { actual } = (await jindu.admin.get(`${project}/progress/history`)).body;
    expect(actual.map(({ date, high }: { date: string; high: number }) => [date, high])).toEqual([
      ['2023-06-20', 18.75],
      ['2023-07-03', 43.75],
    ]);
  });

  test('go up to the parent, come and go with archiving, and are known from the moment they were told', async () => {
    await using jindu = await urbanRenewal();
    await jindu.admin.put('/v1/projects/programme', { title: '招商', organizationId: 'tianmashan' });
    await jindu.admin.patch(project, { parentId: 'programme' });
    jindu.clock.advance({ seconds: 1 });
    const untold = new Date(jindu.clock.now()).toISOString();
    jindu.clock.advance({ seconds: 1 });
    await jindu.admin.put(framework, { title: '框架协议签订', weight: 15, dateMet: '2023-06-20' });
    await jindu.admin.put(`${milestones}/contract`, { title: '合同签订', weight: 45 });
    const whole = async (query = '') =>
      (await jindu.admin.get(`/v1/projects/programme/progress${query}`)).body;
    expect((await whole()).percent).toBe(25);
    expect((await whole(`?knownAt=${untold}`)).percent).toBeNull();
    await jindu.admin.delete(`${milestones}/contract`);
    expect((await whole()).percent).toBe(100);
    expect((await jindu.admin.patch(`${milestones}/contract`, { weight: 5 })).body.code).toBe('archived');
    await jindu.admin.post(`${milestones}/contract/restoration`);
    expect((await whole()).percent).toBe(25);
    const opened = await jindu.database.open(jindu.clock);
    expect((await rebuildStandings(opened, { repair: false })).differing).toEqual([]);
    await opened.close();
  });
});

describe('the milestones that slipped', () => {
  test('are those open on the day, by what they are late against their first due date, worst first', async () => {
    await using jindu = await urbanRenewal();
    const put = (id: string, body: object) => jindu.admin.put(`${milestones}/${id}`, { title: id, ...body });
    await put('overdue', { dueDate: '2023-06-13' });
    await put('put-off', { dueDate: '2023-07-01' });
    await put('put-off', { dueDate: '2023-12-31', reason: '等待审批' });
    await put('in-time', { dueDate: '2023-12-31' });
    await put('met-late', { dueDate: '2023-05-01', dateMet: '2023-06-28' });
    await put('gone', { dueDate: '2023-01-01' });
    await jindu.admin.delete(`${milestones}/gone`);
    const opened = await jindu.database.open(jindu.clock);
    const slipped = (day: string, limit = 10, within = 'yanfeng', visibleWithin: string | null = null) =>
      opened.read((unit) => slippedOn(unit, { within, visibleWithin }, day, limit));
    const { length } = await slipped('2023-07-03');
    expect(length).toBe(2);
    expect(await slipped('2023-07-03')).toEqual([
      { projectId: 'xianghejian-urban-renewal', milestoneId: 'put-off', days: 183 },
      { projectId: 'xianghejian-urban-renewal', milestoneId: 'overdue', days: 20 },
    ]);
    expect((await slipped('2023-07-03', 1)).map(({ milestoneId }) => milestoneId)).toEqual(['put-off']);
    expect((await slipped('2023-06-20')).map(({ milestoneId }) => milestoneId)).toEqual([
      'put-off',
      'met-late',
      'overdue',
    ]);
    expect(await slipped('2023-07-03', 10, 'yueping')).toEqual([]);
    expect(await slipped('2023-07-03', 10, 'yanfeng', 'xianghejian')).toEqual([]);
    const shown = await opened.read((unit) =>
      milestonesOn(unit, 'xianghejian-urban-renewal', '2023-06-20', null),
    );
    expect(shown.find(({ title }) => title === 'met-late')).toEqual({
      title: 'met-late',
      dueDate: '2023-05-01',
      dateMet: null,
    });
    await jindu.admin.delete(project);
    expect(await slipped('2023-07-03')).toEqual([]);
    await opened.close();
  });
});

test('the slips of one organization are found behind any number of worse ones of others', async () => {
  await using jindu = await urbanRenewal();
  for (const number of [1, 2, 3]) {
    const other = `/v1/projects/other-${number}`;
    await jindu.admin.put(other, { title: `第${number}号`, organizationId: 'yueping' });
    for (let step = 0; step < 180; step += 1) {
      const body = { title: `第${step}步`, dueDate: '2022-01-01' };
      await jindu.admin.put(`${other}/milestones/step-${step}`, body);
    }
  }
  await jindu.admin.put('/v1/projects/own', { title: '自己的', organizationId: 'suyanjing' });
  await jindu.admin.put('/v1/projects/own/milestones/start', { title: '开工', dueDate: '2023-07-01' });
  const opened = await jindu.database.open(jindu.clock);
  const slipped = (scope: { within?: string; withinProject?: string }, visibleWithin: string | null) =>
    opened.read((unit) => slippedOn(unit, { ...scope, visibleWithin }, '2023-07-03', 5));
  const own = [{ projectId: 'own', milestoneId: 'start', days: 2 }];
  expect(await slipped({ within: 'suyanjing' }, null)).toEqual(own);
  expect(await slipped({ withinProject: 'own' }, null)).toEqual(own);
  expect(await slipped({}, 'suyanjing')).toEqual(own);
  expect(await slipped({ within: 'tianmashan' }, null)).toHaveLength(5);
  await opened.close();
});

describe('a change of a milestone', () => {
  test('is in the record with what it was, and one that is refused by its revision is not', async () => {
    await using jindu = await urbanRenewal();
    await jindu.admin.put(framework, { title: '签订', weight: 15 });
    const stale = await jindu.admin.send('PATCH', framework, {
      payload: { weight: 20 },
      headers: { 'if-match': '"7"' },
    });
    expect(stale.status).toBe(412);
    await jindu.admin.patch(framework, { weight: 20 });
    const changes = (await jindu.admin.get('/v1/changes?subjectType=milestone')).body.items;
    expect(changes.map(({ action }: { action: string }) => action)).toEqual(['created', 'replaced']);
    expect(changes[1]).toMatchObject({
      subject: { type: 'milestone', id: 'xianghejian-urban-renewal/framework-agreement' },
      organizationId: 'tianmashan',
      before: { weight: 15 },
      after: { weight: 20 },
    });
  });

  test('is refused while the project is archived', async () => {
    await using jindu = await urbanRenewal();
    await jindu.admin.put(framework, { title: '签订' });
    await jindu.admin.delete(project);
    for (const answer of [
      await jindu.admin.patch(framework, { weight: 20 }),
      await jindu.admin.delete(framework),
      await jindu.admin.post(`${milestones}?template=deal`),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([409, 'archived']);
    }
    expect((await jindu.admin.get(framework)).status).toBe(200);
  });
});
