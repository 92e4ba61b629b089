import { expect, test } from 'vitest';
import { testApp } from '../support/index.ts';

function figureIn(text: string, name: string): number {
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1));
}

test('the figures count requests by route, method and status, without ids', async () => {
  await using app = await testApp();
  for (const id of ['a', 'b']) await app.admin.put(`/v1/organizations/${id}`, { name: id, kind: 'other' });
  await app.admin.get('/v1/organizations/no-such');
  await app.admin.get('/nowhere');
  const { text } = await app.admin.get('/metrics');
  const requests = (route: string, method: string, status: number) =>
    figureIn(
      text,
      `jindu_http_request_seconds_count{route="${route}",method="${method}",status="${status}"}`,
    );
  expect(requests('/v1/organizations/:id', 'PUT', 201)).toBe(2);
  expect(requests('/v1/organizations/:id', 'GET', 404)).toBe(1);
  expect(requests('none', 'GET', 404)).toBe(1);
  expect(text).not.toContain('no-such');
  expect(figureIn(text, 'jindu_http_requests_in_flight')).toBe(1);
});

test('the figures tell how the database fares', async () => {
  await using app = await testApp();
  // The first request of a token is noted by a write of its own.
  await app.admin.put('/v1/organizations/first', { name: 'first', kind: 'other' });
  const before = (await app.admin.get('/metrics')).text;
  await Promise.all(
    ['a', 'b', 'c'].map((id) => app.admin.put(`/v1/organizations/${id}`, { name: id, kind: 'other' })),
  );
  await app.admin.put('/v1/organizations/d', { name: 'd', kind: 'other', parentId: 'no-such' });
  const after = (await app.admin.get('/metrics')).text;
  const grown = (name: string) => figureIn(after, name) - figureIn(before, name);
  expect(grown('jindu_database_writes_total')).toBe(3);
  expect(grown('jindu_database_failed_writes_total')).toBe(1);
  expect(grown('jindu_database_reads_total')).toBeGreaterThanOrEqual(4);
  expect(grown('jindu_database_group_writes_sum')).toBe(3);
  expect(grown('jindu_database_commit_seconds_count')).toBeGreaterThanOrEqual(1);
  expect(figureIn(after, 'jindu_database_queue_depth')).toBe(0);
  for (const name of ['process_resident_memory_bytes', 'nodejs_eventloop_lag_seconds']) {
    expect(figureIn(after, name), name).toBeGreaterThanOrEqual(0);
  }
});
