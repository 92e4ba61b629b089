import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, aProject, settleTianmashan, type TestApp, testApp } from '../../support/index.ts';

const batches = '/v1/report-batches';
const csv = { 'content-type': 'text/csv' };
const lines = { 'content-type': 'application/x-ndjson' };

/** One takes in every batch in its thread, the other none; all else is the same. */
let inThread: TestApp;
let inProcess: TestApp;

beforeAll(async () => {
  inThread = await testApp({ largeBatchBytes: 0 });
  inProcess = await testApp({ largeBatchBytes: Number.POSITIVE_INFINITY });
  for (const { admin } of [inThread, inProcess]) {
    await settleTianmashan(admin);
    for (const id of ['zone-a', 'zone-b', 'zone-c']) {
      const quantities = [{ code: 'households', value: 563, unit: '户' }];
      const project = aProject({ id, title: id, organizationId: 'yueping', quantities });
      expect((await admin.put(`/v1/projects/${id}`, project)).status).toBe(201);
    }
  }
});
afterAll(async () => {
  await inThread.close();
  await inProcess.close();
});

interface Sent {
  query?: string;
  body: string | object;
  headers?: Record<string, string>;
  secret?: string;
}

/** What a client sees of an answer, but for what is of the one request. */
function seen({ status, headers, body }: Answer) {
  const { 'x-request-id': _id, date: _date, ...others } = headers;
  return { status, headers: others, body: { ...body, requestId: undefined } };
}

async function sentToBoth({ query = '', body, headers = {} }: Sent) {
  const send = ({ admin }: TestApp) => admin.post(`${batches}${query}`, body, headers);
  const [one, other] = [await send(inThread), await send(inProcess)];
  expect(seen(one)).toEqual(seen(other));
  for (const id of ['zone-a', 'zone-b', 'zone-c']) {
    for (const path of [`/v1/projects/${id}`, `/v1/projects/${id}/reports`, '/v1/projects/zone-a/progress'])
      expect((await inThread.admin.get(path)).body).toEqual((await inProcess.admin.get(path)).body);
  }
  return one;
}

const row = (projectId: string, asOf: string, said: object) => ({ projectId, asOf, ...said });

describe('a batch that is taken in by a thread is answered and kept as any other', () => {
  test.each<[string, number, Sent]>([
    [
      'as JSON',
      200,
      {
        body: [
          row('zone-a', '2023-05-31', { stated: '85%以上', note: '见附件' }),
          row('zone-b', '2023-05-31', { percent: 40, spent: { amount: 0.29, currency: 'CNY' } }),
          row('zone-c', '2023-05-31', { quantities: [{ code: 'households', value: 478 }] }),
        ],
      },
    ],
    [
      'with a byte order mark',
      200,
      { body: `\ufeff${JSON.stringify([row('zone-a', '2023-06-01', { percent: 86 })])}` },
    ],
    ['as lines', 200, { headers: lines, body: JSON.stringify(row('zone-a', '2023-06-02', { percent: 87 })) }],
    ['as CSV', 200, { headers: csv, body: 'projectId,asOf,percent\nzone-a,2023-06-03,88\n' }],
    ['a second time', 200, { headers: csv, body: 'projectId,asOf,percent\nzone-a,2023-06-03,88\n' }],
    ['a correction', 200, { body: [row('zone-a', '2023-06-03', { percent: 89 })] }],
    [
      'only to see what it would come to',
      200,
      { query: '?dryRun=true', body: [row('zone-a', '2023-06-04', { percent: 90 })] },
    ],
    [
      'of which a row is refused',
      422,
      { body: [row('zone-a', '2023-06-05', { percent: 90 }), row('zone-a', '2023-06-06', { percent: 1 })] },
    ],
    [
      'of which the good rows are kept',
      200,
      {
        query: '?atomic=false',
        body: [
          row('zone-a', '2023-06-05', { percent: 90 }),
          row('nowhere', '2023-06-06', { percent: 1 }),
          null,
        ],
      },
    ],
    ['of tomorrow', 422, { body: [row('zone-a', '2023-07-04', { percent: 95 })] }],
    ['that is no JSON', 400, { body: '[{]' }],
    ['without rows', 400, { body: '[]' }],
    ['of rows that lie too deep', 400, { body: `[${'['.repeat(1000)}${']'.repeat(1000)}]` }],
    ['of columns that nobody knows', 400, { headers: csv, body: 'project,when\nzone-a,2023-06-03\n' }],
    [
      'with two byte order marks',
      400,
      { body: `\ufeff\ufeff${JSON.stringify([row('zone-a', '2023-06-01', { percent: 86 })])}` },
    ],
    [
      'that is no JSON, under a key that is none',
      400,
      { headers: { 'idempotency-key': '岳屏' }, body: '[{]' },
    ],
    [
      'of too many rows',
      413,
      { headers: lines, body: `${JSON.stringify(row('a', '2023-06-30', {}))}\n`.repeat(10_001) },
    ],
    [
      'under a key that is none',
      400,
      { headers: { 'idempotency-key': '岳屏' }, body: [row('zone-a', '2023-06-07', { percent: 91 })] },
    ],
  ])('%s', async (_, status, sent) => {
    expect((await sentToBoth(sent)).status).toBe(status);
  });

  test('once under its key', async () => {
    const headers = { 'idempotency-key': 'monthly-2023-06' };
    const body = [row('zone-b', '2023-06-30', { percent: 50 })];
    const first = await sentToBoth({ headers, body });
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    const again = await sentToBoth({ headers, body });
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.body).toEqual(first.body);
    const other = await sentToBoth({ headers, body: [row('zone-b', '2023-06-30', { percent: 60 })] });
    expect(other.body).toMatchObject({ status: 422, code: 'idempotency_mismatch' });
  });

  test('recorded by who sent it, when it was sent', async () => {
    inThread.clock.advance({ hours: 1 });
    const script = await inThread.actor({ scopes: ['report'], organizationId: 'yueping', name: '月报脚本' });
    await script.post(batches, [row('zone-c', '2023-06-30', { percent: 86 })]);
    expect((await inThread.admin.get('/v1/projects/zone-c/reports/2023-06-30')).body).toMatchObject({
      recordedBy: '月报脚本',
      recordedAt: '2023-07-03T02:02:03.004Z',
    });
  });

  test('only by who may', async () => {
    const reader = await inThread.actor({ scopes: ['read'] });
    const before = await inThread.rows();
    expect((await reader.post(batches, [row('zone-c', '2023-07-01', { percent: 99 })])).status).toBe(403);
    expect(await inThread.rows()).toEqual(before);
  });
});

test('a batch is the same under its key whether it is taken in by the thread or by the process', async () => {
  await using app = await testApp({ largeBatchBytes: 1_000 });
  await settleTianmashan(app.admin);
  await app.admin.put('/v1/projects/zone-a', aProject({ id: 'zone-a', organizationId: 'yueping' }));
  const short = JSON.stringify([row('zone-a', '2023-06-30', { stated: '85%以上' })]);
  const long = short.replace('[', `[${' '.repeat(2_000)}`);
  for (const [key, ...bodies] of [
    ['short-first', short, long],
    ['long-first', long, short],
  ] as const) {
    const headers = { 'idempotency-key': key };
    const [first, again] = [
      await app.admin.post(batches, bodies[0], headers),
      await app.admin.post(batches, bodies[1], headers),
    ];
    expect(first.status).toBe(200);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.body).toEqual(first.body);
  }
});

test('what is refused by the thread leaves nothing at all', async () => {
  const before = await inThread.rows();
  for (const [query, status, body] of [
    ['', 422, [row('zone-a', '2023-07-01', { percent: 99 }), row('nowhere', '2023-07-01', { percent: 1 })]],
    ['?dryRun=true', 200, [row('zone-a', '2023-07-01', { percent: 99 })]],
  ] as const) {
    const headers = { 'idempotency-key': `refused${query}` };
    expect((await inThread.admin.post(`${batches}${query}`, body, headers)).status).toBe(status);
  }
  expect(await inThread.rows()).toEqual(before);
});

test('reports that are sent beside a batch of the thread, and one after the other, are all kept', async () => {
  const { admin } = inThread;
  const days = (from: number) =>
    Array.from({ length: 300 }, (_, at) => new Date(Date.UTC(from, 0, 1 + at)).toISOString().slice(0, 10));
  const batch = (year: number) =>
    admin.post(
      batches,
      days(year).map((day) => row('zone-c', day, { percent: 1 })),
    );
  const singles = days(1993).map((day) => admin.put(`/v1/projects/zone-c/reports/${day}`, { percent: 1 }));
  const answers = await Promise.all([batch(1990), batch(1991), ...singles, batch(1992)]);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(300);
  const record = await admin.get('/v1/changes?subjectType=report&limit=1');
  expect(record.status).toBe(200);
  const { body } = await admin.get('/v1/projects/zone-c/progress?asOf=1994-01-01');
  expect(body.percent).toBe(1);
});
