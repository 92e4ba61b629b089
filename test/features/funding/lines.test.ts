import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aProject, settleTianmashan, type TestApp, testApp } from '../../support/index.ts';

const project = '/v1/projects/xianghejian-urban-renewal';
const funding = `${project}/funding`;
const startUp = `${funding}/start-up`;
const title = '项目启动资金';

interface ToldOf {
  action: string;
  subject: { id: string; type: string };
  organizationId: string;
  reason: string | null;
  before: { amount: number | null } | null;
  after: { amount: number | null };
}

async function urbanRenewal(): Promise<TestApp> {
  const jindu = await testApp({ now: '2023-07-03T01:02:03.004Z' });
  await settleTianmashan(jindu.admin);
  await jindu.admin.put(project, { title: '湘核建城市更新项目', organizationId: 'tianmashan' });
  return jindu;
}

/** Takes what is refused, and so stays as it is. */
let untouched: TestApp;

beforeAll(async () => {
  untouched = await urbanRenewal();
});
afterAll(() => untouched.close());

describe('start-up funds that are being sought, no amount known', () => {
  test('are said so, and nothing more', async () => {
    await using jindu = await urbanRenewal();
    const { status, headers, body } = await jindu.admin.put(startUp, {
      title,
      status: 'sought',
      asOf: '2023-06-30',
      citation: { quote: '正在争取项目启动资金' },
    });
    expect([status, headers['jindu-verdict']]).toEqual([201, 'created']);
    const nothingKnown = { amount: null, qualifier: null, low: 0, high: null, stated: null };
    expect(body).toMatchObject({
      projectId: 'xianghejian-urban-renewal',
      id: 'start-up',
      currency: 'CNY',
      status: 'sought',
      ...nothingKnown,
      sourceOrganizationId: null,
      sourceName: null,
      statusDates: { sought: null, committed: null, arrived: null, withdrawn: null },
      totals: {
        sought: { ...nothingKnown, asOf: '2023-06-30', since: null },
        committed: null,
        arrived: null,
        withdrawn: null,
      },
      revision: 1,
    });
    expect((await jindu.admin.get(startUp)).body).toEqual(body);
    const before = (await jindu.admin.get(`${startUp}?asOf=2023-06-29`)).body;
    expect([before.status, before.totals.sought, before.asOf]).toEqual([null, null, null]);
  });

  test('are the same when they are sent again, on another day too', async () => {
    await using jindu = await urbanRenewal();
    const said = { title, status: 'sought' };
    await jindu.admin.put(startUp, said);
    const rows = await jindu.rows();
    jindu.clock.advance({ seconds: 7 * 86_400 });
    const again = await jindu.admin.put(startUp, said);
    expect([again.status, again.headers['jindu-verdict'], again.body.asOf]).toEqual([
      200,
      'unchanged',
      '2023-07-03',
    ]);
    expect(await jindu.rows()).toEqual(rows);
  });
});

describe('an amount that is sent with its line', () => {
  test('is kept for its day where it is not what is said already', async () => {
    await using jindu = await urbanRenewal();
    const sought = { title, status: 'sought', since: '2023-06-01' };
    await jindu.admin.put(startUp, sought);
    const committed = { title, status: 'committed', stated: '9000万以上', asOf: '2023-06-30' };
    const { body, headers } = await jindu.admin.put(startUp, committed);
    expect(headers['jindu-verdict']).toBe('replaced');
    expect(body).toMatchObject({
      status: 'committed',
      amount: 90_000_000,
      qualifier: 'atLeast',
      low: 90_000_000,
      high: null,
      stated: '9000万以上',
      asOf: '2023-06-30',
      statusDates: { sought: '2023-06-01', committed: null },
      revision: 1,
    });
    const rows = await jindu.rows();
    for (const again of [committed, sought])
      expect((await jindu.admin.put(startUp, again)).headers['jindu-verdict']).toBe('unchanged');
    expect(await jindu.rows()).toEqual(rows);
    const listed = (await jindu.admin.get(`${startUp}/amounts`)).body.items;
    expect(listed.map(({ status, asOf }: Record<string, string>) => `${status} ${asOf}`)).toEqual([
      'sought 2023-06-01',
      'committed 2023-06-30',
    ]);
  });

  test('may be sent back as it was read, and stays what it was', async () => {
    await using jindu = await urbanRenewal();
    await jindu.admin.put(startUp, { title, status: 'sought', stated: '约500万元', since: '2023-06-01' });
    const rows = await jindu.rows();
    const { status, amount, qualifier, stated, asOf, currency } = (await jindu.admin.get(startUp)).body;
    const again = { title, currency, status, amount, qualifier, stated, asOf };
    expect((await jindu.admin.put(startUp, again)).headers['jindu-verdict']).toBe('unchanged');
    expect(await jindu.rows()).toEqual(rows);
  });

  test('is patched alone: what the patch leaves out stays, and null is unknown', async () => {
    await using jindu = await urbanRenewal();
    await jindu.admin.put(startUp, {
      title,
      status: 'sought',
      amount: 5000000,
      since: '2023-06-01',
      note: '一期',
    });
    const patch = async (said: object) => (await jindu.admin.patch(startUp, said)).body;
    const renamed = await patch({ title: '启动资金' });
    expect(renamed).toMatchObject({ title: '启动资金', amount: 5000000, note: '一期', revision: 2 });
    const bounded = await patch({ qualifier: 'atLeast', asOf: '2023-06-30' });
    expect(bounded).toMatchObject({ amount: 5000000, qualifier: 'atLeast', asOf: '2023-06-30', revision: 2 });
    const worded = await patch({ stated: '600万以上' });
    expect(worded).toMatchObject({ amount: 6000000, qualifier: 'atLeast', asOf: '2023-07-03' });
    const unworded = await patch({ stated: null });
    expect(unworded).toMatchObject({ amount: 6000000, qualifier: 'atLeast', stated: null });
    const arrived = await patch({ status: 'arrived' });
    expect(arrived).toMatchObject({ status: 'arrived', amount: null, high: null });
    expect(arrived.totals.sought.amount).toBe(6000000);
    const unknown = await patch({ status: 'sought', amount: null });
    expect(unknown.totals.sought).toMatchObject({ amount: null, since: '2023-06-01' });
    expect((await jindu.admin.patch(startUp, { note: null })).body.note).toBeNull();
  });

  test('was what was known then, on any day', async () => {
    await using jindu = await urbanRenewal();
    await jindu.admin.put(startUp, { title, status: 'sought', amount: 100, asOf: '2023-06-01' });
    const moment = jindu.clock.now().toISOString();
    jindu.clock.advance({ seconds: 60 });
    await jindu.admin.put(startUp, { title: '资金', status: 'sought', amount: 200, asOf: '2023-06-01' });
    const known = (await jindu.admin.get(`${startUp}?knownAt=${moment}`)).body;
    expect([known.title, known.amount, known.revision]).toEqual([title, 100, 1]);
    const now = (await jindu.admin.get(`${startUp}?asOf=2023-06-01`)).body;
    expect([now.title, now.amount, now.revision]).toEqual(['资金', 200, 2]);
    const listed = (await jindu.admin.get(`${funding}?knownAt=${moment}`)).body.items;
    expect(listed).toEqual([known]);
    const early = await jindu.admin.get(`${startUp}?knownAt=2023-07-01T00:00:00.000Z`);
    expect(early.body.code).toBe('not_found');
    for (const query of ['asOf=2023-07-04', 'knownAt=2023-07-04T00:00:00.000Z']) {
      for (const address of [startUp, funding, `${project}/funding-totals`])
        expect((await jindu.admin.get(`${address}?${query}`)).body.code).toBe('future_date');
    }
  });
});

describe('a line of funding is refused, and nothing of it kept,', () => {
  test.each([
    ['with a day to come', { status: 'sought', asOf: '2023-07-04' }, 'future_date', '/asOf'],
    ['since a day to come', { status: 'sought', since: '2023-07-04' }, 'future_date', '/since'],
    [
      'since a day after the one spoken of',
      { status: 'sought', since: '2023-06-30', asOf: '2023-06-29' },
      'unprocessable',
      '/since',
    ],
    [
      'with two sources',
      { sourceOrganizationId: 'xianghejian', sourceName: '省财政' },
      'unprocessable',
      '/sourceName',
    ],
    [
      'from an organization that is not there',
      { sourceOrganizationId: 'nobody' },
      'unprocessable',
      '/sourceOrganizationId',
    ],
    ['with an amount of no status', { amount: 5 }, 'validation_failed', '/status'],
    [
      'with a qualifier of no amount',
      { status: 'sought', qualifier: 'atLeast' },
      'validation_failed',
      '/amount',
    ],
    [
      'with less than nothing',
      { status: 'sought', amount: 0, qualifier: 'nearly' },
      'validation_failed',
      '/qualifier',
    ],
    ['with a third of a cent', { status: 'sought', amount: 0.003 }, 'validation_failed', '/amount'],
    ['in a currency that is none', { currency: 'XYZ' }, 'validation_failed', '/currency'],
    ['in words that say nothing', { status: 'sought', stated: '很多钱' }, 'stated_unreadable', '/stated'],
    ['in words of something else', { status: 'sought', stated: '90户' }, 'stated_unreadable', '/stated'],
    ['in words of a percent', { status: 'sought', stated: '85%' }, 'stated_unreadable', '/stated'],
    [
      'in yuan where it is in dollars',
      { status: 'sought', stated: '9000万元', currency: 'USD' },
      'currency_mixed',
      '/stated',
    ],
    [
      'in words and otherwise',
      { status: 'sought', stated: '500元', amount: 5 },
      'validation_failed',
      '/amount',
    ],
    [
      'in words and with another qualifier',
      { status: 'sought', stated: '500元', qualifier: 'about' },
      'validation_failed',
      '/qualifier',
    ],
  ])('%s', async (_what, said, code, pointer) => {
    const before = await untouched.rows();
    const { body, text } = await untouched.admin.put(startUp, { title, ...said });
    expect([body.code, body.errors[0].pointer], text).toEqual([code, pointer]);
    expect(await untouched.rows()).toEqual(before);
  });

  test('where it changes with an amount that is refused', async () => {
    await using jindu = await urbanRenewal();
    await jindu.admin.put(startUp, { title, status: 'sought', amount: 500, asOf: '2023-06-01' });
    const before = await jindu.rows();
    const falls = { title: '改名', status: 'sought', amount: 400 };
    expect((await jindu.admin.put(startUp, falls)).body.code).toBe('amount_falls');
    const stale = await jindu.admin.put(startUp, falls, { 'if-match': '"7"' });
    expect(stale.body.code).toBe('precondition_failed');
    expect(await jindu.rows()).toEqual(before);
    const explained = await jindu.admin.put(startUp, { ...falls, reason: '压缩规模' });
    expect(explained.body).toMatchObject({ title: '改名', amount: 400, reason: '压缩规模' });
  });

  test('where there are too many', async () => {
    await using jindu = await urbanRenewal();
    for (let number = 0; number < 200; number += 1)
      await jindu.admin.put(`${funding}/line-${number}`, { title: `第${number}笔` });
    await jindu.admin.delete(`${funding}/line-0`);
    await jindu.admin.put(startUp, { title });
    const before = await jindu.rows();
    expect((await jindu.admin.put(`${funding}/more`, { title })).body.code).toBe('unprocessable');
    expect((await jindu.admin.post(`${funding}/line-0/restoration`)).body.code).toBe('unprocessable');
    expect(await jindu.rows()).toEqual(before);
    expect((await jindu.admin.put(`${funding}/line-1`, { title: '改名' })).status).toBe(200);
  });
});

describe('the currency of a line', () => {
  test('cannot change once an amount was said in it, be that taken back', async () => {
    await using jindu = await urbanRenewal();
    await jindu.admin.put(startUp, { title, status: 'sought' });
    expect((await jindu.admin.patch(startUp, { currency: 'JPY' })).body.currency).toBe('JPY');
    await jindu.admin.patch(startUp, { amount: 500, asOf: '2023-06-30' });
    await jindu.admin.delete(`${startUp}/amounts/sought/2023-06-30`);
    const before = await jindu.rows();
    const { status, body } = await jindu.admin.patch(startUp, { currency: 'CNY' });
    expect([status, body.code, body.errors[0].pointer]).toEqual([422, 'currency_mixed', '/currency']);
    expect(await jindu.rows()).toEqual(before);
    const amounts = (await jindu.admin.get(`${startUp}/amounts?withdrawn=true`)).body.items;
    expect(amounts).toMatchObject([{ amount: 500, currency: 'JPY', withdrawn: true }]);
  });
});

describe('who gives the money', () => {
  test('may be an outside party for who is bound to an organization, and nobody else that it does not see', async () => {
    await using jindu = await urbanRenewal();
    const clerk = await jindu.actor({ scopes: ['write'], organizationId: 'tianmashan' });
    const from = async (sourceOrganizationId: string) =>
      (await clerk.put(startUp, { title, sourceOrganizationId })).body;
    expect((await from('xianghejian')).sourceOrganizationId).toBe('xianghejian');
    expect((await from('yueping')).sourceOrganizationId).toBe('yueping');
    const [hidden, missing] = [await from('yanfeng'), await from('yanfang')];
    expect([hidden.code, hidden.errors]).toEqual([missing.code, missing.errors]);
    await jindu.admin.delete('/v1/organizations/dayang');
    expect((await from('dayang')).errors[0].code).toBe('archived');
    const listed = await clerk.get(`${funding}?sourceOrganizationId=yueping`);
    expect(listed.body.items).toHaveLength(1);
    expect((await clerk.get(`${funding}?sourceOrganizationId=xianghejian`)).body.items).toEqual([]);
  });
});

describe('the lines of a project', () => {
  test('are listed by how far they had come, in pages, with archived ones apart', async () => {
    await using jindu = await urbanRenewal();
    const put = (id: string, said: object) => jindu.admin.put(`${funding}/${id}`, { title: id, ...said });
    await put('a', { status: 'sought', asOf: '2023-05-31' });
    await put('b', { status: 'committed', amount: 5, asOf: '2023-06-30' });
    await put('c', { status: 'sought', asOf: '2023-05-31' });
    await put('d', { status: 'sought', asOf: '2023-06-30', currency: 'USD' });
    await put('e', {});
    await put('f', { status: 'sought', asOf: '2023-05-31' });
    await jindu.admin.delete(`${funding}/f`);
    const ids = async (query: string) => {
      const { items, nextCursor } = (await jindu.admin.get(`${funding}?${query}`)).body;
      return [items.map(({ id }: { id: string }) => id).join(''), nextCursor] as const;
    };
    expect(await ids('')).toEqual(['abcde', null]);
    const [first, cursor] = await ids('status=sought&limit=2');
    expect([first, await ids(`status=sought&limit=2&cursor=${cursor}`)]).toEqual(['ac', ['d', null]]);
    expect(await ids('status=sought&limit=3&sort=-id')).toEqual(['dca', null]);
    expect(await ids('status=sought&asOf=2023-05-31')).toEqual(['ac', null]);
    expect(await ids('currency=USD')).toEqual(['d', null]);
    expect(await ids('archived=true')).toEqual(['f', null]);
    const csv = await jindu.admin.get(funding, { accept: 'text/csv' });
    expect(csv.text.split('\r\n')[0]).toContain('totals.committed.amount');
  });

  test('come to sums by currency, as intervals, and never to one sum of two currencies', async () => {
    await using jindu = await urbanRenewal();
    const totals = async (query = '') =>
      (await jindu.admin.get(`${project}/funding-totals?${query}`)).body.totals;
    expect(await totals()).toEqual([]);
    const put = (id: string, said: object) =>
      jindu.admin.put(`${funding}/${id}`, { title: id, asOf: '2023-06-30', ...said });
    await put('a', { status: 'sought', stated: '9000万以上' });
    await put('b', { status: 'sought', amount: 10000000.55 });
    await put('c', { status: 'sought' });
    await put('d', { status: 'sought', amount: 700, currency: 'USD' });
    await put('e', { status: 'sought', amount: 5 });
    await jindu.admin.delete(`${funding}/e`);
    const beforehand = jindu.clock.now().toISOString();
    jindu.clock.advance({ seconds: 1 });
    await put('b', { status: 'arrived', amount: 1000, qualifier: 'atMost' });
    const nothing = { committed: null, withdrawn: null };
    const sought = { low: 100000000.55, high: null, qualifier: 'atLeast', count: 3, unknown: 1 };
    const dollars = {
      currency: 'USD',
      sought: { low: 700, high: 700, qualifier: 'exact', count: 1, unknown: 0 },
      arrived: null,
      ...nothing,
    };
    const arrived = { low: 0, high: 1000, qualifier: 'atMost', count: 1, unknown: 0 };
    expect(await totals()).toEqual([{ currency: 'CNY', sought, arrived, ...nothing }, dollars]);
    expect((await totals(`knownAt=${beforehand}`))[0].arrived).toBeNull();
    const early = { sought: null, arrived: null, ...nothing };
    expect(await totals('asOf=2023-06-29')).toEqual([
      { currency: 'CNY', ...early },
      { currency: 'USD', ...early },
    ]);
  });
});

describe('a line of funding', () => {
  test('is archived and restored, its history kept; what is archived is not written to', async () => {
    await using jindu = await urbanRenewal();
    await jindu.admin.put(startUp, { title, status: 'sought', asOf: '2023-06-30' });
    const archived = await jindu.admin.delete(startUp);
    expect([archived.headers['jindu-verdict'], archived.body.revision]).toEqual(['archived', 2]);
    expect(archived.body.archivedAt).not.toBeNull();
    const rows = await jindu.rows();
    expect((await jindu.admin.delete(startUp)).headers['jindu-verdict']).toBe('unchanged');
    for (const answer of [
      await jindu.admin.put(startUp, { title: '别的' }),
      await jindu.admin.patch(startUp, { title: '别的' }),
      await jindu.admin.put(`${startUp}/amounts/sought/2023-07-01`, {}),
      await jindu.admin.delete(`${startUp}/amounts/sought/2023-06-30`),
    ])
      expect([answer.status, answer.body.code]).toEqual([409, 'archived']);
    expect(await jindu.rows()).toEqual(rows);
    expect((await jindu.admin.get(startUp)).status).toBe(200);
    const restored = await jindu.admin.post(`${startUp}/restoration`);
    expect(restored.body).toMatchObject({ revision: 3, archivedAt: null, status: 'sought' });
    const revisions = (await jindu.admin.get(`${startUp}/revisions`)).body.items;
    expect(revisions.map(({ revision }: { revision: number }) => revision)).toEqual([3, 2, 1]);
  });

  test('is in the record, and the amount that came with it beside it', async () => {
    await using jindu = await urbanRenewal();
    await jindu.admin.put(startUp, { title, status: 'sought', asOf: '2023-06-30' });
    await jindu.admin.patch(startUp, { status: 'sought', amount: 500, asOf: '2023-06-30', reason: '更正' });
    await jindu.admin.delete(`${startUp}/amounts/sought/2023-06-30?reason=${encodeURIComponent('误报')}`);
    await jindu.admin.delete(startUp);
    const { items } = (await jindu.admin.get('/v1/changes?limit=200')).body;
    const [line] = items.filter(({ subject }: ToldOf) => subject.type === 'funding');
    expect(line.after, 'as it was seen then').toMatchObject({ status: 'sought', asOf: '2023-06-30' });
    const told = items.filter(({ subject }: { subject: { type: string } }) =>
      subject.type.startsWith('funding'),
    );
    expect(
      told.map((entry: ToldOf) => [
        ...[entry.action, entry.subject.id, entry.organizationId, entry.reason],
        ...[entry.before?.amount, entry.after.amount],
      ]),
    ).toEqual([
      ['created', 'xianghejian-urban-renewal/start-up', 'tianmashan', null, undefined, null],
      [
        'created',
        'xianghejian-urban-renewal/start-up/sought/2023-06-30',
        'tianmashan',
        null,
        undefined,
        null,
      ],
      ['corrected', 'xianghejian-urban-renewal/start-up/sought/2023-06-30', 'tianmashan', '更正', null, 500],
      ['withdrawn', 'xianghejian-urban-renewal/start-up/sought/2023-06-30', 'tianmashan', '误报', 500, 500],
      ['archived', 'xianghejian-urban-renewal/start-up', 'tianmashan', null, null, null],
    ]);
  });

  test('is not written to while its project is archived', async () => {
    await using jindu = await urbanRenewal();
    await jindu.admin.put(startUp, { title, status: 'sought' });
    await jindu.admin.delete(project);
    for (const answer of [
      await jindu.admin.put(startUp, { title: '别的' }),
      await jindu.admin.post(funding, { title: '别的' }),
      await jindu.admin.delete(startUp),
      await jindu.admin.put(`${startUp}/amounts/arrived/2023-07-01`, { amount: 1 }),
    ])
      expect([answer.status, answer.body.code]).toEqual([409, 'archived']);
    expect((await jindu.admin.get(`${project}/funding-totals`)).status).toBe(200);
  });

  test('of another project may have the same id', async () => {
    await using jindu = await urbanRenewal();
    const other = aProject({ organizationId: 'yueping' });
    await jindu.admin.put(`/v1/projects/${other.id}`, other);
    await jindu.admin.put(startUp, { title, status: 'sought' });
    await jindu.admin.put(`/v1/projects/${other.id}/funding/start-up`, {
      title,
      status: 'arrived',
      amount: 5,
    });
    expect((await jindu.admin.get(startUp)).body.status).toBe('sought');
    const taken = await jindu.admin.post(funding, { id: 'start-up', title });
    expect([taken.status, taken.body.code]).toEqual([409, 'conflict']);
  });
});
