import { parse } from 'csv-parse/sync';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Client, type TestApp, type TestDatabase, testApp } from '../../support/index.ts';
import { expectSelfContained, expectWellFormed, textsOf } from '../pictures/svg.ts';
import { put, settledDeals } from './ground.ts';

let app: TestApp;
let admin: Client;
const renewal = '/v1/projects/xianghejian-urban-renewal';

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

interface Stage {
  stage: string;
  [name: string]: unknown;
}

const stageIn = ({ stages }: { stages: Stage[] }, stage: string) =>
  stages.find((each) => each.stage === stage);

describe('the funnel', () => {
  test('says of the reference data exactly what was published', async () => {
    const funnel = await get('/v1/deals/funnel?within=tianmashan&asOf=2023-06-30');
    expect(funnel).toMatchObject({
      ...{ within: 'tianmashan', withinProject: null, asOf: '2023-06-30', knownAt: null, compareTo: null },
      ...{ deals: 2, withoutStage: { deals: 1, parties: 2 } },
      money: { currency: 'CNY', sought: { low: 0, high: null, unknown: 1 }, committed: null, arrived: null },
      ...{ moneyReason: null, movements: null, movementsCount: null },
      signings: { after: null, deals: 1, daysUnknown: 1, withoutValue: 1, values: [], increments: [] },
    });
    expect(stageIn(funnel, 'inTalks')).toEqual({
      ...{ stage: 'inTalks', deals: 0, setDeals: 0, parties: 6, reached: 1 },
      conversion: { deals: 1, share: 1 },
      ...{ medianDays: null, unknownAges: 0, amount: null, amountByCurrency: [] },
    });
    expect(stageIn(funnel, 'frameworkSigned')).toEqual({
      ...{ stage: 'frameworkSigned', deals: 1, setDeals: 0, parties: 1, reached: 1 },
      conversion: { deals: 0, share: 0 },
      ...{ medianDays: null, unknownAges: 1 },
      amount: { low: 0, high: null, qualifier: 'between', count: 1, unknown: 1 },
      amountByCurrency: [],
    });
    expect(stageIn(funnel, 'lapsed')).toMatchObject({ deals: 0, reached: null, conversion: null });
  });

  test('compares two days: who moved, what was signed, and by how much it has grown', async () => {
    app.clock.set('2023-12-01T00:00:00.000Z');
    await put(admin, `${renewal}/agreements/investment`, {
      ...{ type: 'investment', title: '投资协议', signedOn: '2023-09-01', partyIds: ['xianghejian'] },
      value: { stated: '9000万元以上' },
    });
    await put(admin, `${renewal}/agreements/investment/amendments/2023-11-01`, {
      ...{ rationale: '增资', value: { amount: 120000000, currency: 'CNY' } },
    });
    await put(admin, '/v1/projects/arcade', { title: '商场', organizationId: 'yueping' });
    await put(admin, '/v1/projects/arcade/agreements/lease', {
      ...{
        type: 'lease',
        title: '租赁',
        signedOn: '2023-10-01',
        value: { amount: 5000, currency: 'USD' },
        partyIds: [],
      },
    });
    const funnel = await get('/v1/deals/funnel?compareTo=2023-06-30&asOf=2023-10-31');
    expect(funnel.movements).toEqual([
      { projectId: 'arcade', from: null, to: 'contractSigned' },
      { projectId: 'xianghejian-urban-renewal', from: 'frameworkSigned', to: 'contractSigned' },
    ]);
    expect(funnel.signings).toMatchObject({
      ...{ after: '2023-06-30', deals: 1, daysUnknown: 0, withoutValue: 0 },
      values: [{ currency: 'USD', low: 5000, high: 5000 }],
      increments: [{ currency: 'CNY', low: 90_000_000, high: null, qualifier: 'atLeast' }],
    });
    expect(stageIn(funnel, 'contractSigned')).toMatchObject({
      ...{ deals: 2, medianDays: 45, amount: null },
      amountByCurrency: [
        { currency: 'CNY', low: 90_000_000, high: null, count: 1 },
        { currency: 'USD', low: 5000, high: 5000 },
      ],
    });
    const later = await get('/v1/deals/funnel?compareTo=2023-10-31&limit=1');
    expect(later.signings).toMatchObject({
      deals: 0,
      increments: [{ currency: 'CNY', low: 0, high: 30_000_000 }],
    });
    expect(later).toMatchObject({ movements: [], movementsCount: 0 });
  });

  test('gives sums in several currencies by currency, and one where it is asked for', async () => {
    await put(admin, `${renewal}/funding/loan`, {
      ...{ title: '贷款', currency: 'USD', status: 'committed', amount: 7000.5, asOf: '2023-06-30' },
    });
    const funnel = await get('/v1/deals/funnel');
    expect(funnel).toMatchObject({ money: null, moneyReason: 'severalCurrencies' });
    expect(funnel.moneyByCurrency).toMatchObject([
      { currency: 'CNY', sought: { unknown: 1 }, committed: null },
      { currency: 'USD', sought: null, committed: { low: 7000.5, high: 7000.5, unknown: 0 } },
    ]);
    const asked = await get('/v1/deals/funnel?currency=USD');
    expect(asked).toMatchObject({
      money: { currency: 'USD', committed: { low: 7000.5 } },
      moneyReason: null,
    });
    const answer = await admin.get('/v1/deals/funnel?currency=ZZZ');
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([400, '?currency']);
  });

  test('answers as it was known at a moment', async () => {
    app.clock.set('2023-07-10T00:00:00.000Z');
    await put(admin, `${renewal}/agreements/lease`, {
      ...{ type: 'lease', title: '租赁', signedOn: '2023-06-01', partyIds: [] },
    });
    const path = '/v1/deals/funnel?asOf=2023-06-30';
    expect(stageIn(await get(path), 'contractSigned')).toMatchObject({ deals: 1 });
    const then = await get(`${path}&knownAt=2023-07-05T00:00:00Z`);
    expect(stageIn(then, 'contractSigned')).toMatchObject({ deals: 0, reached: 0 });
    expect(then.knownAt).toBe('2023-07-05T00:00:00.000Z');
    expect((await get(`${path}&knownAt=2023-07-01T00:00:00Z`)).deals).toBe(0);
  });

  test('as CSV has a row for each stage', async () => {
    const { text, headers } = await admin.get('/v1/deals/funnel', { accept: 'text/csv' });
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    const rows = parse(text, { bom: true, columns: true }) as Record<string, string>[];
    expect(
      rows.map((row) => [row.stage, row.deals, row.parties, row['conversion.share'], row['amount.unknown']]),
    ).toEqual([
      ['lead', '0', '0', '1', ''],
      ['inTalks', '0', '6', '1', ''],
      ['frameworkSigned', '1', '1', '0', '1'],
      ['contractSigned', '0', '0', '', ''],
      ['funded', '0', '0', '', ''],
      ['started', '0', '0', '', ''],
      ['operating', '0', '0', '', ''],
      ['lapsed', '0', '0', '', ''],
    ]);
  });

  test.each([
    ['of a day to come', 'asOf=2023-07-04', 422, '?asOf'],
    ['compared with the day itself', 'asOf=2023-06-30&compareTo=2023-06-30', 422, '?compareTo'],
    ['compared with a later day', 'asOf=2023-06-30&compareTo=2023-07-01', 422, '?compareTo'],
    ['within what is not there', 'within=nowhere', 404, undefined],
    ['within a project that is not there', 'withinProject=nothing', 404, undefined],
    ['with a parameter that there is not', 'programme=x', 400, '?programme'],
  ])('is refused %s', async (_how, query, status, pointer) => {
    const answer = await admin.get(`/v1/deals/funnel?${query}`);
    expect([answer.status, answer.body.errors[0]?.pointer]).toEqual([status, pointer]);
    expect((await admin.get(`/v1/deals/funnel.svg?${query}`)).status).toBe(
      status === 422 && query.includes('compareTo') ? 400 : status,
    );
  });

  test('counts for a bound token its own, and names nothing else', async () => {
    const bound = await app.actor({ scopes: ['read'], organizationId: 'xiaojiashan' });
    expect(await get('/v1/deals/funnel', bound)).toMatchObject({
      deals: 1,
      withoutStage: { deals: 1, parties: 2 },
    });
    expect((await bound.get('/v1/deals/funnel?within=tianmashan')).status).toBe(404);
    expect((await bound.get('/v1/deals/funnel?withinProject=xianghejian-urban-renewal')).status).toBe(404);
    const outsider = await app.actor({ organizationId: 'yueping' });
    expect(await get('/v1/deals/funnel', outsider)).toMatchObject({
      deals: 0,
      money: null,
      moneyReason: 'noMoney',
    });
  });

  test('counts more deals than are read at a time, each once', async () => {
    for (let index = 0; index < 105; index += 1) {
      const path = `/v1/projects/shop-${index}`;
      await put(admin, path, { title: `商铺${index}`, organizationId: index % 2 ? 'yueping' : 'suyanjing' });
      await put(admin, `${path}/deal/stages/2023-06-30`, { stage: 'lead', reason: '登记' });
    }
    const funnel = await get('/v1/deals/funnel');
    expect(funnel.deals).toBe(107);
    expect(stageIn(funnel, 'lead')).toMatchObject({ deals: 105, setDeals: 105, reached: 106 });
    expect(await get('/v1/deals/funnel?within=yueping')).toMatchObject({ deals: 52 });
    const seen = new Set<string>();
    for (let cursor = ''; ; ) {
      const page = await get(`/v1/deals?stage=lead&sort=title&limit=60${cursor}`);
      for (const { projectId } of page.items) seen.add(projectId);
      if (page.nextCursor === null) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    expect(seen.size).toBe(105);
  }, 60_000);
});

describe('the picture of the funnel', () => {
  test('has the title in the language asked for, and draws what is unknown as unknown', async () => {
    const { text, headers } = await admin.get('/v1/deals/funnel.svg?within=tianmashan&lang=zh');
    expect(headers['content-type']).toBe('image/svg+xml; charset=utf-8');
    expectWellFormed(text);
    expectSelfContained(text);
    expect(textsOf(text).slice(0, 2)).toEqual([
      '天马山街道 · 合作项目漏斗',
      '截至2023-07-03 · 共2个合作项目',
    ]);
    expect(textsOf(text)).toEqual(expect.arrayContaining(['已签框架协议', '金额未知', '争取中', '未提及']));
    const english = await admin.get('/v1/deals/funnel.svg', { 'accept-language': 'en-GB' });
    expect(textsOf(english.text).slice(0, 2)).toEqual(['All · deal funnel', 'as of 2023-07-03 · 2 deals']);
  });

  test('says where any of it is made up', async () => {
    await put(admin, '/v1/projects/shop', {
      title: '商铺',
      organizationId: 'yueping',
      tags: ['illustrative'],
    });
    expect(textsOf((await admin.get('/v1/deals/funnel.svg')).text)[1]).not.toContain('示例');
    await put(admin, '/v1/projects/shop/deal/stages/2023-06-30', { stage: 'lead', reason: '示例' });
    expect(textsOf((await admin.get('/v1/deals/funnel.svg')).text)[1]).toContain('含示例数据');
  });
});
