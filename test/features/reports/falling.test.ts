import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aProject, settleTianmashan, type TestApp, testApp } from '../../support/index.ts';

let app: TestApp;

beforeAll(async () => {
  app = await testApp();
  await settleTianmashan(app.admin);
});
afterAll(() => app.close());

type Sent = Record<string, unknown>;

/** A project of its own with these reports, and what reports or withdraws of it. */
async function reported(reports: Record<string, Sent>) {
  const project = aProject({
    organizationId: 'yueping',
    quantities: [{ code: 'households', value: 563, unit: '户' }],
  });
  await app.admin.put(`/v1/projects/${project.id}`, project);
  const put = (day: string, body: Sent) => app.admin.put(`/v1/projects/${project.id}/reports/${day}`, body);
  for (const [day, body] of Object.entries(reports)) {
    const answer = await put(day, body);
    expect(answer.status, answer.text).toBe(201);
  }
  return {
    put,
    withdraw: (day: string, query = '') =>
      app.admin.delete(`/v1/projects/${project.id}/reports/${day}${query}`),
    standing: async () => (await app.admin.get(`/v1/projects/${project.id}`)).body.progress,
    async refused(day: string, body: Sent) {
      const before = await app.rows();
      const answer = await put(day, body);
      expect(answer.body).toMatchObject({
        status: 422,
        code: 'progress_falls',
        errors: [{ pointer: '/reason', code: 'required' }],
      });
      expect(await app.rows()).toEqual(before);
      return answer.body.detail as string;
    },
  };
}

describe('progress that falls', () => {
  test('is refused without a reason, saying what stands against it', async () => {
    const project = await reported({ '2023-05-31': { percent: 50 } });
    const detail = await project.refused('2023-06-30', { percent: 49.99 });
    expect(detail).toContain('49.99');
    expect(detail).toContain('50');
    expect(detail).toContain('2023-05-31');
    expect((await project.put('2023-06-30', { percent: 50 })).status).toBe(201);
  });

  test('is held against the last that bounds it, whatever vague word came after', async () => {
    const project = await reported({
      '2023-04-30': { percent: 90 },
      '2023-05-31': { stated: '近95%' },
    });
    expect(await project.refused('2023-06-30', { percent: 50 })).toContain('90 % of 2023-04-30');
    expect(await project.refused('2023-05-15', { percent: 89 })).toContain('2023-04-30');
    expect((await project.put('2023-06-30', { percent: 96 })).status).toBe(201);
    expect(await project.refused('2023-06-15', { percent: 97 })).toContain('96 % of 2023-06-30');
  });

  test('is taken with a reason, which is kept', async () => {
    const project = await reported({ '2023-05-31': { percent: 50 } });
    const answer = await project.put('2023-06-30', { percent: 30, reason: '返工' });
    expect(answer.body).toMatchObject({ percent: 30, reason: '返工' });
    expect(await project.standing()).toMatchObject({ percent: 30 });
  });

  test('an empty reason is none', async () => {
    const project = await reported({ '2023-05-31': { percent: 50 } });
    await project.refused('2023-06-30', { percent: 30, reason: null });
    const before = await app.rows();
    for (const reason of ['', '   ', '\u200b\t', '　']) {
      const { body } = await project.put('2023-06-30', { percent: 30, reason });
      expect(body).toMatchObject({ status: 400, errors: [{ pointer: '/reason' }] });
    }
    expect(await app.rows()).toEqual(before);
  });

  test('is judged by intervals: 85%以上 then 90 does not fall, and then 80 does', async () => {
    const project = await reported({ '2023-04-30': { stated: '85%以上' }, '2023-05-31': { percent: 90 } });
    await project.refused('2023-06-30', { percent: 80 });
    await project.refused('2023-06-30', { percent: 89.99, qualifier: 'atMost' });
  });

  test('90 then 85%以上 does not fall, since it may be more', async () => {
    const project = await reported({ '2023-05-31': { percent: 90 } });
    expect((await project.put('2023-06-30', { stated: '85%以上' })).status).toBe(201);
    expect(await project.standing()).toMatchObject({ percent: 85, low: 85, high: 100 });
  });

  test('85%以上 then 80 falls, and 接近九成 then 80 does not', async () => {
    const atLeast = await reported({ '2023-05-31': { stated: '85%以上' } });
    await atLeast.refused('2023-06-30', { percent: 80 });
    const nearly = await reported({ '2023-05-31': { stated: '接近九成' } });
    expect((await nearly.put('2023-06-30', { percent: 80 })).status).toBe(201);
  });

  test('约85% then 84 falls: about is a point', async () => {
    const project = await reported({ '2023-05-31': { stated: '约85%' } });
    await project.refused('2023-06-30', { percent: 84 });
  });

  test('a report between two is held against both', async () => {
    const project = await reported({ '2023-03-31': { percent: 40 }, '2023-06-30': { percent: 60 } });
    expect(await project.refused('2023-05-31', { percent: 39 })).toContain('2023-03-31');
    expect(await project.refused('2023-05-31', { percent: 61 })).toContain('2023-06-30');
    expect((await project.put('2023-05-31', { percent: 60 })).status).toBe(201);
    expect(await project.refused('2023-04-30', { percent: 60.01 })).toContain('2023-05-31');
  });

  test('one before all others is held against the next', async () => {
    const project = await reported({ '2023-06-30': { percent: 60 } });
    await project.refused('2023-01-31', { percent: 61 });
    expect((await project.put('2023-01-31', { percent: 61, reason: '口径不同' })).status).toBe(201);
  });

  test('a later report that says why it is lower is lower by its own reason', async () => {
    const project = await reported({ '2023-03-31': { percent: 40 } });
    await project.put('2023-06-30', { percent: 30, reason: '返工' });
    expect((await project.put('2023-05-31', { percent: 45 })).status).toBe(201);
    await project.refused('2023-05-30', { percent: 46 });
  });

  test('a correction is held against the neighbours, not against what it corrects', async () => {
    const project = await reported({ '2023-03-31': { percent: 40 }, '2023-06-30': { percent: 60 } });
    expect((await project.put('2023-06-30', { percent: 50 })).headers['jindu-verdict']).toBe('corrected');
    await project.refused('2023-06-30', { percent: 39 });
    await project.refused('2023-03-31', { percent: 51 });
  });

  test('a withdrawn report is no neighbour', async () => {
    const project = await reported({ '2023-03-31': { percent: 40 }, '2023-05-31': { percent: 60 } });
    await project.withdraw('2023-05-31');
    expect((await project.put('2023-06-30', { percent: 50 })).status).toBe(201);
    await project.refused('2023-06-29', { percent: 39 });
  });

  test('a report that says no percent is no neighbour, and is held against none', async () => {
    const project = await reported({
      '2023-03-31': { percent: 40 },
      '2023-04-30': { spent: { amount: 1, currency: 'CNY' } },
    });
    await project.refused('2023-05-31', { percent: 39 });
    expect((await project.put('2023-05-31', { quantities: [{ code: 'households', value: 1 }] })).status).toBe(
      201,
    );
    expect(await project.standing()).toMatchObject({ percent: 40, asOf: '2023-03-31', basis: 'report' });
  });

  test('sent again as it was is unchanged even where its neighbours have moved meanwhile', async () => {
    const project = await reported({ '2023-05-31': { percent: 50 } });
    await project.put('2023-06-30', { percent: 40, reason: '返工' });
    expect((await project.put('2023-06-30', { percent: 40, reason: '返工' })).headers['jindu-verdict']).toBe(
      'unchanged',
    );
  });
});

describe('quantities done that fall', () => {
  const done = (value: number) => ({ quantities: [{ code: 'households', value }] });

  test('are refused like progress', async () => {
    const project = await reported({ '2023-03-31': done(100), '2023-06-30': done(300) });
    expect(await project.refused('2023-05-31', done(99))).toContain('100');
    expect(await project.refused('2023-05-31', done(301))).toContain('300');
    expect((await project.put('2023-05-31', done(300))).status).toBe(201);
    expect((await project.put('2023-07-01', { ...done(250), reason: '重复统计' })).status).toBe(201);
  });
});

describe('withdrawing a report', () => {
  test('makes the one before it current again', async () => {
    const project = await reported({ '2023-03-31': { percent: 40 }, '2023-06-30': { percent: 60 } });
    const answer = await project.withdraw('2023-06-30', '?reason=%E5%8F%91%E9%94%99');
    expect(answer.status).toBe(200);
    expect(answer.headers['jindu-verdict']).toBe('withdrawn');
    expect(answer.body).toMatchObject({ withdrawn: true, revision: 2, percent: 60, reason: '发错' });
    expect(await project.standing()).toMatchObject({ percent: 40, asOf: '2023-03-31', basis: 'report' });
  });

  test('of the only one leaves nothing known, which is not 0', async () => {
    const project = await reported({ '2023-06-30': { percent: 60 } });
    await project.withdraw('2023-06-30');
    expect(await project.standing()).toEqual({
      percent: null,
      qualifier: 'between',
      low: 0,
      high: 100,
      basis: null,
      asOf: null,
    });
  });

  test('of an earlier one leaves the newest current', async () => {
    const project = await reported({ '2023-03-31': { percent: 40 }, '2023-06-30': { percent: 60 } });
    await project.withdraw('2023-03-31');
    expect(await project.standing()).toMatchObject({ percent: 60, asOf: '2023-06-30' });
  });

  test('twice changes nothing, and of none there is 404', async () => {
    const project = await reported({ '2023-06-30': { percent: 60 } });
    const first = await project.withdraw('2023-06-30');
    const before = await app.rows();
    const again = await project.withdraw('2023-06-30');
    expect(again.headers['jindu-verdict']).toBe('unchanged');
    expect(again.body).toEqual(first.body);
    expect((await project.withdraw('2023-01-31')).status).toBe(404);
    expect(await app.rows()).toEqual(before);
  });

  test('keeps it readable, out of the list, and sending it again corrects', async () => {
    const project = await reported({ '2023-06-30': { percent: 60 } });
    const { projectId } = (await project.withdraw('2023-06-30')).body;
    const list = `/v1/projects/${projectId}/reports`;
    expect((await app.admin.get(`${list}/2023-06-30`)).body.withdrawn).toBe(true);
    expect((await app.admin.get(list)).body.items).toEqual([]);
    expect((await app.admin.get(`${list}?withdrawn=true`)).body.items).toHaveLength(1);
    const back = await project.put('2023-06-30', { percent: 60 });
    expect(back.status).toBe(200);
    expect(back.headers['jindu-verdict']).toBe('corrected');
    expect(back.body).toMatchObject({ revision: 3, withdrawn: false });
    expect(await project.standing()).toMatchObject({ percent: 60 });
    expect((await app.admin.get(list)).body.items).toHaveLength(1);
  });

  test('gives a withdrawn quantity its place back to the one before', async () => {
    const project = await reported({
      '2023-03-31': { quantities: [{ code: 'households', value: 100 }] },
      '2023-06-30': { quantities: [{ code: 'households', value: 200 }] },
    });
    await project.withdraw('2023-06-30');
    expect(await project.standing()).toMatchObject({
      percent: 17.76,
      basis: 'quantities',
      asOf: '2023-03-31',
    });
  });
});
