import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dayOf } from '../../../src/shared/calendar-date.ts';
import { aProject, settleTianmashan, type TestApp, testApp } from '../../support/index.ts';

let app: TestApp;

beforeAll(async () => {
  app = await testApp();
  await settleTianmashan(app.admin);
});
afterAll(() => app.close());

/** The day it is for the app. */
const today = () => dayOf(app.clock.now().toISOString(), 'Asia/Shanghai');

async function made(said: Record<string, unknown> = {}) {
  const project = aProject({ organizationId: 'yueping', ...said });
  const path = `/v1/projects/${project.id}`;
  expect((await app.admin.put(path, project)).status).toBe(201);
  return {
    id: project.id,
    path,
    project,
    put: (day: string, body: object) => app.admin.put(`${path}/statuses/${day}`, body),
    history: async () =>
      (await app.admin.get(`${path}/statuses`)).body.items.map((entry: { asOf: string; status: string }) => [
        entry.asOf,
        entry.status,
      ]),
    status: async () => (await app.admin.get(path)).body.status,
  };
}

describe('the status of a project', () => {
  test('that the project is put with holds since an unknown day', async () => {
    const project = await made({ status: 'preparation' });
    const { items } = (await app.admin.get(`${project.path}/statuses`)).body;
    expect(items).toEqual([
      {
        projectId: project.id,
        asOf: null,
        status: 'preparation',
        reason: null,
        recordedAt: '2023-07-03T01:02:03.004Z',
        recordedBy: 'configured admin',
      },
    ]);
  });

  test('that is patched holds from today on', async () => {
    const project = await made({ status: 'preparation' });
    app.clock.advance({ days: 1 });
    await app.admin.patch(project.path, { status: 'implementation' });
    expect(await project.history()).toEqual([
      [null, 'preparation'],
      [today(), 'implementation'],
    ]);
    await app.admin.patch(project.path, { status: 'suspended' });
    expect((await project.history())[1]).toEqual([today(), 'suspended']);
  });

  test('said of an earlier day goes into its history and leaves the newest in force', async () => {
    const project = await made({ status: 'identification' });
    await app.admin.patch(project.path, { status: 'implementation' });
    const { body: before } = await app.admin.get(project.path);
    const answer = await project.put('2023-01-01', { status: 'preparation', reason: '立项' });
    expect(answer.status).toBe(201);
    expect(answer.headers['jindu-verdict']).toBe('created');
    expect(answer.body).toMatchObject({ asOf: '2023-01-01', status: 'preparation', reason: '立项' });
    expect(await project.history()).toEqual([
      [null, 'identification'],
      ['2023-01-01', 'preparation'],
      [today(), 'implementation'],
    ]);
    expect((await app.admin.get(project.path)).body).toEqual(before);
  });

  test('is the newest one’s, which a new revision of the project says', async () => {
    const project = await made({ status: 'implementation' });
    expect((await project.put('2023-05-31', { status: 'completion', reason: '已于五月开业' })).status).toBe(
      201,
    );
    expect((await app.admin.get(project.path)).body).toMatchObject({ status: 'completion', revision: 2 });
    const corrected = await project.put('2023-05-31', { status: 'maintenance' });
    expect(corrected.status).toBe(200);
    expect(corrected.headers['jindu-verdict']).toBe('corrected');
    expect((await app.admin.get(project.path)).body).toMatchObject({ status: 'maintenance', revision: 3 });
    expect(await project.history()).toEqual([
      [null, 'implementation'],
      ['2023-05-31', 'maintenance'],
    ]);
  });

  test('said again in the same words changes nothing', async () => {
    const project = await made();
    await project.put('2023-05-31', { status: 'preparation', reason: 'a' });
    const before = await app.rows();
    const again = await project.put('2023-05-31', { status: 'preparation', reason: 'a' });
    expect(again.status).toBe(200);
    expect(again.headers['jindu-verdict']).toBe('unchanged');
    expect(await app.rows()).toEqual(before);
  });

  test('is not said of a day to come', async () => {
    await using other = await testApp({ now: '2023-12-31T23:30:00.000Z' });
    await settleTianmashan(other.admin);
    const project = aProject({ organizationId: 'yueping' });
    const path = `/v1/projects/${project.id}`;
    await other.admin.put(path, project);
    const before = await other.rows();
    const refused = await other.admin.put(`${path}/statuses/2024-01-02`, { status: 'completion' });
    expect(refused.body).toMatchObject({ status: 422, code: 'future_date', errors: [{ pointer: '{asOf}' }] });
    expect(await other.rows()).toEqual(before);
    expect((await other.admin.put(`${path}/statuses/2024-01-01`, { status: 'completion' })).status).toBe(201);
  });

  test('that is taken back gives way to the one before', async () => {
    const project = await made({ status: 'implementation' });
    await project.put('2023-05-31', { status: 'completion' });
    const taken = await app.admin.delete(`${project.path}/statuses/2023-05-31`);
    expect(taken.body).toMatchObject({ asOf: '2023-05-31', status: 'completion' });
    expect(await project.status()).toBe('implementation');
    expect(await project.history()).toEqual([[null, 'implementation']]);
    const before = await app.rows();
    expect((await app.admin.delete(`${project.path}/statuses/2023-05-31`)).status).toBe(404);
    expect(await app.rows()).toEqual(before);
  });

  test('is in the record with its reason', async () => {
    const project = await made();
    await project.put('2023-05-31', { status: 'suspended', reason: '汛期' });
    await project.put('2023-05-31', { status: 'suspended', reason: '汛期停工' });
    await app.admin.delete(`${project.path}/statuses/2023-05-31`);
    const record = await app.admin.get(`/v1/changes?subjectType=status&subjectId=${project.id}/2023-05-31`);
    expect(record.body.items).toMatchObject([
      { action: 'created', reason: '汛期', before: null },
      { action: 'corrected', reason: '汛期停工', before: { reason: '汛期' } },
      { action: 'withdrawn', after: null },
    ]);
  });

  test.each([
    [{ status: 'done' }, '/status'],
    [{}, '/status'],
    [{ status: 'completion', reason: '' }, '/reason'],
    [{ status: 'completion', asOf: '2023-01-01' }, '/asOf'],
    [{ status: 'completion', reason: 'a\u0000' }, '/reason'],
  ])('%j is refused', async (body, pointer) => {
    const project = await made();
    const before = await app.rows();
    const answer = await project.put('2023-05-31', body);
    expect(answer.body).toMatchObject({ status: 400, errors: [{ pointer }] });
    expect(await app.rows()).toEqual(before);
  });

  test('of 2023-02-30 is refused', async () => {
    const project = await made();
    expect((await project.put('2023-02-30', { status: 'completion' })).body).toMatchObject({
      status: 400,
      errors: [{ pointer: '{asOf}' }],
    });
  });

  test('that is cancelled takes the project out of its parent’s roll-up, and another takes it back in', async () => {
    const parent = await made();
    const child = await made({ parentId: parent.id, status: 'implementation' });
    const other = await made({ parentId: parent.id });
    await app.admin.put(`${child.path}/reports/2023-06-30`, { percent: 50 });
    await app.admin.put(`${other.path}/reports/2023-06-30`, { percent: 100 });
    const progress = async () => (await app.admin.get(parent.path)).body.progress;
    expect(await progress()).toMatchObject({ percent: 75 });
    await child.put('2023-05-31', { status: 'cancelled', reason: '合并实施' });
    expect(await progress()).toMatchObject({ percent: 100, low: 100 });
    await child.put('2023-01-01', { status: 'implementation' });
    expect(await progress()).toMatchObject({ percent: 100 });
    await app.admin.delete(`${child.path}/statuses/2023-05-31`);
    expect(await progress()).toMatchObject({ percent: 75 });
    await app.admin.patch(child.path, { status: 'cancelled' });
    expect(await progress()).toMatchObject({ percent: 100 });
  });
});
