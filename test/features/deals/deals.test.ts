import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Client, type TestApp, type TestDatabase, testApp } from '../../support/index.ts';
import { put, settledDeals } from './ground.ts';

let app: TestApp;
let admin: Client;
const renewal = '/v1/projects/xianghejian-urban-renewal';
const rooftop = '/v1/projects/dayang-rooftop';
const asOf = '2023-06-30';

let settled: TestDatabase;

beforeAll(async () => {
  settled = await settledDeals();
  return () => settled.remove();
});

beforeEach(async () => {
  app = await testApp({ from: settled, now: '2023-07-03T01:02:03.004Z' });
  admin = app.admin;
  return () => app.close();
});

async function get(path: string, client = admin) {
  const { status, body, text } = await client.get(path);
  expect(status, text).toBe(200);
  return body;
}

/** A refusal, after which all is as it was. */
async function refused(
  asking: Promise<{ status: number; body: { code: string; errors: { pointer: string }[] } }>,
) {
  const { status, body } = await asking;
  return [status, body.code, body.errors[0]?.pointer];
}

describe('the deal of a project', () => {
  test('is in the farthest stage that a fact gives, and says which fact and by when', async () => {
    expect(await get(`${renewal}/deal`)).toEqual({
      projectId: 'xianghejian-urban-renewal',
      title: '湘核建城市更新项目',
      organizationId: 'tianmashan',
      category: 'urban-renewal',
      status: 'preparation',
      stage: 'frameworkSigned',
      asOf: '2023-07-03',
      knownAt: null,
      isDeal: true,
      reason: null,
      because: {
        subjectType: 'agreement',
        subjectId: 'xianghejian-urban-renewal/framework',
        text: 'framework agreement 框架协议, signed by 2023-06-30',
        stage: 'frameworkSigned',
        on: null,
        by: asOf,
      },
      set: null,
      agrees: null,
      farther: null,
      countedStage: 'frameworkSigned',
      countedBy: 'facts',
      since: null,
      sinceBy: asOf,
      ageDays: null,
      lastMovementOn: asOf,
      parties: [
        { stage: 'inTalks', named: 0, unnamed: 6, partyIds: ['in-talks'] },
        { stage: 'frameworkSigned', named: 1, unnamed: 0, partyIds: ['xianghejian'] },
      ],
      money: [
        {
          currency: 'CNY',
          sought: { low: 0, high: null, qualifier: 'between', count: 1, unknown: 1 },
          committed: null,
          arrived: null,
          withdrawn: null,
        },
      ],
      signed: [],
      nextDue: null,
    });
  });

  test('has none where only its parties are known, and is none without them', async () => {
    expect(await get(`${rooftop}/deal`)).toMatchObject({
      ...{ isDeal: true, stage: null, reason: 'noStage', because: null, countedBy: null },
      parties: [{ stage: null, named: 2, partyIds: ['dayang', 'yuyuan'] }],
    });
    await put(admin, '/v1/projects/liuwei', {
      title: '六微',
      organizationId: 'shenglishan',
      status: 'implementation',
    });
    expect(await get('/v1/projects/liuwei/deal')).toMatchObject({
      ...{ isDeal: false, stage: null, reason: 'noDeal', parties: [], money: [] },
    });
    expect(await get(`${renewal}/deal?asOf=2023-06-29`)).toMatchObject({ isDeal: false, reason: 'noDeal' });
  });

  test('does not move by a company before it is told apart from those without a name', async () => {
    const split = { splitFrom: 'in-talks', splitOn: '2023-07-02' };
    await put(admin, `${renewal}/parties/first-named`, {
      ...{ name: '甲公司', role: 'interestedParty', ...split },
      ...{ stage: 'contractSigned', since: '2023-07-01', asOf: '2023-07-02' },
    });
    const on = async (day: string) => await get(`${renewal}/deal?asOf=${day}`);
    expect(await on('2023-07-01')).toMatchObject({ stage: 'frameworkSigned', lastMovementOn: asOf });
    expect(await on('2023-07-02')).toMatchObject({ stage: 'contractSigned', lastMovementOn: '2023-07-02' });
  });

  test('says of a value that is about so much that it is', async () => {
    await put(admin, `${renewal}/agreements/lease`, {
      ...{ type: 'lease', title: '租赁合同', signedOn: '2023-07-01', value: { stated: '约9000万元' } },
    });
    const { signed } = await get(`${renewal}/deal`);
    expect(signed).toMatchObject([
      { currency: 'CNY', low: 90_000_000, high: 90_000_000, qualifier: 'about' },
    ]);
  });

  test('names its fact as the record of changes does', async () => {
    const { because } = await get(`${renewal}/deal`);
    const changes = await get(
      `/v1/changes?subjectType=${because.subjectType}&subjectId=${because.subjectId}`,
    );
    expect(changes.items).toMatchObject([{ action: 'created', after: { title: '框架协议' } }]);
  });

  test('moves with its facts, whatever they are, and their days', async () => {
    await put(admin, `${renewal}/agreements/lease`, {
      type: 'lease',
      title: '租赁合同',
      signedOn: '2023-06-20',
      partyIds: [],
    });
    expect(await get(`${renewal}/deal`)).toMatchObject({
      stage: 'contractSigned',
      since: '2023-06-20',
      ageDays: 13,
    });
    expect(await get(`${renewal}/deal?asOf=2023-06-25`)).toMatchObject({
      stage: 'contractSigned',
      ageDays: 5,
    });
    await put(admin, `${renewal}/funding/start-up/amounts/arrived/2023-07-01`, { stated: '9000万元以上' });
    expect(await get(`${renewal}/deal`)).toMatchObject({
      ...{ stage: 'funded', since: null, sinceBy: '2023-07-01', lastMovementOn: '2023-07-01' },
      because: { subjectType: 'fundingAmount' },
      money: [{ arrived: { low: 90_000_000, high: null, qualifier: 'atLeast', unknown: 0 } }],
    });
    await put(admin, `${renewal}/statuses/2023-07-02`, { status: 'implementation' });
    expect(await get(`${renewal}/deal`)).toMatchObject({ stage: 'started', since: '2023-07-02', ageDays: 1 });
    await put(admin, `${renewal}/statuses/2023-07-03`, { status: 'cancelled' });
    expect(await get(`${renewal}/deal`)).toMatchObject({
      stage: 'lapsed',
      because: { subjectType: 'status' },
    });
    expect((await admin.delete(`${renewal}/statuses/2023-07-03`)).status).toBe(200);
    expect(await get(`${renewal}/deal`)).toMatchObject({ stage: 'started' });
  });

  test('goes by what is in use: an archived agreement says nothing, nor does what was withdrawn', async () => {
    expect((await admin.delete(`${renewal}/agreements/framework`)).status).toBe(200);
    expect(await get(`${renewal}/deal`)).toMatchObject({
      stage: 'frameworkSigned',
      because: { subjectType: 'partyStage' },
    });
    expect((await admin.delete(`${renewal}/parties/xianghejian/stages/${asOf}`)).status).toBe(200);
    expect(await get(`${renewal}/deal`)).toMatchObject({ stage: 'inTalks' });
    expect((await admin.delete(`${renewal}/parties/in-talks`)).status).toBe(200);
    expect(await get(`${renewal}/deal`)).toMatchObject({
      ...{ isDeal: true, stage: null, reason: 'noStage' },
      parties: [{ stage: null, named: 1, unnamed: 0 }],
    });
  });

  test('still says six on the day on which they were six, once one of them is named', async () => {
    app.clock.set('2023-09-10T01:00:00.000Z');
    const before = await get(`${renewal}/deal?asOf=${asOf}`);
    await put(admin, `${renewal}/parties/jia`, {
      ...{ name: '甲公司', role: 'interestedParty', stage: 'contractSigned', since: '2023-08-20' },
      ...{ splitFrom: 'in-talks', splitOn: '2023-09-01', asOf: '2023-09-01' },
    });
    expect(await get(`${renewal}/deal?asOf=${asOf}`)).toEqual(before);
    expect(await get(`${renewal}/deal?asOf=2023-08-31`)).toMatchObject({ stage: 'frameworkSigned' });
    expect(await get(`${renewal}/deal`)).toMatchObject({
      ...{ stage: 'contractSigned', since: '2023-08-20', ageDays: 21 },
      parties: [
        { stage: 'inTalks', unnamed: 5 },
        { stage: 'frameworkSigned', named: 1 },
        { stage: 'contractSigned', named: 1, partyIds: ['jia'] },
      ],
    });
  });

  test('answers as it was known at a moment', async () => {
    app.clock.set('2023-07-10T00:00:00.000Z');
    await put(admin, `${renewal}/agreements/lease`, {
      type: 'lease',
      title: '租赁合同',
      signedOn: '2023-06-20',
      partyIds: [],
    });
    const path = `${renewal}/deal?asOf=${asOf}`;
    expect(await get(path)).toMatchObject({ stage: 'contractSigned' });
    expect(await get(`${path}&knownAt=2023-07-05T00:00:00Z`)).toMatchObject({
      ...{ stage: 'frameworkSigned', knownAt: '2023-07-05T00:00:00.000Z' },
    });
    expect(await get(`${path}&knownAt=2023-07-01T00:00:00Z`)).toMatchObject({ isDeal: false, parties: [] });
  });

  test('names what is due next, overdue or not, and not what is met', async () => {
    for (const [id, dueDate] of [
      ['contract', '2023-06-20'],
      ['start', '2023-12-31'],
    ])
      await put(admin, `${renewal}/milestones/${id}`, { title: id, dueDate });
    const nextDue = { milestoneId: 'contract', title: 'contract', dueDate: '2023-06-20', overdueDays: 13 };
    expect((await get(`${renewal}/deal`)).nextDue).toEqual(nextDue);
    await put(admin, `${renewal}/agreements/lease`, {
      type: 'lease',
      title: '租赁合同',
      signedOn: '2023-07-01',
      partyIds: [],
    });
    expect((await get(`${renewal}/deal`)).nextDue).toMatchObject({ milestoneId: 'start', overdueDays: 0 });
    expect((await get(`${renewal}/deal?asOf=${asOf}`)).nextDue).toEqual({ ...nextDue, overdueDays: 10 });
  });

  test('refuses a day and a moment to come, and is nobody’s who does not see the project', async () => {
    expect(await refused(admin.get(`${renewal}/deal?asOf=2023-07-04`))).toEqual([
      422,
      'future_date',
      '?asOf',
    ]);
    expect(await refused(admin.get(`${renewal}/deal?knownAt=2023-07-04T00:00:00Z`))).toEqual([
      ...[422, 'future_date', '?knownAt'],
    ]);
    const outsider = await app.actor({ organizationId: 'yueping' });
    expect((await outsider.get(`${renewal}/deal`)).status).toBe(404);
  });
});

describe('a stage that is set by hand', () => {
  const stage = `${renewal}/deal/stages/${asOf}`;
  const said = { stage: 'contractSigned', reason: '会议纪要：合同已谈妥' };

  test('stands beside the facts, with whether they agree', async () => {
    const made = await admin.put(stage, said);
    expect([made.status, made.headers['jindu-verdict'], made.body.revision]).toEqual([201, 'created', 1]);
    expect(await get(`${renewal}/deal`)).toMatchObject({
      ...{ stage: 'frameworkSigned', countedStage: 'frameworkSigned', countedBy: 'facts' },
      set: { stage: 'contractSigned', since: null, asOf, reason: said.reason },
      ...{ agrees: false, farther: 'set' },
    });
    await put(admin, `${renewal}/agreements/lease`, {
      type: 'lease',
      title: '租赁合同',
      signedOn: '2023-07-01',
      partyIds: [],
    });
    expect(await get(`${renewal}/deal`)).toMatchObject({ agrees: true, farther: null });
  });

  test('is counted where no fact gives one, and makes a deal of what is none', async () => {
    await put(admin, `${rooftop}/deal/stages/${asOf}`, {
      stage: 'inTalks',
      since: '2023-06-10',
      reason: '业委会已召集',
    });
    expect(await get(`${rooftop}/deal`)).toMatchObject({
      ...{ stage: null, reason: 'noStage', because: null, agrees: null },
      ...{ countedStage: 'inTalks', countedBy: 'set', since: '2023-06-10', ageDays: 23 },
    });
    await put(admin, '/v1/projects/liuwei', { title: '六微', organizationId: 'shenglishan' });
    await put(admin, `/v1/projects/liuwei/deal/stages/${asOf}`, { stage: 'lead', reason: '有意向' });
    expect(await get('/v1/projects/liuwei/deal')).toMatchObject({ isDeal: true, countedStage: 'lead' });
  });

  test('is unchanged when the same is sent again, corrected by something else, and taken back', async () => {
    await put(admin, stage, said);
    const rows = await app.rows();
    const again = await admin.put(stage, said);
    expect([again.status, again.headers['jindu-verdict'], again.body.revision]).toEqual([
      200,
      'unchanged',
      1,
    ]);
    expect(await app.rows()).toEqual(rows);
    const other = await admin.put(stage, { ...said, stage: 'funded' });
    expect([other.status, other.headers['jindu-verdict'], other.body.revision]).toEqual([
      200,
      'corrected',
      2,
    ]);
    const back = await admin.delete(`${stage}?reason=${encodeURIComponent('说早了')}`);
    expect([back.status, back.headers['jindu-verdict']]).toEqual([200, 'withdrawn']);
    expect(back.body).toMatchObject({ stage: 'funded', reason: '说早了', withdrawn: true, revision: 3 });
    expect((await admin.delete(stage)).headers['jindu-verdict']).toBe('unchanged');
    expect((await get(`${renewal}/deal`)).set).toBeNull();
    const { items } = await get(`${stage}/revisions`);
    expect(items.map((each: { revision: number; stage: string }) => [each.revision, each.stage])).toEqual([
      [3, 'funded'],
      [2, 'funded'],
      [1, 'contractSigned'],
    ]);
    const record = await get(`/v1/changes?subjectType=dealStage&subjectId=xianghejian-urban-renewal/${asOf}`);
    expect(record.items.map(({ action }: { action: string }) => action)).toEqual([
      ...['created', 'corrected', 'withdrawn'],
    ]);
    expect((await admin.put(stage, said)).body).toMatchObject({ revision: 4, withdrawn: false });
  });

  test('is listed by day, as CSV too', async () => {
    await put(admin, `${renewal}/deal/stages/2023-05-31`, { stage: 'inTalks', reason: '开始洽谈' });
    await put(admin, stage, said);
    const { items, nextCursor } = await get(`${renewal}/deal/stages?limit=1`);
    expect(items).toMatchObject([{ asOf: '2023-05-31' }]);
    const next = await get(`${renewal}/deal/stages?limit=1&cursor=${nextCursor}`);
    expect(next).toMatchObject({ items: [{ asOf }], nextCursor: null });
    expect((await get(`${renewal}/deal/stages?from=2023-06-01`)).items).toHaveLength(1);
    const { text } = await admin.get(`${renewal}/deal/stages`, { accept: 'text/csv' });
    expect(text.split('\r\n')[1]).toContain('2023-05-31,inTalks');
  });

  test.each<[string, object, [number, string, string]]>([
    ['without a reason', { stage: 'inTalks' }, [400, 'validation_failed', '/reason']],
    ['with nothing for a reason', { stage: 'inTalks', reason: ' ' }, [400, 'validation_failed', '/reason']],
    ['to a stage that there is not', { stage: 'signed', reason: '?' }, [400, 'validation_failed', '/stage']],
    ['since a later day', { ...said, since: '2023-07-01' }, [422, 'unprocessable', '/since']],
  ])('is refused %s, and nothing is written', async (_how, body, expected) => {
    const rows = await app.rows();
    expect(await refused(admin.put(stage, body))).toEqual(expected);
    expect(await app.rows()).toEqual(rows);
  });

  test('is refused of a day to come, of an archived project, by who may only report, and to outsiders', async () => {
    const rows = await app.rows();
    expect(await refused(admin.put(`${renewal}/deal/stages/2023-07-04`, said))).toEqual([
      ...[422, 'future_date', '{asOf}'],
    ]);
    expect(await app.rows()).toEqual(rows);
    const reporter = await app.actor({ scopes: ['report'] });
    expect((await reporter.put(stage, said)).status).toBe(403);
    const outsider = await app.actor({ organizationId: 'yueping' });
    expect((await outsider.put(stage, said)).status).toBe(404);
    expect((await outsider.get(`${renewal}/deal/stages`)).status).toBe(404);
    await put(admin, stage, said);
    expect((await admin.delete(renewal)).status).toBe(200);
    expect(await refused(admin.put(stage, { ...said, stage: 'lead' }))).toEqual([409, 'archived', undefined]);
    expect(await refused(admin.delete(stage))).toEqual([409, 'archived', undefined]);
    expect((await get(`${renewal}/deal`)).countedStage).toBe('frameworkSigned');
  });

  test('may be guarded by what was read', async () => {
    await put(admin, stage, said);
    const { headers } = await admin.get(stage);
    await put(admin, stage, { ...said, stage: 'funded' });
    const late = await admin.put(stage, said, { 'if-match': String(headers.etag) });
    expect(late.status).toBe(412);
    expect((await admin.put(stage, said, { 'if-none-match': '*' })).status).toBe(412);
  });
});
