import { beforeEach, describe, expect, test } from 'vitest';
import { loadDemo } from '../../../src/demo/load.ts';
import { type Client, settleTianmashan, type TestApp, testApp } from '../../support/index.ts';
import { expectWellFormed } from '../pictures/svg.ts';

let app: TestApp;
let admin: Client;

beforeEach(async () => {
  app = await testApp({ now: '2023-07-03T01:02:03.004Z' });
  admin = app.admin;
  await settleTianmashan(admin);
  return () => app.close();
});

const year = { startDate: '2023-01-01', endDate: '2023-12-31' };

async function newProject(id: string, said: object = {}): Promise<void> {
  const body = { title: `工程${id}`, organizationId: 'yueping', status: 'implementation', ...said };
  const answer = await admin.put(`/v1/projects/${id}`, body);
  expect(answer.status, answer.text).toBe(201);
}

async function report(id: string, asOf: string, percent: number): Promise<void> {
  const answer = await admin.put(`/v1/projects/${id}/reports/${asOf}`, { percent, reason: '复核' });
  expect(answer.status, answer.text).toBeLessThan(300);
}

async function portfolio(query = '') {
  const { status, body, text } = await admin.get(`/v1/portfolio${query}`);
  expect(status, text).toBe(200);
  return body;
}

/** One of each light. */
async function settleLights(): Promise<void> {
  for (const id of ['red', 'yellow', 'green']) await newProject(id, { period: year });
  await newProject('grey');
  await newProject('none', { status: 'completion' });
  await report('red', '2023-07-01', 10);
  await report('yellow', '2023-07-01', 35);
  await report('green', '2023-07-01', 60);
}

const idsOf = (rows: { projectId: string }[]) => rows.map(({ projectId }) => projectId);

describe('a portfolio', () => {
  test('counts all projects of an organization and below by status and light, and ranks them', async () => {
    await settleLights();
    const body = await portfolio('?within=tianmashan');
    expect(body).toMatchObject({ within: 'tianmashan', asOf: '2023-07-03', projects: 5, comparison: null });
    expect(body.byLight).toEqual({ green: 1, yellow: 1, red: 1, grey: 1, none: 1 });
    expect(body.byStatus).toMatchObject({ implementation: 4, completion: 1, cancelled: 0 });
    expect(idsOf(body.ranked)).toEqual(['red', 'grey', 'yellow', 'green', 'none']);
    expect(body.ranked[0]).toEqual({
      ...{ projectId: 'red', title: '工程red', organizationId: 'yueping', status: 'implementation' },
      ...{ light: 'red', percent: 10, low: 10, high: 10, qualifier: 'exact' },
      ...{ planned: 50.41, gap: -40.41, silentDays: 2 },
    });
    expect(body.silent).toEqual([{ projectId: 'grey', silentDays: null }]);
    expect(body.rollUp).toMatchObject({ percent: 35, low: 21, high: 61, coverage: 0.6, missingCount: 2 });
  });

  test('of one hundred per cent each is exactly that, and of nothing says nothing', async () => {
    expect(await portfolio()).toMatchObject({ projects: 0, rollUp: { percent: null, low: 0, high: 100 } });
    for (const id of ['one', 'two', 'three']) {
      await newProject(id);
      await report(id, '2023-07-01', 100);
    }
    expect((await portfolio()).rollUp).toMatchObject({ percent: 100, low: 100, high: 100, coverage: 1 });
  });

  test('counts projects, and neither the programme above them nor the components in them, unless that is asked for', async () => {
    await newProject('programme', { kind: 'programme' });
    await newProject('estate', { parentId: 'programme' });
    await newProject('zone-a', { parentId: 'estate', kind: 'component' });
    await newProject('zone-b', { parentId: 'estate', kind: 'component' });
    await newProject('elsewhere', { organizationId: 'suyanjing' });
    expect(idsOf((await portfolio()).ranked).sort()).toEqual(['elsewhere', 'estate']);
    expect(idsOf((await portfolio('?within=programme')).ranked)).toEqual(['estate']);
    expect(idsOf((await portfolio('?within=estate')).ranked).sort()).toEqual(['zone-a', 'zone-b']);
    expect((await portfolio('?within=zone-a')).projects).toBe(0);
    expect((await portfolio('?within=tianmashan&kind=component')).projects).toBe(2);
    expect((await portfolio('?within=suyanjing')).projects).toBe(1);
  });

  test('leaves out what is archived, and counts what is cancelled by its status only', async () => {
    await newProject('dropped');
    await newProject('gone');
    await newProject('going');
    await report('going', '2023-07-01', 40);
    await admin.patch('/v1/projects/dropped', { status: 'cancelled' });
    await admin.delete('/v1/projects/gone');
    const body = await portfolio();
    expect(body).toMatchObject({ projects: 2, byStatus: { cancelled: 1 }, byLight: { none: 2 } });
    expect(body.rollUp).toMatchObject({ percent: 40, coverage: 1, missingCount: 0 });
  });

  test('weighs by what is asked for, and names how many have no weight', async () => {
    const households = (value: number) => [{ code: 'households', value, unit: '户' }];
    await newProject('large', { quantities: households(900), budget: { amount: 10, currency: 'CNY' } });
    await newProject('small', { quantities: households(100), budget: { amount: 30, currency: 'CNY' } });
    await newProject('other', { quantities: [{ code: 'households', value: 5, unit: '栋' }] });
    await report('large', '2023-07-01', 90);
    await report('small', '2023-07-01', 10);
    await report('other', '2023-07-01', 50);
    const rollUp = async (basis: string) => (await portfolio(`?weightBasis=${basis}`)).rollUp;
    expect(await rollUp('equal')).toMatchObject({ percent: 50, unweightedCount: 0, weightBasis: 'equal' });
    expect(await rollUp('quantity:households')).toMatchObject({ percent: 82, unweightedCount: 1 });
    expect(await rollUp('budget')).toMatchObject({ percent: 30, unweightedCount: 1 });
    expect(await rollUp('weight')).toMatchObject({ percent: null, unweightedCount: 3, coverage: 0 });
  });

  test.each([
    ['?weightBasis=quantity:buildngs', 422, '?weightBasis', /quantity:households/],
    ['?weightBasis=heads', 400, '?weightBasis', /./],
    ['?asOf=2023-07-04', 422, '?asOf', /2023-07-03/],
    ['?knownAt=2023-07-03T01:02:04Z', 422, '?knownAt', /2023-07-03T01:02:03/],
    ['?asOf=2023-06-30&compareTo=2023-07-01', 422, '?compareTo', /before asOf, 2023-06-30/],
    ['?asOf=2023-06-30&compareTo=2023-06-30', 422, '?compareTo', /before asOf/],
    ['?compareTo=2023-02-29', 400, '?compareTo', /./],
    ['?light=blue', 400, '?light', /./],
    ['?limit=0', 400, '?limit', /./],
    ['?witin=tianmashan', 400, '?witin', /within/],
  ])('asked %s is refused with what would be right', async (query, status, pointer, message) => {
    await newProject('works', { quantities: [{ code: 'households', value: 5, unit: '户' }] });
    const answer = await admin.get(`/v1/portfolio${query}`);
    expect(answer.status, answer.text).toBe(status);
    expect(answer.body.errors[0].pointer).toBe(pointer);
    expect(answer.body.errors[0].message).toMatch(message);
  });

  test('is not there for who names nothing that they see, and shows nobody what they do not see', async () => {
    await settleLights();
    expect((await admin.get('/v1/portfolio?within=nowhere')).status).toBe(404);
    const outsider = await app.actor({ organizationId: 'dayang' });
    expect((await outsider.get('/v1/portfolio?within=tianmashan')).status).toBe(404);
    expect((await outsider.get('/v1/portfolio?within=red')).status).toBe(404);
    expect((await outsider.get('/v1/portfolio')).body).toMatchObject({ projects: 0, ranked: [], silent: [] });
    const neighbour = await app.actor({ organizationId: 'yueping' });
    expect((await neighbour.get('/v1/portfolio')).body.projects).toBe(5);
    await newProject('zone-a', { parentId: 'red', kind: 'component' });
    await newProject('zone-b', { parentId: 'red', kind: 'component', organizationId: 'suyanjing' });
    expect(idsOf((await neighbour.get('/v1/portfolio?within=red')).body.ranked)).toEqual(['zone-a']);
    expect((await portfolio('?within=red')).projects).toBe(2);
  });

  test('is filtered as the list of projects is', async () => {
    await settleLights();
    await newProject('school', { category: 'schools', tags: ['民生'] });
    expect(idsOf((await portfolio('?light=red')).ranked)).toEqual(['red']);
    expect((await portfolio('?light=red')).rollUp.percent).toBe(10);
    expect((await portfolio('?status=completion')).projects).toBe(1);
    expect(idsOf((await portfolio('?category=schools')).ranked)).toEqual(['school']);
    expect(idsOf((await portfolio(`?tag=${encodeURIComponent('民生')}`)).ranked)).toEqual(['school']);
    expect(idsOf((await portfolio('?q=yellow')).ranked)).toEqual(['yellow']);
    expect((await portfolio('?organizationId=yanfeng')).projects).toBe(0);
    expect((await portfolio('?within=yanfeng&organizationId=yueping')).projects).toBe(6);
    expect((await portfolio('?limit=2')).ranked).toHaveLength(2);
  });

  test('of a past day is what a portfolio of that day was', async () => {
    await settleLights();
    const then = await portfolio('?within=tianmashan');
    app.clock.advance({ seconds: 60 * 86_400 });
    for (const id of ['red', 'yellow', 'green', 'grey']) await report(id, '2023-08-31', 95);
    const past = await portfolio('?within=tianmashan&asOf=2023-07-03');
    expect(past).toEqual(then);
    expect((await portfolio()).byLight).toEqual({ green: 3, yellow: 0, red: 0, grey: 0, none: 2 });
  });

  test('compared with an earlier day says who moved by how many points, who is newly red, and what was put off', async () => {
    await newProject('gaining', { period: year });
    await newProject('losing', { period: year });
    await newProject('still', { period: year });
    for (const id of ['gaining', 'losing']) await report(id, '2023-03-31', 20);
    await report('still', '2023-03-31', 25);
    await admin.put('/v1/projects/still/milestones/acceptance', { title: '竣工验收', dueDate: '2023-08-01' });
    app.clock.advance({ seconds: 86_400 });
    await admin.put('/v1/projects/still/milestones/acceptance', {
      ...{ title: '竣工验收', dueDate: '2023-09-30', reason: '汛期' },
    });
    await report('gaining', '2023-06-30', 70);
    await report('losing', '2023-06-30', 15);
    await report('still', '2023-06-30', 25);
    const { comparison, byLight } = await portfolio('?within=yueping&compareTo=2023-03-31');
    expect(byLight).toMatchObject({ green: 1, red: 1, yellow: 1, grey: 0 });
    expect(comparison).toMatchObject({ asOf: '2023-03-31', points: 15, movedCount: 2, newlyRedCount: 1 });
    expect(comparison.byLight).toEqual({ green: 3, yellow: 0, red: 0, grey: 0, none: 0 });
    expect(comparison.moved).toEqual([
      { projectId: 'gaining', from: 20, to: 70, points: 50, lightBefore: 'green', light: 'green' },
      { projectId: 'losing', from: 20, to: 15, points: -5, lightBefore: 'green', light: 'red' },
    ]);
    expect(comparison.newlyRed).toEqual(['losing']);
    const day = await portfolio('?within=yueping&compareTo=2023-07-03');
    expect(day.comparison.pushed).toEqual([
      {
        ...{ projectId: 'still', milestoneId: 'acceptance' },
        ...{ dueDateBefore: '2023-08-01', dueDate: '2023-09-30', days: 60 },
      },
    ]);
    expect(day.slipped).toEqual([{ projectId: 'still', milestoneId: 'acceptance', days: 60 }]);
  });

  test('does not name a milestone that was put off and is archived since', async () => {
    await newProject('works');
    const put = (dueDate: string) =>
      admin.put('/v1/projects/works/milestones/acceptance', { title: '竣工验收', dueDate, reason: '汛期' });
    await put('2023-08-01');
    app.clock.advance({ seconds: 86_400 });
    await put('2023-09-30');
    const pushed = async () => (await portfolio('?compareTo=2023-07-03')).comparison.pushed;
    expect(await pushed()).toHaveLength(1);
    await admin.delete('/v1/projects/works/milestones/acceptance');
    expect(await pushed()).toEqual([]);
    await admin.post('/v1/projects/works/milestones/acceptance/restoration');
    expect(await pushed()).toHaveLength(1);
  });

  test('is CSV for who asks for it: a row for each project, in the order of the ranking', async () => {
    await settleLights();
    const { text, headers } = await admin.get('/v1/portfolio?within=tianmashan', { accept: 'text/csv' });
    expect(headers['content-type']).toMatch(/^text\/csv/);
    const lines = text.split('\r\n').filter(Boolean);
    expect(lines[0]).toBe(
      '\uFEFFprojectId,title,organizationId,status,light,percent,low,high,qualifier,planned,gap,silentDays',
    );
    expect(lines[1]).toBe('red,工程red,yueping,implementation,red,10,10,10,exact,50.41,-40.41,2');
    expect(lines).toHaveLength(6);
  });

  test('as a board names the organization, in the language asked for, and what was typed as it was typed', async () => {
    await newProject('typed');
    await admin.put('/v1/projects/typed/reports/2023-07-01', { stated: '85%以上' });
    const { text, headers, status } = await admin.get('/v1/portfolio.svg?within=tianmashan');
    expect([status, headers['content-type']]).toEqual([200, 'image/svg+xml; charset=utf-8']);
    expectWellFormed(text);
    expect(text).toContain('天马山街道');
    expect(text).toContain('85%以上');
    expect((await admin.get('/v1/portfolio.svg?lang=en')).text).toContain('All projects');
    const again = await admin.get('/v1/portfolio.svg', {
      'if-none-match': (await admin.get('/v1/portfolio.svg')).headers.etag as string,
    });
    expect(again.status).toBe(304);
  });
});

describe('the portfolio of the reference data', () => {
  test('has the ten projects of 天马山街道, the three zones of 岳屏 being parts of one', async () => {
    const database = await app.database.open(app.clock);
    await loadDemo(database);
    await database.close();
    const body = await portfolio('?within=tianmashan&asOf=2023-06-30');
    expect(body.projects).toBe(10);
    expect(body.rollUp).toMatchObject({ weightBasis: 'equal' });
    expect(body.ranked).toHaveLength(10);
  });
});
