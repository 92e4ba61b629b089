import { beforeEach, describe, expect, test } from 'vitest';
import { settleTianmashan, type TestApp, testApp } from '../../support/index.ts';

let app: TestApp;

beforeEach(async () => {
  app = await testApp({ now: '2023-07-03T01:02:03.004Z' });
  await settleTianmashan(app.admin);
  return () => app.close();
});

const rulesOf = (id: string) => `/v1/organizations/${id}/light-rules`;
const strict = { yellowBehind: 5, redBehind: 15, cadence: 'weekly' };

async function newProject(id: string, said: object = {}): Promise<void> {
  const answer = await app.admin.put(`/v1/projects/${id}`, {
    title: '工程',
    organizationId: 'yueping',
    ...said,
  });
  expect(answer.status, answer.text).toBe(201);
}

async function lightOf(id: string, query = ''): Promise<[string | null, string]> {
  const { body } = await app.admin.get(`/v1/projects/${id}/progress${query}`);
  return [body.light, body.lightReason];
}

const year = { startDate: '2023-01-01', endDate: '2023-12-31' };

describe('light rules', () => {
  test('are those of 银川 and a report a month, where nobody has set any', async () => {
    const { status, body } = await app.admin.get(rulesOf('yueping'));
    expect(status).toBe(200);
    expect(body).toEqual({
      organizationId: 'yueping',
      yellowBehind: 10,
      redBehind: 30,
      cadence: 'monthly',
      silentAfterDays: 38,
      setBy: null,
      revision: null,
      recordedAt: null,
      recordedBy: null,
      reason: null,
    });
  });

  test('hold for all below an organization that has none of its own, and say whose they are', async () => {
    const made = await app.admin.put(rulesOf('yanfeng'), strict);
    expect([made.status, made.headers['jindu-verdict']]).toEqual([201, 'created']);
    expect((await app.admin.get(rulesOf('yueping'))).body).toMatchObject({
      ...strict,
      silentAfterDays: 10,
      setBy: 'yanfeng',
      revision: null,
    });
    await app.admin.put(rulesOf('tianmashan'), { yellowBehind: 20, redBehind: 20, silentAfterDays: 60 });
    expect((await app.admin.get(rulesOf('yueping'))).body).toMatchObject({
      ...{ yellowBehind: 20, redBehind: 20, cadence: null, silentAfterDays: 60, setBy: 'tianmashan' },
    });
    expect((await app.admin.get(rulesOf('xianghejian'))).body.setBy).toBeNull();
  });

  test('said again change nothing, and changed ones are the next revision, which keeps who, when and why', async () => {
    await app.admin.put(rulesOf('tianmashan'), strict);
    const rows = await app.rows();
    const again = await app.admin.put(rulesOf('tianmashan'), strict);
    expect([again.status, again.headers['jindu-verdict']]).toEqual([200, 'unchanged']);
    expect(await app.rows()).toEqual(rows);
    app.clock.advance({ seconds: 60 });
    const changed = await app.admin.put(rulesOf('tianmashan'), { ...strict, redBehind: 25, reason: '汛期' });
    expect([changed.headers['jindu-verdict'], changed.body.revision]).toEqual(['corrected', 2]);
    expect(changed.body.reason).toBe('汛期');
    expect((await app.admin.get(rulesOf('tianmashan'))).body.reason).toBe('汛期');
    expect((await app.admin.get(rulesOf('yueping'))).body.reason).toBeNull();
    app.clock.advance({ seconds: 60 });
    await app.admin.delete(`${rulesOf('tianmashan')}?reason=${encodeURIComponent('试行结束')}`);
    const { items } = (await app.admin.get(`${rulesOf('tianmashan')}/revisions`)).body;
    const told = items.map((each: Record<string, unknown>) => [
      ...[each.revision, each.redBehind, each.reason, each.withdrawn, each.supersededAt],
    ]);
    expect(told).toEqual([
      [3, 25, '试行结束', true, null],
      [2, 25, '汛期', false, '2023-07-03T01:04:03.004Z'],
      [1, 15, null, false, '2023-07-03T01:03:03.004Z'],
    ]);
    const { body } = await app.admin.get('/v1/changes?sort=-sequence&limit=3');
    expect(body.items.map((each: { action: string }) => each.action)).toEqual([
      ...['withdrawn', 'corrected', 'created'],
    ]);
  });

  test('that are withdrawn leave those of above, and withdrawing twice changes nothing', async () => {
    await app.admin.put(rulesOf('yanfeng'), strict);
    await app.admin.put(rulesOf('tianmashan'), { yellowBehind: 1, redBehind: 2 });
    const taken = await app.admin.delete(rulesOf('tianmashan'));
    expect([taken.status, taken.headers['jindu-verdict']]).toEqual([200, 'withdrawn']);
    expect(taken.body).toMatchObject({ ...strict, setBy: 'yanfeng', revision: 2 });
    const rows = await app.rows();
    expect((await app.admin.delete(rulesOf('tianmashan'))).headers['jindu-verdict']).toBe('unchanged');
    expect(await app.rows()).toEqual(rows);
    expect((await app.admin.delete(rulesOf('yueping'))).status).toBe(404);
  });

  test('are guarded by their revision', async () => {
    const made = await app.admin.put(rulesOf('tianmashan'), strict, { 'if-none-match': '*' });
    expect(made.status).toBe(201);
    const late = await app.admin.put(
      rulesOf('tianmashan'),
      { ...strict, redBehind: 99 },
      { 'if-none-match': '*' },
    );
    expect([late.status, late.body.code]).toEqual([412, 'precondition_failed']);
    const { headers } = await app.admin.get(rulesOf('tianmashan'));
    const tag = { 'if-match': headers.etag as string };
    expect((await app.admin.put(rulesOf('tianmashan'), { ...strict, redBehind: 20 }, tag)).status).toBe(200);
    expect((await app.admin.put(rulesOf('tianmashan'), { ...strict, redBehind: 21 }, tag)).status).toBe(412);
    expect((await app.admin.get(rulesOf('tianmashan'))).body.redBehind).toBe(20);
  });

  test.each([
    [422, '/redBehind', { yellowBehind: 30, redBehind: 10 }, 'must be at least yellowBehind, 30'],
    [
      ...([422, '/silentAfterDays'] as const),
      { yellowBehind: 1, redBehind: 2, cadence: 'none', silentAfterDays: 3 },
      'must be left out with the cadence none',
    ],
    [400, '/redBehind', { yellowBehind: 1, redBehind: 101 }, 'must be at most 100'],
    [400, '/yellowBehind', { yellowBehind: 0.001, redBehind: 1 }, null],
    [400, '/cadence', { yellowBehind: 1, redBehind: 2, cadence: 'hourly' }, null],
    [400, '/redBehind', { yellowBehind: 1 }, null],
    [400, '/silentAfterDays', { yellowBehind: 1, redBehind: 2, silentAfterDays: 0 }, null],
    [400, '/yelowBehind', { yelowBehind: 1, redBehind: 2, yellowBehind: 1 }, null],
  ])(
    'that cannot be so are refused with %i at %s, and leave nothing',
    async (status, pointer, body, message) => {
      const rows = await app.rows();
      const answer = await app.admin.put(rulesOf('tianmashan'), body);
      expect(answer.status, answer.text).toBe(status);
      const fault = answer.body.errors.find((each: { pointer: string }) => each.pointer === pointer);
      expect(fault, answer.text).toBeDefined();
      if (message !== null) expect(fault.message).toBe(message);
      expect(await app.rows()).toEqual(rows);
    },
  );

  test('of an archived organization are read and not written', async () => {
    await app.admin.put(rulesOf('dayang'), strict);
    await app.admin.delete('/v1/organizations/dayang');
    expect((await app.admin.get(rulesOf('dayang'))).body.setBy).toBe('dayang');
    expect((await app.admin.put(rulesOf('dayang'), { ...strict, redBehind: 50 })).body.code).toBe('archived');
    expect((await app.admin.delete(rulesOf('dayang'))).body.code).toBe('archived');
  });

  test('are not to be had by who does not see the organization, and not to be set with the right to report only', async () => {
    const outsider = await app.actor({ organizationId: 'dayang' });
    expect((await outsider.get(rulesOf('tianmashan'))).status).toBe(404);
    expect((await outsider.put(rulesOf('tianmashan'), strict)).status).toBe(404);
    const clerk = await app.actor({ scopes: ['report'], organizationId: 'tianmashan' });
    expect((await clerk.put(rulesOf('tianmashan'), strict)).status).toBe(403);
  });

  test('set above what a token is bound to hold for it, and do not tell whose they are', async () => {
    await app.admin.put(rulesOf('yanfeng'), strict);
    const bound = await app.actor({ organizationId: 'tianmashan' });
    const knownAt = app.clock.now().toISOString();
    for (const query of ['', `?knownAt=${knownAt}`]) {
      const { text, body } = await bound.get(`${rulesOf('yueping')}${query}`);
      expect(body).toMatchObject({ ...strict, setBy: null });
      expect(text).not.toContain('yanfeng');
    }
    await bound.put(rulesOf('tianmashan'), { ...strict, redBehind: 20 });
    expect((await bound.get(rulesOf('yueping'))).body.setBy).toBe('tianmashan');
    expect((await bound.delete(rulesOf('tianmashan'))).text).not.toContain('yanfeng');
  });

  test('are those that were known at a moment, by the place that the organization had then', async () => {
    await app.admin.put(rulesOf('yanfeng'), strict);
    app.clock.advance({ seconds: 60 });
    const before = app.clock.now().toISOString();
    app.clock.advance({ seconds: 60 });
    await app.admin.put(rulesOf('xianghejian'), { yellowBehind: 50, redBehind: 60 });
    await app.admin.patch('/v1/organizations/yueping', { parentId: 'xianghejian' });
    expect((await app.admin.get(rulesOf('yueping'))).body).toMatchObject({
      setBy: 'xianghejian',
      redBehind: 60,
    });
    expect((await app.admin.get(`${rulesOf('yueping')}?knownAt=${before}`)).body).toMatchObject({
      setBy: 'yanfeng',
      redBehind: 15,
    });
    expect((await app.admin.get(`${rulesOf('yueping')}?knownAt=2020-01-01T00:00:00Z`)).status).toBe(404);
    expect((await app.admin.get(`${rulesOf('yueping')}?knownAt=2030-01-01T00:00:00Z`)).status).toBe(422);
  });
});

describe('the light of a project', () => {
  test('is grey until something is said, then by the points behind plan, and grey again when silence counts', async () => {
    await newProject('works', { period: year, status: 'implementation' });
    expect(await lightOf('works')).toEqual(['grey', 'silent']);
    await app.admin.put('/v1/projects/works/reports/2023-06-30', { percent: 45 });
    expect(await lightOf('works')).toEqual(['green', 'compared']);
    await app.admin.put('/v1/projects/works/reports/2023-07-01', { percent: 30, reason: '复核' });
    expect(await lightOf('works')).toEqual(['yellow', 'compared']);
    await app.admin.put('/v1/projects/works/reports/2023-07-02', { percent: 5, reason: '复核' });
    expect(await lightOf('works')).toEqual(['red', 'compared']);
    app.clock.advance({ seconds: 38 * 86_400 });
    expect(await lightOf('works')).toEqual(['grey', 'silent']);
    expect(await lightOf('works', '?asOf=2023-07-01')).toEqual(['yellow', 'compared']);
    expect((await app.admin.get('/v1/projects/works')).body.light).toBe('grey');
  });

  test('follows the rules of its organization, of a new one above it, and of the one that it goes to', async () => {
    await newProject('works', { period: year, status: 'implementation' });
    await app.admin.put('/v1/projects/works/reports/2023-07-02', { percent: 43 });
    const light = async () => (await app.admin.get('/v1/projects/works')).body.light;
    expect(await light()).toBe('green');
    await app.admin.put(rulesOf('yanfeng'), { yellowBehind: 5, redBehind: 50 });
    expect(await light()).toBe('yellow');
    await app.admin.put(rulesOf('xianghejian'), { yellowBehind: 1, redBehind: 2 });
    await app.admin.patch('/v1/organizations/tianmashan', { parentId: 'xianghejian' });
    expect(await light()).toBe('red');
    await app.admin.patch('/v1/projects/works', { organizationId: 'yanfeng' });
    expect(await light()).toBe('yellow');
    await app.admin.delete(rulesOf('yanfeng'));
    expect(await light()).toBe('green');
  });

  test('is that of its own cadence, where it has one', async () => {
    await newProject('weekly', { cadence: 'weekly', status: 'implementation' });
    await newProject('unasked', { cadence: 'none', status: 'implementation' });
    for (const id of ['weekly', 'unasked'])
      await app.admin.put(`/v1/projects/${id}/reports/2023-06-20`, { percent: 1 });
    expect(await lightOf('weekly')).toEqual(['grey', 'silent']);
    expect(await lightOf('unasked')).toEqual([null, 'noPlan']);
    await app.admin.patch('/v1/projects/weekly', { cadence: null });
    expect(await lightOf('weekly')).toEqual([null, 'noPlan']);
    expect((await app.admin.patch('/v1/projects/weekly', { cadence: 'hourly' })).status).toBe(400);
  });

  test('of one that is completed is never grey, and of a cancelled or suspended one there is none', async () => {
    await newProject('opened', { status: 'completion' });
    await newProject('stopped', { status: 'suspended' });
    await newProject('dropped', { status: 'cancelled' });
    expect(await lightOf('opened')).toEqual([null, 'noProgress']);
    expect(await lightOf('stopped')).toEqual([null, 'stopped']);
    expect(await lightOf('dropped')).toEqual([null, 'stopped']);
  });

  test('as it was known at a moment is by the rules that were known then', async () => {
    await newProject('works', { period: year, status: 'implementation' });
    await app.admin.put('/v1/projects/works/reports/2023-07-02', { percent: 43 });
    app.clock.advance({ seconds: 60 });
    const before = app.clock.now().toISOString();
    app.clock.advance({ seconds: 60 });
    await app.admin.put(rulesOf('yanfeng'), { yellowBehind: 1, redBehind: 2 });
    await app.admin.patch('/v1/projects/works', { cadence: 'daily' });
    expect(await lightOf('works')).toEqual(['red', 'compared']);
    expect(await lightOf('works', `?knownAt=${before}`)).toEqual(['green', 'compared']);
    expect(await lightOf('works', '?knownAt=2023-07-01T00:00:00Z')).toEqual([null, 'noProgress']);
  });

  test('is what a list is filtered by and what its CSV shows', async () => {
    await newProject('late', { period: year, status: 'implementation' });
    await newProject('in-time', { period: year, status: 'implementation' });
    await newProject('quiet', { status: 'implementation' });
    await newProject('opened', { status: 'completion' });
    await app.admin.put('/v1/projects/late/reports/2023-07-02', { percent: 5 });
    await app.admin.put('/v1/projects/in-time/reports/2023-07-02', { percent: 50 });
    const ids = async (light: string) => {
      const { body } = await app.admin.get(`/v1/projects?light=${light}`);
      return body.items.map((item: { id: string }) => item.id);
    };
    expect(await ids('red')).toEqual(['late']);
    expect(await ids('yellow')).toEqual([]);
    expect(await ids('green')).toEqual(['in-time']);
    expect(await ids('grey')).toEqual(['quiet']);
    expect(await ids('none')).toEqual(['opened']);
    expect((await app.admin.get('/v1/projects?light=blue')).status).toBe(400);
    const { text } = await app.admin.get('/v1/projects?light=red', { accept: 'text/csv' });
    const [head, row] = text.split(/\r?\n/).map((line) => line.split(','));
    expect(row?.[head?.indexOf('light') ?? -1]).toBe('red');
  });
});
