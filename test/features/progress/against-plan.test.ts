import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rebuildStandings } from '../../../src/features/progress/index.ts';
import { aProject, settleTianmashan, type TestApp, testApp } from '../../support/index.ts';

let app: TestApp;

beforeAll(async () => {
  app = await testApp({ now: '2023-07-03T01:02:03.004Z' });
  await settleTianmashan(app.admin);
});
afterAll(() => app.close());

const year = { startDate: '2023-01-01', endDate: '2023-12-31' };
const halfYear = { startDate: '2023-01-01', endDate: '2023-06-30' };

async function made(said: Record<string, unknown> = {}): Promise<string> {
  const project = aProject({ organizationId: 'yueping', ...said });
  const answer = await app.admin.put(`/v1/projects/${project.id}`, project);
  expect(answer.status, answer.text).toBe(201);
  return project.id;
}

async function told(path: string, body: object): Promise<void> {
  const answer = await app.admin.put(`/v1/projects/${path}`, body);
  expect(answer.status, answer.text).toBeLessThan(300);
}

const report = (id: string, day: string, body: object) => told(`${id}/reports/${day}`, body);
const plan = (id: string, ...points: [date: string, percent: number][]) =>
  told(`${id}/plan`, { points: points.map(([date, percent]) => ({ date, percent })) });

/** Of 30 June 2023, unless asked otherwise. */
async function progress(id: string, query = '?asOf=2023-06-30') {
  const answer = await app.admin.get(`/v1/projects/${id}/progress${query}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
}

/** The moment just passed; the clock goes on from there. */
function moment(): string {
  const now = app.clock.now().toISOString();
  app.clock.advance({ minutes: 1 });
  return now;
}

describe('the plan that counts', () => {
  test('is the straight line of the period where nobody planned, and says that it is assumed', async () => {
    const id = await made({ period: year });
    await report(id, '2023-06-30', { percent: 40 });
    expect((await progress(id)).plan).toEqual({
      percent: 49.59,
      basis: 'period',
      assumed: true,
      coverage: 1,
      startDate: '2023-01-01',
      finishDate: '2023-12-31',
      gap: -9.59,
      gapLow: -9.59,
      gapHigh: -9.59,
      revision: null,
    });
  });

  test('is the project’s own as soon as it has one, and the period again when that is withdrawn', async () => {
    const id = await made({ period: year });
    await report(id, '2023-06-30', { percent: 40 });
    await plan(id, ['2023-01-01', 0], ['2023-06-30', 60], ['2023-12-31', 100]);
    const own = { percent: 60, basis: 'plan', assumed: false, gap: -20, revision: 1 };
    expect((await progress(id)).plan).toMatchObject(own);
    await app.admin.delete(`/v1/projects/${id}/plan`);
    expect((await progress(id)).plan).toMatchObject({ percent: 49.59, assumed: true, revision: null });
  });

  test('is none without a plan and a whole period, and nothing is compared', async () => {
    const id = await made({ period: { startDate: '2023-01-01', endDate: null } });
    await report(id, '2023-06-30', { percent: 40 });
    expect(await progress(id)).toMatchObject({ plan: null, schedule: null, cost: null });
  });

  test('has no gap while nothing is known, which is not 0 percent', async () => {
    const { plan, schedule } = await progress(await made({ period: year }));
    expect(plan).toMatchObject({ percent: 49.59, gap: null, gapLow: null, gapHigh: null });
    expect(schedule).toMatchObject({ spi: null, forecastFinish: null, reason: 'noProgress' });
    expect(schedule.plannedFinish).toBe('2023-12-31');
  });

  test('gives a gap from the lower to the upper bound of what is known', async () => {
    const id = await made({ period: year });
    await report(id, '2023-06-30', { stated: '85%以上' });
    expect((await progress(id)).plan).toMatchObject({ gap: 35.41, gapLow: 35.41, gapHigh: 50.41 });
  });
});

describe('a parent without a plan of its own', () => {
  test('has the mean of its children’s plans, by the weights of its roll-up', async () => {
    const parent = await made({ weightBasis: 'quantity:households' });
    const households = (value: number) => [{ code: 'households', value, unit: '户' }];
    const one = await made({ parentId: parent, quantities: households(563) });
    const other = await made({ parentId: parent, quantities: households(437) });
    await plan(one, ['2023-01-01', 0], ['2023-06-30', 80], ['2023-12-31', 100]);
    await plan(other, ['2023-01-01', 0], ['2023-06-30', 20], ['2024-06-30', 100]);
    expect((await progress(parent)).plan).toMatchObject({
      percent: 53.78,
      basis: 'children',
      assumed: false,
      coverage: 1,
      startDate: '2023-01-01',
      finishDate: '2024-06-30',
      revision: null,
    });
    await app.admin.patch(`/v1/projects/${parent}`, { weightBasis: 'equal' });
    expect((await progress(parent)).plan.percent).toBe(50);
  });

  test('says that it is assumed if any of it is, and how much of it is planned', async () => {
    const parent = await made();
    const [planned, assumed] = [
      await made({ parentId: parent }),
      await made({ parentId: parent, period: halfYear }),
    ];
    await made({ parentId: parent });
    await plan(planned, ['2023-01-01', 0], ['2023-06-30', 50], ['2023-12-31', 100]);
    const shown = (await progress(parent)).plan;
    expect(shown).toMatchObject({ percent: 75, basis: 'children', assumed: true, coverage: 0.6667 });
    await app.admin.delete(`/v1/projects/${assumed}`);
    const fewer = (await progress(parent, '')).plan;
    expect(fewer).toMatchObject({ basis: 'children', assumed: false, coverage: 0.5 });
  });

  test('takes its own period where its children’s plans do not cover it', async () => {
    const parent = await made({ period: year });
    const child = await made({ parentId: parent });
    const other = await made({ parentId: parent });
    await plan(child, ['2023-01-01', 0], ['2023-06-30', 100]);
    expect((await progress(parent)).plan).toMatchObject({ percent: 49.59, basis: 'period' });
    await plan(other, ['2023-01-01', 0], ['2023-06-30', 100]);
    expect((await progress(parent)).plan).toMatchObject({ percent: 100, basis: 'children' });
  });

  test('does not count what is cancelled or archived, and follows what is moved', async () => {
    const [parent, elsewhere] = [await made(), await made()];
    const [kept, moved, cancelled, archived] = await Promise.all(
      ['2023-06-30', '2023-12-31', '2024-06-30', '2024-12-31'].map((endDate) =>
        made({ parentId: parent, period: { startDate: '2023-01-01', endDate } }),
      ),
    );
    const finish = async (id: string) => (await progress(id, '')).plan?.finishDate ?? null;
    expect(await finish(parent)).toBe('2024-12-31');
    await app.admin.delete(`/v1/projects/${archived}`);
    expect(await finish(parent)).toBe('2024-06-30');
    await app.admin.patch(`/v1/projects/${cancelled}`, { status: 'cancelled' });
    expect(await finish(parent)).toBe('2023-12-31');
    await app.admin.patch(`/v1/projects/${moved}`, { parentId: elsewhere });
    expect([await finish(parent), await finish(elsewhere)]).toEqual(['2023-06-30', '2023-12-31']);
    await app.admin.patch(`/v1/projects/${kept}`, { period: { startDate: null, endDate: null } });
    expect(await finish(parent)).toBeNull();
  });

  test('hands its plan on to the parent above it, ten levels up', async () => {
    const ids: string[] = [];
    for (let level = 0; level < 10; level += 1) ids.push(await made({ parentId: ids.at(-1) ?? null }));
    await plan(ids.at(-1) ?? '', ['2023-01-01', 0], ['2023-06-30', 80], ['2023-12-31', 100]);
    expect((await progress(ids[0] ?? '')).plan).toMatchObject({ percent: 80, basis: 'children' });
  });

  test('of five hundred keeps up with each of them, and a rebuild finds nothing to put right', async () => {
    const parent = await made();
    const months = [...'123456789'].map((month) => `2023-0${month}-15`);
    for (let number = 0; number < 500; number += 1) {
      const startDate = months[number % 9];
      await made({ parentId: parent, period: { startDate, endDate: `2024-0${1 + (number % 8)}-01` } });
    }
    const shown = (await progress(parent, '')).plan;
    expect(shown).toMatchObject({ startDate: '2023-01-15', finishDate: '2024-08-01', coverage: 1 });
    const database = await app.database.open();
    expect((await rebuildStandings(database, { repair: false, only: [parent] })).differing).toEqual([]);
    await database.close();
  });
});

describe('the schedule', () => {
  test('says early or late, by how many days, and finishing when', async () => {
    const id = await made({ period: year });
    await report(id, '2023-06-30', { percent: 40 });
    expect((await progress(id)).schedule).toEqual({
      spi: 0.8066,
      sv: -9.59,
      earnedScheduleDays: 146,
      actualDays: 181,
      spiTime: 0.8066,
      svDays: -35,
      plannedFinish: '2023-12-31',
      forecastFinish: '2024-03-28',
      earliestFinish: '2024-03-28',
      latestFinish: '2024-03-28',
      daysLate: 88,
      finished: false,
      reason: null,
      reasons: {},
    });
  });

  test('gives a range where a bound was reported', async () => {
    const id = await made({ period: year });
    await report(id, '2023-06-30', { stated: '85%以上' });
    const { schedule } = await progress(id);
    expect(schedule).toMatchObject({ earliestFinish: '2023-06-30', latestFinish: '2023-08-01' });
    expect(schedule.forecastFinish).toBe(schedule.latestFinish);
    await report(id, '2023-06-30', { stated: '近90%' });
    expect((await progress(id)).schedule).toMatchObject({
      latestFinish: null,
      reason: 'unbounded',
      reasons: { latestFinish: 'unbounded' },
    });
  });

  test('has a reason where a figure does not exist, and never a number that is none', async () => {
    const later = await made({ period: { startDate: '2024-01-01', endDate: '2024-12-31' } });
    await report(later, '2023-06-30', { percent: 10 });
    expect((await progress(later)).schedule).toMatchObject({ actualDays: null, reason: 'startsLater' });
    const idle = await made({ period: year });
    await report(idle, '2023-06-30', { percent: 0 });
    expect((await progress(idle)).schedule).toMatchObject({ spi: 0, forecastFinish: null });
    expect((await progress(idle)).schedule.reasons.forecastFinish).toBe('nothingEarned');
    const short = await made();
    await plan(short, ['2023-01-01', 0], ['2023-06-30', 50]);
    await report(short, '2023-06-30', { percent: 40 });
    expect((await progress(short)).schedule).toMatchObject({ plannedFinish: null, daysLate: null });
    expect((await progress(short)).schedule.reasons.plannedFinish).toBe('planStopsShort');
  });

  test('stands still on the day on which all was done, however often that is reported again', async () => {
    const id = await made({ period: year });
    await report(id, '2023-05-31', { percent: 99 });
    await report(id, '2023-06-20', { percent: 100 });
    for (const day of ['2023-06-27', '2023-06-30', '2023-07-03']) await report(id, day, { percent: 100 });
    for (const query of ['', '?asOf=2023-06-30'])
      expect((await progress(id, query)).schedule).toMatchObject({
        finished: true,
        forecastFinish: '2023-06-20',
        daysLate: -194,
      });
    await report(id, '2023-06-20', { percent: 99.5, reason: '验收退回' });
    expect((await progress(id, '')).schedule.forecastFinish).toBe('2023-06-27');
    await app.admin.delete(`/v1/projects/${id}/reports/2023-06-20`);
    await report(id, '2023-06-10', { percent: 100 });
    expect((await progress(id, '')).schedule.forecastFinish).toBe('2023-06-10');
  });

  test('of a whole finishes with the last of its parts', async () => {
    const parent = await made({ period: year });
    const parts = [await made({ parentId: parent }), await made({ parentId: parent })];
    for (const [index, part] of parts.entries()) {
      await report(part, `2023-06-1${index}`, { percent: 100 });
      await report(part, '2023-06-30', { percent: 100 });
    }
    const finished = { finished: true, forecastFinish: '2023-06-11' };
    expect((await progress(parent, '')).schedule).toMatchObject(finished);
    expect((await progress(parent)).schedule).toMatchObject(finished);
  });
});

describe('the trend', () => {
  test('is a second forecast through the last five reports, with a plan or without', async () => {
    const id = await made();
    for (const [day, percent] of [
      ['2023-01-31', 19],
      ['2023-02-28', 19.5],
      ['2023-03-31', 20],
      ['2023-04-30', 30],
      ['2023-05-31', 40],
    ] as const) {
      await report(id, day, { percent });
    }
    const { trend } = await progress(id, '');
    expect(trend).toMatchObject({ reports: 5, reason: null });
    await app.admin.delete(`/v1/projects/${id}/reports/2023-01-31`);
    await app.admin.delete(`/v1/projects/${id}/reports/2023-02-28`);
    expect((await progress(id, '')).trend).toEqual({
      forecastFinish: '2023-11-30',
      pointsPerDay: 0.3278,
      reports: 3,
      reason: null,
    });
    expect((await progress(id, '?asOf=2023-04-30')).trend).toMatchObject({ reports: 2 });
  });

  test('has none of one report, and of those that do not rise', async () => {
    const id = await made();
    expect((await progress(id)).trend).toBeNull();
    await report(id, '2023-05-31', { percent: 40 });
    expect((await progress(id)).trend).toMatchObject({ forecastFinish: null, reason: 'tooFewReports' });
    await report(id, '2023-06-30', { percent: 40 });
    expect((await progress(id)).trend).toMatchObject({ forecastFinish: null, reason: 'notRising' });
  });
});

describe('cost', () => {
  const yuan = (amount: number, currency = 'CNY') => ({ amount, currency });

  test('compares what the work done is worth with what was planned and spent', async () => {
    const id = await made({ budget: yuan(1_000_000) });
    await plan(id, ['2023-01-01', 0], ['2023-06-30', 50], ['2023-12-31', 100]);
    await report(id, '2023-06-30', { percent: 40, spent: yuan(500_000) });
    expect((await progress(id)).cost).toEqual({
      budgetAtCompletion: 1_000_000,
      plannedValue: 500_000,
      earnedValue: 400_000,
      actualCost: 500_000,
      spentAsOf: '2023-06-30',
      spentCurrency: 'CNY',
      scheduleVariance: -100_000,
      costVariance: -100_000,
      spi: 0.8,
      cpi: 0.8,
      estimateAtCompletion: 1_250_000,
      leastEstimateAtCompletion: 1_250_000,
      mostEstimateAtCompletion: 1_250_000,
      estimateToComplete: 750_000,
      varianceAtCompletion: -250_000,
      tcpi: 1.2,
      currency: 'CNY',
      reason: null,
      reasons: {},
    });
  });

  test('takes the newest report that says money spent, also after it was corrected or withdrawn', async () => {
    const id = await made({ budget: yuan(1000) });
    await report(id, '2023-05-31', { percent: 20, spent: yuan(100) });
    await report(id, '2023-06-15', { spent: yuan(300) });
    await report(id, '2023-06-30', { percent: 50 });
    expect((await progress(id)).cost).toMatchObject({ actualCost: 300, spentAsOf: '2023-06-15' });
    await report(id, '2023-06-15', { spent: yuan(250), reason: '更正' });
    expect((await progress(id, '')).cost).toMatchObject({ actualCost: 250, cpi: 2 });
    await app.admin.delete(`/v1/projects/${id}/reports/2023-06-15`);
    expect((await progress(id, '')).cost).toMatchObject({ actualCost: 100, spentAsOf: '2023-05-31' });
  });

  test('estimates from the least to the most where a bound was reported', async () => {
    const id = await made({ budget: yuan(1000) });
    await report(id, '2023-06-30', { stated: '80%以上', spent: yuan(400) });
    const range = {
      leastEstimateAtCompletion: 400,
      estimateAtCompletion: 500,
      mostEstimateAtCompletion: 500,
    };
    expect((await progress(id)).cost).toMatchObject(range);
  });

  test('never compares two currencies, and says why a figure is missing', async () => {
    const id = await made({ budget: yuan(1000) });
    expect((await progress(id)).cost).toMatchObject({ cpi: null, reasons: { cpi: 'noSpending' } });
    await report(id, '2023-06-30', { percent: 40, spent: yuan(100, 'USD') });
    expect((await progress(id)).cost).toMatchObject({
      actualCost: 100,
      spentCurrency: 'USD',
      currency: 'CNY',
      estimateAtCompletion: null,
      reasons: { cpi: 'otherCurrency', plannedValue: 'noPlan' },
    });
    const free = await made();
    await report(free, '2023-06-30', { percent: 40, spent: yuan(100) });
    expect((await progress(free)).cost).toMatchObject({ actualCost: 100, cpi: null, reason: 'noBudget' });
  });
});

describe('what was known at a moment stays what it was', () => {
  test('of a plan, a period, a budget and the money spent', async () => {
    const id = await made({ period: year, budget: { amount: 1000, currency: 'CNY' } });
    await report(id, '2023-06-30', { percent: 40, spent: { amount: 500, currency: 'CNY' } });
    const first = moment();
    await plan(id, ['2023-01-01', 0], ['2023-06-30', 60], ['2023-12-31', 100]);
    const second = moment();
    await plan(id, ['2023-01-01', 0], ['2023-06-30', 30], ['2023-12-31', 100]);
    await app.admin.patch(`/v1/projects/${id}`, { budget: { amount: 2000, currency: 'CNY' } });
    const third = moment();
    await app.admin.delete(`/v1/projects/${id}/plan`);
    await app.admin.patch(`/v1/projects/${id}`, { period: halfYear });
    await report(id, '2023-06-30', { percent: 40, spent: { amount: 600, currency: 'CNY' }, reason: '更正' });
    const seen = async (knownAt: string) => {
      const { plan, cost } = await progress(id, `?asOf=2023-06-30&knownAt=${knownAt}`);
      return [plan.percent, cost.budgetAtCompletion, cost.actualCost];
    };
    expect(await seen(first)).toEqual([49.59, 1000, 500]);
    expect(await seen(second)).toEqual([60, 1000, 500]);
    expect(await seen(third)).toEqual([30, 2000, 500]);
    expect(await seen(moment())).toEqual([100, 2000, 600]);
  });

  test('of the plan of a parent, whose children were others then', async () => {
    const [parent, elsewhere] = [await made(), await made()];
    const child = await made({ parentId: parent, period: halfYear });
    const before = moment();
    await app.admin.patch(`/v1/projects/${child}`, { parentId: elsewhere });
    expect((await progress(parent, `?knownAt=${before}`)).plan).toMatchObject({ basis: 'children' });
    expect((await progress(parent, '')).plan).toBeNull();
    expect((await progress(elsewhere, `?knownAt=${before}`)).plan).toBeNull();
  });
});

test('the line for a log says what was planned, how far from it, and when it will be finished', async () => {
  const [known, silent] = [await made({ period: year }), await made({ period: year })];
  await report(known, '2023-06-30', { percent: 40 });
  const line = async (id: string) => {
    const headers = { accept: 'text/plain' };
    return (await app.admin.get(`/v1/projects/${id}/progress?asOf=2023-06-30`, headers)).text;
  };
  expect(await line(known)).toBe(
    `2023-06-30 ${known} 40 exact [40,40] basis=report plan=49.59 gap=-9.59 finish=2024-03-28 light=green silent=0d\n`,
  );
  expect(await line(silent)).toContain('plan=49.59 gap=? finish=? light=grey silent=?');
});

test('a report changes no plan, and writes nothing of one', async () => {
  const parent = await made();
  const child = await made({ parentId: parent, period: year });
  const { project_baselines: before } = await app.rows();
  await report(child, '2023-06-30', { percent: 40 });
  expect((await app.rows()).project_baselines).toEqual(before);
});
