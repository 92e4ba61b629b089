import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aProject, settleTianmashan, type TestApp, testApp } from '../../support/index.ts';

let app: TestApp;

beforeAll(async () => {
  app = await testApp();
  await settleTianmashan(app.admin);
});
afterAll(() => app.close());

async function reportsOf(said: Record<string, unknown> = {}): Promise<string> {
  const project = aProject({
    organizationId: 'yueping',
    quantities: [
      { code: 'households', value: 563, unit: '户' },
      { code: 'floor-area', value: 30000, unit: 'm²' },
      { code: 'pipes', value: 0.3, unit: 'km' },
    ],
    ...said,
  });
  expect((await app.admin.put(`/v1/projects/${project.id}`, project)).status).toBe(201);
  return `/v1/projects/${project.id}/reports`;
}

describe('quantities done', () => {
  test('are kept exactly and are progress where nothing better is said', async () => {
    const reports = await reportsOf();
    const quantities = [
      { code: 'households', value: 478 },
      { code: 'pipes', value: 0.1 },
    ];
    const answer = await app.admin.put(`${reports}/2023-06-30`, { quantities });
    expect(answer.body).toMatchObject({ quantities, percent: null, qualifier: null, low: 0, high: 100 });
    const back = await app.admin.put(`${reports}/2023-06-30`, { quantities, percent: null, qualifier: null });
    expect(back.headers['jindu-verdict']).toBe('unchanged');
    const project = await app.admin.get(reports.replace('/reports', ''));
    expect(project.body.progress).toMatchObject({ percent: 84.9, basis: 'quantities', asOf: '2023-06-30' });
  });

  test('are the same in whatever order they are sent', async () => {
    const path = `${await reportsOf()}/2023-06-30`;
    const quantities = [
      { code: 'pipes', value: 0.1 },
      { code: 'households', value: 0 },
    ];
    await app.admin.put(path, { quantities });
    const before = await app.rows();
    const again = await app.admin.put(path, { quantities: [...quantities].reverse() });
    expect(again.headers['jindu-verdict']).toBe('unchanged');
    expect(again.body.quantities).toEqual(quantities);
    const negative = '{"quantities": [{"code": "households", "value": -0}, {"code": "pipes", "value": 0.1}]}';
    expect((await app.admin.put(path, negative)).headers['jindu-verdict']).toBe('unchanged');
    expect(await app.rows()).toEqual(before);
  });

  test('of one kind stay what they were when a later report speaks of another', async () => {
    const reports = await reportsOf();
    const put = (day: string, code: string, value: number) =>
      app.admin.put(`${reports}/${day}`, { quantities: [{ code, value }] });
    await put('2023-04-30', 'households', 400);
    expect((await put('2023-05-31', 'floor-area', 2000)).status).toBe(201);
    const { body } = await app.admin.get(reports.replace('/reports', '/progress'));
    expect(body).toMatchObject({ percent: 71.05, basis: 'quantities', silentDays: 33 });
    expect(body.sources.quantities).toMatchObject({ code: 'households', asOf: '2023-04-30' });
    expect(body.quantities).toMatchObject([
      { code: 'households', done: 400 },
      { code: 'floor-area', done: 2000 },
      { code: 'pipes', done: null },
    ]);

    const falling = await put('2023-06-30', 'households', 100);
    expect(falling.body).toMatchObject({ status: 422, code: 'progress_falls' });
    expect(falling.body.detail).toContain('400');
    expect((await put('2023-06-30', 'households', 410)).status).toBe(201);

    const taken = await app.admin.delete(`${reports}/2023-06-30`);
    expect(taken.headers['jindu-verdict']).toBe('withdrawn');
    const after = await app.admin.get(reports.replace('/reports', '/progress'));
    expect(after.body).toMatchObject({ percent: 71.05, sources: { quantities: { asOf: '2023-04-30' } } });
  });

  test('up to the whole are taken, and not a fraction more', async () => {
    const reports = await reportsOf();
    const put = (value: number) =>
      app.admin.put(`${reports}/2023-06-30`, { quantities: [{ code: 'pipes', value }] });
    const before = await app.rows();
    const more = await put(0.3001);
    expect(more.body).toMatchObject({
      status: 422,
      code: 'unprocessable',
      errors: [
        { pointer: '/quantities/0/value', code: 'maximum', message: expect.stringContaining('0.3 km') },
      ],
    });
    expect(await app.rows()).toEqual(before);
    expect((await put(0.3)).status).toBe(201);
  });

  test.each([
    [[{ code: 'stairs', value: 1 }], 422, '/quantities/0/code'],
    [
      [
        { code: 'households', value: 1 },
        { code: 'households', value: 1 },
      ],
      422,
      '/quantities/1/code',
    ],
    [[{ code: 'Households', value: 1 }], 400, '/quantities/0/code'],
    [[{ code: 'households', value: -1 }], 400, '/quantities/0/value'],
    [[{ code: 'households', value: 1.00001 }], 400, '/quantities/0/value'],
    [[{ code: 'households', value: '1' }], 400, '/quantities/0/value'],
    [[{ code: 'households', value: null }], 400, '/quantities/0/value'],
    [[{ code: 'households' }], 400, '/quantities/0/value'],
    [[{ code: 'households', value: 1, unit: '户' }], 400, '/quantities/0/unit'],
    [{ households: 1 }, 400, '/quantities'],
    [null, 400, '/quantities'],
  ])('%j are refused', async (quantities, status, pointer) => {
    const reports = await reportsOf();
    const before = await app.rows();
    const answer = await app.admin.put(`${reports}/2023-06-30`, { quantities });
    expect(answer.body).toMatchObject({ status, errors: [{ pointer }] });
    expect(await app.rows()).toEqual(before);
  });

  test('of what the project does not have are refused, naming what it has', async () => {
    const reports = await reportsOf();
    const answer = await app.admin.put(`${reports}/2023-06-30`, {
      quantities: [{ code: 'stairs', value: 1 }],
    });
    expect(answer.body.errors[0].message).toContain('households, floor-area, pipes');
  });

  test('may be said beside a percent, which then says how far it is', async () => {
    const reports = await reportsOf();
    await app.admin.put(`${reports}/2023-06-30`, {
      percent: 80,
      quantities: [{ code: 'households', value: 478 }],
    });
    const project = await app.admin.get(reports.replace('/reports', ''));
    expect(project.body.progress).toMatchObject({ percent: 80, basis: 'report' });
  });
});

describe('money spent', () => {
  test.each([
    [0.01, 'CNY'],
    [0.29, 'CNY'],
    [4258.4, 'CNY'],
    [129_000_000, 'CNY'],
    [1_999_999_999_999.99, 'CNY'],
    [100, 'JPY'],
    [1.234, 'KWD'],
    [0, 'CNY'],
  ])('%d %s is kept to the last minor unit', async (amount, currency) => {
    const reports = await reportsOf();
    const spent = { amount, currency };
    const path = `${reports}/2023-06-30`;
    expect((await app.admin.put(path, { spent })).body.spent).toEqual(spent);
    expect((await app.admin.get(path)).body.spent).toEqual(spent);
    expect((await app.admin.put(path, { spent })).headers['jindu-verdict']).toBe('unchanged');
  });

  test.each([
    [{ amount: 0.001, currency: 'CNY' }, '/spent/amount'],
    [{ amount: 1.5, currency: 'JPY' }, '/spent/amount'],
    [{ amount: -1, currency: 'CNY' }, '/spent/amount'],
    [{ amount: '1', currency: 'CNY' }, '/spent/amount'],
    [{ amount: 1e15, currency: 'CNY' }, '/spent/amount'],
    [{ amount: 1 }, '/spent/currency'],
    [{ currency: 'CNY' }, '/spent/amount'],
    [{ amount: 1, currency: 'cny' }, '/spent/currency'],
    [{ amount: 1, currency: 'XYZ' }, '/spent/currency'],
    [{ amount: 1, currency: 'CNY', unit: '元' }, '/spent/unit'],
    [129, '/spent'],
  ])('%j is refused', async (spent, pointer) => {
    const reports = await reportsOf();
    const before = await app.rows();
    const answer = await app.admin.put(`${reports}/2023-06-30`, { spent });
    expect(answer.body).toMatchObject({ status: 400, errors: [{ pointer }] });
    expect(await app.rows()).toEqual(before);
  });

  test('alone leaves progress unknown', async () => {
    const reports = await reportsOf();
    await app.admin.put(`${reports}/2023-06-30`, { spent: { amount: 1, currency: 'CNY' } });
    const project = await app.admin.get(reports.replace('/reports', ''));
    expect(project.body.progress).toMatchObject({ percent: null, basis: null, low: 0, high: 100 });
  });
});
