import { expect, test } from 'vitest';
import { testApp } from '../../support/index.ts';

test('the process tells that it is alive and ready, to anybody', async () => {
  await using app = await testApp();
  const health = await app.stranger.get('/healthz');
  expect([health.status, health.body]).toEqual([200, { status: 'ok' }]);
  const readiness = await app.stranger.get('/readyz');
  expect([readiness.status, readiness.body]).toEqual([200, { status: 'ready' }]);
});

test('with a database of another version it is alive but not ready', async () => {
  await using app = await testApp();
  await app.database.run('delete from applied_migrations');
  const readiness = await app.stranger.get('/readyz');
  expect(readiness.status).toBe(503);
  expect(readiness.body).toMatchObject({ code: 'storage_unavailable', detail: 'the database is not ready' });
  expect(readiness.headers['retry-after']).toBe('5');
  expect((await app.stranger.get('/healthz')).status).toBe(200);
  expect(app.log.takeErrors()).toHaveLength(1);
});
