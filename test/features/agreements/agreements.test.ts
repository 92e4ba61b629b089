import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { agreements, asPublished, framework, madeUp, project, urbanRenewal } from './ground.ts';

describe('an agreement', () => {
  test('says what is published of it, and no more', async () => {
    await using jindu = await urbanRenewal();
    const { status, body, headers } = await jindu.admin.put(framework, asPublished);
    expect([status, headers['jindu-verdict']]).toEqual([201, 'created']);
    expect(body).toEqual({
      projectId: 'xianghejian-urban-renewal',
      id: 'framework',
      ...asPublished,
      ...{ signedOn: null, effectiveOn: null, endsOn: null, documentUrl: null, note: null, value: null },
      ...{ citation: null, reason: null, recordedBy: body.recordedBy, revision: 1, archivedAt: null },
      ...{ createdAt: '2023-07-03T01:02:03.004Z', updatedAt: '2023-07-03T01:02:03.004Z' },
      terms: { effectiveOn: null, endsOn: null, value: null, documentUrl: null },
      amendments: [],
    });
    expect((await jindu.admin.get(framework)).body).toEqual(body);
    const before = await jindu.rows();
    const again = await jindu.admin.put(framework, asPublished);
    expect([again.status, again.headers['jindu-verdict']]).toEqual([200, 'unchanged']);
    expect(await jindu.rows()).toEqual(before);
  });

  test('is signed by the day on which we are told, where nobody says more, and stays so on another day', async () => {
    await using jindu = await urbanRenewal();
    const { signedByDay: _, ...untold } = asPublished;
    const told = await jindu.admin.put(framework, untold);
    expect(told.body).toMatchObject({ signedOn: null, signedByDay: '2023-07-03', terms: {} });
    jindu.clock.advance({ seconds: 200_000 });
    const before = await jindu.rows();
    expect((await jindu.admin.put(framework, untold)).headers['jindu-verdict']).toBe('unchanged');
    expect(await jindu.rows()).toEqual(before);
    const day = await jindu.admin.patch(framework, { signedOn: '2023-06-20' });
    expect(day.body).toMatchObject({ signedOn: '2023-06-20', signedByDay: '2023-06-20', revision: 2 });
    const forgotten = await jindu.admin.patch(framework, { signedOn: null, signedByDay: '2023-06-30' });
    expect(forgotten.body).toMatchObject({ signedOn: null, signedByDay: '2023-06-30', revision: 3 });
  });

  test('has no terms on a day by which it was not signed', async () => {
    await using jindu = await urbanRenewal();
    await jindu.admin.put(framework, madeUp);
    const on = async (day: string) => (await jindu.admin.get(`${framework}?asOf=${day}`)).body.terms;
    expect(await on('2023-01-09')).toBeNull();
    expect(await on('2023-01-10')).toMatchObject({ endsOn: '2023-12-31', value: { amount: 90_000_000 } });
    expect((await jindu.admin.get(`${framework}?asOf=2023-07-04`)).body.code).toBe('future_date');
  });

  test.each([
    [{ stated: '9000万元以上' }, { amount: 90_000_000, qualifier: 'atLeast', low: 90_000_000, high: null }],
    [
      { stated: '近1亿', currency: 'CNY' },
      { amount: 1e8, qualifier: 'nearly', low: 0, high: 1e8 },
    ],
    [
      { amount: 4258.4, currency: 'CNY' },
      { amount: 4258.4, qualifier: 'exact', low: 4258.4, high: 4258.4 },
    ],
    [
      { amount: 500, currency: 'JPY', qualifier: 'atMost' },
      { currency: 'JPY', low: 0, high: 500 },
    ],
  ])('is worth what was said, %j', async (value, expected) => {
    await using jindu = await urbanRenewal();
    const { body } = await jindu.admin.put(framework, { ...asPublished, value });
    expect(body.value).toMatchObject({ stated: null, ...value, ...expected });
    const { low: _, high: __, ...sentBack } = body.value;
    const again = await jindu.admin.put(framework, { ...asPublished, value: sentBack });
    expect(again.headers['jindu-verdict']).toBe('unchanged');
  });

  test('may have its value patched: words take the place of the number, and a number that of words', async () => {
    await using jindu = await urbanRenewal();
    await jindu.admin.put(framework, { ...asPublished, value: { stated: '9000万元以上' } });
    const patched = async (value: object | null) =>
      (await jindu.admin.patch(framework, { value })).body.value;
    expect((await jindu.admin.patch(framework, { value: {} })).headers['jindu-verdict']).toBe('unchanged');
    expect(await patched({ amount: 95_000_000 })).toMatchObject({
      ...{ amount: 95_000_000, qualifier: 'atLeast', stated: null },
    });
    expect(await patched({ stated: '1.29亿' })).toMatchObject({
      ...{ amount: 129_000_000, currency: 'CNY', qualifier: 'exact', stated: '1.29亿' },
    });
    expect(await patched({ stated: '500万美元' })).toMatchObject({ amount: 5_000_000, currency: 'USD' });
    expect(await patched(null)).toBeNull();
  });

  test.each([
    ['signed on a day to come', { signedOn: '2023-07-04', signedByDay: null }, 'future_date', '/signedOn'],
    ['signed by a day to come', { signedByDay: '2023-07-04' }, 'future_date', '/signedByDay'],
    ['signed on two days', { signedOn: '2023-06-20' }, 'unprocessable', '/signedByDay'],
    [
      'one that ends before it begins',
      { effectiveOn: '2023-06-30', endsOn: '2023-06-29' },
      'unprocessable',
      '/endsOn',
    ],
    ['an unknown party', { partyIds: ['xianghejian', 'dayang'] }, 'unknown_party', '/partyIds/1'],
    ['a value in no words', { value: { stated: '很多' } }, 'stated_unreadable', '/value/stated'],
  ])('is refused where it is %s', async (_what, said, code, pointer) => {
    await using jindu = await urbanRenewal();
    const before = await jindu.rows();
    const { status, body } = await jindu.admin.put(framework, { ...asPublished, ...said });
    expect([status, body.code, body.errors[0].pointer]).toEqual([422, code, pointer]);
    expect(await jindu.rows()).toEqual(before);
  });

  test.each([
    ['no currency', { amount: 5 }, '/value/currency'],
    ['a currency that is none', { amount: 5, currency: 'ABC' }, '/value/currency'],
    ['a part of a 分', { amount: 0.001, currency: 'CNY' }, '/value/amount'],
    ['no amount', { currency: 'CNY' }, '/value/amount'],
    ['words without a currency', { stated: '9000万' }, '/value/currency'],
    ['words and another number', { stated: '9000万元', amount: 9 }, '/value/amount'],
    ['words and another bound', { stated: '9000万元以上', qualifier: 'atMost' }, '/value/qualifier'],
    ['less than nothing', { amount: 0, currency: 'CNY', qualifier: 'lessThan' }, '/value/qualifier'],
  ])('is refused with a value of %s', async (_what, value, pointer) => {
    await using jindu = await urbanRenewal();
    const { status, body } = await jindu.admin.put(framework, { ...asPublished, value });
    expect([status, body.code, body.errors[0].pointer]).toEqual([400, 'validation_failed', pointer]);
    expect((await jindu.admin.get(agreements)).body.items).toEqual([]);
  });
});

describe('the parties to an agreement', () => {
  test('may be told in any order', async () => {
    await using jindu = await urbanRenewal();
    await jindu.admin.put(`${project}/parties/dayang`, { organizationId: 'dayang', role: 'interestedParty' });
    await jindu.admin.put(framework, { ...asPublished, partyIds: ['xianghejian', 'dayang'] });
    const again = await jindu.admin.put(framework, { ...asPublished, partyIds: ['dayang', 'xianghejian'] });
    expect(again.headers['jindu-verdict']).toBe('unchanged');
    expect(again.body.partyIds).toEqual(['xianghejian', 'dayang']);
    expect((await jindu.admin.patch(framework, { partyIds: ['dayang'] })).body.revision).toBe(2);
  });

  test('are not archived while it is in use, and come back before it does', async () => {
    await using jindu = await urbanRenewal();
    const party = `${project}/parties/xianghejian`;
    await jindu.admin.put(framework, asPublished);
    const before = await jindu.rows();
    const refused = await jindu.admin.delete(party);
    expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
    expect(refused.body.detail).toContain('the agreement framework');
    expect(await jindu.rows()).toEqual(before);

    await jindu.admin.delete(framework);
    expect((await jindu.admin.delete(party)).status).toBe(200);
    const tooEarly = await jindu.admin.post(`${framework}/restoration`);
    expect([tooEarly.status, tooEarly.body.code]).toEqual([409, 'conflict']);
    const unnamed = await jindu.admin.put(`${agreements}/other`, asPublished);
    expect([unnamed.status, unnamed.body.code]).toEqual([422, 'unknown_party']);
    await jindu.admin.post(`${party}/restoration`);
    expect((await jindu.admin.post(`${framework}/restoration`)).status).toBe(200);
  });
});

describe('the list of agreements', () => {
  test('is by day of signing, and narrowed by type, party, day and whether archived', async () => {
    await using jindu = await urbanRenewal();
    await jindu.admin.put(framework, asPublished);
    await jindu.admin.put(`${agreements}/works`, madeUp);
    await jindu.admin.put(`${agreements}/gone`, { type: 'other', title: '备忘录' });
    await jindu.admin.delete(`${agreements}/gone`);
    const ids = async (query = '') => {
      const { items } = (await jindu.admin.get(`${agreements}${query}`)).body;
      return items.map(({ id }: { id: string }) => id);
    };
    expect(await ids()).toEqual(['works', 'framework']);
    expect(await ids('?sort=id')).toEqual(['framework', 'works']);
    expect(await ids('?type=framework')).toEqual(['framework']);
    expect(await ids('?partyId=xianghejian')).toEqual(['framework']);
    expect(await ids('?partyId=xianghe')).toEqual([]);
    expect(await ids('?signedFrom=2023-01-11')).toEqual(['framework']);
    expect(await ids('?signedTo=2023-06-29')).toEqual(['works']);
    expect(await ids('?archived=true')).toEqual(['gone']);
  });

  test('is as it was known at a moment, and on a day', async () => {
    await using jindu = await urbanRenewal();
    await jindu.admin.put(`${agreements}/works`, madeUp);
    const early = new Date(jindu.clock.now()).toISOString();
    jindu.clock.advance({ seconds: 60 });
    await jindu.admin.put(`${agreements}/works/amendments/2023-06-01`, {
      rationale: '延期',
      endsOn: '2024-12-31',
    });
    await jindu.admin.put(framework, asPublished);
    await jindu.admin.patch(`${agreements}/works`, { title: '施工总承包合同' });
    const seen = async (query: string) =>
      (await jindu.admin.get(`${agreements}?${query}`)).body.items.map(
        ({ title, terms }: { title: string; terms: { endsOn: string } | null }) => [title, terms?.endsOn],
      );
    expect(await seen(`knownAt=${early}`)).toEqual([['施工合同', '2023-12-31']]);
    expect(await seen('asOf=2023-05-31')).toEqual([
      ['施工总承包合同', '2023-12-31'],
      ['框架协议', undefined],
    ]);
    expect(await seen('')).toEqual([
      ['施工总承包合同', '2024-12-31'],
      ['框架协议', null],
    ]);
    const one = await jindu.admin.get(`${agreements}/works?knownAt=${early}`);
    expect(one.body).toMatchObject({ title: '施工合同', revision: 1, amendments: [] });
    expect((await jindu.admin.get(`${framework}?knownAt=${early}`)).status).toBe(404);
    expect((await jindu.admin.get(`${framework}?knownAt=2099-01-01T00:00:00Z`)).body.code).toBe(
      'future_date',
    );
  });

  test('is given as CSV, with what is agreed now beside what was signed', async () => {
    await using jindu = await urbanRenewal();
    await jindu.admin.put(framework, { ...madeUp, value: { stated: '9000万元以上' } });
    await jindu.admin.put(`${framework}/amendments/2023-06-01`, { rationale: '延期', endsOn: '2024-12-31' });
    const { text } = await jindu.admin.get(agreements, { accept: 'text/csv' });
    const [row] = parse(text, { bom: true, columns: true }) as Record<string, string>[];
    expect(row).toMatchObject({
      ...{ id: 'framework', endsOn: '2023-12-31', 'terms.endsOn': '2024-12-31' },
      ...{ 'value.stated': '9000万元以上', 'value.high': '', 'terms.value.low': '90000000' },
    });
  });

  test('holds at most two hundred in use', async () => {
    await using jindu = await urbanRenewal();
    for (let number = 0; number < 200; number += 1)
      await jindu.admin.put(`${agreements}/a-${number}`, { type: 'other', title: `第${number}份` });
    const before = await jindu.rows();
    const refused = await jindu.admin.put(framework, asPublished);
    expect([refused.status, refused.body.code]).toEqual([422, 'unprocessable']);
    expect(await jindu.rows()).toEqual(before);
    expect((await jindu.admin.patch(`${agreements}/a-7`, { title: '补充' })).status).toBe(200);
    await jindu.admin.delete(`${agreements}/a-7`);
    expect((await jindu.admin.put(framework, asPublished)).status).toBe(201);
    expect((await jindu.admin.post(`${agreements}/a-7/restoration`)).status).toBe(422);
  });
});

describe('an agreement that is signed', () => {
  test.each([
    ['framework', 'framework-agreement'],
    ['investment', 'contract'],
    ['construction', 'contract'],
    ['lease', 'contract'],
  ])('as %s meets the milestone %s, once', async (type, id) => {
    await using jindu = await urbanRenewal();
    const milestone = `${project}/milestones/${id}`;
    await jindu.admin.put(milestone, { title: '签订' });
    await jindu.admin.put(framework, { ...asPublished, type });
    expect((await jindu.admin.get(milestone)).body).toMatchObject({
      ...{ status: 'met', dateMet: null, metBy: '2023-06-30' },
      reason: 'the agreement framework is signed',
    });
    await jindu.admin.patch(milestone, { status: 'scheduled', reason: '误报' });
    await jindu.admin.patch(framework, { title: '协议' });
    expect((await jindu.admin.get(milestone)).body.status).toBe('scheduled');
  });

  test('as another one, or in a project without the milestone, meets none', async () => {
    await using jindu = await urbanRenewal();
    await jindu.admin.put(`${project}/milestones/contract`, { title: '签订' });
    await jindu.admin.put(framework, { ...asPublished, type: 'other' });
    await jindu.admin.put(`${agreements}/second`, asPublished);
    const { items } = (await jindu.admin.get(`${project}/milestones`)).body;
    expect(items.map(({ status }: { status: string }) => status)).toEqual(['scheduled']);
  });
});

describe('a change of an agreement', () => {
  test('is a revision, and in the record with what it was and why', async () => {
    await using jindu = await urbanRenewal();
    await jindu.admin.put(framework, asPublished);
    await jindu.admin.patch(framework, { signedOn: '2023-06-20', reason: '原件已查' });
    await jindu.admin.delete(framework);
    const revisions = (await jindu.admin.get(`${framework}/revisions`)).body.items;
    expect(
      revisions.map(({ revision, signedOn }: { revision: number; signedOn: string }) => [revision, signedOn]),
    ).toEqual([
      [3, '2023-06-20'],
      [2, '2023-06-20'],
      [1, null],
    ]);
    const changes = (await jindu.admin.get('/v1/changes?subjectType=agreement')).body.items;
    expect(changes.map(({ action }: { action: string }) => action)).toEqual([
      'created',
      'replaced',
      'archived',
    ]);
    expect(changes[1]).toMatchObject({
      subject: { type: 'agreement', id: 'xianghejian-urban-renewal/framework' },
      ...{ organizationId: 'tianmashan', reason: '原件已查' },
      ...{ before: { signedOn: null }, after: { signedOn: '2023-06-20' } },
    });
  });

  test('is refused while it or its project is archived; both are still read', async () => {
    await using jindu = await urbanRenewal();
    await jindu.admin.put(framework, asPublished);
    await jindu.admin.delete(framework);
    const again = await jindu.admin.delete(framework);
    expect([again.status, again.headers['jindu-verdict']]).toEqual([200, 'unchanged']);
    for (const answer of [
      await jindu.admin.put(framework, asPublished),
      await jindu.admin.patch(framework, { title: '协议' }),
      await jindu.admin.put(`${framework}/amendments/2023-07-01`, { rationale: '延期' }),
    ])
      expect([answer.status, answer.body.code]).toEqual([409, 'archived']);
    expect((await jindu.admin.post(`${framework}/restoration`)).headers['jindu-verdict']).toBe('restored');
    await jindu.admin.put(`${framework}/amendments/2023-07-01`, { rationale: '延期' });
    const archived = await jindu.admin.delete(project);
    expect(archived.status).toBe(200);
    const before = await jindu.rows();
    for (const answer of [
      await jindu.admin.patch(framework, { title: '协议' }),
      await jindu.admin.delete(framework),
      await jindu.admin.post(agreements, asPublished),
      await jindu.admin.put(`${framework}/amendments/2023-07-02`, { rationale: '延期' }),
      await jindu.admin.delete(`${framework}/amendments/2023-07-01`),
    ])
      expect([answer.status, answer.body.code]).toEqual([409, 'archived']);
    expect(await jindu.rows()).toEqual(before);
    expect((await jindu.admin.get(framework)).status).toBe(200);
  });

  test('is not made by who belongs elsewhere, for whom it is not there', async () => {
    await using jindu = await urbanRenewal();
    await jindu.admin.put(framework, asPublished);
    const elsewhere = await jindu.actor({ organizationId: 'yueping' });
    const before = await jindu.rows();
    for (const answer of [
      await elsewhere.get(framework),
      await elsewhere.get(agreements),
      await elsewhere.patch(framework, { title: '协议' }),
      await elsewhere.get(`${framework}/amendments`),
    ])
      expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
    expect(await jindu.rows()).toEqual(before);
  });

  test('by POST takes no id that is taken, and is done once under its key', async () => {
    await using jindu = await urbanRenewal();
    const post = () =>
      jindu.admin.post(agreements, { id: 'framework', ...asPublished }, { 'idempotency-key': 'k' });
    const made = await post();
    expect([made.status, made.headers.location]).toEqual([201, framework]);
    expect((await post()).headers['idempotency-replayed']).toBe('true');
    const taken = await jindu.admin.post(agreements, { id: 'framework', ...asPublished });
    expect([taken.status, taken.body.code]).toEqual([409, 'conflict']);
    const other = await jindu.admin.put(framework, { id: 'lease', ...asPublished });
    expect([other.status, other.body.errors[0].pointer]).toEqual([400, '/id']);
  });
});
