import { parse } from 'csv-parse/sync';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Client, type TestApp, type TestDatabase, testApp } from '../../support/index.ts';
import { put, settledDeals } from './ground.ts';

let app: TestApp;
let admin: Client;
const asOf = '2023-06-30';

let settled: TestDatabase;

beforeAll(async () => {
  settled = await settledDeals();
  return () => settled.remove();
});

beforeEach(async () => {
  app = await testApp({ from: settled, now: '2023-07-03T01:02:03.004Z' });
  admin = app.admin;
  return () => app.close();
});

async function get(path: string, client = admin) {
  const { status, body, text } = await client.get(path);
  expect(status, text).toBe(200);
  return body;
}

const idsOf = ({ items }: { items: { projectId: string }[] }) => items.map(({ projectId }) => projectId);

/** Projects that are deals by one party each, in these stages since these days. */
async function settleSome(): Promise<void> {
  const some = [
    ['bakery', 'inTalks', '2023-06-01', '甲烘焙坊', 'yueping'],
    ['cinema', 'inTalks', null, '丙影院', 'suyanjing'],
    ['arcade', 'operating', '2023-06-28', '乙商场', 'tianmashan'],
    ['dyer', 'lapsed', '2023-05-01', '丁染坊', 'yueping'],
  ] as const;
  for (const [id, stage, since, title, organizationId] of some) {
    const tags = id === 'bakery' ? ['临街'] : [];
    await put(admin, `/v1/projects/${id}`, { title, organizationId, category: 'shops', tags });
    await put(admin, `/v1/projects/${id}/parties/owner`, {
      ...{ name: title, role: 'interestedParty', stage, since, asOf },
    });
  }
  await put(admin, '/v1/projects/bakery/milestones/contract', { title: '签约', dueDate: '2023-06-15' });
  await put(admin, '/v1/projects/arcade/milestones/review', { title: '验收', dueDate: '2023-12-31' });
}

describe('the list of deals', () => {
  test('shows each deal with its stage and why, its parties, its money and what moved last', async () => {
    const { items, nextCursor } = await get('/v1/deals');
    expect(nextCursor).toBeNull();
    expect(items).toMatchObject([
      {
        projectId: 'xianghejian-urban-renewal',
        stage: 'frameworkSigned',
        because: { text: 'framework agreement 框架协议, signed by 2023-06-30' },
        ...{ since: null, ageDays: null, lastMovementOn: asOf, nextDue: null, agrees: null },
        parties: { named: 1, unnamed: 6 },
        money: [{ currency: 'CNY', sought: { low: 0, high: null, unknown: 1 } }],
      },
      {
        projectId: 'dayang-rooftop',
        stage: null,
        because: null,
        parties: { named: 2, unnamed: 0 },
        money: [],
      },
    ]);
  });

  test.each([
    ['stage', 'bakery cinema xianghejian-urban-renewal arcade dyer dayang-rooftop'],
    ['-stage', 'dyer arcade xianghejian-urban-renewal cinema bakery dayang-rooftop'],
    ['age', 'arcade bakery dyer cinema dayang-rooftop xianghejian-urban-renewal'],
    ['-age', 'dyer bakery arcade xianghejian-urban-renewal dayang-rooftop cinema'],
    ['lastMovement', 'dyer bakery arcade cinema xianghejian-urban-renewal dayang-rooftop'],
    ['nextDue', 'bakery arcade cinema dayang-rooftop dyer xianghejian-urban-renewal'],
    ['-nextDue', 'arcade bakery xianghejian-urban-renewal dyer dayang-rooftop cinema'],
    ['title', 'dyer cinema arcade dayang-rooftop xianghejian-urban-renewal bakery'],
    ['id', 'arcade bakery cinema dayang-rooftop dyer xianghejian-urban-renewal'],
  ])('is sorted by %s, what has none coming last, and goes on page by page', async (sort, expected) => {
    await settleSome();
    expect(idsOf(await get(`/v1/deals?sort=${sort}`))).toEqual(expected.split(' '));
    const paged: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await get(`/v1/deals?sort=${sort}&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      paged.push(...idsOf(page));
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(expected.split(' '));
  });

  test.each([
    ['stage=inTalks', 'bakery cinema'],
    ['stage=lapsed,operating', 'arcade dyer'],
    ['stage=none,frameworkSigned', 'dayang-rooftop xianghejian-urban-renewal'],
    ['within=yueping', 'bakery dyer'],
    ['within=nowhere', ''],
    ['withinProject=cinema', 'cinema'],
    ['category=urban-renewal', 'xianghejian-urban-renewal'],
    ['tag=临街', 'bakery'],
    ['q=烘焙', 'bakery'],
    ['asOf=2023-06-29', 'arcade bakery dayang-rooftop dyer'],
    ['asOf=2023-06-01&stage=inTalks', 'bakery'],
    ['knownAt=2023-07-01T00:00:00Z', ''],
  ])('by %s has those that are meant', async (query, expected) => {
    await settleSome();
    const found = idsOf(await get(`/v1/deals?sort=id&${encodeURI(query)}`));
    expect(found).toEqual(expected.split(' ').filter(Boolean));
  });

  test('goes by the stage that was set only where no fact gives one', async () => {
    for (const id of ['dayang-rooftop', 'xianghejian-urban-renewal'])
      await put(admin, `/v1/projects/${id}/deal/stages/${asOf}`, { stage: 'started', reason: '进场' });
    const { items } = await get('/v1/deals?stage=started');
    expect(items).toMatchObject([
      { projectId: 'dayang-rooftop', stage: null, countedStage: 'started', countedBy: 'set' },
    ]);
    expect((await get('/v1/deals?stage=frameworkSigned')).items).toMatchObject([
      { agrees: false, farther: 'set' },
    ]);
  });

  test('has no project that is no deal, nor one that is archived', async () => {
    await put(admin, '/v1/projects/liuwei', { title: '六微', organizationId: 'shenglishan' });
    expect(idsOf(await get('/v1/deals?sort=id'))).toEqual(['dayang-rooftop', 'xianghejian-urban-renewal']);
    await admin.delete('/v1/projects/dayang-rooftop');
    expect(idsOf(await get('/v1/deals'))).toEqual(['xianghejian-urban-renewal']);
  });

  test('shows a bound token its own, and a wrong cursor is refused', async () => {
    await settleSome();
    const bound = await app.actor({ scopes: ['read'], organizationId: 'yueping' });
    expect(idsOf(await get('/v1/deals?sort=id', bound))).toEqual(['bakery', 'dyer']);
    expect(idsOf(await get('/v1/deals?within=tianmashan&sort=id', bound))).toEqual(['bakery', 'dyer']);
    const { nextCursor } = await get('/v1/deals?limit=1&sort=age');
    const answer = await admin.get(`/v1/deals?sort=title&cursor=${nextCursor}`);
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([400, '?cursor']);
    expect((await admin.get('/v1/deals?stage=signed')).body.errors).toMatchObject([
      {
        pointer: '?stage',
        message: expect.stringMatching(
          /^must be one of lead, .*, none, or several with commas between them$/,
        ),
      },
    ]);
    expect((await admin.get('/v1/deals?asOf=2023-07-04')).body.code).toBe('future_date');
  });

  test('is the same as CSV', async () => {
    await settleSome();
    const { text, headers } = await admin.get('/v1/deals?sort=id&limit=3', { accept: 'text/csv' });
    expect(headers.link).toContain('rel="next"');
    const rows = parse(text, { bom: true, columns: true }) as Record<string, string>[];
    expect(
      rows.map((row) => [
        row.projectId,
        row.stage,
        row.ageDays,
        row['parties.unnamed'],
        row['nextDue.overdueDays'],
      ]),
    ).toEqual([
      ['arcade', 'operating', '5', '0', '0'],
      ['bakery', 'inTalks', '32', '0', '18'],
      ['cinema', 'inTalks', '', '0', ''],
    ]);
  });
});
