import { describe, expect, test } from 'vitest';
import { aProject, settleTianmashan, type TestApp, testApp } from '../../support/index.ts';

async function projectIn(app: TestApp): Promise<string> {
  await settleTianmashan(app.admin);
  const project = aProject({ organizationId: 'yueping' });
  await app.admin.put(`/v1/projects/${project.id}`, project);
  return `/v1/projects/${project.id}/reports`;
}

describe('today', () => {
  test('is the day in Shanghai, where it begins eight hours before UTC’s', async () => {
    await using app = await testApp({ now: '2023-12-31T15:59:59.999Z' });
    const reports = await projectIn(app);
    const before = await app.rows();
    const tomorrow = await app.admin.put(`${reports}/2024-01-01`, { percent: 1 });
    expect(tomorrow.body).toMatchObject({
      status: 422,
      code: 'future_date',
      errors: [{ pointer: '{asOf}' }],
    });
    expect(tomorrow.body.detail).toContain('2023-12-31');
    expect((await app.admin.post(reports, { asOf: '2024-01-01', percent: 1 })).body.code).toBe('future_date');
    expect(await app.rows()).toEqual(before);
    expect((await app.admin.put(`${reports}/2023-12-31`, { percent: 1 })).status).toBe(201);
    app.clock.set('2023-12-31T16:00:00.000Z');
    expect((await app.admin.put(`${reports}/2024-01-01`, { percent: 1 })).status).toBe(201);
    app.clock.set('2023-12-31T23:30:00.000Z');
    expect((await app.admin.put(`${reports}/2024-01-01`, { percent: 2 })).status).toBe(200);
    expect((await app.admin.put(`${reports}/2024-01-02`, { percent: 2 })).body.code).toBe('future_date');
  });

  test('is the day in the time zone that is configured', async () => {
    await using app = await testApp({ now: '2023-12-31T23:30:00.000Z', env: { JINDU_TIME_ZONE: 'UTC' } });
    const reports = await projectIn(app);
    expect((await app.admin.put(`${reports}/2024-01-01`, { percent: 1 })).body.code).toBe('future_date');
    expect((await app.admin.put(`${reports}/2023-12-31`, { percent: 1 })).status).toBe(201);
  });

  test('does not go back when the clock does', async () => {
    await using app = await testApp();
    const reports = await projectIn(app);
    await app.admin.put(`${reports}/2023-07-03`, { percent: 1 });
    app.clock.set('2023-06-01T00:00:00.000Z');
    const corrected = await app.admin.put(`${reports}/2023-07-03`, { percent: 2 });
    expect(corrected.status).toBe(200);
    expect(corrected.body.recordedAt).toBe('2023-07-03T01:02:03.004Z');
  });

  test('a day long past may be reported of', async () => {
    await using app = await testApp();
    const reports = await projectIn(app);
    expect((await app.admin.put(`${reports}/0001-01-01`, { percent: 0 })).status).toBe(201);
  });
});

test('each revision is recorded at the moment of its own', async () => {
  await using app = await testApp();
  const reports = await projectIn(app);
  await app.admin.put(`${reports}/2023-06-30`, { percent: 1 });
  app.clock.advance({ days: 1 });
  await app.admin.put(`${reports}/2023-06-30`, { percent: 2 });
  const { items } = (await app.admin.get(`${reports}/2023-06-30/revisions`)).body;
  expect(items.map((report: { recordedAt: string }) => report.recordedAt)).toEqual([
    '2023-07-04T01:02:03.004Z',
    '2023-07-03T01:02:03.004Z',
  ]);
});
