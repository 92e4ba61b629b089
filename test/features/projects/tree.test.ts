import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aProject, settleTianmashan, type TestApp, testApp } from '../../support/index.ts';

let app: TestApp;

beforeAll(async () => {
  app = await testApp();
  await settleTianmashan(app.admin);
});
afterAll(() => app.close());

async function made(parentId: string | null, said: Record<string, unknown> = {}): Promise<string> {
  const project = aProject({ organizationId: 'yueping', parentId, ...said });
  const answer = await app.admin.put(`/v1/projects/${project.id}`, project);
  expect(answer.status, answer.text).toBe(201);
  return project.id;
}

/** A line of projects, each below the one before. */
async function line(levels: number, under: string | null = null): Promise<string[]> {
  const ids: string[] = [];
  for (let level = 0; level < levels; level += 1) ids.push(await made(ids.at(-1) ?? under));
  return ids;
}

const move = (id: string, parentId: string | null) => app.admin.patch(`/v1/projects/${id}`, { parentId });
const report = (id: string, percent: number, day = '2023-06-30') =>
  app.admin.put(`/v1/projects/${id}/reports/${day}`, { percent, reason: '调整' });
const progress = async (id: string) => (await app.admin.get(`/v1/projects/${id}`)).body.progress;
const below = async (id: string) =>
  (await app.admin.get(`/v1/projects?withinProject=${id}`)).body.items
    .map((item: { id: string }) => item.id)
    .sort();

describe('the tree', () => {
  test('has ten levels and not eleven', async () => {
    const ids = await line(10);
    const before = await app.rows();
    const eleventh = aProject({ organizationId: 'yueping', parentId: ids[9] });
    const refused = await app.admin.put(`/v1/projects/${eleventh.id}`, eleventh);
    expect(refused.body).toMatchObject({ status: 422, code: 'too_deep', errors: [{ pointer: '/parentId' }] });
    expect((await app.admin.post('/v1/projects', eleventh)).body.code).toBe('too_deep');
    expect(await app.rows()).toEqual(before);
  });

  test('a move that would make it deeper than ten is refused, one that makes it ten is done', async () => {
    const five = await line(5);
    const six = await line(6);
    const before = await app.rows();
    const refused = await move(six[0] as string, five[4] as string);
    expect(refused.body).toMatchObject({ status: 422, code: 'too_deep', errors: [{ pointer: '/parentId' }] });
    expect(await app.rows()).toEqual(before);
    expect((await move(six[0] as string, five[3] as string)).status).toBe(200);
    expect(await below(five[0] as string)).toEqual([...five, ...six].sort());
  });

  test('a project goes neither under itself nor under what lies below it', async () => {
    const [top, middle, bottom] = (await line(3)) as [string, string, string];
    const before = await app.rows();
    for (const [id, parentId] of [
      [top, top],
      [top, middle],
      [top, bottom],
      [middle, bottom],
    ] as const) {
      const refused = await move(id, parentId);
      expect(refused.body).toMatchObject({
        status: 422,
        code: 'parent_cycle',
        errors: [{ pointer: '/parentId' }],
      });
    }
    expect(await app.rows()).toEqual(before);
    const fresh = aProject({ id: 'self-parent', organizationId: 'yueping', parentId: 'self-parent' });
    expect((await app.admin.put('/v1/projects/self-parent', fresh)).status).toBe(422);
    expect(await app.rows()).toEqual(before);
  });

  test('two moves at once that would make a circle together: one is done, one refused', async () => {
    const [a, b] = [await made(null), await made(null)];
    const answers = await Promise.all([move(a, b), move(b, a)]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 422]);
  });

  test('a move takes along all that lies below, and both parents stand where their children now say', async () => {
    const from = await made(null);
    const to = await made(null);
    const moved = await made(from);
    const stays = await made(from);
    const [leafA, leafB] = [await made(moved), await made(moved)];
    await report(leafA, 40);
    await report(leafB, 60, '2023-07-01');
    await report(stays, 90);
    expect(await progress(from)).toMatchObject({ percent: 70, basis: 'children', asOf: '2023-07-01' });
    expect(await progress(to)).toMatchObject({ percent: null, basis: null, asOf: null });
    expect((await move(moved, to)).body.parentId).toBe(to);
    expect(await progress(from)).toMatchObject({ percent: 90, asOf: '2023-06-30' });
    expect(await progress(to)).toMatchObject({ percent: 50, asOf: '2023-07-01' });
    expect(await below(from)).toEqual([from, stays].sort());
    expect(await below(to)).toEqual([to, moved, leafA, leafB].sort());
    await move(moved, null);
    expect(await progress(to)).toMatchObject({ percent: null, basis: null, asOf: null });
    expect(await below(to)).toEqual([to]);
    await report(leafA, 100);
    expect(await progress(moved)).toMatchObject({ percent: 80 });
    expect(await progress(from)).toMatchObject({ percent: 90 });
  });

  test('a move reaches to the roots of both trees', async () => {
    const one = (await line(4)) as [string, string, string, string];
    const other = (await line(4)) as [string, string, string, string];
    const leaf = await made(one[3]);
    await report(leaf, 30);
    expect(await progress(one[0])).toMatchObject({ percent: 30 });
    await move(leaf, other[3]);
    expect(await progress(one[0])).toMatchObject({ percent: null });
    expect(await progress(other[0])).toMatchObject({ percent: 30, asOf: '2023-06-30' });
  });

  test('goes across organizations for who sees both', async () => {
    const programme = await made(null, { organizationId: 'tianmashan', kind: 'programme' });
    const part = await made(programme, { organizationId: 'yueping' });
    await report(part, 50);
    expect(await progress(programme)).toMatchObject({ percent: 50 });
    const bound = await app.actor({ scopes: ['read'], organizationId: 'yueping' });
    expect((await bound.get(`/v1/projects/${part}`)).body.parentId).toBe(programme);
    expect((await bound.get(`/v1/projects/${programme}`)).status).toBe(404);
  });
});
