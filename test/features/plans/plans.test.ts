import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aProject, settleTianmashan, type TestApp, testApp } from '../../support/index.ts';

let app: TestApp;

beforeAll(async () => {
  app = await testApp({ now: '2023-07-03T01:02:03.004Z' });
  await settleTianmashan(app.admin);
});
afterAll(() => app.close());

const year = [
  { date: '2023-01-01', percent: 0 },
  { date: '2023-06-30', percent: 60 },
  { date: '2023-12-31', percent: 100 },
];
const slower = year.map((point) => (point.percent === 60 ? { ...point, percent: 40 } : point));

/** The address of a new project's plan. */
async function newPlan(said: Record<string, unknown> = {}): Promise<string> {
  const project = aProject({ organizationId: 'yueping', ...said });
  const answer = await app.admin.put(`/v1/projects/${project.id}`, project);
  expect(answer.status, answer.text).toBe(201);
  return `/v1/projects/${project.id}/plan`;
}

describe('a plan', () => {
  test('is made, stays as it is when it is sent again, and becomes the next revision when it changes', async () => {
    const plan = await newPlan();
    const created = await app.admin.put(plan, { points: year });
    expect([created.status, created.headers['jindu-verdict']]).toEqual([201, 'created']);
    expect(created.body).toEqual({
      projectId: plan.split('/')[3],
      points: year,
      note: null,
      reason: null,
      revision: 1,
      recordedAt: app.clock.now().toISOString(),
      recordedBy: created.body.recordedBy,
      supersededAt: null,
      withdrawn: false,
    });
    const rows = await app.rows();
    const again = await app.admin.put(plan, { points: year });
    expect([again.status, again.headers['jindu-verdict'], again.body.revision]).toEqual([
      200,
      'unchanged',
      1,
    ]);
    expect(await app.rows()).toEqual(rows);
    const changed = await app.admin.put(plan, { points: slower, reason: '汛期停工' });
    expect([changed.status, changed.headers['jindu-verdict'], changed.body.revision]).toEqual([
      200,
      'corrected',
      2,
    ]);
    expect((await app.admin.get(plan)).body).toEqual(changed.body);
  });

  test('keeps every revision: who changed it, when and why', async () => {
    const plan = await newPlan();
    await app.admin.put(plan, { points: year });
    app.clock.advance({ minutes: 1 });
    const clerk = await app.actor({ scopes: ['write'], organizationId: 'yueping', name: '规划科' });
    await clerk.put(plan, { points: slower, reason: '汛期停工' });
    const { items } = (await app.admin.get(`${plan}/revisions`)).body;
    expect(items.map((item: { revision: number }) => item.revision)).toEqual([2, 1]);
    const now = app.clock.now().toISOString();
    expect(items[0]).toMatchObject({ recordedBy: '规划科', recordedAt: now, reason: '汛期停工' });
    expect(items[1]).toMatchObject({ points: year, supersededAt: now });
  });

  test('is read as it was known at a moment, and not before it was told', async () => {
    const plan = await newPlan();
    const before = app.clock.now().toISOString();
    app.clock.advance({ minutes: 1 });
    await app.admin.put(plan, { points: year });
    const told = app.clock.now().toISOString();
    app.clock.advance({ minutes: 1 });
    await app.admin.put(plan, { points: slower });
    expect((await app.admin.get(`${plan}?knownAt=${told}`)).body.points).toEqual(year);
    expect((await app.admin.get(`${plan}?knownAt=${before}`)).status).toBe(404);
    const future = await app.admin.get(`${plan}?knownAt=2030-01-01T00:00:00Z`);
    expect([future.status, future.body.code]).toEqual([422, 'future_date']);
  });

  test('is withdrawn with a reason, stays readable, and may be made again', async () => {
    const plan = await newPlan();
    await app.admin.put(plan, { points: year });
    const gone = await app.admin.delete(`${plan}?reason=${encodeURIComponent('尚未批复')}`);
    expect([gone.status, gone.headers['jindu-verdict']]).toEqual([200, 'withdrawn']);
    expect(gone.body).toMatchObject({ withdrawn: true, reason: '尚未批复', revision: 2, points: year });
    expect((await app.admin.get(plan)).body).toEqual(gone.body);
    expect((await app.admin.delete(plan)).headers['jindu-verdict']).toBe('unchanged');
    const again = await app.admin.put(plan, { points: year });
    expect([again.body.revision, again.body.withdrawn]).toEqual([3, false]);
  });

  test('is told of in the record, before and after', async () => {
    const plan = await newPlan();
    const first = (await app.admin.put(plan, { points: year })).body;
    const second = (await app.admin.put(plan, { points: slower, reason: '汛期停工' })).body;
    const subjectId = plan.split('/')[3];
    const { items } = (await app.admin.get(`/v1/changes?subjectType=plan&subjectId=${subjectId}`)).body;
    expect(items).toHaveLength(2);
    expect(items[0]).toMatchObject({ action: 'created', before: null, after: first });
    expect(items[1]).toMatchObject({ action: 'corrected', reason: '汛期停工', after: second });
  });

  test('is written only over the revision that was read, or only where there is none', async () => {
    const plan = await newPlan();
    const only = { headers: { 'if-none-match': '*' } };
    const first = await app.admin.send('PUT', plan, { payload: { points: year }, ...only });
    expect(first.status).toBe(201);
    const other = { points: slower };
    expect((await app.admin.send('PUT', plan, { payload: other, ...only })).status).toBe(412);
    const headers = { 'if-match': String(first.headers.etag) };
    expect((await app.admin.send('PUT', plan, { payload: other, headers })).status).toBe(200);
    expect((await app.admin.send('PUT', plan, { payload: { points: year }, headers })).status).toBe(412);
    expect((await app.admin.send('DELETE', plan, { headers })).status).toBe(412);
  });

  test('that a project does not have is not found, and cannot be withdrawn', async () => {
    const plan = await newPlan({ period: { startDate: '2023-01-01', endDate: '2023-12-31' } });
    expect((await app.admin.get(plan)).body.code).toBe('not_found');
    expect((await app.admin.get(`${plan}/revisions`)).status).toBe(404);
    expect((await app.admin.delete(plan)).status).toBe(404);
  });
});

describe('a plan is refused, and nothing written,', () => {
  const [start, middle, end] = year;
  test.each([
    [
      'where it falls',
      [start, { ...middle, percent: 60 }, { ...end, percent: 59.99 }],
      422,
      '/points/2/percent',
      'at least 60',
    ],
    [
      'with two points on one date',
      [start, middle, { ...middle, percent: 70 }],
      422,
      '/points/2/date',
      'once',
    ],
    ['out of the order of its dates', [start, end, middle], 422, '/points/2/date', 'later than 2023-12-31'],
    ['above 100 percent', [start, { ...end, percent: 101 }], 400, '/points/1/percent', 'at most 100'],
    ['below 0 percent', [{ ...start, percent: -1 }, end], 400, '/points/0/percent', 'at least 0'],
    [
      'with more than two decimals',
      [start, { ...end, percent: 99.999 }],
      400,
      '/points/1/percent',
      '2 decimals',
    ],
    ['with one point', [end], 400, '/points', '2'],
    ['with no points', [], 400, '/points', '2'],
    [
      'with a day that does not exist',
      [start, { ...end, date: '2023-02-30' }],
      400,
      '/points/1/date',
      'a date that exists',
    ],
    ['with a percent as text', [start, { ...end, percent: '100' }], 400, '/points/1/percent', 'number'],
    [
      'with more points than anybody draws',
      Array.from({ length: 1001 }, () => start),
      400,
      '/points',
      '1000',
    ],
  ])('%s', async (_what, points, status, pointer, words) => {
    const plan = await newPlan();
    const rows = await app.rows();
    const answer = await app.admin.put(plan, { points });
    expect(answer.status, answer.text).toBe(status);
    const fault = answer.body.errors.find((each: { pointer: string }) => each.pointer === pointer);
    expect(fault?.message, answer.text).toContain(words);
    expect(await app.rows()).toEqual(rows);
  });

  test('with every fault named at once', async () => {
    const answer = await app.admin.put(await newPlan(), {
      points: [start, { date: '2023-01-01', percent: 10 }, { date: '2023-03-01', percent: 5 }],
    });
    const pointers = answer.body.errors.map((each: { pointer: string }) => each.pointer);
    expect(pointers).toEqual(['/points/1/date', '/points/2/percent']);
  });

  test('of a project that is archived, another’s, or not there, and by who may only report', async () => {
    const plan = await newPlan();
    const reporter = await app.actor({ scopes: ['report'], organizationId: 'yueping' });
    expect((await reporter.put(plan, { points: year })).status).toBe(403);
    const neighbour = await app.actor({ scopes: ['write'], organizationId: 'suyanjing' });
    const [others, nobodys] = [
      await neighbour.put(plan, { points: year }),
      await neighbour.put('/v1/projects/nobodys/plan', { points: year }),
    ];
    expect([others.status, others.body.detail]).toEqual([404, nobodys.body.detail]);
    await app.admin.put(plan, { points: year });
    await app.admin.delete(plan.replace('/plan', ''));
    const rows = await app.rows();
    expect((await app.admin.put(plan, { points: slower })).body.code).toBe('archived');
    expect((await app.admin.delete(plan)).body.code).toBe('archived');
    expect(await app.rows()).toEqual(rows);
    expect((await app.admin.get(plan)).body.points).toEqual(year);
  });
});
