import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aProject, settleTianmashan, type TestApp, testApp } from '../../support/index.ts';

let app: TestApp;

beforeAll(async () => {
  app = await testApp();
  await settleTianmashan(app.admin);
});
afterAll(() => app.close());

type Said = Record<string, unknown>;

async function made(said: Said = {}): Promise<string> {
  const project = aProject({ organizationId: 'yueping', ...said });
  const answer = await app.admin.put(`/v1/projects/${project.id}`, project);
  expect(answer.status, answer.text).toBe(201);
  return project.id;
}

/** A project and its children A, B, C, with what is said of each. */
async function family(parent: Said, children: Said[]): Promise<{ id: string; children: string[] }> {
  const id = await made(parent);
  const ids: string[] = [];
  for (const child of children) ids.push(await made({ parentId: id, ...child }));
  return { id, children: ids };
}

async function report(id: string | undefined, body: Said | number, day = '2023-06-30'): Promise<void> {
  const answer = await app.admin.put(
    `/v1/projects/${id}/reports/${day}`,
    typeof body === 'number' ? { percent: body } : body,
  );
  expect(answer.status, answer.text).toBeLessThan(300);
}

const patch = async (id: string | undefined, change: Said) => {
  const answer = await app.admin.patch(`/v1/projects/${id}`, change);
  expect(answer.status, answer.text).toBe(200);
};
const standing = async (id: string) => (await app.admin.get(`/v1/projects/${id}`)).body.progress;
const childrenOf = async (id: string) =>
  (await app.admin.get(`/v1/projects/${id}/progress`)).body.sources.children;

describe('the roll-up', () => {
  test('of A 90, B 80 and a silent C is 85, between 56.67 and 90', async () => {
    const { id, children } = await family({}, [{}, {}, {}]);
    await report(children[0], 90);
    await report(children[1], 80);
    expect(await standing(id)).toEqual({
      percent: 85,
      qualifier: 'between',
      low: 56.67,
      high: 90,
      basis: 'children',
      asOf: '2023-06-30',
    });
    expect(await childrenOf(id)).toMatchObject({ coverage: 0.6667, missing: [children[2]], unweighted: [] });
  });

  test('of children all at 100 is 100 exactly, whatever their weights; just below it is not', async () => {
    const { id, children } = await family({ weightBasis: 'weight' }, [
      { weight: 0.0001 },
      { weight: 3 },
      { weight: 899_999_999.9999 },
    ]);
    for (const child of children) await report(child, 100);
    expect(await standing(id)).toMatchObject({ percent: 100, qualifier: 'exact', low: 100, high: 100 });
    await report(children[0], { percent: 99.99, reason: '尾款' });
    expect(await standing(id)).toMatchObject({ percent: 99.99 });
  });

  test('by equal weights, own weights, budgets and quantities, each as the parent chooses', async () => {
    const { id, children } = await family({ budget: { amount: 1000, currency: 'CNY' } }, [
      {
        weight: 1,
        budget: { amount: 900, currency: 'CNY' },
        quantities: [{ code: 'households', value: 100, unit: '户' }],
      },
      {
        weight: 3,
        budget: { amount: 100, currency: 'CNY' },
        quantities: [{ code: 'households', value: 300, unit: '户' }],
      },
    ]);
    await report(children[0], 0);
    await report(children[1], 100);
    expect(await standing(id)).toMatchObject({ percent: 50 });
    await patch(id, { weightBasis: 'weight' });
    expect(await standing(id)).toMatchObject({ percent: 75 });
    await patch(id, { weightBasis: 'budget' });
    expect(await standing(id)).toMatchObject({ percent: 10 });
    await patch(id, { weightBasis: 'quantity:households' });
    expect(await standing(id)).toMatchObject({ percent: 75 });
    await patch(children[0], { quantities: [{ code: 'households', value: 700, unit: '户' }] });
    expect(await standing(id)).toMatchObject({ percent: 30 });
    await patch(id, { weightBasis: 'equal' });
    expect(await standing(id)).toMatchObject({ percent: 50 });
  });

  test('names a child without a weight on the basis, and counts it with none', async () => {
    const { id, children } = await family({ weightBasis: 'weight' }, [{ weight: 1 }, {}]);
    await report(children[0], 40);
    await report(children[1], 100);
    expect(await standing(id)).toMatchObject({ percent: 40, low: 40, high: 40, basis: 'children' });
    expect(await childrenOf(id)).toMatchObject({ unweighted: [children[1]], missing: [] });
    await patch(children[1], { weight: 1 });
    expect(await standing(id)).toMatchObject({ percent: 70 });
    expect(await childrenOf(id)).toMatchObject({ unweighted: [] });
    await patch(children[0], { weight: null });
    expect(await standing(id)).toMatchObject({ percent: 100 });
    expect(await childrenOf(id)).toMatchObject({ unweighted: [children[0]] });
  });

  test('adds up neither currencies nor units that differ', async () => {
    const budgets = await family({ weightBasis: 'budget', budget: { amount: 1, currency: 'USD' } }, [
      { budget: { amount: 5, currency: 'USD' } },
      { budget: { amount: 5, currency: 'CNY' } },
    ]);
    await report(budgets.children[0], 10);
    await report(budgets.children[1], 90);
    expect(await standing(budgets.id)).toMatchObject({ percent: 10 });
    expect(await childrenOf(budgets.id)).toMatchObject({ unweighted: [budgets.children[1]] });
    await patch(budgets.id, { budget: null });
    expect(await standing(budgets.id)).toMatchObject({ percent: 90 });
    expect(await childrenOf(budgets.id)).toMatchObject({ unweighted: [budgets.children[0]] });

    const areas = await family(
      { weightBasis: 'quantity:floor-area', quantities: [{ code: 'floor-area', value: 3, unit: 'm²' }] },
      [
        { quantities: [{ code: 'floor-area', value: 1, unit: 'm²' }] },
        { quantities: [{ code: 'floor-area', value: 1, unit: '亩' }] },
      ],
    );
    await report(areas.children[0], 10);
    await report(areas.children[1], 90);
    expect(await standing(areas.id)).toMatchObject({ percent: 10 });
    await patch(areas.id, { quantities: [{ code: 'floor-area', value: 3, unit: '亩' }] });
    expect(await standing(areas.id)).toMatchObject({ percent: 90 });
  });

  test('of weights that are all 0 is unknown, not 0', async () => {
    const { id, children } = await family({ weightBasis: 'weight' }, [{ weight: 0 }, { weight: 0 }]);
    await report(children[0], 50);
    expect(await standing(id)).toMatchObject({ percent: null, low: 0, high: 100, basis: null, asOf: null });
  });

  test('leaves out archived and cancelled children, and takes them in again', async () => {
    const { id, children } = await family({}, [{}, {}, {}]);
    await report(children[0], 30);
    await report(children[1], 60, '2023-07-01');
    await report(children[2], 90);
    expect(await standing(id)).toMatchObject({ percent: 60, asOf: '2023-07-01' });
    await app.admin.delete(`/v1/projects/${children[1]}`);
    expect(await standing(id)).toMatchObject({ percent: 60, asOf: '2023-06-30' });
    await patch(children[2], { status: 'cancelled' });
    expect(await standing(id)).toMatchObject({ percent: 30 });
    await app.admin.delete(`/v1/projects/${children[2]}`);
    expect(await standing(id)).toMatchObject({ percent: 30 });
    await app.admin.post(`/v1/projects/${children[2]}/restoration`);
    expect(await standing(id)).toMatchObject({ percent: 30 });
    await patch(children[2], { status: 'implementation' });
    await app.admin.post(`/v1/projects/${children[1]}/restoration`);
    expect(await standing(id)).toMatchObject({ percent: 60, asOf: '2023-07-01' });
    for (const child of children) await app.admin.delete(`/v1/projects/${child}`);
    expect(await standing(id)).toMatchObject({ percent: null, basis: null, asOf: null });
  });

  test('carries bounds and doubt upwards', async () => {
    const { id, children } = await family({}, [{}, {}]);
    await report(children[0], { stated: '85%以上' });
    await report(children[1], { stated: '约50%' });
    expect(await standing(id)).toMatchObject({ percent: 67.5, qualifier: 'atLeast', low: 67.5, high: 75 });
    await report(children[0], { percent: 86, reason: '核实' });
    expect(await standing(id)).toMatchObject({ percent: 68, qualifier: 'about', low: 68, high: 68 });
  });

  test('speaks of the newest day that a child speaks of, and is no firmer than the least firm', async () => {
    const { id, children } = await family({}, [{}, {}]);
    await report(children[0], 50, '2023-05-31');
    await report(children[1], 50, '2023-05-31');
    await report(children[0], 50, '2023-06-30');
    expect(await standing(id)).toMatchObject({ percent: 50, qualifier: 'exact', asOf: '2023-06-30' });
    await report(children[0], { percent: 50, qualifier: 'about' }, '2023-06-30');
    expect(await standing(id)).toMatchObject({ percent: 50, qualifier: 'about', asOf: '2023-06-30' });
    await app.admin.delete(`/v1/projects/${children[0]}/reports/2023-06-30`);
    expect(await standing(id)).toMatchObject({ percent: 50, qualifier: 'exact', asOf: '2023-05-31' });
  });

  test('goes up ten levels with no rounding on the way', async () => {
    const top = await made();
    let parent = top;
    for (let level = 2; level < 10; level += 1) parent = await made({ parentId: parent });
    const leaves = [
      await made({ parentId: parent }),
      await made({ parentId: parent }),
      await made({ parentId: parent }),
    ];
    await report(leaves[0], 0.01);
    await report(leaves[1], 0);
    await report(leaves[2], 0);
    expect(await standing(top)).toMatchObject({ percent: 0, low: 0 });
    await report(leaves[1], 0.01);
    expect(await standing(top)).toMatchObject({ percent: 0.01 });
    await report(leaves[2], 100);
    await report(leaves[1], 100);
    await report(leaves[0], 99.99);
    expect(await standing(top)).toMatchObject({ percent: 99.99 });
    await report(leaves[0], 100);
    expect(await standing(top)).toMatchObject({ percent: 100, qualifier: 'exact' });
  });
});

describe('which source says how far a project is', () => {
  test('岳屏: the whole is at least 85, its zones are silent, and the whole’s own report says so', async () => {
    const { id, children } = await family({}, [{ title: 'A区' }, { title: 'B区' }, { title: 'C区' }]);
    await report(id, { stated: '85%以上' });
    expect(await standing(id)).toEqual({
      percent: 85,
      qualifier: 'atLeast',
      low: 85,
      high: 100,
      basis: 'report',
      asOf: '2023-06-30',
    });
    await report(children[0], 70);
    await report(children[1], 70);
    expect(await standing(id)).toMatchObject({ percent: 85, basis: 'report' });
    await report(children[2], 70, '2023-07-01');
    expect(await standing(id)).toEqual({
      percent: 70,
      qualifier: 'exact',
      low: 70,
      high: 70,
      basis: 'children',
      asOf: '2023-07-01',
    });
    await patch(id, { progressBasis: 'report' });
    expect(await standing(id)).toMatchObject({ percent: 85, basis: 'report', asOf: '2023-06-30' });
    await patch(id, { progressBasis: 'milestones' });
    expect(await standing(id)).toMatchObject({ percent: null, basis: null, low: 0, high: 100, asOf: null });
    await patch(id, { progressBasis: 'children' });
    expect(await standing(id)).toMatchObject({ percent: 70, basis: 'children' });
    await patch(id, { progressBasis: 'auto' });
    await app.admin.delete(`/v1/projects/${children[2]}/reports/2023-07-01`);
    expect(await standing(id)).toMatchObject({ percent: 85, basis: 'report', asOf: '2023-06-30' });
  });

  test('an unweighted child keeps the children from speaking for the whole', async () => {
    const { id, children } = await family({ weightBasis: 'weight' }, [{ weight: 1 }, {}]);
    await report(id, 50);
    await report(children[0], 90);
    await report(children[1], 90);
    expect(await standing(id)).toMatchObject({ percent: 50, basis: 'report' });
    await patch(children[1], { weight: 1 });
    expect(await standing(id)).toMatchObject({ percent: 90, basis: 'children' });
  });

  test('a change of the scope moves progress that is counted in it', async () => {
    const id = await made({ quantities: [{ code: 'households', value: 563, unit: '户' }] });
    await report(id, { quantities: [{ code: 'households', value: 478 }] });
    expect(await standing(id)).toMatchObject({ percent: 84.9, basis: 'quantities' });
    await patch(id, { quantities: [{ code: 'households', value: 478, unit: '户' }] });
    expect(await standing(id)).toMatchObject({ percent: 100 });
    await patch(id, { quantities: [] });
    expect(await standing(id)).toMatchObject({ percent: null, basis: null });
  });
});
