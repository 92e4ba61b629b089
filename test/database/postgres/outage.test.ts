import { expect, onTestFinished, test } from 'vitest';
import { aProject, settleTianmashan, type TestDatabase, testApp } from '../../support/index.ts';
import { type Unreliable, unreliable } from '../../support/unreliable.ts';

test('while the server is away the API says so, and is well again by itself when it is back', async () => {
  await using steady = await testApp();
  await settleTianmashan(steady.admin);
  const way = await unreliable(steady.database.server ?? steady.database.url);
  onTestFinished(() => way.close());
  await using app = await testApp({ on: through(steady.database, way.server) });
  const project = aProject({ organizationId: 'yueping' });
  const path = `/v1/projects/${project.id}/reports/2023-06-30`;
  await app.admin.put(`/v1/projects/${project.id}`, project);
  expect((await app.stranger.get('/readyz')).status).toBe(200);

  await way.stop();
  for (const refused of [
    await app.admin.put(path, { stated: '85%以上' }),
    await app.admin.get(path),
    await app.stranger.get('/readyz'),
  ]) {
    expect(refused.body).toMatchObject({ status: 503, code: 'storage_unavailable' });
    expect(refused.headers['retry-after']).toBe('5');
    expect(refused.text).not.toMatch(/ECONN|postgres|line/);
  }
  expect((await app.stranger.get('/healthz')).status).toBe(200);
  expect(app.log.takeErrors().length).toBeGreaterThan(0);

  await way.start();
  expect((await app.stranger.get('/readyz')).status).toBe(200);
  expect((await app.admin.put(path, { stated: '85%以上' })).status).toBe(201);
  expect((await steady.admin.get(path)).body).toMatchObject({ percent: 85, qualifier: 'atLeast' });
});

/** The same database, reached by another way. */
function through(database: TestDatabase, server: Unreliable['server']): TestDatabase {
  return {
    ...(typeof server === 'string' ? { url: server } : { url: database.url, server }),
    open: (clock) => database.open(clock),
    run: (sql) => database.run(sql),
    refuseInserts: (table) => database.refuseInserts(table),
    holdWriters: () => database.holdWriters(),
    rows: () => database.rows(),
    copy: () => database.copy(),
    remove: () => database.remove(),
  };
}
