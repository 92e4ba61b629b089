import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { settleTianmashan, type TestApp, testApp } from '../../support/index.ts';

let app: TestApp;

/** Some of the projects of 天马山街道, put in the order of this list, one a minute. */
const projects = [
  {
    id: 'renewal',
    title: '湘核建城市更新项目',
    organizationId: 'tianmashan',
    category: 'urban-renewal',
    status: 'preparation',
    kind: 'programme',
    tags: ['招商'],
  },
  {
    id: 'estate',
    title: '岳屏社区老旧小区改造项目',
    organizationId: 'yueping',
    category: 'old-estate-renovation',
    status: 'implementation',
    tags: ['民生', '改造'],
    translations: { en: { title: 'Yueping old-estate renovation' } },
  },
  {
    id: 'zone-a',
    title: 'A区',
    organizationId: 'yueping',
    parentId: 'estate',
    kind: 'component',
    tags: ['改造'],
  },
  {
    id: 'zone-b',
    title: 'B区',
    organizationId: 'yueping',
    parentId: 'estate',
    kind: 'component',
    tags: ['改造'],
  },
  {
    id: 'canteen',
    title: '岳屏社区食堂',
    organizationId: 'yueping',
    status: 'completion',
    description: '设有日间照料 Day-Care 与居家养老 100%_x',
    tags: ['民生'],
  },
  { id: 'volunteers', title: '五色花党员志愿服务队', organizationId: 'suyanjing', tags: ['品牌'] },
  { id: 'rooftop', title: '大洋百货顶楼闲置资产盘活', organizationId: 'xiaojiashan', tags: [] },
];

beforeAll(async () => {
  app = await testApp();
  await settleTianmashan(app.admin);
  for (const project of projects) {
    app.clock.advance({ minutes: 1 });
    expect((await app.admin.put(`/v1/projects/${project.id}`, project)).status).toBe(201);
  }
  await app.admin.put('/v1/projects/estate/reports/2023-06-30', { stated: '85%以上' });
});
afterAll(() => app.close());

const ids = async (query: string, client = app.admin): Promise<string[]> => {
  const answer = await client.get(`/v1/projects?${query}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body.items.map((item: { id: string }) => item.id);
};
const q = (words: string) => ids(`q=${encodeURIComponent(words)}`);

describe('the list of projects', () => {
  test('says of each where it stands', async () => {
    const { items } = (await app.admin.get('/v1/projects?organizationId=yueping&sort=createdAt')).body;
    expect(items[0]).toEqual((await app.admin.get('/v1/projects/estate')).body);
    expect(items[0].progress).toMatchObject({ percent: 85, qualifier: 'atLeast' });
  });

  test.each([
    ['organizationId=yueping', ['canteen', 'estate', 'zone-a', 'zone-b']],
    ['organizationId=tianmashan', ['renewal']],
    ['within=tianmashan', ['canteen', 'estate', 'renewal', 'rooftop', 'volunteers', 'zone-a', 'zone-b']],
    ['within=yueping', ['canteen', 'estate', 'zone-a', 'zone-b']],
    ['within=suyanjing', ['volunteers']],
    ['within=dayang', []],
    ['within=no-such', []],
    ['withinProject=estate', ['estate', 'zone-a', 'zone-b']],
    ['parentId=estate', ['zone-a', 'zone-b']],
    ['kind=component', ['zone-a', 'zone-b']],
    ['kind=programme', ['renewal']],
    ['category=urban-renewal', ['renewal']],
    ['status=completion', ['canteen']],
    ['archived=true', []],
    [`tag=${encodeURIComponent('民生')}`, ['canteen', 'estate']],
    [`tag=${encodeURIComponent('改造')}&kind=component`, ['zone-a', 'zone-b']],
    [`tag=${encodeURIComponent('民')}`, []],
    ['within=tianmashan&status=identification&organizationId=yueping', ['zone-a', 'zone-b']],
  ])('filtered by %s', async (query, expected) => {
    expect(await ids(query)).toEqual(expected);
  });

  test('is searched in Chinese and in English, in any case and width, by every word', async () => {
    expect(await q('老旧小区')).toEqual(['estate']);
    expect(await q('岳屏')).toEqual(['canteen', 'estate']);
    expect(await q('岳屏 食堂')).toEqual(['canteen']);
    expect(await q('食堂 岳屏')).toEqual(['canteen']);
    expect(await q('RENOVATION')).toEqual(['estate']);
    expect(await q('renovation yueping')).toEqual(['estate']);
    expect(await q('ｄａｙ－ｃａｒｅ')).toEqual(['canteen']);
    expect(await q('品牌')).toEqual(['volunteers']);
    expect(await q('rooftop')).toEqual(['rooftop']);
    expect(await q('没有这个')).toEqual([]);
  });

  test('takes the signs of a pattern for what they are', async () => {
    expect(await q('100%_')).toEqual(['canteen']);
    expect(await q('%')).toEqual(['canteen']);
    expect(await q('_')).toEqual(['canteen']);
    expect(await q('\\')).toEqual([]);
    expect(await q("'")).toEqual([]);
  });

  test('is found by its words as they are now', async () => {
    await app.admin.patch('/v1/projects/rooftop', { title: '红色驿站', tags: ['驿站'] });
    expect(await q('顶楼')).toEqual([]);
    expect(await q('驿站')).toEqual(['rooftop']);
    expect(await ids(`tag=${encodeURIComponent('驿站')}`)).toEqual(['rooftop']);
    await app.admin.patch('/v1/projects/rooftop', { title: '大洋百货顶楼闲置资产盘活', tags: [] });
    expect(await ids(`tag=${encodeURIComponent('驿站')}`)).toEqual([]);
  });

  test('is sorted by each of its orders, from either end', async () => {
    const byTime = projects.map((project) => project.id);
    expect(await ids('sort=createdAt')).toEqual(byTime);
    expect(await ids('sort=-createdAt')).toEqual([...byTime].reverse());
    expect(await ids('sort=-id')).toEqual([...byTime].sort().reverse());
    const titles = (await app.admin.get('/v1/projects?sort=title')).body.items.map(
      (item: { title: string }) => item.title,
    );
    expect(titles).toEqual([...titles].sort());
    expect((await ids('sort=-updatedAt'))[0]).toBe('rooftop');
  });

  test.each(['id', '-id', 'title', '-title', 'createdAt', '-updatedAt'])(
    'in pages by %s has each project once, whatever is put in between',
    async (sort) => {
      const seen: string[] = [];
      let address: string | undefined = `/v1/projects?within=tianmashan&limit=2&sort=${sort}`;
      while (address !== undefined) {
        const page = await app.admin.get(address);
        seen.push(...page.body.items.map((item: { id: string }) => item.id));
        address = /<(.+)>; rel="next"/.exec(page.headers.link ?? '')?.[1];
        expect(page.body.nextCursor === null).toBe(address === undefined);
      }
      expect([...seen].sort()).toEqual(projects.map((project) => project.id).sort());
    },
  );

  test('shows a bound token only what lies within its organization', async () => {
    const bound = await app.actor({ scopes: ['read'], organizationId: 'yueping' });
    const own = ['canteen', 'estate', 'zone-a', 'zone-b'];
    expect(await ids('', bound)).toEqual(own);
    expect(await ids('within=tianmashan', bound)).toEqual(own);
    expect(await ids('within=suyanjing', bound)).toEqual([]);
    expect(await ids('organizationId=tianmashan', bound)).toEqual([]);
    expect(await ids(`q=${encodeURIComponent('五色花')}`, bound)).toEqual([]);
    const street = await app.actor({ scopes: ['read'], organizationId: 'tianmashan' });
    expect(await ids('', street)).toHaveLength(projects.length);
  });

  test('as CSV has a column for each field, and a page for a page', async () => {
    const csv = await app.admin.get('/v1/projects?organizationId=yueping&limit=2', { accept: 'text/csv' });
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(csv.headers.link).toContain('rel="next"');
    expect(csv.text.startsWith('\ufeff')).toBe(true);
    const [header, canteen, estate, end] = csv.text.slice(1).split('\r\n');
    expect(header).toMatch(
      /^id,title,.*period\.startDate,period\.endDate.*progress\.percent,progress\.qualifier,progress\.low/,
    );
    expect(canteen).toContain('canteen,岳屏社区食堂,');
    expect(estate).toContain(',85,atLeast,85,100,report,2023-06-30,');
    expect(end).toBe('');
    const next = /<(.+)>; rel="next"/.exec(csv.headers.link ?? '')?.[1] as string;
    expect((await app.admin.get(next, { accept: 'text/csv' })).text).toContain('zone-a');
  });

  test.each([
    ['cursor=eyJ4', '?cursor'],
    ['cursor=%E5%B2%B3', '?cursor'],
    ['limit=201', '?limit'],
    ['limit=-1', '?limit'],
    ['limit=1.5', '?limit'],
    ['sort=progress', '?sort'],
    ['status=done', '?status'],
    ['organizationId=Yueping', '?organizationId'],
    ['q=', '?q'],
    ['q=%00', '?q'],
    ['archived=1', '?archived'],
    ['orgnizationId=yueping', '?orgnizationId'],
    ['status=completion&status=cancelled', '?status'],
  ])('refuses ?%s', async (query, pointer) => {
    const answer = await app.admin.get(`/v1/projects?${query}`);
    expect(answer.body).toMatchObject({ status: 400, code: 'validation_failed' });
    expect(answer.body.errors[0].pointer).toBe(pointer);
  });

  test('suggests the parameter that was meant', async () => {
    const answer = await app.admin.get('/v1/projects?orgnizationId=yueping');
    expect(answer.body.errors[0].message).toContain('did you mean "organizationId"');
  });
});
