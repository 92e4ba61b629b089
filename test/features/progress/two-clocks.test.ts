import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aProject, settleTianmashan, type TestApp, testApp } from '../../support/index.ts';

let app: TestApp;

beforeAll(async () => {
  app = await testApp({ now: '2023-07-03T01:02:03.004Z' });
  await settleTianmashan(app.admin);
});
afterAll(() => app.close());

/** The moment just passed, as somebody who asks later would name it; the clock goes on from there. */
function moment(): string {
  const now = app.clock.now().toISOString();
  app.clock.advance({ minutes: 1 });
  return now;
}

async function made(said: Record<string, unknown> = {}): Promise<string> {
  const project = aProject({ organizationId: 'yueping', ...said });
  const answer = await app.admin.put(`/v1/projects/${project.id}`, project);
  expect(answer.status, answer.text).toBe(201);
  return project.id;
}

const report = (id: string, day: string, body: object) =>
  app.admin.put(`/v1/projects/${id}/reports/${day}`, body);

async function progress(id: string, query = '') {
  const answer = await app.admin.get(`/v1/projects/${id}/progress${query}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
}

/** Percent and low, as known at each of these moments and now. */
async function knownThrough(id: string, moments: readonly string[]): Promise<(number | null)[]> {
  const queries = [...moments.map((each) => `?knownAt=${each}`), ''];
  const percents: (number | null)[] = [];
  for (const query of queries) percents.push((await progress(id, query)).percent);
  return percents;
}

describe('what was known at a moment stays what it was', () => {
  test('through a correction and a withdrawal', async () => {
    const id = await made();
    const nothing = moment();
    await report(id, '2023-06-30', { percent: 80 });
    const told = moment();
    await report(id, '2023-06-30', { percent: 60, reason: '更正' });
    const corrected = moment();
    await app.admin.delete(`/v1/projects/${id}/reports/2023-06-30`);
    expect(await knownThrough(id, [nothing, told, corrected])).toEqual([null, 80, 60, null]);
  });

  test('through a report of an earlier day, which history shows from then on', async () => {
    const id = await made();
    await report(id, '2023-06-30', { percent: 80 });
    const before = moment();
    await report(id, '2023-04-30', { percent: 50 });
    moment();
    expect(await progress(id, '?asOf=2023-05-31')).toMatchObject({ percent: 50 });
    expect(await progress(id, `?asOf=2023-05-31&knownAt=${before}`)).toMatchObject({ percent: null });
    expect(await progress(id)).toMatchObject({ percent: 80 });
    const history = async (query: string) =>
      (await app.admin.get(`/v1/projects/${id}/progress/history${query}`)).body.actual;
    expect(await history('')).toMatchObject([{ date: '2023-04-30' }, { date: '2023-06-30' }]);
    expect(await history(`?knownAt=${before}`)).toMatchObject([{ date: '2023-06-30' }]);
  });

  test('several times within one month, each day its own report', async () => {
    const id = await made();
    for (const [day, percent] of [
      ['2023-06-01', 10],
      ['2023-06-02', 20],
      ['2023-06-15', 30],
    ] as const) {
      expect((await report(id, day, { percent })).status).toBe(201);
    }
    expect(await progress(id, '?asOf=2023-06-01')).toMatchObject({ percent: 10 });
    expect(await progress(id, '?asOf=2023-06-14')).toMatchObject({ percent: 20 });
  });

  test('through a move, an archiving and a cancellation of a part', async () => {
    const whole = await made();
    const part = await made({ parentId: whole });
    const other = await made({ parentId: whole });
    await report(part, '2023-06-30', { percent: 90 });
    await report(other, '2023-06-30', { percent: 50 });
    const both = moment();
    await app.admin.patch(`/v1/projects/${part}`, { parentId: null });
    const moved = moment();
    await app.admin.delete(`/v1/projects/${other}`);
    const archived = moment();
    await app.admin.post(`/v1/projects/${other}/restoration`);
    const restored = moment();
    await app.admin.put(`/v1/projects/${other}/statuses/2023-07-01`, { status: 'cancelled' });
    const moments = [both, moved, archived, restored];
    expect(await knownThrough(whole, moments)).toEqual([70, 50, null, 50, null]);
    // A cancelled part counts until the day from which it is cancelled.
    expect(await progress(whole, '?asOf=2023-06-30')).toMatchObject({ percent: 50 });
  });
});

describe('a moment', () => {
  test.each([
    '2016-12-31T23:59:60Z',
    '2023-06-30T12:00:00%2B08',
    '2023-06-30 12:00:00Z',
    '2023-02-30T00:00:00Z',
    '9999-12-31T23:59:59-23:00',
    '0000-01-01T00:00:00Z',
    '2023-06-30T24:00:00Z',
    '2023-06-30T12:00:00',
  ])('%s is none, and is refused by its name', async (text) => {
    const id = await made();
    for (const path of ['progress', 'progress/history', 'progress.svg']) {
      const { body } = await app.admin.get(`/v1/projects/${id}/${path}?knownAt=${text}`);
      expect(body).toMatchObject({ status: 400, errors: [{ pointer: '?knownAt', code: 'format' }] });
    }
  });

  test('in another zone is the same moment', async () => {
    const id = await made();
    const body = await progress(id, '?knownAt=2023-07-03T09:02:03.004%2B08:00');
    expect(body.knownAt).toBe('2023-07-03T01:02:03.004Z');
  });

  test('that is still to come is refused: it would be answered otherwise when it has come', async () => {
    const id = await made();
    const { body } = await app.admin.get(`/v1/projects/${id}/progress?knownAt=2099-01-01T00:00:00Z`);
    expect(body).toMatchObject({ status: 422, code: 'future_date', errors: [{ pointer: '?knownAt' }] });
  });
});

describe('silence', () => {
  /** The same question answered from what is kept and counted anew. */
  async function silentDays(id: string) {
    const kept = (await progress(id)).silentDays;
    expect((await progress(id, `?knownAt=${moment()}`)).silentDays).toBe(kept);
    return kept;
  }

  test('ends with anything that is said of a project or of what lies below it, whatever it counts by', async () => {
    const whole = await made();
    const part = await made({ parentId: whole, progressBasis: 'quantities' });
    const piece = await made({ parentId: part });
    expect(await silentDays(whole)).toBe(null);
    await report(piece, '2023-05-31', { percent: 10 });
    expect(await silentDays(whole)).toBe(33);
    await report(part, '2023-06-30', { percent: 40 });
    expect(await silentDays(whole)).toBe(3);
    expect(await silentDays(part)).toBe(3);
    await app.admin.delete(`/v1/projects/${part}/reports/2023-06-30`);
    expect(await silentDays(whole)).toBe(33);
  });

  test('ends with word of money alone, and goes on where a part is cancelled or gone', async () => {
    const whole = await made();
    const part = await made({ parentId: whole });
    await report(whole, '2023-04-30', { spent: { amount: 100, currency: 'CNY' } });
    expect(await progress(whole)).toMatchObject({ percent: null, silentDays: 64 });
    expect(await silentDays(whole)).toBe(64);
    await report(part, '2023-06-30', { percent: 40 });
    expect(await silentDays(whole)).toBe(3);
    await app.admin.delete(`/v1/projects/${part}`);
    expect(await silentDays(whole)).toBe(64);
  });
});

describe('the curve', () => {
  test('says so where nothing is known any more', async () => {
    const whole = await made();
    const part = await made({ parentId: whole });
    await report(part, '2023-05-31', { percent: 40 });
    await app.admin.put(`/v1/projects/${part}/statuses/2023-06-15`, { status: 'cancelled' });
    const { body } = await app.admin.get(`/v1/projects/${whole}/progress/history`);
    expect(body.actual).toMatchObject([
      { date: '2023-05-31', percent: 40 },
      { date: '2023-06-15', percent: null, low: 0, high: 100, basis: null },
    ]);
  });
});

describe('two sources of different days', () => {
  test('agree where the one that says less is the older: progress has gone on since', async () => {
    const id = await made({ quantities: [{ code: 'households', value: 563, unit: '户' }] });
    await report(id, '2023-03-31', { quantities: [{ code: 'households', value: 100 }] });
    await report(id, '2023-06-30', { stated: '85%以上' });
    expect(await progress(id)).toMatchObject({ consistent: true, inconsistency: null });
  });

  test('disagree where the one that says less is the newer', async () => {
    const id = await made({ quantities: [{ code: 'households', value: 563, unit: '户' }] });
    await report(id, '2023-03-31', { stated: '85%以上' });
    await report(id, '2023-06-30', { quantities: [{ code: 'households', value: 100 }] });
    expect(await progress(id)).toMatchObject({
      consistent: false,
      inconsistency: { sources: ['report', 'quantities'], gap: 67.24 },
    });
  });
});
