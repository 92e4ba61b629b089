import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aProject, settleTianmashan, type TestApp, testApp } from '../../support/index.ts';

let app: TestApp;

beforeAll(async () => {
  app = await testApp();
  await settleTianmashan(app.admin);
});
afterAll(() => app.close());

async function made(said: Record<string, unknown> = {}): Promise<string> {
  const project = aProject({ organizationId: 'yueping', ...said });
  expect((await app.admin.put(`/v1/projects/${project.id}`, project)).status).toBe(201);
  return project.id;
}

const standing = async (id: string) => (await app.admin.get(`/v1/projects/${id}`)).body.progress;
const revisions = async (path: string) => (await app.admin.get(`${path}/revisions`)).body.items;

describe('a report', () => {
  test('of a day that has none is created, and is the project’s standing', async () => {
    const id = await made();
    const path = `/v1/projects/${id}/reports/2023-06-30`;
    const answer = await app.admin.put(path, { stated: '85%以上' });
    expect(answer.status).toBe(201);
    expect(answer.headers['jindu-verdict']).toBe('created');
    expect(answer.headers.etag).toMatch(/^"1-[\w-]+"$/);
    expect(answer.body).toEqual({
      projectId: id,
      asOf: '2023-06-30',
      percent: 85,
      qualifier: 'atLeast',
      low: 85,
      high: 100,
      stated: '85%以上',
      quantities: [],
      spent: null,
      note: null,
      reason: null,
      citation: null,
      revision: 1,
      recordedAt: '2023-07-03T01:02:03.004Z',
      recordedBy: 'configured admin',
      withdrawn: false,
    });
    expect((await app.admin.get(path)).body).toEqual(answer.body);
    expect(await standing(id)).toEqual({
      percent: 85,
      qualifier: 'atLeast',
      low: 85,
      high: 100,
      basis: 'report',
      asOf: '2023-06-30',
    });
  });

  test('sent again changes nothing, later and by somebody else too', async () => {
    const id = await made();
    const path = `/v1/projects/${id}/reports/2023-06-30`;
    const body = { percent: 12.34, qualifier: 'about', note: '见附件', quantities: [], spent: null };
    const first = await app.admin.put(path, body);
    const script = await app.actor({ scopes: ['report'], organizationId: 'yueping', name: 'weekly script' });
    const before = await app.rows();
    const again = await script.put(path, { qualifier: 'about', percent: 12.34, note: '见附件' });
    expect(again.status).toBe(200);
    expect(again.headers['jindu-verdict']).toBe('unchanged');
    expect(again.body).toEqual(first.body);
    expect(again.headers.etag).toBe(first.headers.etag);
    expect(await app.rows()).toEqual(before);
  });

  test('of which something else is said is corrected, and what was said before stays readable', async () => {
    const id = await made();
    const path = `/v1/projects/${id}/reports/2023-06-30`;
    const first = await app.admin.put(path, { percent: 40 });
    const clerk = await app.actor({ scopes: ['report'], organizationId: 'yueping', name: '岳屏文员' });
    const second = await clerk.put(path, { percent: 45, reason: '漏计一栋' });
    expect(second.status).toBe(200);
    expect(second.headers['jindu-verdict']).toBe('corrected');
    expect(second.headers.etag).toMatch(/^"2-/);
    expect(second.body).toMatchObject({
      revision: 2,
      percent: 45,
      reason: '漏计一栋',
      recordedBy: '岳屏文员',
    });
    expect(await revisions(path)).toEqual([second.body, first.body]);
    expect(await standing(id)).toMatchObject({ percent: 45, asOf: '2023-06-30' });
  });

  test('of an earlier day than the newest leaves the project where the newest says it is', async () => {
    const id = await made();
    await app.admin.put(`/v1/projects/${id}/reports/2023-06-30`, { percent: 60 });
    await app.admin.put(`/v1/projects/${id}/reports/2023-03-31`, { percent: 20 });
    expect(await standing(id)).toMatchObject({ percent: 60, asOf: '2023-06-30' });
    const listed = await app.admin.get(`/v1/projects/${id}/reports`);
    expect(listed.body.items.map((report: { asOf: string }) => report.asOf)).toEqual([
      '2023-03-31',
      '2023-06-30',
    ]);
  });

  test('is in the record, with who said it, what was there before and what is there now', async () => {
    const id = await made();
    const path = `/v1/projects/${id}/reports/2023-06-30`;
    const first = await app.admin.put(path, { percent: 40 });
    const second = await app.admin.put(path, { percent: 45, reason: '漏计' });
    const third = await app.admin.delete(path);
    const record = await app.admin.get(`/v1/changes?subjectType=report&subjectId=${id}/2023-06-30`);
    expect(record.body.items).toMatchObject([
      { action: 'created', before: null, after: first.body, organizationId: 'yueping' },
      { action: 'corrected', before: first.body, after: second.body, reason: '漏计' },
      { action: 'withdrawn', before: second.body, after: third.body },
    ]);
  });

  test('says where it was said', async () => {
    const id = await made();
    const citation = {
      title: '衡阳日报',
      url: 'https://example.org/a?b=1',
      quote: '目前已完成工程总量的85%以上',
    };
    const path = `/v1/projects/${id}/reports/2023-06-30`;
    expect((await app.admin.put(path, { stated: '85%以上', citation })).body.citation).toEqual(citation);
    const partly = await app.admin.put(path, { stated: '85%以上', citation: { quote: citation.quote } });
    expect(partly.body.citation).toEqual({ title: null, url: null, quote: citation.quote });
  });

  test('that says nothing at all is refused', async () => {
    const id = await made();
    const before = await app.rows();
    for (const body of [
      {},
      { note: 'x' },
      { qualifier: 'exact' },
      { percent: null, stated: null, quantities: [] },
    ]) {
      const answer = await app.admin.put(`/v1/projects/${id}/reports/2023-06-30`, body);
      expect(answer.body, JSON.stringify(body)).toMatchObject({
        status: 400,
        code: 'validation_failed',
        errors: [{ pointer: '/percent', code: 'required' }],
      });
    }
    expect(await app.rows()).toEqual(before);
  });
});

describe('posting a report', () => {
  test('creates it and says where it is', async () => {
    const id = await made();
    const answer = await app.admin.post(`/v1/projects/${id}/reports`, { asOf: '2023-06-30', percent: 10 });
    expect(answer.status).toBe(201);
    expect(answer.headers.location).toBe(`/v1/projects/${id}/reports/2023-06-30`);
    expect(answer.headers['jindu-verdict']).toBe('created');
    expect((await app.admin.get(answer.headers.location as string)).body).toEqual(answer.body);
  });

  test('that is there already changes nothing', async () => {
    const id = await made();
    await app.admin.post(`/v1/projects/${id}/reports`, { asOf: '2023-06-30', percent: 10 });
    const before = await app.rows();
    const again = await app.admin.post(`/v1/projects/${id}/reports`, { asOf: '2023-06-30', percent: 10 });
    expect(again.status).toBe(200);
    expect(again.headers['jindu-verdict']).toBe('unchanged');
    expect(await app.rows()).toEqual(before);
  });

  test('does not correct another', async () => {
    const id = await made();
    await app.admin.post(`/v1/projects/${id}/reports`, { asOf: '2023-06-30', percent: 10 });
    const before = await app.rows();
    const other = await app.admin.post(`/v1/projects/${id}/reports`, { asOf: '2023-06-30', percent: 11 });
    expect(other.body).toMatchObject({ status: 409, code: 'conflict', errors: [{ pointer: '/asOf' }] });
    expect(await app.rows()).toEqual(before);
  });

  test('of a day whose report was withdrawn says it anew', async () => {
    const reports = `/v1/projects/${await made()}/reports`;
    await app.admin.put(`${reports}/2023-06-30`, { percent: 50 });
    await app.admin.delete(`${reports}/2023-06-30`);
    const answer = await app.admin.post(reports, { asOf: '2023-06-30', percent: 60 });
    expect(answer.body).toMatchObject({ percent: 60, revision: 3, withdrawn: false });
  });

  test('under one key is done once, however often it is sent, and the key is for that request alone', async () => {
    const id = await made();
    const path = `/v1/projects/${id}/reports`;
    const key = { 'idempotency-key': `weekly-${id}` };
    const sent = { asOf: '2023-06-30', percent: 10 };
    const answers = await Promise.all(Array.from({ length: 8 }, () => app.admin.post(path, sent, key)));
    expect(answers.map((answer) => answer.status)).toEqual(Array(8).fill(201));
    expect(answers.filter((answer) => answer.headers['idempotency-replayed'] === 'true')).toHaveLength(7);
    expect(await revisions(`${path}/2023-06-30`)).toHaveLength(1);
    const before = await app.rows();
    const other = await app.admin.post(path, { ...sent, percent: 11 }, key);
    expect(other.body).toMatchObject({ status: 422, code: 'idempotency_mismatch' });
    expect(await app.rows()).toEqual(before);
  });

  test('that was refused may be tried again under the same key', async () => {
    const id = await made();
    const key = { 'idempotency-key': `again-${id}` };
    const path = `/v1/projects/${id}/reports`;
    expect((await app.admin.post(path, { asOf: '2023-07-04', percent: 10 }, key)).status).toBe(422);
    expect((await app.admin.post(path, { asOf: '2023-07-03', percent: 10 }, key)).status).toBe(201);
  });
});

describe('conditions', () => {
  test('If-None-Match: * creates only', async () => {
    const id = await made();
    const path = `/v1/projects/${id}/reports/2023-06-30`;
    const createOnly = { 'if-none-match': '*' };
    expect((await app.admin.put(path, { percent: 1 }, createOnly)).status).toBe(201);
    const before = await app.rows();
    expect((await app.admin.put(path, { percent: 2 }, createOnly)).body.code).toBe('precondition_failed');
    expect((await app.admin.put(path, { percent: 1 }, createOnly)).body.code).toBe('precondition_failed');
    expect(await app.rows()).toEqual(before);
  });

  test('If-Match corrects and withdraws the revision that was read, and no other', async () => {
    const id = await made();
    const path = `/v1/projects/${id}/reports/2023-06-30`;
    const missing = await app.admin.put(path, { percent: 1 }, { 'if-match': '*' });
    expect(missing.body.code).toBe('precondition_failed');
    const { etag } = (await app.admin.put(path, { percent: 1 })).headers as { etag: string };
    expect((await app.admin.put(path, { percent: 2 }, { 'if-match': etag })).status).toBe(200);
    const before = await app.rows();
    expect((await app.admin.put(path, { percent: 3 }, { 'if-match': etag })).status).toBe(412);
    expect((await app.admin.put(path, { percent: 2 }, { 'if-match': etag })).status).toBe(412);
    expect((await app.admin.delete(path, { 'if-match': etag })).status).toBe(412);
    expect((await app.admin.put(path, { percent: 3 }, { 'if-match': 'what' })).status).toBe(400);
    expect(await app.rows()).toEqual(before);
    expect((await app.admin.delete(path, { 'if-match': '"1", "2"' })).status).toBe(200);
  });

  test('If-None-Match with the tag at hand is answered 304 without a body', async () => {
    const id = await made();
    const path = `/v1/projects/${id}/reports/2023-06-30`;
    const { etag } = (await app.admin.put(path, { percent: 1 })).headers as { etag: string };
    const known = await app.admin.get(path, { 'if-none-match': etag });
    expect([known.status, known.text]).toEqual([304, '']);
    await app.admin.put(path, { percent: 2 });
    expect((await app.admin.get(path, { 'if-none-match': etag })).status).toBe(200);
  });
});

describe('many at once', () => {
  test('twenty times the same: one is created, nineteen change nothing', async () => {
    const id = await made();
    const path = `/v1/projects/${id}/reports/2023-06-30`;
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => app.admin.put(path, { stated: '85%以上' })),
    );
    const verdicts = answers.map((answer) => answer.headers['jindu-verdict']);
    expect(verdicts.filter((verdict) => verdict === 'created')).toHaveLength(1);
    expect(verdicts.filter((verdict) => verdict === 'unchanged')).toHaveLength(19);
    expect(await revisions(path)).toHaveLength(1);
  });

  test('two that differ: one is created, the other corrects it', async () => {
    const id = await made();
    const path = `/v1/projects/${id}/reports/2023-06-30`;
    const answers = await Promise.all([
      app.admin.put(path, { percent: 1 }),
      app.admin.put(path, { percent: 2 }),
    ]);
    expect(answers.map((answer) => answer.headers['jindu-verdict']).sort()).toEqual(['corrected', 'created']);
    expect(answers.map((answer) => answer.body.revision).sort()).toEqual([1, 2]);
    const last = answers.find((answer) => answer.body.revision === 2);
    expect(await standing(id)).toMatchObject({ percent: last?.body.percent });
  });

  test('two that would create only: one does', async () => {
    const id = await made();
    const path = `/v1/projects/${id}/reports/2023-06-30`;
    const put = (percent: number) => app.admin.put(path, { percent }, { 'if-none-match': '*' });
    const answers = await Promise.all([put(1), put(2)]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 412]);
  });
});

describe('the list', () => {
  test('goes by day, from either end, in pages that an insert does not disturb', async () => {
    const id = await made();
    const days = ['2023-01-31', '2023-02-28', '2023-03-31', '2023-04-30', '2023-05-31'];
    for (const [index, day] of days.entries()) {
      await app.admin.put(`/v1/projects/${id}/reports/${day}`, { percent: index * 10 });
    }
    const daysOf = (answer: { body: { items: { asOf: string }[] } }) =>
      answer.body.items.map((report) => report.asOf);
    const first = await app.admin.get(`/v1/projects/${id}/reports?limit=2&sort=-asOf`);
    expect(daysOf(first)).toEqual(['2023-05-31', '2023-04-30']);
    await app.admin.put(`/v1/projects/${id}/reports/2023-06-30`, { percent: 50 });
    const next = /<(.+)>; rel="next"/.exec(first.headers.link ?? '')?.[1] as string;
    expect(daysOf(await app.admin.get(next))).toEqual(['2023-03-31', '2023-02-28']);
    const within = await app.admin.get(`/v1/projects/${id}/reports?from=2023-02-28&to=2023-04-30`);
    expect(daysOf(within)).toEqual(days.slice(1, 4));
    expect(within.body.nextCursor).toBeNull();
  });

  test('is given as CSV to who asks for it', async () => {
    const id = await made();
    await app.admin.put(`/v1/projects/${id}/reports/2023-06-30`, {
      stated: '85%以上',
      note: '=1+1',
      spent: { amount: 0.1, currency: 'CNY' },
    });
    const csv = await app.admin.get(`/v1/projects/${id}/reports`, { accept: 'text/csv' });
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    const [header, row] = csv.text.replace('\ufeff', '').split('\r\n');
    expect(header).toMatch(
      /^projectId,asOf,percent,qualifier,low,high,stated,quantities,spent\.amount,spent\.currency,note/,
    );
    expect(row).toContain(`${id},2023-06-30,85,atLeast,85,100,85%以上,`);
    expect(row).toContain(",0.1,CNY,'=1+1,");
  });

  test('refuses a cursor that somebody typed, one of another order, and what it does not know', async () => {
    const id = await made();
    for (const day of ['2023-01-31', '2023-02-28'])
      await app.admin.put(`/v1/projects/${id}/reports/${day}`, { percent: 1 });
    const { nextCursor } = (await app.admin.get(`/v1/projects/${id}/reports?limit=1`)).body;
    const refused = [
      ['cursor=abc', '?cursor'],
      [`cursor=${nextCursor}x`, '?cursor'],
      [`cursor=${nextCursor}&sort=-asOf`, '?cursor'],
      ['limit=0', '?limit'],
      ['limit=201', '?limit'],
      ['limit=ten', '?limit'],
      ['sort=percent', '?sort'],
      ['from=2023-02-30', '?from'],
      ['frm=2023-02-28', '?frm'],
      ['withdrawn=maybe', '?withdrawn'],
    ];
    for (const [query, pointer] of refused) {
      const answer = await app.admin.get(`/v1/projects/${id}/reports?${query}`);
      expect(answer.body, query).toMatchObject({ status: 400, errors: [{ pointer }] });
    }
    const suggestion = await app.admin.get(`/v1/projects/${id}/reports?frm=2023-02-28`);
    expect(suggestion.body.errors[0].message).toContain('did you mean "from"');
  });
});

describe('who may report', () => {
  test('a token that only reads may not, one bound elsewhere does not find the project, and neither writes', async () => {
    const id = await made();
    const path = `/v1/projects/${id}/reports/2023-06-30`;
    await app.admin.put(path, { percent: 1 });
    const reader = await app.actor({ scopes: ['read'] });
    const outsider = await app.actor({ scopes: ['report'], organizationId: 'suyanjing' });
    const before = await app.rows();
    const missing = await app.admin.put('/v1/projects/no-such/reports/2023-06-30', { percent: 2 });
    const hidden = await outsider.put(path, { percent: 2 });
    expect(hidden.status).toBe(404);
    expect([hidden.body.code, hidden.body.detail]).toEqual([missing.body.code, missing.body.detail]);
    for (const address of [path, `${path}/revisions`, `/v1/projects/${id}/reports`]) {
      expect((await outsider.get(address)).status).toBe(404);
      expect((await app.stranger.get(address)).status).toBe(401);
    }
    expect((await outsider.delete(path)).status).toBe(404);
    expect(
      (await outsider.post(`/v1/projects/${id}/reports`, { asOf: '2023-06-29', percent: 1 })).status,
    ).toBe(404);
    expect((await reader.get(path)).status).toBe(200);
    expect((await reader.put(path, { percent: 2 })).body.code).toBe('forbidden');
    expect((await reader.delete(path)).body.code).toBe('forbidden');
    expect((await app.stranger.put(path, { percent: 2 })).status).toBe(401);
    expect(await app.rows()).toEqual(before);
  });

  test('a report on an archived project is refused and read', async () => {
    const id = await made();
    const path = `/v1/projects/${id}/reports/2023-06-30`;
    await app.admin.put(path, { percent: 1 });
    await app.admin.delete(`/v1/projects/${id}`);
    const before = await app.rows();
    for (const refused of [
      await app.admin.put(path, { percent: 2 }),
      await app.admin.put(path, { percent: 1 }),
      await app.admin.delete(path),
      await app.admin.post(`/v1/projects/${id}/reports`, { asOf: '2023-05-31', percent: 1 }),
    ]) {
      expect(refused.body).toMatchObject({ status: 409, code: 'archived' });
    }
    expect(await app.rows()).toEqual(before);
    expect((await app.admin.get(path)).body.percent).toBe(1);
    expect((await app.admin.get(`${path}/revisions`)).body.items).toHaveLength(1);
    expect((await app.admin.get(`/v1/projects/${id}/reports`)).body.items).toHaveLength(1);
    await app.admin.post(`/v1/projects/${id}/restoration`);
    expect((await app.admin.put(path, { percent: 2 })).status).toBe(200);
  });
});
