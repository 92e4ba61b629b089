import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mostAmounts } from '../../../src/features/funding/rules.ts';
import { fundingAmounts } from '../../../src/features/funding/store.ts';
import { addDays } from '../../../src/shared/calendar-date.ts';
import { aProject, settleTianmashan, type TestApp, testApp } from '../../support/index.ts';

let app: TestApp;

beforeAll(async () => {
  app = await testApp({ now: '2023-07-03T01:02:03.004Z' });
  await settleTianmashan(app.admin);
});
afterAll(() => app.close());

/** A line of a project of its own, and who says amounts of it. */
async function aLine(said: Record<string, unknown> = {}) {
  const project = aProject({ organizationId: 'yueping' });
  await app.admin.put(`/v1/projects/${project.id}`, project);
  const line = `/v1/projects/${project.id}/funding/line`;
  expect((await app.admin.put(line, { title: '专项资金', ...said })).status).toBe(201);
  const at = (key: string) => `${line}/amounts/${key}`;
  return {
    at,
    line,
    milestones: `/v1/projects/${project.id}/milestones`,
    put: (key: string, body: object) => app.admin.put(at(key), body),
    async refused(key: string, body: object, code: string, pointer: string) {
      const before = await app.rows();
      const answer = await app.admin.put(at(key), body);
      expect([answer.status, answer.body.code, answer.body.errors[0].pointer], answer.text).toEqual([
        422,
        code,
        pointer,
      ]);
      expect(await app.rows()).toEqual(before);
      return answer.body.detail as string;
    },
  };
}

describe('an amount', () => {
  test('is said, stays as it is when it is sent again, is corrected and taken back, and all of it stays readable', async () => {
    const { at, put, line } = await aLine();
    const key = 'committed/2023-06-30';
    const created = await put(key, { stated: '9000万以上', since: '2023-05-01' });
    expect([created.status, created.headers['jindu-verdict']]).toEqual([201, 'created']);
    expect(created.body).toMatchObject({
      status: 'committed',
      asOf: '2023-06-30',
      since: '2023-05-01',
      amount: 90_000_000,
      qualifier: 'atLeast',
      low: 90_000_000,
      high: null,
      stated: '9000万以上',
      currency: 'CNY',
      revision: 1,
      withdrawn: false,
    });
    const rows = await app.rows();
    const again = await put(key, { stated: '9000万以上', since: '2023-05-01' });
    expect([again.status, again.headers['jindu-verdict']]).toEqual([200, 'unchanged']);
    expect(await app.rows()).toEqual(rows);
    const corrected = await put(key, { amount: 95_000_000, note: '以合同为准' });
    expect([corrected.headers['jindu-verdict'], corrected.body.revision]).toEqual(['corrected', 2]);
    const stale = await app.admin.put(at(key), { amount: 1 }, { 'if-match': '"1"' });
    expect(stale.body.code).toBe('precondition_failed');
    const withdrawn = await app.admin.delete(`${at(key)}?reason=${encodeURIComponent('误报')}`);
    expect(withdrawn.body).toMatchObject({ revision: 3, withdrawn: true, reason: '误报' });
    expect((await app.admin.delete(at(key))).headers['jindu-verdict']).toBe('unchanged');
    expect((await app.admin.get(line)).body.status).toBeNull();
    expect((await app.admin.get(at(key))).body.withdrawn).toBe(true);
    const revisions = (await app.admin.get(`${at(key)}/revisions`)).body.items;
    expect(revisions.map(({ amount }: { amount: number }) => amount)).toEqual([
      95_000_000, 95_000_000, 90_000_000,
    ]);
    expect((await app.admin.get(`${line}/amounts`)).body.items).toEqual([]);
    const anew = await put(key, { amount: 1 });
    expect([anew.headers['jindu-verdict'], anew.body.revision]).toEqual(['corrected', 4]);
  });

  test('may be unknown, which is not nothing', async () => {
    const { put, line } = await aLine();
    expect((await put('arrived/2023-06-30', {})).body).toMatchObject({ amount: null, low: 0, high: null });
    expect((await app.admin.get(line)).body.status).toBe('arrived');
    await put('arrived/2023-06-30', { amount: 0 });
    expect((await app.admin.get(line)).body).toMatchObject({
      status: null,
      totals: { arrived: { high: 0 } },
    });
  });

  test('is listed by day, of one status or all', async () => {
    const { put, line } = await aLine();
    for (const key of ['sought/2023-06-30', 'committed/2023-05-31', 'committed/2023-06-30'])
      await put(key, { amount: 5 });
    const keys = async (query: string) =>
      (await app.admin.get(`${line}/amounts?${query}`)).body.items.map(
        ({ status, asOf }: Record<string, string>) => `${status}/${asOf}`,
      );
    expect(await keys('')).toEqual(['committed/2023-05-31', 'committed/2023-06-30', 'sought/2023-06-30']);
    expect(await keys('sort=-asOf&status=committed')).toEqual([
      'committed/2023-06-30',
      'committed/2023-05-31',
    ]);
    expect(await keys('from=2023-06-01&to=2023-06-30&limit=1')).toEqual(['committed/2023-06-30']);
    const { nextCursor } = (await app.admin.get(`${line}/amounts?limit=2`)).body;
    expect(await keys(`limit=2&cursor=${nextCursor}`)).toEqual(['sought/2023-06-30']);
  });

  test('is refused of a day to come, since a later day, and in another currency', async () => {
    const { refused } = await aLine();
    await refused('sought/2023-07-04', { amount: 5 }, 'future_date', '{asOf}');
    await refused('sought/2023-06-30', { since: '2023-07-01' }, 'unprocessable', '/since');
    await refused('sought/2023-06-30', { amount: 5, currency: 'USD' }, 'currency_mixed', '/currency');
    await refused('sought/2023-06-30', { stated: '5美元' }, 'currency_mixed', '/stated');
    await refused('sought/2023-06-30', { stated: '0.001元' }, 'stated_unreadable', '/stated');
    await refused('sought/2023-06-30', { stated: '99999999999999元' }, 'stated_unreadable', '/stated');
  });

  test('is in the currency of its line, whose code may be said', async () => {
    const { put, refused } = await aLine({ currency: 'JPY' });
    await refused('sought/2023-06-30', { stated: '5亿元' }, 'currency_mixed', '/stated');
    await refused('sought/2023-06-30', { stated: '0.5 JPY' }, 'stated_unreadable', '/stated');
    expect((await put('sought/2023-06-30', { stated: '5亿 JPY' })).body.amount).toBe(500_000_000);
    expect((await put('sought/2023-07-01', { stated: '6亿', currency: 'JPY' })).body.amount).toBe(
      600_000_000,
    );
  });
});

describe('an amount that falls', () => {
  test('is refused without a reason, against both of its neighbours', async () => {
    const { put, refused } = await aLine();
    await put('committed/2023-05-31', { stated: '9000万以上' });
    const detail = await refused('committed/2023-06-30', { amount: 80_000_000 }, 'amount_falls', '/reason');
    expect(detail).toBe('80000000 CNY is less than the atLeast 90000000 CNY committed by 2023-05-31');
    expect((await put('committed/2023-06-30', { amount: 80_000_000, reason: '合同变更' })).status).toBe(201);
    expect((await put('committed/2023-05-31', { stated: '9500万以上' })).status).toBe(200);
    await put('committed/2023-07-02', { amount: 85_000_000 });
    await refused('committed/2023-07-01', { amount: 86_000_000 }, 'amount_falls', '/reason');
  });
});

describe('more arrived than was committed', () => {
  test('is refused without a reason, whichever of the two is said last', async () => {
    const { put, refused } = await aLine();
    await put('committed/2023-05-31', { amount: 5000 });
    await refused('arrived/2023-06-30', { amount: 6000 }, 'arrived_exceeds_committed', '/reason');
    expect((await put('arrived/2023-06-30', { amount: 6000, reason: '追加' })).status).toBe(201);
    const other = await aLine();
    await other.put('arrived/2023-06-30', { amount: 6000 });
    const detail = await other.refused(
      ...(['committed/2023-05-31', { amount: 5000 }, 'arrived_exceeds_committed', '/reason'] as const),
    );
    expect(detail).toBe('6000 CNY arrived by 2023-06-30 is more than the 5000 CNY committed by 2023-05-31');
    expect((await other.put('committed/2023-05-31', { stated: '5000元以上' })).status).toBe(201);
  });
});

describe('money that has arrived', () => {
  test('meets the milestone of funding once, and nothing that may be 0 does', async () => {
    const { put, milestones, line } = await aLine();
    await app.admin.post(`${milestones}?template=deal`);
    const inPlace = async () => (await app.admin.get(`${milestones}/funding-in-place`)).body;
    await put('committed/2023-05-31', { amount: 500 });
    await put('arrived/2023-05-31', { amount: 0 });
    await put('arrived/2023-06-01', { stated: '300元以下' });
    expect((await inPlace()).status).toBe('scheduled');
    await put('arrived/2023-06-30', { since: '2023-06-15' });
    expect(await inPlace()).toMatchObject({ status: 'met', dateMet: '2023-06-15', revision: 2 });
    await app.admin.patch(`${milestones}/funding-in-place`, { status: 'notMet' });
    await app.admin.put(line, { title: '专项资金', status: 'arrived', amount: 300 });
    expect(await inPlace()).toMatchObject({ status: 'notMet', revision: 3 });
  });

  test('on an unknown day meets it by the day that is spoken of', async () => {
    const { put, milestones } = await aLine();
    await app.admin.post(`${milestones}?template=deal`);
    await put('arrived/2023-06-30', { amount: 300 });
    const { body } = await app.admin.get(`${milestones}/funding-in-place`);
    expect(body).toMatchObject({ status: 'met', dateMet: null, metBy: '2023-06-30' });
    expect(body.reason).toContain('专项资金');
  });
});

test('a line has at most so many amounts in force', async () => {
  const { put, at, refusedAt } = await aFullLine();
  await refusedAt('sought/2023-06-30');
  expect((await put('sought/2022-01-01', { amount: 5 })).status).toBe(200);
  await app.admin.delete(at('committed/2022-01-01'));
  expect((await put('sought/2023-06-30', { amount: 5 })).status).toBe(201);
});

/** A line that has as many amounts as it may. */
async function aFullLine() {
  const made = await aLine();
  const projectId = made.line.split('/')[3] ?? '';
  const database = await app.database.open(app.clock);
  await database.write(async (unit) => {
    for (let index = 0; index < mostAmounts; index += 1) {
      await fundingAmounts.add(unit, {
        ...{ projectId, fundingId: 'line', status: index % 2 === 0 ? 'sought' : 'committed' },
        ...{ asOf: addDays('2022-01-01', Math.floor(index / 2)), since: null, amountMinor: null },
        ...{ qualifier: 'exact', stated: null, note: null, reason: null, citation: null, withdrawn: false },
        ...{ revision: 1, recordedAt: unit.now, recordedBy: 'clerk', supersededAt: null },
      });
    }
  });
  await database.close();
  return {
    ...made,
    async refusedAt(key: string) {
      const before = await app.rows();
      const { status, body } = await made.put(key, {});
      expect([status, body.code]).toEqual([422, 'unprocessable']);
      expect(await app.rows()).toEqual(before);
    },
  };
}
