import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, settleTianmashan, type TestApp, testApp } from '../../support/index.ts';

let app: TestApp;
let bound: Client;

/** More than are looked at in the order of a list, and behind them the few that are asked for. */
const fillers = 1_100;
const few = [
  { id: 'z-1', title: '岳屏社区食堂', organizationId: 'yueping', tags: ['民生'] },
  { id: 'z-2', title: 'Yueping canteen', organizationId: 'yueping', tags: ['民生'], status: 'completion' },
  { id: 'z-3', title: '岳屏 A区 563户', organizationId: 'suyanjing', tags: ['改造'], parentId: 'z-1' },
  { id: 'z-4', title: '100%_x', organizationId: 'yueping', tags: [], parentId: 'z-3' },
];

beforeAll(async () => {
  app = await testApp();
  await settleTianmashan(app.admin);
  const filler = (index: number) => {
    const id = `a-${String(index).padStart(4, '0')}`;
    const parentId = 'b-programme';
    return { id, title: `第${index}号楼改造`, organizationId: 'xiaojiashan', tags: ['改造'], parentId };
  };
  const put = async (project: { id: string }) => {
    const { status } = await app.admin.put(`/v1/projects/${project.id}`, { kind: 'project', ...project });
    expect(status).toBe(201);
  };
  const programme = {
    id: 'b-programme',
    title: '改造工程',
    kind: 'programme',
    organizationId: 'xiaojiashan',
  };
  await put(programme);
  await Promise.all(Array.from({ length: fillers }, (_, index) => put(filler(index))));
  for (const project of few) await put(project);
  bound = await app.actor({ scopes: ['read'], organizationId: 'yueping' });
}, 60_000);
afterAll(() => app.close());

/** The ids of all pages of a list. */
async function idsOf(client: Client, query: string, limit = 3): Promise<string[]> {
  const ids: string[] = [];
  let cursor = '';
  for (;;) {
    const { status, body } = await client.get(`/v1/projects?limit=${limit}&${query}${cursor}`);
    expect(status).toBe(200);
    ids.push(...body.items.map((item: { id: string }) => item.id));
    if (body.nextCursor === null) return ids;
    cursor = `&cursor=${body.nextCursor}`;
  }
}

describe('behind a thousand others, a list', () => {
  test.each([
    ['q=岳屏', ['z-1', 'z-3']],
    ['q=岳屏 食堂', ['z-1']],
    ['q=食', ['z-1']],
    ['q=eping', ['z-2']],
    ['q=CANTEEN', ['z-2']],
    ['q=563户', ['z-3']],
    ['q=%25_', ['z-4']],
    ['q=岳屏&status=completion', []],
    ['q=无此词', []],
    ['tag=民生', ['z-1', 'z-2']],
    ['within=suyanjing', ['z-3']],
    ['within=yueping&status=completion', ['z-2']],
    ['within=yueping&q=岳屏', ['z-1']],
    ['within=yueping&tag=民生&q=yueping', ['z-2']],
    ['withinProject=z-1', ['z-1', 'z-3', 'z-4']],
    ['withinProject=z-1&within=yueping', ['z-1', 'z-4']],
  ])('of %s has what it means, and nothing else', async (query, ids) => {
    expect(await idsOf(app.admin, query)).toEqual(ids);
    expect(await idsOf(app.admin, `${query}&sort=-createdAt`, 1)).toEqual(ids.toReversed());
  });

  test('for who is bound to an organization has what belongs to it', async () => {
    expect(await idsOf(bound, '')).toEqual(['z-1', 'z-2', 'z-4']);
    expect(await idsOf(bound, 'q=岳屏')).toEqual(['z-1']);
  });

  test('of a word that nearly all have goes on through all pages', async () => {
    const all = Array.from({ length: fillers }, (_, index) => `a-${String(index).padStart(4, '0')}`);
    expect(await idsOf(app.admin, 'q=号楼', 200)).toEqual(all);
    expect(await idsOf(app.admin, 'tag=改造', 200)).toEqual([...all, 'z-3']);
  });

  test('within an organization that has more than are looked at first goes on through all pages', async () => {
    const all = Array.from({ length: fillers }, (_, index) => `a-${String(index).padStart(4, '0')}`);
    expect(await idsOf(app.admin, 'within=xiaojiashan', 200)).toEqual([...all, 'b-programme']);
    expect(await idsOf(app.admin, 'within=xiaojiashan&tag=民生')).toEqual([]);
  });

  test('within an organization of few has those that are archived when they are asked for', async () => {
    expect((await app.admin.delete('/v1/projects/z-2')).status).toBe(200);
    expect(await idsOf(app.admin, 'within=yueping')).toEqual(['z-1', 'z-4']);
    expect(await idsOf(app.admin, 'within=yueping&archived=true')).toEqual(['z-2']);
    expect(await idsOf(bound, 'archived=true')).toEqual(['z-2']);
    expect((await app.admin.post('/v1/projects/z-2/restoration')).status).toBe(200);
    expect(await idsOf(app.admin, 'within=yueping')).toEqual(['z-1', 'z-2', 'z-4']);
  });

  test.each(['b-programme', 'xiaojiashan'])(
    'of more than are read at once is counted whole in the portfolio of %s',
    async (within) => {
      const { body } = await app.admin.get(`/v1/portfolio?within=${within}&limit=1`);
      expect(body).toMatchObject({ projects: fillers, rollUp: { missingCount: fillers } });
      expect(body.ranked).toMatchObject([{ projectId: 'a-0000' }]);
    },
  );

  test('finds a project by what it says now, and no longer by what it said before', async () => {
    await app.admin.patch('/v1/projects/z-2', { title: '日间照料中心' });
    expect(await idsOf(app.admin, 'q=照料')).toEqual(['z-2']);
    expect(await idsOf(app.admin, 'q=canteen')).toEqual([]);
    await app.admin.patch('/v1/projects/z-2', { title: 'Yueping canteen' });
    expect(await idsOf(app.admin, 'q=canteen')).toEqual(['z-2']);
  });
});
