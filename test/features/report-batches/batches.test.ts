import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Answer,
  aProject,
  readersWait,
  settleTianmashan,
  type TestApp,
  testApp,
  testEngine,
} from '../../support/index.ts';

let app: TestApp;

beforeAll(async () => {
  app = await testApp();
  await settleTianmashan(app.admin);
});
afterAll(() => app.close());

const batches = '/v1/report-batches';

async function made(said: Record<string, unknown> = {}): Promise<string> {
  const project = aProject({
    organizationId: 'yueping',
    quantities: [{ code: 'households', value: 563, unit: '户' }],
    ...said,
  });
  expect((await app.admin.put(`/v1/projects/${project.id}`, project)).status).toBe(201);
  return project.id;
}

const verdicts = (answer: Answer) => answer.body.rows.map((row: { verdict: string }) => row.verdict);
const reportOf = async (id: string, day: string) =>
  (await app.admin.get(`/v1/projects/${id}/reports/${day}`)).body;
const nothing = { created: 0, unchanged: 0, corrected: 0, refused: 0 };

describe('a batch', () => {
  test('takes in each row as if it had been sent alone, and says what became of it', async () => {
    const [a, b, c] = [await made(), await made(), await made()];
    await app.admin.put(`/v1/projects/${a}/reports/2023-05-31`, { percent: 10 });
    await app.admin.put(`/v1/projects/${b}/reports/2023-05-31`, { percent: 10 });
    const answer = await app.admin.post(batches, [
      { projectId: a, asOf: '2023-05-31', percent: 10 },
      { projectId: b, asOf: '2023-05-31', percent: 20 },
      {
        projectId: c,
        asOf: '2023-06-30',
        stated: '85%以上',
        note: '见附件',
        spent: { amount: 0.29, currency: 'CNY' },
      },
      { projectId: c, asOf: '2023-05-31', quantities: [{ code: 'households', value: 478 }] },
    ]);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      dryRun: false,
      atomic: true,
      summary: { created: 2, unchanged: 1, corrected: 1, refused: 0 },
      rows: [
        { row: 1, projectId: a, asOf: '2023-05-31', verdict: 'unchanged', problem: null },
        { row: 2, projectId: b, asOf: '2023-05-31', verdict: 'corrected', problem: null },
        { row: 3, projectId: c, asOf: '2023-06-30', verdict: 'created', problem: null },
        { row: 4, projectId: c, asOf: '2023-05-31', verdict: 'created', problem: null },
      ],
    });
    expect(await reportOf(c, '2023-06-30')).toMatchObject({
      stated: '85%以上',
      percent: 85,
      spent: { amount: 0.29 },
    });
    expect(await reportOf(b, '2023-05-31')).toMatchObject({ percent: 20, revision: 2 });
    expect((await app.admin.get(`/v1/projects/${c}`)).body.progress).toMatchObject({
      percent: 85,
      asOf: '2023-06-30',
    });
  });

  test('is in the record row by row, under the name of who sent it', async () => {
    const id = await made();
    const script = await app.actor({ scopes: ['report'], organizationId: 'yueping', name: '月报脚本' });
    await script.post(batches, [{ projectId: id, asOf: '2023-06-30', percent: 1 }]);
    const record = await app.admin.get(`/v1/changes?subjectType=report&subjectId=${id}/2023-06-30`);
    expect(record.body.items).toMatchObject([{ action: 'created', actor: { name: '月报脚本' } }]);
    expect((await reportOf(id, '2023-06-30')).recordedBy).toBe('月报脚本');
  });

  test('sent twice changes nothing the second time', async () => {
    const rows = [];
    for (let index = 0; index < 5; index += 1)
      rows.push({ projectId: await made(), asOf: '2023-06-30', percent: index });
    expect((await app.admin.post(batches, rows)).body.summary).toEqual({ ...nothing, created: 5 });
    const before = await app.rows();
    expect((await app.admin.post(batches, rows)).body.summary).toEqual({ ...nothing, unchanged: 5 });
    expect(await app.rows()).toEqual(before);
  });

  test('with two rows of one project and day takes them one after the other', async () => {
    const id = await made();
    const row = { projectId: id, asOf: '2023-06-30' };
    const answer = await app.admin.post(batches, [
      { ...row, percent: 1 },
      { ...row, percent: 1 },
      { ...row, percent: 2 },
      { ...row, percent: 1 },
    ]);
    expect(verdicts(answer)).toEqual(['created', 'unchanged', 'corrected', 'corrected']);
    expect(await reportOf(id, '2023-06-30')).toMatchObject({ percent: 1, revision: 3 });
  });

  test('holds each row against those before it', async () => {
    const id = await made();
    const answer = await app.admin.post(`${batches}?atomic=false`, [
      { projectId: id, asOf: '2023-05-31', percent: 50 },
      { projectId: id, asOf: '2023-06-30', percent: 40 },
      { projectId: id, asOf: '2023-06-30', percent: 40, reason: '返工' },
    ]);
    expect(verdicts(answer)).toEqual(['created', 'refused', 'created']);
    expect(answer.body.rows[1].problem).toMatchObject({
      code: 'progress_falls',
      errors: [{ pointer: '/reason' }],
    });
  });

  test('raises a whole series, in whatever order its days come', async () => {
    const id = await made();
    const days = ['2023-04-30', '2023-05-31', '2023-06-30'];
    const series = (percents: number[]) =>
      days.map((asOf, index) => ({ projectId: id, asOf, percent: percents[index] as number }));
    await app.admin.post(batches, series([10, 20, 30]));
    expect(verdicts(await app.admin.post(batches, series([25, 35, 45])))).toEqual(Array(3).fill('corrected'));
    const again = series([55, 65, 75]).reverse();
    expect(verdicts(await app.admin.post(batches, again))).toEqual(Array(3).fill('corrected'));
    expect(await reportOf(id, '2023-04-30')).toMatchObject({ percent: 55, revision: 3 });
    const before = await app.rows();
    const falling = await app.admin.post(batches, series([60, 70, 65]));
    expect(falling.body).toMatchObject({ status: 422, code: 'unprocessable' });
    expect(verdicts(falling)).toEqual(['corrected', 'corrected', 'refused']);
    expect(await app.rows()).toEqual(before);
    const lowered = series([5, 15, 25]).reverse();
    expect(verdicts(await app.admin.post(batches, lowered))).toEqual(Array(3).fill('corrected'));
  });

  test('never lets a row that was held back undo a later one of its day', async () => {
    const id = await made();
    const answer = await app.admin.post(`${batches}?atomic=false`, [
      { projectId: id, asOf: '2023-05-31', percent: 50 },
      { projectId: id, asOf: '2023-06-30', percent: 40 },
      { projectId: id, asOf: '2023-06-30', percent: 60 },
      { projectId: id, asOf: '2023-05-31', percent: 30 },
    ]);
    expect(verdicts(answer)).toEqual(['created', 'refused', 'created', 'corrected']);
    expect(await reportOf(id, '2023-06-30')).toMatchObject({ percent: 60 });
  });

  test('under a key is done once, and answered alike', async () => {
    const id = await made();
    const rows = [{ projectId: id, asOf: '2023-06-30', percent: 1 }];
    const key = { 'idempotency-key': `batch-${id}` };
    const [first, second] = await Promise.all([
      app.admin.post(batches, rows, key),
      app.admin.post(batches, rows, key),
    ]);
    expect(first?.body.summary).toEqual({ ...nothing, created: 1 });
    expect(second?.body).toEqual(first?.body);
    expect(
      [first, second].filter((answer) => answer?.headers['idempotency-replayed'] === 'true'),
    ).toHaveLength(1);
    const spaced = await app.admin.post(batches, JSON.stringify(rows, null, 2), key);
    expect(spaced.headers['idempotency-replayed']).toBe('true');
    const before = await app.rows();
    for (const [address, others] of [
      [`${batches}?atomic=false`, rows],
      [batches, [{ ...rows[0], percent: 2 }]],
      [batches, [...rows, ...rows]],
    ] as const) {
      const other = await app.admin.post(address, others, key);
      expect(other.body.code).toBe('idempotency_mismatch');
    }
    expect(await app.rows()).toEqual(before);
  });
});

describe('a batch with rows that are refused', () => {
  const rows = (good: string) => [
    { projectId: good, asOf: '2023-06-30', percent: 10 },
    { projectId: good, asOf: '2023-02-30', percent: '85', reasn: 'x' },
    { projectId: 'no-such', asOf: '2023-06-30', percent: 10 },
    { projectId: good, asOf: '2023-07-04', percent: 10 },
    'no object',
    { projectId: good, asOf: '2023-06-29', stated: '很快' },
    { projectId: good, asOf: '2023-06-28' },
    { projectId: good, asOf: '2023-06-27', quantities: [{ code: 'households', value: 564 }] },
    { projectId: good, asOf: '2023-06-26', spent: { amount: 0.001, currency: 'CNY' } },
    { projectId: good, asOf: '2023-06-25', percent: 11 },
    { projectId: good, asOf: '2023-06-24', note: 'a\u0000b', percent: 1 },
    null,
  ];
  const codes = [
    undefined,
    'validation_failed',
    'not_found',
    'future_date',
    'validation_failed',
    'stated_unreadable',
    'validation_failed',
    'unprocessable',
    'validation_failed',
    'progress_falls',
    'validation_failed',
    'validation_failed',
  ];
  const codesIn = (answer: Answer) =>
    answer.body.rows.map((row: { problem: { code: string } | null }) => row.problem?.code);

  test('writes nothing at all, and says of each row what it would have come to', async () => {
    const id = await made();
    const before = await app.rows();
    const answer = await app.admin.post(batches, rows(id));
    expect(answer.status).toBe(422);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.body).toMatchObject({
      code: 'unprocessable',
      status: 422,
      detail: expect.stringMatching(/^11 of 12 rows are refused, so nothing was written; row 2: /),
      summary: { created: 1, unchanged: 0, corrected: 0, refused: 11 },
    });
    expect(codesIn(answer)).toEqual(codes);
    expect(answer.body.errors).toEqual(
      expect.arrayContaining([
        { pointer: '/1/asOf', code: 'format', message: 'must be a date that exists, as YYYY-MM-DD' },
        { pointer: '/1/percent', code: 'type', message: 'must be a number or null, not the text "85"' },
        {
          pointer: '/1/reasn',
          code: 'unknown_field',
          message: 'is not a known field; did you mean "reason"?',
        },
        { pointer: '/2/projectId', code: 'not_found', message: 'there is no such project' },
        expect.objectContaining({ pointer: '/3/asOf', code: 'future_date' }),
        expect.objectContaining({ pointer: '/4', code: 'type' }),
        expect.objectContaining({ pointer: '/5/stated', code: 'stated_unreadable' }),
        expect.objectContaining({ pointer: '/6/percent', code: 'required' }),
        expect.objectContaining({ pointer: '/7/quantities/0/value', code: 'maximum' }),
        expect.objectContaining({ pointer: '/8/spent/amount', code: 'amount' }),
        expect.objectContaining({ pointer: '/9/reason', code: 'required' }),
        expect.objectContaining({ pointer: '/10/note', code: 'text' }),
        expect.objectContaining({ pointer: '/11', code: 'type' }),
      ]),
    );
    expect(await app.rows()).toEqual(before);
  });

  test('keeps the good ones where it may', async () => {
    const id = await made();
    const answer = await app.admin.post(`${batches}?atomic=false`, rows(id));
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      atomic: false,
      dryRun: false,
      summary: { ...nothing, created: 1, refused: 11 },
    });
    expect(codesIn(answer)).toEqual(codes);
    expect((await app.admin.get(`/v1/projects/${id}/reports`)).body.items).toHaveLength(1);
  });

  test('that are all refused writes nothing even where it may', async () => {
    const id = await made();
    const before = await app.rows();
    const answer = await app.admin.post(`${batches}?atomic=false`, rows(id).slice(1, 9));
    expect(answer.body.summary).toEqual({ ...nothing, refused: 8 });
    expect(await app.rows()).toEqual(before);
  });

  test.each([
    { percent: '85', reasn: 'x', revision: 1 },
    { percent: 100.01 },
    { stated: '很快' },
    { stated: '85%以上', percent: 86 },
    {},
    { quantities: [{ code: 'households', value: 564 }] },
    { quantities: [{ code: 'stairs', value: 1 }] },
    { spent: { amount: 0.001, currency: 'CNY' } },
    { percent: 1, note: 'a\ud800' },
    { percent: 9 },
  ])('says of %j in a row what a single report is told', async (body) => {
    const id = await made();
    await app.admin.put(`/v1/projects/${id}/reports/2023-05-31`, { percent: 10 });
    const single = await app.admin.put(`/v1/projects/${id}/reports/2023-06-30`, body);
    const batch = await app.admin.post(`${batches}?dryRun=true`, [
      { projectId: id, asOf: '2023-06-30', ...body },
    ]);
    const { code, detail, errors } = single.body;
    expect(batch.body.rows[0]).toMatchObject({ verdict: 'refused', problem: { code, detail, errors } });
  });

  test('tells the first hundred faults, and of each row the first ten', async () => {
    const many = Array.from({ length: 40 }, () =>
      Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`x${at}`, 1])),
    );
    const answer = await app.admin.post(batches, many);
    expect(answer.body.errors).toHaveLength(100);
    expect(answer.body.rows).toHaveLength(40);
    for (const row of answer.body.rows) expect(row.problem.errors).toHaveLength(10);
  });

  test('refuses a row of very many fields without telling of each', async () => {
    const row = Object.fromEntries(Array.from({ length: 70_000 }, (_, at) => [`x${at}`, 1]));
    const answer = await app.admin.post(`${batches}?atomic=false`, [row]);
    expect(answer.body.rows[0].problem.errors).toMatchObject([{ pointer: '', code: 'size' }]);
  });

  test('repeats of a row only what may be an id or a day', async () => {
    const answer = await app.admin.post(`${batches}?dryRun=true`, [
      { projectId: 5, asOf: ['2023-06-30'] },
      { projectId: 'x'.repeat(65), asOf: '\ud800' },
      { projectId: '岳屏', asOf: '昨天' },
    ]);
    expect(answer.body.rows.map(({ projectId, asOf }: Record<string, unknown>) => [projectId, asOf])).toEqual(
      [
        [null, null],
        [null, null],
        ['岳屏', '昨天'],
      ],
    );
  });

  test('may be sent again under the same key when it is put right', async () => {
    const id = await made();
    const key = { 'idempotency-key': `retry-${id}` };
    const row = { projectId: id, asOf: '2023-06-30', percent: 1 };
    expect((await app.admin.post(batches, [{ ...row, percent: 101 }], key)).status).toBe(422);
    expect((await app.admin.post(batches, [row], key)).status).toBe(200);
  });
});

test('a fault of ours in the middle of a batch is no refusal of a row: it ends the batch, and nothing of it is kept', async () => {
  const id = await made();
  const days = ['2023-05-31', '2023-06-30', '2023-07-01'];
  const rows = days.map((asOf) => ({ projectId: id, asOf, percent: 1 }));
  const when = `before insert on reports for each row when (new.project_id = '${id}' and new.as_of = '2023-06-30')`;
  await app.database.run(
    testEngine === 'sqlite'
      ? `create trigger faulty ${when} begin select raise(abort, 'secret'); end`
      : `create function fail() returns trigger language plpgsql as $$ begin raise 'secret'; end $$;
         create trigger faulty ${when} execute function fail()`,
  );
  const before = await app.rows();
  const answer = await app.admin.post(`${batches}?atomic=false`, rows);
  expect(answer.body).toMatchObject({ status: 500, code: 'internal' });
  expect(answer.text).not.toContain('secret');
  expect(await app.rows()).toEqual(before);
  expect(app.log.takeErrors()).toHaveLength(1);
  await app.database.run(testEngine === 'sqlite' ? 'drop trigger faulty' : 'drop trigger faulty on reports');
  expect((await app.admin.post(batches, rows)).body.summary.created).toBe(3);
});

describe('a dry run', () => {
  test('says what it would come to, with refused rows as well, and writes nothing', async () => {
    const id = await made();
    await app.admin.put(`/v1/projects/${id}/reports/2023-05-31`, { percent: 10 });
    const rows = [
      { projectId: id, asOf: '2023-05-31', percent: 10 },
      { projectId: id, asOf: '2023-05-31', percent: 11 },
      { projectId: id, asOf: '2023-06-30', percent: 12 },
      { projectId: id, asOf: '2023-06-30', percent: 12 },
      { projectId: id, asOf: '2023-06-29', percent: 13 },
    ];
    const before = await app.rows();
    for (const atomic of [true, false]) {
      const answer = await app.admin.post(`${batches}?dryRun=true&atomic=${atomic}`, rows, {
        'idempotency-key': 'dry',
      });
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ dryRun: true, atomic });
      expect(verdicts(answer)).toEqual(['unchanged', 'corrected', 'created', 'unchanged', 'refused']);
    }
    expect(await app.rows()).toEqual(before);
    expect((await app.admin.get(`/v1/projects/${id}`)).body.progress).toMatchObject({ percent: 10 });
  });

  test('leaves its key free for the real run', async () => {
    const id = await made();
    const rows = [{ projectId: id, asOf: '2023-06-30', percent: 1 }];
    const key = { 'idempotency-key': `rehearsed-${id}` };
    expect((await app.admin.post(`${batches}?dryRun=true`, rows, key)).body.summary.created).toBe(1);
    expect((await app.admin.post(batches, rows, key)).body.summary.created).toBe(1);
  });

  test('is no error in the log', async () => {
    const id = await made();
    await app.admin.post(`${batches}?dryRun=true`, [{ projectId: id, asOf: '2023-06-30', percent: 1 }]);
    expect(app.log.takeErrors()).toEqual([]);
  });
});

describe('who may send a batch', () => {
  test('a token that reports; rows beyond its organization are as if the project were missing', async () => {
    const own = await made();
    const elsewhere = await made({ organizationId: 'suyanjing' });
    const rows = [own, elsewhere, 'no-such'].map((projectId) => ({
      projectId,
      asOf: '2023-06-30',
      percent: 1,
    }));
    const reader = await app.actor({ scopes: ['read'] });
    const bound = await app.actor({ scopes: ['report'], organizationId: 'yueping' });
    const before = await app.rows();
    expect((await app.stranger.post(batches, rows)).status).toBe(401);
    expect((await reader.post(batches, rows)).status).toBe(403);
    const all = await bound.post(batches, rows);
    expect(all.status).toBe(422);
    expect(await app.rows()).toEqual(before);
    const some = await bound.post(`${batches}?atomic=false`, rows);
    expect(verdicts(some)).toEqual(['created', 'refused', 'refused']);
    const [, hidden, missing] = some.body.rows;
    expect(hidden.problem).toEqual(missing.problem);
    expect((await app.admin.get(`/v1/projects/${elsewhere}/reports`)).body.items).toEqual([]);
  });

  test('rows of an archived project are refused', async () => {
    const id = await made();
    await app.admin.delete(`/v1/projects/${id}`);
    const answer = await app.admin.post(`${batches}?atomic=false`, [
      { projectId: id, asOf: '2023-06-30', percent: 1 },
    ]);
    expect(answer.body.rows[0].problem).toMatchObject({
      code: 'archived',
      errors: [{ pointer: '/projectId' }],
    });
  });
});

test('the description says of each way to send a batch how it looks, and asks for nothing that may be left out', async () => {
  const { paths, components } = (await app.admin.get('/openapi.json')).body;
  const { requestBody, parameters, responses } = paths[batches].post;
  expect(Object.keys(requestBody.content)).toEqual(['application/json', 'application/x-ndjson', 'text/csv']);
  expect(parameters.map(({ name, required }: Record<string, unknown>) => [name, required])).toEqual([
    ['atomic', false],
    ['dryRun', false],
    ['idempotency-key', false],
  ]);
  expect(responses['422'].content['application/problem+json'].schema.$ref).toBe(
    '#/components/schemas/ReportBatchProblem',
  );
  const sent = (type: string) => requestBody.content[type].schema.examples[0];
  await app.admin.put('/v1/projects/yueping-estate-renovation', { title: '岳屏', organizationId: 'yueping' });
  const [example] = components.schemas.ReportBatch.examples;
  for (const [type, body, row] of [
    ['application/json', components.schemas.ReportBatchInput.examples[0], 1],
    ['application/x-ndjson', sent('application/x-ndjson'), 1],
    ['text/csv', sent('text/csv'), 2],
  ]) {
    const answer = await app.admin.post(`${batches}?dryRun=true`, body, { 'content-type': type });
    expect(answer.body, type).toEqual({ ...example, dryRun: true, rows: [{ ...example.rows[0], row }] });
  }
});

describe('a batch that is no more than brackets', () => {
  test.each([{}, { 'idempotency-key': 'deep' }])('is refused, with %j as well', async (headers) => {
    const before = await app.rows();
    const deep = `[{}, ${'['.repeat(100_000)}${']'.repeat(100_000)}]`;
    const answer = await app.admin.post('/v1/report-batches', deep, headers);
    expect(answer.body).toMatchObject({ status: 400, errors: [{ pointer: '/1', code: 'depth' }] });
    expect(await app.rows()).toEqual(before);
  });
});

describe('a body that is no batch', () => {
  test.each([
    ['application/json', '/1'],
    ['application/x-ndjson', 'line:2'],
  ])('for a row of %s of more than 1 MiB is refused, and the row is named', async (type, pointer) => {
    const rows = [{}, { note: 'x'.repeat(1024 * 1024) }].map((row) => JSON.stringify(row));
    const body = type === 'application/json' ? `[${rows.join()}]` : rows.join('\n');
    const answer = await app.admin.post(batches, body, { 'content-type': type });
    expect(answer.body).toMatchObject({ status: 400, errors: [{ pointer, code: 'maxLength' }] });
  });

  test.each(['[1 2]', '[1,]', '[{"a":1}] x', '[{"a":"]"', '[{"__proto__":{}}]'])(
    '%j is refused as no JSON',
    async (body) => {
      const answer = await app.admin.post(batches, body);
      expect(answer.body).toMatchObject({ status: 400, errors: [{ pointer: '', code: 'json' }] });
    },
  );

  test.each(['', '{}', 'null', '"a"', '85', '[', '{"rows":[]}', '[{]'])('%j is refused', async (body) => {
    const before = await app.rows();
    const answer = await app.admin.post(batches, body);
    expect(answer.body).toMatchObject({ status: 400, code: 'validation_failed', errors: [{ pointer: '' }] });
    expect(await app.rows()).toEqual(before);
  });

  test('without any rows is refused', async () => {
    for (const [type, body] of [
      ['application/json', '[]'],
      ['application/x-ndjson', ''],
      ['application/x-ndjson', '\n\r\n \n'],
      ['text/csv', 'projectId,asOf,percent\r\n'],
      ['text/csv', 'projectId,asOf,percent'],
    ] as const) {
      const answer = await app.admin.post(batches, body, { 'content-type': type });
      expect(answer.body, `${type} ${body}`).toMatchObject({
        status: 400,
        errors: [{ pointer: '', code: 'minItems', message: 'must have at least 1 row' }],
      });
    }
  });

  test('no body at all is refused', async () => {
    expect((await app.admin.post(batches)).body).toMatchObject({ status: 400, code: 'validation_failed' });
  });

  test.each(['atomic=yes', 'dryRun=1', 'dry_run=true', 'dryrun=true'])('?%s is refused', async (query) => {
    const id = await made();
    const before = await app.rows();
    const answer = await app.admin.post(`${batches}?${query}`, [
      { projectId: id, asOf: '2023-06-30', percent: 1 },
    ]);
    expect(answer.body).toMatchObject({ status: 400, errors: [{ pointer: `?${query.split('=')[0]}` }] });
    expect(await app.rows()).toEqual(before);
  });

  test.each([
    'text/plain',
    'application/xml',
    'application/csv',
    'text/csvx',
    'application/ndjson',
    'multipart/form-data; boundary=x',
    'text/csv; charset=big5',
    'text/csv; charset=utf-16le',
    'application/x-ndjson; charset=gbk',
  ])('of the type %s is 415', async (type) => {
    const answer = await app.admin.post(batches, 'a', { 'content-type': type });
    expect(answer.body).toMatchObject({ status: 415, code: 'unsupported_media_type' });
  });

  test('nothing else reads CSV or lines of JSON', async () => {
    const id = await made();
    const before = await app.rows();
    for (const type of ['text/csv', 'application/x-ndjson', 'text/csv; charset=gb18030']) {
      for (const [method, path] of [
        ['PUT', `/v1/projects/${id}/reports/2023-06-30`],
        ['POST', `/v1/projects/${id}/reports`],
        ['POST', '/v1/projects'],
        ['PATCH', `/v1/projects/${id}`],
        ['PUT', '/v1/organizations/x'],
        ['POST', '/v1/tokens'],
      ] as const) {
        const answer = await app.admin.send(method, path, {
          payload: '{"percent":1}',
          headers: { 'content-type': type },
        });
        expect(answer.status, `${method} ${path} ${type}`).toBe(415);
      }
    }
    expect(await app.rows()).toEqual(before);
  });
});

describe('lines of JSON', () => {
  const lines = { 'content-type': 'application/x-ndjson' };

  test('are rows, counted as lines, the empty ones too', async () => {
    const id = await made();
    const row = (percent: number, day: string) =>
      JSON.stringify({ projectId: id, asOf: day, percent, note: '第一\n行' });
    const body = `\ufeff${row(1, '2023-05-31')}\r\n\n${row(101, '2023-06-30')}\n  \n${row(2, '2023-06-30')}`;
    const answer = await app.admin.post(`${batches}?atomic=false`, body, lines);
    expect(
      answer.body.rows.map(({ row: line, verdict }: Record<string, unknown>) => [line, verdict]),
    ).toEqual([
      [1, 'created'],
      [3, 'refused'],
      [5, 'created'],
    ]);
    expect((await reportOf(id, '2023-06-30')).note).toBe('第一\n行');
  });

  test('are refused together where one is not JSON, which is named', async () => {
    const id = await made();
    const good = JSON.stringify({ projectId: id, asOf: '2023-06-30', percent: 1 });
    const before = await app.rows();
    for (const [bad, line] of [
      [`${good}\n{"projectId":`, 2],
      [`\n\n${good} ${good}`, 3],
      [`${good}\nprojectId,asOf`, 2],
      [`${good}\n{"__proto__":{}}`, 2],
    ] as const) {
      const answer = await app.admin.post(`${batches}?atomic=false`, bad, lines);
      expect(answer.body).toMatchObject({ status: 400, errors: [{ pointer: `line:${line}`, code: 'json' }] });
      expect(answer.body.detail).toContain(`line ${line}`);
    }
    expect(await app.rows()).toEqual(before);
  });

  test('that are not UTF-8 are refused, naming the line', async () => {
    const body = Buffer.concat([
      Buffer.from('{}\n{}\n{"note":"'),
      Buffer.from([0xd4, 0xc0]),
      Buffer.from('"}'),
    ]);
    const answer = await app.admin.post(batches, body, lines);
    expect(answer.body).toMatchObject({ status: 400, errors: [{ pointer: 'line:3', code: 'encoding' }] });
  });
});

describe('a large batch', () => {
  const days = (count: number) =>
    Array.from({ length: count }, (_, at) => new Date(Date.UTC(1990, 0, 1 + at)).toISOString().slice(0, 10));

  // Where there is one session, nobody is answered while a batch is taken in.
  if (!readersWait) {
    test('of 10,000 rows is taken whole, while others are answered', async () => {
      const ids = [await made(), await made()];
      const rows = days(5000).flatMap((asOf, at) =>
        ids.map((projectId) => ({ projectId, asOf, percent: Math.floor(at / 50) })),
      );
      let isDone = false;
      const sending = app.admin.post(batches, rows).finally(() => {
        isDone = true;
      });
      let readMeanwhile = 0;
      while (!isDone) {
        expect((await app.admin.get(`/v1/projects/${ids[0]}`)).body.progress.percent).toBeOneOf([null, 99]);
        readMeanwhile += 1;
        await nextTurn();
      }
      expect((await sending).body.summary).toEqual({ ...nothing, created: 10_000 });
      expect(readMeanwhile).toBeGreaterThan(10);
      expect((await app.admin.get(`/v1/projects/${ids[1]}`)).body.progress).toMatchObject({
        percent: 99,
        asOf: days(5000).at(-1),
      });
    }, 60_000);
  }

  test('of one row more is refused in each form', async () => {
    const row = { projectId: 'a', asOf: '2023-06-30', percent: 1 };
    const before = await app.rows();
    for (const [type, body] of [
      ['application/json', JSON.stringify(Array(10_001).fill(row))],
      ['application/x-ndjson', `${JSON.stringify(row)}\n`.repeat(10_001)],
      ['text/csv', `projectId,asOf,percent\n${'a,2023-06-30,1\n'.repeat(10_001)}`],
    ] as const) {
      const answer = await app.admin.post(`${batches}?dryRun=true`, body, { 'content-type': type });
      expect(answer.body, type).toMatchObject({ status: 413, code: 'payload_too_large' });
      expect(answer.body.detail).toContain('10000 rows');
    }
    expect(await app.rows()).toEqual(before);
  });

  test('of more than 1 MiB is read, and of more than 16 MiB refused', async () => {
    const id = await made();
    const rows = days(400).map((asOf) => ({ projectId: id, asOf, percent: 1, note: '备'.repeat(1000) }));
    expect((await app.admin.post(`${batches}?dryRun=true`, rows)).body.summary.created).toBe(400);
    const answer = await app.admin.post(batches, ' '.repeat(16 * 1024 * 1024 + 1));
    expect(answer.body).toMatchObject({ status: 413, code: 'payload_too_large' });
  });
});
