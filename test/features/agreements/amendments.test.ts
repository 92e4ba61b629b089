import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TestApp } from '../../support/index.ts';
import { agreements, madeUp, urbanRenewal } from './ground.ts';

const works = `${agreements}/works`;
const amendments = `${works}/amendments`;
const more = { rationale: '增加工程量', value: { amount: 120_000_000, currency: 'CNY' } };
const longer = { rationale: '场地移交推迟', endsOn: '2024-06-30' };

async function contract(said: object = {}): Promise<TestApp> {
  const jindu = await urbanRenewal();
  const { status, text } = await jindu.admin.put(works, { ...madeUp, ...said });
  if (status !== 201) throw new Error(text);
  return jindu;
}

async function termsOn(jindu: TestApp, day: string) {
  const { terms } = (await jindu.admin.get(`${works}?asOf=${day}`)).body;
  return [terms.value.amount, terms.endsOn];
}

describe('an amendment', () => {
  test('holds from its day on, and what was signed stays what was signed', async () => {
    await using jindu = await contract();
    const { status, body, headers } = await jindu.admin.put(`${amendments}/2023-05-15`, longer);
    expect([status, headers['jindu-verdict']]).toEqual([201, 'created']);
    expect(body).toMatchObject({
      ...{ projectId: 'xianghejian-urban-renewal', agreementId: 'works', asOf: '2023-05-15' },
      ...{ types: ['duration'], ...longer, value: null, scope: null, revision: 1, withdrawn: false },
    });
    await jindu.admin.put(`${amendments}/2023-03-01`, more);
    expect(await termsOn(jindu, '2023-02-28')).toEqual([90_000_000, '2023-12-31']);
    expect(await termsOn(jindu, '2023-03-01')).toEqual([120_000_000, '2023-12-31']);
    expect(await termsOn(jindu, '2023-05-14')).toEqual([120_000_000, '2023-12-31']);
    expect(await termsOn(jindu, '2023-05-15')).toEqual([120_000_000, '2024-06-30']);
    const agreement = (await jindu.admin.get(works)).body;
    expect(agreement).toMatchObject({ endsOn: '2023-12-31', value: { amount: 90_000_000 }, revision: 1 });
    expect(agreement.amendments).toMatchObject([
      {
        ...{
          asOf: '2023-03-01',
          types: ['value'],
          rationale: '增加工程量',
          oldPeriod: null,
          newPeriod: null,
        },
        ...{ oldValue: { amount: 90_000_000 }, newValue: { amount: 120_000_000 } },
      },
      {
        ...{ asOf: '2023-05-15', types: ['duration'], oldValue: null, newValue: null },
        oldPeriod: { startDate: '2023-02-01', endDate: '2023-12-31' },
        newPeriod: { startDate: '2023-02-01', endDate: '2024-06-30' },
      },
    ]);
  });

  test('may say no more than why, and what is agreed otherwise in words', async () => {
    await using jindu = await contract();
    expect((await jindu.admin.put(`${amendments}/2023-05-15`, { rationale: '补充协议' })).body.types).toEqual(
      [],
    );
    const scope = { rationale: '规划调整', scope: '增加红色驿站' };
    expect((await jindu.admin.put(`${amendments}/2023-05-15`, scope)).body.types).toEqual(['scope']);
    expect(await termsOn(jindu, '2023-07-03')).toEqual([90_000_000, '2023-12-31']);
  });

  test('may be the first to say a value', async () => {
    await using jindu = await contract({ value: null });
    await jindu.admin.put(`${amendments}/2023-05-15`, {
      rationale: '定价',
      value: { stated: '9000万元以上' },
    });
    const { terms, amendments: all } = (await jindu.admin.get(works)).body;
    expect(terms.value).toMatchObject({ low: 90_000_000, high: null });
    expect(all[0]).toMatchObject({ types: ['value'], oldValue: null, newValue: { stated: '9000万元以上' } });
  });

  test('is the same when it is said again, and a correction keeps what was said before', async () => {
    await using jindu = await contract();
    await jindu.admin.put(`${amendments}/2023-05-15`, longer);
    const known = new Date(jindu.clock.now()).toISOString();
    jindu.clock.advance({ seconds: 60 });
    const rows = await jindu.rows();
    const again = await jindu.admin.put(`${amendments}/2023-05-15`, longer);
    expect([again.status, again.headers['jindu-verdict']]).toEqual([200, 'unchanged']);
    expect(await jindu.rows()).toEqual(rows);
    const corrected = { ...longer, endsOn: '2024-09-30', reason: '抄错' };
    const { headers, body } = await jindu.admin.put(`${amendments}/2023-05-15`, corrected);
    expect([headers['jindu-verdict'], body.revision]).toEqual(['corrected', 2]);
    const revisions = (await jindu.admin.get(`${amendments}/2023-05-15/revisions`)).body.items;
    expect(revisions.map(({ endsOn }: { endsOn: string }) => endsOn)).toEqual(['2024-09-30', '2024-06-30']);
    expect((await jindu.admin.get(`${works}?knownAt=${known}`)).body.terms.endsOn).toBe('2024-06-30');
    const then = await jindu.admin.get(`${amendments}/2023-05-15?knownAt=${known}`);
    expect(then.body).toMatchObject({ endsOn: '2024-06-30', revision: 1 });
    const changes = (await jindu.admin.get('/v1/changes?subjectType=amendment')).body.items;
    expect(changes).toMatchObject([
      { action: 'created', before: null, subject: { id: 'xianghejian-urban-renewal/works/2023-05-15' } },
      {
        action: 'corrected',
        reason: '抄错',
        before: { endsOn: '2024-06-30' },
        after: { endsOn: '2024-09-30' },
      },
    ]);
  });

  test('that is withdrawn leaves no trace on the terms, and stays readable', async () => {
    await using jindu = await contract();
    await jindu.admin.put(`${amendments}/2023-03-01`, more);
    const without = (await jindu.admin.get(works)).body;
    await jindu.admin.put(`${amendments}/2023-05-15`, longer);
    const { status, headers, body } = await jindu.admin.delete(
      `${amendments}/2023-05-15?reason=%E8%AF%AF%E5%BD%95`,
    );
    expect([status, headers['jindu-verdict']]).toEqual([200, 'withdrawn']);
    expect(body).toMatchObject({ withdrawn: true, reason: '误录', revision: 2, endsOn: '2024-06-30' });
    expect((await jindu.admin.get(works)).body).toEqual(without);
    expect((await jindu.admin.get(`${amendments}/2023-05-15`)).body).toEqual(body);
    const days = async (query = '') =>
      (await jindu.admin.get(`${amendments}${query}`)).body.items.map(({ asOf }: { asOf: string }) => asOf);
    expect(await days()).toEqual(['2023-03-01']);
    expect(await days('?withdrawn=true')).toEqual(['2023-05-15']);
    expect(await days('?from=2023-03-02')).toEqual([]);
    expect(await days('?to=2023-03-01')).toEqual(['2023-03-01']);
    const before = await jindu.rows();
    const twice = await jindu.admin.delete(`${amendments}/2023-05-15`);
    expect(twice.headers['jindu-verdict']).toBe('unchanged');
    expect(await jindu.rows()).toEqual(before);
    const back = await jindu.admin.put(`${amendments}/2023-05-15`, longer);
    expect([back.headers['jindu-verdict'], back.body.revision]).toEqual(['corrected', 3]);
  });

  test.each([
    ['a day to come', '2023-07-04', longer, 'future_date', '{asOf}'],
    ['a day before the signing', '2023-01-09', longer, 'unprocessable', '{asOf}'],
    [
      'another currency than was signed',
      '2023-05-15',
      { rationale: '折算', value: { amount: 5, currency: 'USD' } },
      'currency_mixed',
      '/value/currency',
    ],
    [
      'an end before the beginning',
      '2023-05-15',
      { ...longer, endsOn: '2023-01-31' },
      'unprocessable',
      '/endsOn',
    ],
    [
      'a value in no words',
      '2023-05-15',
      { rationale: '增资', value: { stated: '很多' } },
      'stated_unreadable',
      '/value/stated',
    ],
  ])('is refused with %s', async (_what, day, said, code, pointer) => {
    await using jindu = await contract();
    const before = await jindu.rows();
    const { status, body } = await jindu.admin.put(`${amendments}/${day}`, said);
    expect([status, body.code, body.errors[0].pointer]).toEqual([422, code, pointer]);
    expect(await jindu.rows()).toEqual(before);
  });

  test('of a value that nobody signed must be in the currency of the others', async () => {
    await using jindu = await contract({ value: null });
    const worth = (amount: number, currency: string) => ({ rationale: '定价', value: { amount, currency } });
    await jindu.admin.put(`${amendments}/2023-05-15`, worth(5, 'USD'));
    const earlier = await jindu.admin.put(`${amendments}/2023-03-01`, worth(5, 'CNY'));
    expect([earlier.status, earlier.body.code]).toEqual([422, 'currency_mixed']);
    expect((await jindu.admin.put(`${amendments}/2023-05-15`, worth(5, 'CNY'))).body.revision).toBe(2);
    expect((await jindu.admin.put(`${amendments}/2023-03-01`, worth(4, 'CNY'))).status).toBe(201);
  });

  test('holds what is written of the agreement later to its day, its currency and its period', async () => {
    await using jindu = await contract();
    await jindu.admin.put(`${amendments}/2023-05-15`, { ...longer, ...more });
    const before = await jindu.rows();
    for (const [said, code, pointer] of [
      [{ signedOn: '2023-05-16' }, 'unprocessable', '/signedOn'],
      [{ signedOn: null }, 'unprocessable', '/signedByDay'],
      [{ value: { amount: 5, currency: 'USD' } }, 'currency_mixed', '/value/currency'],
      [{ effectiveOn: '2024-07-01', endsOn: null }, 'unprocessable', '/endsOn'],
    ] as const) {
      const { status, body } = await jindu.admin.patch(works, said);
      expect([status, body.code, body.errors[0].pointer]).toEqual([422, code, pointer]);
    }
    expect(await jindu.rows()).toEqual(before);
  });

  test('is not taken back while a later one rests on it', async () => {
    await using jindu = await contract();
    await jindu.admin.put(`${amendments}/2023-03-01`, longer);
    await jindu.admin.put(`${amendments}/2023-05-15`, { rationale: '推迟开工', effectiveOn: '2024-01-31' });
    const before = await jindu.rows();
    const refused = await jindu.admin.delete(`${amendments}/2023-03-01`);
    expect([refused.status, refused.body.code]).toEqual([422, 'unprocessable']);
    expect(await jindu.rows()).toEqual(before);
    await jindu.admin.delete(`${amendments}/2023-05-15`);
    expect((await jindu.admin.delete(`${amendments}/2023-03-01`)).status).toBe(200);
  });

  test('of an agreement that is not there is not there', async () => {
    await using jindu = await contract();
    const nowhere = `${agreements}/nothing/amendments`;
    for (const answer of [
      await jindu.admin.get(nowhere),
      await jindu.admin.get(`${nowhere}/2023-05-15`),
      await jindu.admin.put(`${nowhere}/2023-05-15`, longer),
      await jindu.admin.delete(`${nowhere}/2023-05-15`),
      await jindu.admin.get(`${amendments}/2023-05-15`),
      await jindu.admin.delete(`${amendments}/2023-05-15`),
      await jindu.admin.get(`${amendments}/2023-05-15/revisions`),
    ])
      expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
  });

  test('is one of at most a hundred', async () => {
    await using jindu = await contract({ signedOn: '2022-01-01' });
    for (let number = 0; number < 100; number += 1) {
      const day = new Date(Date.UTC(2022, 1, 1 + number)).toISOString().slice(0, 10);
      await jindu.admin.put(`${amendments}/${day}`, { rationale: `第${number}次` });
    }
    const before = await jindu.rows();
    const refused = await jindu.admin.put(`${amendments}/2023-05-15`, longer);
    expect([refused.status, refused.body.code]).toEqual([422, 'unprocessable']);
    expect(await jindu.rows()).toEqual(before);
    expect((await jindu.admin.put(`${amendments}/2022-02-01`, longer)).body.revision).toBe(2);
  });
});

test('the terms on any day are the same in whatever order the amendments were told', async () => {
  await using jindu = await contract();
  const said = new Map<string, object>([
    ['2023-02-10', more],
    ['2023-03-10', longer],
    ['2023-04-10', { rationale: '减少', value: { stated: '1亿元以上' } }],
    ['2023-05-10', { rationale: '再延', endsOn: '2024-12-31', scope: '增加二期' }],
  ]);
  const days = [...said.keys()];
  const asked = ['2023-02-09', '2023-02-28', '2023-03-10', '2023-04-30', '2023-07-03'];
  const seen = async () => {
    const answers: unknown[] = [];
    for (const day of asked) answers.push((await jindu.admin.get(`${works}?asOf=${day}`)).body.terms);
    return answers;
  };
  let first: unknown;
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(days, { minLength: days.length }), async (order) => {
      for (const day of order) await jindu.admin.put(`${amendments}/${day}`, said.get(day) ?? {});
      const terms = await seen();
      first ??= terms;
      expect(terms).toEqual(first);
      for (const day of order) await jindu.admin.delete(`${amendments}/${day}`);
    }),
    { numRuns: 6 },
  );
});
