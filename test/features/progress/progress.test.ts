import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { settleTianmashan, type TestApp, testApp } from '../../support/index.ts';

describe('progress', () => {
  let jindu: TestApp;
  const estate = '/v1/projects/yueping-estate-renovation';

  beforeAll(async () => {
    jindu = await testApp({ now: '2023-07-03T01:02:03.004Z' });
    await settleTianmashan(jindu.admin);
    await jindu.admin.put(estate, {
      title: '岳屏社区老旧小区改造项目',
      translations: { en: { title: 'Yueping old-estate renovation' } },
      organizationId: 'yueping',
      status: 'implementation',
      quantities: [
        { code: 'households', value: 563, unit: '户' },
        { code: 'buildings', value: 17, unit: '栋' },
        { code: 'floor-area', value: 30000, unit: 'm²' },
      ],
    });
    for (const zone of ['a', 'b', 'c']) {
      const body = {
        title: `${zone.toUpperCase()}区`,
        kind: 'component',
        organizationId: 'yueping',
        parentId: 'yueping-estate-renovation',
      };
      await jindu.admin.put(`/v1/projects/yueping-zone-${zone}`, body);
    }
    await jindu.admin.put(`${estate}/reports/2023-06-30`, { stated: '85%以上' });
  });
  afterAll(() => jindu.close());

  test('says of the estate exactly what was published: at least 85 %, by report, zones A, B, C silent', async () => {
    const { status, body } = await jindu.admin.get(`${estate}/progress?asOf=2023-06-30`);
    expect(status).toBe(200);
    expect(body).toEqual({
      projectId: 'yueping-estate-renovation',
      asOf: '2023-06-30',
      knownAt: null,
      percent: 85,
      qualifier: 'atLeast',
      low: 85,
      high: 100,
      basis: 'report',
      consistent: true,
      inconsistency: null,
      sources: {
        report: {
          percent: 85,
          qualifier: 'atLeast',
          low: 85,
          high: 100,
          asOf: '2023-06-30',
          stated: '85%以上',
          revision: 1,
        },
        children: {
          percent: null,
          low: 0,
          high: 100,
          qualifier: 'between',
          coverage: 0,
          weightBasis: 'equal',
          children: 3,
          missing: ['yueping-zone-a', 'yueping-zone-b', 'yueping-zone-c'],
          missingCount: 3,
          unweighted: [],
          unweightedCount: 0,
        },
        milestones: null,
        quantities: null,
      },
      quantities: [
        { code: 'households', value: 563, unit: '户', done: null, percent: null },
        { code: 'buildings', value: 17, unit: '栋', done: null, percent: null },
        { code: 'floor-area', value: 30000, unit: 'm²', done: null, percent: null },
      ],
      plan: null,
      schedule: null,
      trend: { forecastFinish: null, pointsPerDay: null, reports: 1, reason: 'tooFewReports' },
      cost: null,
      light: null,
      lightReason: 'noPlan',
      silentDays: 0,
    });
  });

  test('is the same read from what is kept today, but for the days of silence', async () => {
    const then = await jindu.admin.get(`${estate}/progress?asOf=2023-06-30`);
    const now = await jindu.admin.get(`${estate}/progress`);
    expect(now.body).toEqual({ ...then.body, asOf: '2023-07-03', silentDays: 3 });
  });

  test('of a day before the first report is unknown, not 0', async () => {
    const { body } = await jindu.admin.get(`${estate}/progress?asOf=2023-06-29`);
    expect(body).toMatchObject({
      percent: null,
      low: 0,
      high: 100,
      basis: null,
      qualifier: 'between',
      silentDays: null,
    });
  });

  test('as known before the report was told is unknown', async () => {
    const { body } = await jindu.admin.get(`${estate}/progress?asOf=2023-06-30&knownAt=2023-07-01T00:00:00Z`);
    expect(body).toMatchObject({
      percent: null,
      basis: null,
      knownAt: '2023-07-01T00:00:00.000Z',
      quantities: [],
    });
  });

  test('is one line for a log, in text', async () => {
    const { text, headers } = await jindu.admin.get(`${estate}/progress?asOf=2023-06-30`, {
      accept: 'text/plain',
    });
    expect(headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(text).toBe(
      '2023-06-30 yueping-estate-renovation 85 atLeast [85,100] basis=report stated="85%以上" coverage=0 missing=3 silent=0d\n',
    );
  });

  test('is a picture that says the bound, in Chinese and in English', async () => {
    const zh = await jindu.admin.get(`${estate}/progress.svg`);
    expect(zh.headers['content-type']).toBe('image/svg+xml; charset=utf-8');
    expect(zh.text).toContain('85%以上');
    expect(zh.text).toContain('岳屏社区老旧小区改造项目');
    const en = await jindu.admin.get(`${estate}/progress.svg`, { 'accept-language': 'en-US' });
    expect(en.text).toContain('at least 85%');
    expect(en.text).toContain('Yueping old-estate renovation');
    expect((await jindu.admin.get(`${estate}/progress.svg?lang=en`)).text).toBe(en.text);
  });

  test('refuses a day that is still to come, by the calendar of the configured time zone', async () => {
    const { status, body } = await jindu.admin.get(`${estate}/progress?asOf=2023-07-04`);
    expect(status).toBe(422);
    expect(body).toMatchObject({ code: 'future_date', errors: [{ pointer: '?asOf' }] });
  });

  test('refuses a day that does not exist', async () => {
    const { status, body } = await jindu.admin.get(`${estate}/progress?asOf=2023-02-30`);
    expect(status).toBe(400);
    expect(body.errors).toEqual([
      { pointer: '?asOf', code: 'format', message: 'must be a date that exists, as YYYY-MM-DD' },
    ]);
  });
});

describe('the roll-up of A 90, B 80 and C silent', () => {
  let jindu: TestApp;

  beforeAll(async () => {
    jindu = await testApp({ now: '2023-07-03T01:02:03.004Z' });
    await settleTianmashan(jindu.admin);
    await jindu.admin.put('/v1/projects/whole', { title: '整体', organizationId: 'yueping' });
    for (const id of ['part-a', 'part-b', 'part-c']) {
      await jindu.admin.put(`/v1/projects/${id}`, {
        title: id,
        organizationId: 'yueping',
        parentId: 'whole',
      });
    }
    await jindu.admin.put('/v1/projects/part-a/reports/2023-03-31', { percent: 90 });
    await jindu.admin.put('/v1/projects/part-b/reports/2023-06-30', { percent: 80 });
  });
  afterAll(() => jindu.close());

  test('is 85, between 56.67 and 90, of two thirds of the weight', async () => {
    const { body } = await jindu.admin.get('/v1/projects/whole/progress');
    expect(body).toMatchObject({
      percent: 85,
      low: 56.67,
      high: 90,
      qualifier: 'between',
      basis: 'children',
      sources: { children: { coverage: 0.6667, missing: ['part-c'], missingCount: 1 } },
      silentDays: 3,
    });
  });

  test('has a point in its history for each day on which a part was reported', async () => {
    const { body } = await jindu.admin.get('/v1/projects/whole/progress/history');
    expect(body.actual).toEqual([
      { date: '2023-03-31', percent: 90, low: 30, high: 96.67, qualifier: 'between', basis: 'children' },
      { date: '2023-06-30', percent: 85, low: 56.67, high: 90, qualifier: 'between', basis: 'children' },
    ]);
    const since = await jindu.admin.get('/v1/projects/whole/progress/history?from=2023-04-01');
    expect(since.body.actual).toHaveLength(1);
    const until = await jindu.admin.get('/v1/projects/whole/progress/history?to=2023-04-01');
    expect(until.body.actual).toHaveLength(1);
  });

  test('refuses a history that ends before it starts', async () => {
    const { status, body } = await jindu.admin.get(
      '/v1/projects/whole/progress/history?from=2023-04-02&to=2023-04-01',
    );
    expect(status).toBe(422);
    expect(body.errors).toEqual([
      { pointer: '?to', code: 'range', message: 'must not be before from, 2023-04-02' },
    ]);
  });

  test('is held against the whole’s own report, and the disagreement is shown, not settled', async () => {
    await jindu.admin.put('/v1/projects/whole/reports/2023-06-30', { percent: 95 });
    const { body } = await jindu.admin.get('/v1/projects/whole/progress');
    expect(body).toMatchObject({
      percent: 95,
      basis: 'report',
      consistent: false,
      inconsistency: { sources: ['report', 'children'], gap: 5 },
    });
    await jindu.admin.delete('/v1/projects/whole/reports/2023-06-30?reason=typing');
  });

  test('leaves out a part from the day it was cancelled, and not before', async () => {
    await jindu.admin.put('/v1/projects/part-b/statuses/2023-07-01', {
      status: 'cancelled',
      reason: '规划调整',
    });
    const now = await jindu.admin.get('/v1/projects/whole/progress');
    expect(now.body).toMatchObject({
      percent: 90,
      low: 45,
      high: 95,
      sources: { children: { children: 2 } },
    });
    const before = await jindu.admin.get('/v1/projects/whole/progress?asOf=2023-06-30');
    expect(before.body).toMatchObject({ percent: 85, sources: { children: { children: 3 } } });
    const { body } = await jindu.admin.get('/v1/projects/whole/progress/history');
    expect(body.actual.at(-1)).toMatchObject({ date: '2023-07-01', percent: 90 });
    await jindu.admin.delete('/v1/projects/part-b/statuses/2023-07-01');
  });

  test('names no part to somebody who does not see it', async () => {
    await jindu.admin.put('/v1/projects/part-d', {
      title: 'd',
      organizationId: 'xiaojiashan',
      parentId: 'whole',
    });
    const neighbour = await jindu.actor({ scopes: ['read'], organizationId: 'yueping' });
    for (const query of ['', '?asOf=2023-06-30']) {
      const { body } = await neighbour.get(`/v1/projects/whole/progress${query}`);
      expect(body.sources.children).toMatchObject({ missing: ['part-c'], missingCount: 2 });
    }
  });
});

describe('quantities done', () => {
  test('are a source of their own, beside the report', async () => {
    await using jindu = await testApp({ now: '2023-07-03T01:02:03.004Z' });
    await settleTianmashan(jindu.admin);
    const scope = [
      { code: 'households', value: 563, unit: '户' },
      { code: 'buildings', value: 17, unit: '栋' },
    ];
    await jindu.admin.put('/v1/projects/estate', {
      title: '小区',
      organizationId: 'yueping',
      quantities: scope,
    });
    await jindu.admin.put('/v1/projects/estate/reports/2023-06-30', {
      quantities: [
        { code: 'buildings', value: 14 },
        { code: 'households', value: 478 },
      ],
    });
    const { body } = await jindu.admin.get('/v1/projects/estate/progress');
    expect(body).toMatchObject({
      percent: 84.9,
      basis: 'quantities',
      sources: { report: null, quantities: { code: 'households', percent: 84.9, asOf: '2023-06-30' } },
      quantities: [
        { code: 'households', done: 478, percent: 84.9 },
        { code: 'buildings', done: 14, percent: 82.35 },
      ],
    });
  });
});

describe('the answer about today', () => {
  const estate = '/v1/projects/estate';

  async function withReportedEstate(): Promise<TestApp> {
    const jindu = await testApp({ now: '2023-07-03T01:02:03.004Z' });
    await settleTianmashan(jindu.admin);
    await jindu.admin.put(estate, { title: '小区', organizationId: 'yueping' });
    await jindu.admin.put(`${estate}/reports/2023-06-30`, { stated: '85%以上' });
    return jindu;
  }

  test('is the same to the byte however often it is asked for, and nothing to somebody who does not see the project', async () => {
    await using jindu = await withReportedEstate();
    const outsider = await jindu.actor({ scopes: ['read'], organizationId: 'xiaojiashan' });
    const once = await jindu.admin.get(`${estate}/progress`);
    const again = await jindu.admin.get(`${estate}/progress`);
    expect(once.body).toMatchObject({
      percent: 85,
      sources: { report: { stated: '85%以上' } },
      silentDays: 3,
    });
    expect(again.body).toEqual(once.body);
    for (const name of ['etag', 'content-length', 'content-type', 'cache-control'])
      expect(again.headers[name]).toBe(once.headers[name]);
    expect((await outsider.get(`${estate}/progress`)).status).toBe(404);
  });

  test('changes with the day, with a report, and with the organization that owns the project', async () => {
    await using jindu = await withReportedEstate();
    const neighbour = await jindu.actor({ scopes: ['read'], organizationId: 'xiaojiashan' });
    const told = async () => (await jindu.admin.get(`${estate}/progress`)).body;
    expect(await told()).toMatchObject({ percent: 85, silentDays: 3 });
    jindu.clock.set('2023-07-04T01:02:03.004Z');
    expect(await told()).toMatchObject({ percent: 85, silentDays: 4 });
    await jindu.admin.put(`${estate}/reports/2023-07-03`, { percent: 90 });
    expect(await told()).toMatchObject({ percent: 90, silentDays: 1 });
    await jindu.admin.put(estate, { title: '小区', organizationId: 'xiaojiashan' });
    expect((await neighbour.get(`${estate}/progress`)).body).toMatchObject({ percent: 90 });
  });
});
