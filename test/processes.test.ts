import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type Answer, aProject, settleTianmashan, type TestApp, testApp } from './support/index.ts';

/** Two processes on one database: each is the whole app, with its own connections, queue and memory. */
let one: TestApp;
let other: TestApp;

beforeEach(async () => {
  one = await testApp();
  onTestFinished(() => one.close());
  other = await testApp({ on: one.database });
  onTestFinished(() => other.close());
  await settleTianmashan(one.admin);
});

const apps = () => [one, other];
const statusesOf = (answers: Answer[]) => answers.map(({ status }) => status).sort();
const times = <T>(count: number, action: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => action(index)));

async function made(said: Record<string, unknown> = {}): Promise<string> {
  const project = aProject({ organizationId: 'yueping', ...said });
  expect((await one.admin.put(`/v1/projects/${project.id}`, project)).status).toBe(201);
  return project.id;
}

describe('two processes on one database', () => {
  test('that are sent the same new report at once create it once, and say so once', async () => {
    const path = `/v1/projects/${await made()}/reports/2023-06-30`;
    const answers = await times(20, (index) =>
      (apps()[index % 2] as TestApp).admin.put(path, { stated: '85%以上' }),
    );
    expect(statusesOf(answers)).toEqual([...Array(19).fill(200), 201]);
    expect(answers.map(({ headers }) => headers['jindu-verdict']).sort()).toEqual([
      'created',
      ...Array(19).fill('unchanged'),
    ]);
    for (const { admin } of apps()) {
      expect((await admin.get(`${path}/revisions`)).body.items).toHaveLength(1);
      expect((await admin.get(path)).body).toMatchObject({ revision: 1, percent: 85 });
    }
  });

  test('that are sent different reports of one day keep each as a revision, one after the other', async () => {
    const path = `/v1/projects/${await made()}/reports/2023-06-30`;
    const answers = await times(10, (index) =>
      (apps()[index % 2] as TestApp).admin.put(path, { percent: 10 + index }),
    );
    expect(answers.map(({ body }) => body.revision).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 10 }, (_, index) => index + 1),
    );
  });

  test('let one of two win that make the same thing', async () => {
    const project = aProject({ organizationId: 'yueping' });
    const answers = await times(10, (index) =>
      (apps()[index % 2] as TestApp).admin.post('/v1/projects', { ...project, title: `第${index}个` }),
    );
    expect(statusesOf(answers)).toEqual([201, ...Array(9).fill(409)]);
  });

  test('keep the sums of a parent right, whichever of them its children report to', async () => {
    const parent = await made({ kind: 'programme' });
    const children: string[] = [];
    for (let child = 0; child < 8; child += 1)
      children.push(await made({ kind: 'component', parentId: parent }));
    await times(8, (index) =>
      (apps()[index % 2] as TestApp).admin.put(`/v1/projects/${children[index]}/reports/2023-06-30`, {
        percent: index * 10,
      }),
    );
    for (const { admin } of apps()) {
      const { percent, sources } = (await admin.get(`/v1/projects/${parent}/progress`)).body;
      expect([percent, sources.children.coverage]).toEqual([35, 1]);
    }
  });

  test('do what comes under one Idempotency-Key once, and answer alike', async () => {
    const key = { 'idempotency-key': 'weekly-2023-W26' };
    const body = { name: '岳屏社区', kind: 'community' };
    const answers = await times(12, (index) =>
      (apps()[index % 2] as TestApp).admin.post('/v1/organizations', body, key),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === undefined)).toHaveLength(1);
  });

  test('refuse from the next request on a token that the other one has revoked', async () => {
    const clerk = (await one.admin.post('/v1/tokens', { name: 'clerk', scopes: ['read'] })).body;
    const asked = () =>
      Promise.all(apps().map((app) => app.clientWith(clerk.secret).get('/v1/organizations')));
    expect(statusesOf(await asked())).toEqual([200, 200]);
    expect(statusesOf(await asked())).toEqual([200, 200]);
    expect((await other.admin.delete(`/v1/tokens/${clerk.id}`)).status).toBe(200);
    expect(statusesOf(await asked())).toEqual([401, 401]);
  });

  test('let who follows the record miss nothing and see nothing twice, while both write', async () => {
    const project = await made();
    const start = (await one.admin.get('/v1/changes?limit=200')).body.nextCursor;
    const days = Array.from({ length: 60 }, (_, index) =>
      new Date(Date.UTC(2023, 2, 1 + index)).toISOString().slice(0, 10),
    );
    let isDone = false;
    const writing = times(days.length, (index) =>
      (apps()[index % 2] as TestApp).admin.put(`/v1/projects/${project}/reports/${days[index]}`, {
        percent: 0,
      }),
    ).finally(() => {
      isDone = true;
    });
    const followed = await Promise.all(
      apps().map(async ({ admin }) => {
        const seen: { sequence: number; subject: { id: string } }[] = [];
        let cursor = start;
        for (;;) {
          const wasDone = isDone;
          const page = (await admin.get(`/v1/changes?limit=7&cursor=${cursor}`)).body;
          seen.push(...page.items);
          cursor = page.nextCursor;
          if (wasDone && page.items.length === 0) return seen;
          await nextTurn();
        }
      }),
    );
    expect(new Set((await writing).map(({ status }) => status))).toEqual(new Set([201]));
    for (const seen of followed) {
      expect(seen.map(({ subject }) => subject.id).sort()).toEqual(days.map((day) => `${project}/${day}`));
      const numbers = seen.map(({ sequence }) => sequence);
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    }
    expect(followed[0]).toEqual(followed[1]);
  });
});
