import { expect, test } from 'vitest';
import { aProject, settleTianmashan, type TestApp, testApp } from '../../support/index.ts';

const before = '2023-07-03T01:02:03.004Z';
const setBackTo = ['2023-07-02T23:00:00.000Z', '2021-01-01T00:00:00.000Z', '2023-07-03T01:02:03.003Z'];

/** The same data in a process whose clock stands elsewhere. */
async function restarted(app: TestApp, now: string): Promise<TestApp> {
  await app.app.close();
  return await testApp({ from: app.database, now });
}

test('over restarts with a clock set back, the record and all revisions keep the order in which they were made', async () => {
  const project = aProject({ organizationId: 'yueping' });
  const report = `/v1/projects/${project.id}/reports/2023-06-30`;
  let app = await testApp({ now: before });
  await settleTianmashan(app.admin);
  await app.admin.put(`/v1/projects/${project.id}`, project);
  await app.admin.put(report, { percent: 10 });
  const { nextCursor } = (await app.admin.get('/v1/changes?limit=200')).body;
  const used = [app];
  for (const [index, now] of setBackTo.entries()) {
    app = await restarted(app, now);
    used.push(app);
    const corrected = await app.admin.put(report, { percent: 20 + index });
    expect(corrected.body).toMatchObject({ revision: 2 + 2 * index, recordedAt: before });
    app.clock.set('2020-01-01T00:00:00.000Z');
    const withdrawn = await app.admin.delete(report);
    expect(withdrawn.body).toMatchObject({ revision: 3 + 2 * index, recordedAt: before });
  }

  const { items } = (await app.admin.get(`/v1/changes?limit=200&cursor=${nextCursor}`)).body;
  expect(items.map(({ after }: { after: { revision: number } }) => after.revision)).toEqual([
    2, 3, 4, 5, 6, 7,
  ]);
  const all = (await app.admin.get('/v1/changes?limit=200')).body.items as { at: string }[];
  expect(all.map(({ at }) => at)).toEqual(all.map(({ at }) => at).toSorted());
  const revisions = (await app.admin.get(`${report}/revisions`)).body.items as { revision: number }[];
  expect(revisions.map(({ revision }) => revision)).toEqual([7, 6, 5, 4, 3, 2, 1]);

  // And when the clock is right again, time goes on from there.
  app.clock.set('2023-07-04T00:00:00.000Z');
  const last = await app.admin.put(report, { percent: 50 });
  expect(last.body).toMatchObject({ revision: 8, recordedAt: '2023-07-04T00:00:00.000Z' });
  const asKnown = await app.admin.get(
    `/v1/projects/${project.id}/progress?asOf=2023-06-30&knownAt=2023-07-03T12:00:00.000Z`,
  );
  expect(asKnown.body).toMatchObject({ percent: null, basis: null });
  await app.app.close();
  for (const each of used) await each.database.remove();
});

test('after a restart with a clock set back, today is not an earlier day than it was', async () => {
  const project = aProject({ organizationId: 'yueping' });
  const first = await testApp({ now: before });
  await settleTianmashan(first.admin);
  await first.admin.put(`/v1/projects/${project.id}`, project);
  const second = await restarted(first, '2023-05-01T00:00:00.000Z');
  const path = `/v1/projects/${project.id}/reports`;
  expect((await second.admin.put(`${path}/2023-07-03`, { percent: 10 })).status).toBe(201);
  expect((await second.admin.put(`${path}/2023-07-04`, { percent: 10 })).body.code).toBe('future_date');
  await second.close();
  await first.database.remove();
});
