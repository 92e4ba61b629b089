import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadDemo } from '../src/demo/load.ts';
import {
  agreements,
  funding,
  milestones,
  organizations,
  parties,
  projects,
  reports,
} from '../src/demo/tianmashan.ts';
import { startDemo } from './support/demo-server.ts';
import {
  newDatabase,
  organizationsOfTianmashan,
  SqliteFile,
  type TestApp,
  type TestDatabase,
  testApp,
} from './support/index.ts';

const midYear = '2023-06-30';
let demo: TestDatabase;

async function load(into: TestDatabase, isIllustrated = false): Promise<void> {
  const database = await into.open();
  await loadDemo(database, 'Asia/Shanghai', isIllustrated);
  await database.close();
}

beforeAll(async () => {
  demo = await newDatabase();
  await load(demo);
});
afterAll(() => demo.remove());

/** Every answer that tells of the demo data, and the record. */
async function allAnswers({ admin }: TestApp): Promise<unknown> {
  const ids = projects.map(({ id }) => id);
  const paths = [
    '/v1/organizations?limit=200',
    '/v1/projects?limit=200',
    '/v1/changes?limit=200',
    ...ids.flatMap((id) => [
      `/v1/projects/${id}/progress`,
      `/v1/projects/${id}/progress?asOf=${midYear}`,
      `/v1/projects/${id}/reports`,
      `/v1/projects/${id}/statuses`,
      `/v1/projects/${id}/milestones`,
    ]),
    ...[...new Set(parties.map(({ projectId }) => projectId))].flatMap((id) =>
      ['parties', 'agreements', 'funding', 'deal'].map((room) => `/v1/projects/${id}/${room}`),
    ),
    '/v1/deals/funnel?within=tianmashan',
  ];
  const answers: [string, unknown][] = [];
  for (const path of paths) {
    const { status, body } = await admin.get(path);
    expect(status, path).toBe(200);
    answers.push([path, path.startsWith('/v1/changes') ? withoutTokens(body.items) : body]);
  }
  return answers;
}

function withoutTokens(changes: { subject: { type: string } }[]) {
  return changes.filter(({ subject }) => subject.type !== 'token');
}

describe('the demo data', () => {
  test('say of 岳屏 what was published: at least 85 %, zones A, B, C silent, 563 户, 17 栋, 30000 m²', async () => {
    await using app = await testApp({ from: demo });
    const { body } = await app.admin.get(`/v1/projects/yueping-estate-renovation/progress?asOf=${midYear}`);
    expect(body).toMatchObject({
      percent: 85,
      qualifier: 'atLeast',
      low: 85,
      high: 100,
      basis: 'report',
      consistent: true,
      sources: {
        report: { stated: '85%以上', asOf: midYear, revision: 1 },
        children: {
          percent: null,
          coverage: 0,
          missing: ['yueping-zone-a', 'yueping-zone-b', 'yueping-zone-c'],
        },
      },
      quantities: [
        { code: 'households', value: 563, unit: '户', done: null, percent: null },
        { code: 'buildings', value: 17, unit: '栋', done: null, percent: null },
        { code: 'floor-area', value: 30000, unit: 'm²', done: null, percent: null },
      ],
    });
  });

  test('hold the nine organizations and the ten projects that were published, and the three zones', async () => {
    await using app = await testApp({ from: demo });
    const { items } = (await app.admin.get('/v1/organizations?limit=200')).body;
    const known = items.map(
      ({ id, name, parentId }: { id: string; name: string; parentId: string | null }) => ({
        id,
        name,
        parentId,
      }),
    );
    expect(known).toHaveLength(9);
    expect(known).toEqual(
      expect.arrayContaining(
        organizationsOfTianmashan.map(({ id, name, parentId }) => ({ id, name, parentId })),
      ),
    );
    const whole = (await app.admin.get('/v1/projects?kind=project&within=tianmashan')).body.items;
    expect(whole).toHaveLength(10);
    const parts = (await app.admin.get('/v1/projects?kind=component')).body.items;
    expect(parts.map(({ id, parentId }: { id: string; parentId: string }) => [id, parentId])).toEqual([
      ['yueping-zone-a', 'yueping-estate-renovation'],
      ['yueping-zone-b', 'yueping-estate-renovation'],
      ['yueping-zone-c', 'yueping-estate-renovation'],
    ]);
  });

  test('say what was met, by when that is sure, and neither a due date nor a percent that was not published', async () => {
    await using app = await testApp({ from: demo });
    const met: string[] = [];
    for (const { projectId, id } of milestones) {
      const { body } = await app.admin.get(`/v1/projects/${projectId}/milestones/${id}`);
      expect(body).toMatchObject({ dueDate: null, dateMet: null, weight: null, overdueDays: null });
      if (body.status === 'met') met.push(`${projectId} ${body.metBy}`);
      const { sources } = (await app.admin.get(`/v1/projects/${projectId}/progress`)).body;
      expect(sources.milestones).toBeNull();
    }
    expect(met).toEqual([
      'xianghejian-urban-renewal 2023-06-30',
      'leego-energy-centre 2023-06-30',
      'liangshan-restaurant 2023-06-30',
      'xinletu-auto-repair 2023-06-30',
      'dachun-bathhouse 2023-06-30',
      'yueping-canteen 2023-05-31',
    ]);
  });

  test('say of 湘核建城市更新 what was published: a framework agreement by mid-2023, six in talks, funds sought', async () => {
    await using app = await testApp({ from: demo });
    const renewal = '/v1/projects/xianghejian-urban-renewal';
    const { body: deal } = await app.admin.get(`${renewal}/deal?asOf=${midYear}`);
    expect(deal).toMatchObject({
      stage: 'frameworkSigned',
      because: { subjectType: 'agreement', on: null, by: midYear },
      ...{ since: null, sinceBy: midYear, ageDays: null, nextDue: null, set: null, signed: [] },
      parties: [
        { stage: 'inTalks', named: 0, unnamed: 6 },
        { stage: 'frameworkSigned', named: 1, unnamed: 0, partyIds: ['xianghejian'] },
      ],
      money: [
        { currency: 'CNY', sought: { low: 0, high: null, unknown: 1 }, committed: null, arrived: null },
      ],
    });
    expect((await app.admin.get(`${renewal}/agreements/framework`)).body).toMatchObject({
      ...{ signedOn: null, signedByDay: midYear, value: null, partyIds: ['xianghejian'] },
    });
    const { revision, metBy } = (await app.admin.get(`${renewal}/milestones/framework-agreement`)).body;
    expect({ revision, metBy }).toEqual({ revision: 1, metBy: midYear });
    expect((await app.admin.get(`${renewal}/milestones/funding-in-place`)).body.status).toBe('scheduled');
  });

  test('name the two parties of the rooftop without a stage, and make a deal of nothing else', async () => {
    await using app = await testApp({ from: demo });
    const { items } = (await app.admin.get('/v1/deals?sort=id')).body;
    expect(items).toMatchObject([
      { projectId: 'dayang-rooftop', stage: null, parties: { named: 2, unnamed: 0 }, money: [] },
      { projectId: 'xianghejian-urban-renewal', stage: 'frameworkSigned' },
    ]);
    const { body: funnel } = await app.admin.get(`/v1/deals/funnel?within=tianmashan&asOf=${midYear}`);
    expect(funnel).toMatchObject({ deals: 2, withoutStage: { deals: 1, parties: 2 } });
    for (const id of [
      'leego-energy-centre',
      'liangshan-restaurant',
      'xinletu-auto-repair',
      'dachun-bathhouse',
    ]) {
      expect((await app.admin.get(`/v1/projects/${id}/deal`)).body).toMatchObject({ isDeal: false });
      const milestones = (await app.admin.get(`/v1/projects/${id}/milestones`)).body.items;
      expect(milestones).toMatchObject([{ id: 'packaging-and-planning', status: 'met', metBy: midYear }]);
    }
  });

  test('leave unknown what was not published: no other progress, no period, budget, weight or place', async () => {
    await using app = await testApp({ from: demo });
    const { items } = (await app.admin.get('/v1/projects?limit=200')).body;
    for (const project of items) {
      expect(project).toMatchObject({
        period: { startDate: null, endDate: null },
        budget: null,
        weight: null,
        location: null,
      });
      const percent = project.id === 'yueping-estate-renovation' ? 85 : null;
      expect(project.progress.percent, project.id).toBe(percent);
    }
  });

  test('date the canteen’s completion by the month in which it opened', async () => {
    await using app = await testApp({ from: demo });
    const { items } = (await app.admin.get('/v1/projects/yueping-canteen/statuses')).body;
    expect(items).toMatchObject([
      { asOf: null, status: 'implementation' },
      { asOf: '2023-05-31', status: 'completion' },
    ]);
    expect((await app.admin.get('/v1/projects/yueping-canteen')).body.status).toBe('completion');
  });

  test('loaded twice are the same as loaded once, in every answer and in the record', async () => {
    await using app = await testApp({ from: demo });
    const once = await allAnswers(app);
    const rows = await app.rows();
    await load(app.database);
    expect(await app.rows()).toEqual(rows);
    expect(await allAnswers(app)).toEqual(once);
  });

  test('are told to the record once each', async () => {
    await using app = await testApp({ from: demo });
    await load(app.database);
    const changes = withoutTokens((await app.admin.get('/v1/changes?limit=200')).body.items) as unknown as {
      action: string;
      actor: { name: string };
      subject: { type: string; id: string };
    }[];
    const made = changes
      .filter(({ action }) => action === 'created')
      .map(({ subject }) => `${subject.type} ${subject.id}`);
    expect(made.sort()).toEqual(
      [
        ...milestones.map(({ projectId, id }) => `milestone ${projectId}/${id}`),
        ...parties.map(({ projectId, id }) => `party ${projectId}/${id}`),
        ...parties.flatMap(({ projectId, id, body }) =>
          body.stage ? [`partyStage ${projectId}/${id}/${body.asOf}`] : [],
        ),
        ...agreements.map(({ projectId, id }) => `agreement ${projectId}/${id}`),
        ...funding.map(({ projectId, id }) => `funding ${projectId}/${id}`),
        ...funding.map(
          ({ projectId, id, body }) => `fundingAmount ${projectId}/${id}/${body.status}/${body.asOf}`,
        ),
        ...organizations.map(({ id }) => `organization ${id}`),
        ...projects.map(({ id }) => `project ${id}`),
        ...projects.flatMap(({ id, laterStatus }) =>
          laterStatus ? [`status ${id}/${laterStatus.asOf}`] : [],
        ),
        ...reports.map(({ projectId, asOf }) => `report ${projectId}/${asOf}`),
      ].sort(),
    );
    expect(new Set(changes.map(({ actor }) => actor.name))).toEqual(new Set(['demo']));
  });

  test('loaded again leave alone what somebody has changed, corrected, withdrawn or archived since', async () => {
    await using app = await testApp({ from: demo });
    const { admin } = app;
    const done = [
      await admin.patch('/v1/organizations/dayang', { name: '大洋' }),
      await admin.patch('/v1/projects/dachun-bathhouse', { title: '达春' }),
      await admin.put('/v1/projects/yueping-canteen/statuses/2023-05-31', { status: 'maintenance' }),
      await admin.delete(`/v1/projects/yueping-estate-renovation/reports/${midYear}`),
      await admin.delete('/v1/projects/liuwei'),
      await admin.delete('/v1/organizations/shenglishan'),
      await admin.delete('/v1/projects/xianghejian-urban-renewal/agreements/framework'),
      await admin.delete('/v1/projects/xianghejian-urban-renewal/parties/xianghejian'),
      await admin.patch('/v1/projects/xianghejian-urban-renewal/parties/in-talks', { count: 7 }),
      await admin.delete('/v1/projects/xianghejian-urban-renewal/funding/start-up/amounts/sought/2023-06-30'),
    ];
    expect(done.map(({ status }) => status)).toEqual(done.map(() => 200));
    const changed = await allAnswers(app);
    await load(app.database);
    expect(await allAnswers(app)).toEqual(changed);
  });

  test('are bodies that the API accepts over HTTP, and answers with the very same things', async () => {
    await using loaded = await testApp({ from: demo });
    await using sent = await testApp();
    for (const { id, ...body } of organizations) {
      expect((await sent.admin.put(`/v1/organizations/${id}`, body)).status, id).toBe(201);
    }
    for (const { id, laterStatus, ...body } of projects) {
      expect((await sent.admin.put(`/v1/projects/${id}`, body)).status, id).toBe(201);
      if (laterStatus === undefined) continue;
      const { asOf, ...said } = laterStatus;
      expect((await sent.admin.put(`/v1/projects/${id}/statuses/${asOf}`, said)).status, id).toBe(201);
    }
    for (const { projectId, asOf, body } of reports) {
      expect((await sent.admin.put(`/v1/projects/${projectId}/reports/${asOf}`, body)).status).toBe(201);
    }
    for (const path of ['/v1/organizations?limit=200', '/v1/projects?limit=200']) {
      const [one, other] = [await loaded.admin.get(path), await sent.admin.get(path)];
      expect(one.body.items.map(withoutStamps)).toEqual(other.body.items.map(withoutStamps));
    }
  });
});

describe('the illustrative demo data', () => {
  test('compare with a plan and with due dates, and whatever has them says that they are made up', async () => {
    await using app = await testApp({ from: demo });
    await load(app.database, true);
    const estate = '/v1/projects/yueping-estate-renovation';
    const { plan, schedule } = (await app.admin.get(`${estate}/progress?asOf=${midYear}`)).body;
    expect(plan).toMatchObject({ percent: 80, basis: 'plan', assumed: false, gap: 5, gapHigh: 20 });
    expect(schedule).toMatchObject({ plannedFinish: '2023-09-30', earliestFinish: midYear, daysLate: -28 });
    expect((await app.admin.get(`${estate}/plan`)).body.note).toContain('示例');
    const rules = '/v1/organizations/tianmashan/light-rules';
    expect((await app.admin.get(`${rules}/revisions`)).body.items[0].reason).toContain('示例');
    const { items } = (await app.admin.get('/v1/projects?limit=200')).body;
    for (const { id, tags, period } of items) {
      const { basis } = (await app.admin.get(`/v1/projects/${id}/progress`)).body.plan ?? { basis: null };
      const isMadeUp = basis !== null || period.endDate !== null || id === 'illustrative-deal';
      expect(tags.includes('illustrative'), id).toBe(isMadeUp);
    }
  });

  test('have a deal that splits off a company, is amended, and says bounds of money as bounds', async () => {
    await using app = await testApp({ from: demo });
    await load(app.database, true);
    const on = async (asOf: string) =>
      (await app.admin.get(`/v1/projects/illustrative-deal/deal?asOf=${asOf}`)).body;
    expect(await on('2023-04-12')).toMatchObject({
      ...{ stage: 'frameworkSigned', because: { subjectType: 'agreement' } },
      parties: [{ stage: 'inTalks', unnamed: 3 }],
      signed: [{ currency: 'CNY', low: 90_000_000, high: null, qualifier: 'atLeast' }],
    });
    expect(await on(midYear)).toMatchObject({
      ...{ stage: 'funded', since: '2023-06-12', ageDays: 18, lastMovementOn: '2023-06-20' },
      parties: [
        { stage: 'inTalks', unnamed: 2 },
        { stage: 'frameworkSigned', named: 1, partyIds: ['company-a'] },
      ],
      money: [
        {
          sought: { low: 0, high: null, unknown: 1 },
          committed: { low: 90_000_000, high: null, qualifier: 'atLeast' },
          arrived: { low: 0, high: 30_000_000, qualifier: 'atMost' },
        },
      ],
      signed: [{ low: 120_000_000, high: null }],
    });
    const { body } = await app.admin.get(`/v1/deals/funnel?compareTo=2023-05-31&asOf=${midYear}`);
    expect(body.signings).toMatchObject({
      deals: 1,
      increments: [{ currency: 'CNY', low: 0, high: 30_000_000 }],
    });
    expect((await app.admin.get('/v1/deals/funnel.svg')).text).toContain('含示例数据');
  });

  test('loaded twice are the same as loaded once, and leave alone what somebody has planned', async () => {
    await using app = await testApp({ from: demo });
    const { admin } = app;
    const plan = '/v1/projects/yueping-estate-renovation/plan';
    const points = [
      { date: '2023-01-01', percent: 0 },
      { date: '2023-12-31', percent: 100 },
    ];
    await admin.put(plan, { points });
    const rules = '/v1/organizations/tianmashan/light-rules';
    await admin.put(rules, { yellowBehind: 5, redBehind: 15 });
    const period = { startDate: null, endDate: '2023-05-01' };
    await admin.patch('/v1/projects/yueping-canteen', { period });
    await admin.delete('/v1/projects/leego-energy-centre');
    await admin.put('/v1/projects/illustrative-deal', { title: '另有其事', organizationId: 'yueping' });
    const rows = await app.rows();
    await load(app.database, true);
    await load(app.database, true);
    expect(await app.rows()).toEqual(rows);
    await admin.post('/v1/projects/leego-energy-centre/restoration', {});
    await load(app.database, true);
    const once = await app.rows();
    await load(app.database, true);
    expect(await app.rows()).toEqual(once);
    expect((await admin.get(plan)).body).toMatchObject({ points, revision: 1 });
    expect((await admin.get(rules)).body).toMatchObject({ redBehind: 15, revision: 1 });
    const { tags } = (await admin.get('/v1/projects/leego-energy-centre')).body;
    expect(tags).toEqual(['包装策划', 'illustrative']);
  });
});

describe('npm run demo', () => {
  test('prints the same token when it is started again, and the token is still good', async () => {
    const place = mkdtempSync(join(tmpdir(), 'jindu-demo-'));
    const first = await startDemo(place);
    await first.stop();
    const second = await startDemo(place);
    const { stdout } = second.run(
      'curl -sS -H "Authorization: Bearer $T" "localhost:3000/v1/changes?limit=200&subjectType=token"',
    );
    await second.stop();
    expect(second.token).toBe(first.token);
    expect(JSON.parse(stdout).items).toMatchObject([
      { action: 'created', subject: { id: 'configured-admin' } },
    ]);
    expect(statSync(join(place, 'data', 'demo.db.token')).mode & 0o077).toBe(0);
    rmSync(place, { recursive: true });
  }, 60_000);

  test('adds no token to a database that was there already', async () => {
    const place = mkdtempSync(join(tmpdir(), 'jindu-demo-'));
    mkdirSync(join(place, 'data'));
    const loaded = new SqliteFile();
    await load(loaded);
    cpSync(loaded.file, join(place, 'data', 'demo.db'));
    await loaded.remove();
    const demo = await startDemo(place);
    await demo.stop();
    expect(demo.printed).toContain('The admin token, shown this once only:');
    expect(readdirSync(join(place, 'data'))).not.toContain('demo.db.token');
    rmSync(place, { recursive: true });
  }, 60_000);
});

/** A light is that of the day on which it is asked for. */
function withoutStamps({ createdAt: _, updatedAt: __, light: ___, ...said }: Record<string, unknown>) {
  return said;
}
