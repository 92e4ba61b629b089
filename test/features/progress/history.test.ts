import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { getHistory } from '../../../src/features/progress/history.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { dayOf } from '../../../src/shared/calendar-date.ts';
import { aProject, settleTianmashan, type TestApp, testApp } from '../../support/index.ts';
import { expectSelfContained, expectWellFormed, rowsOf, textsOf } from '../pictures/svg.ts';

let app: TestApp;

beforeAll(async () => {
  app = await testApp({ now: '2023-07-03T01:02:03.004Z' });
  await settleTianmashan(app.admin);
});
afterAll(() => app.close());

const year = { startDate: '2023-01-01', endDate: '2023-12-31' };

/** The address of a new project. */
async function made(said: Record<string, unknown> = {}): Promise<string> {
  const project = aProject({ organizationId: 'yueping', ...said });
  const answer = await app.admin.put(`/v1/projects/${project.id}`, project);
  expect(answer.status, answer.text).toBe(201);
  return `/v1/projects/${project.id}`;
}

async function reported(project: string, percents: Record<string, number | string>): Promise<void> {
  for (const [day, said] of Object.entries(percents)) {
    const body = typeof said === 'number' ? { percent: said } : { stated: said };
    const answer = await app.admin.put(`${project}/reports/${day}`, body);
    expect(answer.status, answer.text).toBe(201);
  }
}

async function history(project: string, query = '') {
  const answer = await app.admin.get(`${project}/progress/history${query}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
}

async function picture(project: string, query = '', headers: Record<string, string> = {}): Promise<string> {
  const answer = await app.admin.get(`${project}/progress/history.svg${query}`, headers);
  expect(answer.status, answer.text).toBe(200);
  expect(answer.headers['content-type']).toBe('image/svg+xml; charset=utf-8');
  return answer.text;
}

describe('the history', () => {
  test('has the plan as it was told, and leads from the last report to the forecast finish', async () => {
    const project = await made();
    const points = [
      { date: '2023-01-01', percent: 0 },
      { date: '2023-06-30', percent: 60 },
      { date: '2023-12-31', percent: 100 },
    ];
    await app.admin.put(`${project}/plan`, { points });
    await reported(project, { '2023-03-31': 20, '2023-06-30': 40 });
    const shown = await history(project, '?to=2023-06-30');
    expect(shown).toMatchObject({ asOf: '2023-06-30', planned: points, plannedBasis: 'plan' });
    const { schedule } = (await app.admin.get(`${project}/progress?asOf=2023-06-30`)).body;
    expect(shown.forecastBasis).toBe('schedule');
    expect(shown.forecast).toEqual([
      { date: '2023-06-30', percent: 40 },
      { date: schedule.forecastFinish, percent: 100 },
    ]);
  });

  test('has the range of its forecast where a bound was reported', async () => {
    const project = await made({ period: year });
    await reported(project, { '2023-06-30': '85%以上' });
    expect(await history(project, '?to=2023-06-30')).toMatchObject({
      forecast: [
        { date: '2023-06-30', percent: 85 },
        { date: '2023-08-01', percent: 100 },
      ],
      earliestFinish: '2023-06-30',
      latestFinish: '2023-08-01',
    });
  });

  test('has the straight line of the period, and that of the children’s plans', async () => {
    const parent = await made();
    await made({ parentId: parent.split('/')[3], period: year });
    const line = [
      { date: '2023-01-01', percent: 0 },
      { date: '2023-12-31', percent: 100 },
    ];
    expect(await history(parent)).toMatchObject({ planned: line, plannedBasis: 'children', forecast: [] });
    expect(await history(await made({ period: year }))).toMatchObject({
      planned: line,
      plannedBasis: 'period',
    });
  });

  test('follows the trend where there is no plan, also of what only its parts reported', async () => {
    const parent = await made();
    const child = await made({ parentId: parent.split('/')[3] });
    await reported(child, { '2023-03-31': 20, '2023-04-30': 30, '2023-05-31': 40 });
    for (const each of [parent, child]) {
      expect(await history(each, '?to=2023-06-30')).toMatchObject({
        planned: [],
        plannedBasis: null,
        forecastBasis: 'trend',
        forecast: [
          { date: '2023-05-31', percent: 40 },
          { date: '2023-11-30', percent: 100 },
        ],
      });
    }
  });

  test('has no point for a day on which nothing was said of what counts, which would bend curve and forecast', async () => {
    const project = await made();
    const part = await made({ parentId: project.split('/')[3] });
    await made({ parentId: project.split('/')[3] });
    await reported(project, { '2023-03-31': 20, '2023-04-30': 30, '2023-05-31': 40 });
    const { body: before } = await app.admin.get(`${project}/progress?asOf=2023-06-30`);
    await reported(part, { '2023-06-15': 10 });
    await app.admin.put(`${project}/milestones/start`, {
      title: '开工',
      status: 'met',
      dateMet: '2023-06-20',
      weight: 10,
    });
    const shown = await history(project, '?to=2023-06-30');
    expect(shown.actual.map(({ date }: { date: string }) => date)).toEqual([
      '2023-03-31',
      '2023-04-30',
      '2023-05-31',
    ]);
    expect(shown.forecast[1].date).toBe(before.trend.forecastFinish);
    await reported(project, { '2023-06-30': 40 });
    expect((await history(project, '?to=2023-06-30')).actual).toHaveLength(4);
  });

  test('has no forecast of what is finished, silent, or does not rise', async () => {
    const [finished, silent, idle] = [
      await made({ period: year }),
      await made({ period: year }),
      await made(),
    ];
    await reported(finished, { '2023-05-31': 50, '2023-06-30': 100 });
    await reported(idle, { '2023-05-31': 50, '2023-06-30': 50 });
    for (const project of [finished, silent, idle])
      expect(await history(project)).toMatchObject({ forecast: [], forecastBasis: null });
  });

  test('is thinned to as many points as are asked for, exact at its ends', async () => {
    const project = await made({ period: year });
    const rows = Array.from({ length: 60 }, (_, index) => ({
      projectId: project.split('/')[3],
      asOf: `2023-0${1 + Math.floor(index / 20)}-${String(1 + (index % 20)).padStart(2, '0')}`,
      percent: index,
    }));
    expect((await app.admin.post('/v1/report-batches', rows)).status).toBe(200);
    const whole = (await history(project)).actual;
    expect(whole).toHaveLength(60);
    const { actual } = await history(project, '?maxPoints=10');
    expect(actual).toHaveLength(10);
    expect([actual[0], actual.at(-1)]).toEqual([whole[0], whole.at(-1)]);
    for (const point of actual) expect(whole).toContainEqual(point);
    expect((await history(project, '?maxPoints=2')).actual).toEqual([whole[0], whole.at(-1)]);
    expect((await history(project, '?maxPoints=100')).actual).toEqual(whole);
    for (const query of ['maxPoints=1', 'maxPoints=0', 'maxPoints=x', 'maxPoints=10001']) {
      const answer = await app.admin.get(`${project}/progress/history?${query}`);
      expect([answer.status, answer.body.errors[0].pointer]).toEqual([400, '?maxPoints']);
    }
  });
});

describe('the S-curve', () => {
  test('shows plan, reports and forecast, in Chinese or English, and loads nothing', async () => {
    const project = await made({
      title: '岳屏社区老旧小区改造',
      translations: { en: { title: 'Yueping renovation' } },
      period: year,
    });
    await reported(project, { '2023-03-31': 20, '2023-06-30': '85%以上' });
    const chinese = await picture(project, '?to=2023-06-30');
    expectWellFormed(chinese);
    expectSelfContained(chinese);
    expect(textsOf(chinese).join('\n')).toMatch(/岳屏社区老旧小区改造[\s\S]*85%以上[\s\S]*计划49.59%/);
    expect(rowsOf(chinese)).toContain(
      'date="2023-06-30" actual="85" qualifier="atLeast" low="85" high="100" stated="85%以上" forecast="85"',
    );
    const english = await picture(project, '?lang=en');
    expect(textsOf(english).join('\n')).toMatch(/Yueping renovation[\s\S]*planned/);
    expect(await picture(project, '', { 'accept-language': 'en-GB,en' })).toBe(english);
  });

  test('says of a plan rolled up from straight lines that it is assumed', async () => {
    const parent = await made();
    await made({ parentId: parent.split('/')[3], period: year });
    expect(textsOf(await picture(parent))).toContain('计划（由下级汇总，含按工期匀速推算）');
  });

  test('is also what the history answers to who accepts a picture', async () => {
    const project = await made({ period: year });
    const headers = { accept: 'image/svg+xml' };
    const answer = await app.admin.get(`${project}/progress/history`, headers);
    expect(answer.text).toBe(await picture(project));
    expect(String(answer.headers.vary)).toMatch(/accept, accept-language/);
  });

  test('is not sent again to who has it, until something changes', async () => {
    const project = await made({ period: year });
    await reported(project, { '2023-05-31': 30 });
    const address = `${project}/progress/history.svg`;
    const { etag } = (await app.admin.get(address)).headers;
    const headers = { 'if-none-match': String(etag) };
    const again = await app.admin.get(address, headers);
    expect([again.status, again.text]).toEqual([304, '']);
    await reported(project, { '2023-06-30': 40 });
    expect((await app.admin.get(address, headers)).status).toBe(200);
  });

  test('says of illustrative data that it is', async () => {
    const project = await made({ period: year, tags: ['illustrative'] });
    expect(textsOf(await picture(project)).join('\n')).toContain('含示例数据，并非公布');
  });

  test('of another’s project, or of a day to come, is refused as JSON', async () => {
    const project = await made();
    const neighbour = await app.actor({ organizationId: 'suyanjing' });
    const answers = [
      await neighbour.get(`${project}/progress/history.svg`),
      await app.admin.get(`${project}/progress/history.svg?to=2024-01-01`),
      await app.admin.get(`${project}/progress/history.svg?from=2023-06-02&to=2023-06-01`),
      await app.admin.get(`${project}/progress/history.svg?lang=fr`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 422, 422, 400]);
    for (const { headers } of answers)
      expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
  });
});

describe('the history of a large tree', () => {
  const actor: Actor = { tokenId: null, name: 'test', scopes: ['read'], organizationId: null };
  const question = { from: null, to: null, knownAt: null, maxPoints: null };

  test.each([
    [{ projects: 2, reports: 100 }, /at most 2 projects/],
    [{ projects: 3, reports: 3 }, /at most 3 reports/],
    [{ projects: 3, reports: 4 }, null],
  ])('is refused beyond so many projects and reports: %j', async (bounds, refusal) => {
    const whole = await made({ kind: 'programme' });
    const id = whole.slice('/v1/projects/'.length);
    for (const part of [await made({ parentId: id }), await made({ parentId: id })])
      await reported(part, { '2023-05-31': 10, '2023-06-30': 20 });
    const database = await app.database.open(app.clock);
    const asked = getHistory(database, actor, id, question, (moment) => dayOf(moment, 'UTC'), bounds);
    const answer = await asked.catch((error) => error).finally(() => database.close());
    if (refusal === null) expect(answer.actual).toHaveLength(2);
    else
      expect(answer).toMatchObject({
        code: 'unprocessable',
        errors: [{ pointer: '{id}', code: 'too_wide', message: expect.stringMatching(refusal) }],
      });
  });

  test('is the same whether it is read in one part or in several', async () => {
    const whole = await made({ kind: 'programme' });
    const parentId = whole.slice('/v1/projects/'.length);
    // More than are read of at a time.
    for (let index = 0; index < 60; index += 1)
      await reported(await made({ parentId }), { '2023-05-31': index, '2023-06-30': 40 + index });
    const { actual } = await history(whole);
    expect(actual.map(({ date, percent }: { date: string; percent: number }) => [date, percent])).toEqual([
      ['2023-05-31', 29.5],
      ['2023-06-30', 69.5],
    ]);
  });
});
