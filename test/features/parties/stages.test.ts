import { describe, expect, test } from 'vitest';
import { inTalks, project, publishedDeal, refusal, xianghejian } from './urban-renewal.ts';

const stages = `${xianghejian}/stages`;

describe('where a party was on a day', () => {
  test('is said once, corrected by saying otherwise, and all that was said stays readable', async () => {
    await using jindu = await publishedDeal();
    const day = `${stages}/2023-06-01`;
    const made = await jindu.admin.put(day, { stage: 'inTalks', note: '考察' });
    expect([made.status, made.headers['jindu-verdict']]).toEqual([201, 'created']);
    const before = await jindu.rows();
    const again = await jindu.admin.put(day, { stage: 'inTalks', note: '考察' });
    expect([again.status, again.headers['jindu-verdict']]).toEqual([200, 'unchanged']);
    expect(await jindu.rows()).toEqual(before);
    jindu.clock.advance({ seconds: 60 });
    const corrected = await jindu.admin.put(day, { stage: 'lead' });
    expect([corrected.headers['jindu-verdict'], corrected.body.revision]).toEqual(['corrected', 2]);
    const { items } = (await jindu.admin.get(`${day}/revisions`)).body;
    expect(items.map(({ stage, supersededAt }: Record<string, unknown>) => [stage, supersededAt])).toEqual([
      ['lead', null],
      ['inTalks', '2023-07-03T01:03:03.004Z'],
    ]);
    const then = await jindu.admin.get(`${day}?knownAt=2023-07-03T01:02:30Z`);
    expect(then.body).toMatchObject({ stage: 'inTalks', revision: 1 });
    const list = (await jindu.admin.get(stages)).body.items;
    expect(list.map(({ asOf }: { asOf: string }) => asOf)).toEqual(['2023-06-01', '2023-06-30']);
  });

  test('is answered by the newest that speaks of it, and from the day on that it names as the first', async () => {
    await using jindu = await publishedDeal();
    await jindu.admin.put(`${stages}/2023-06-01`, { stage: 'inTalks', since: '2023-04-10' });
    const on = async (day: string) => {
      const { stage, since, stageAsOf } = (await jindu.admin.get(`${xianghejian}?asOf=${day}`)).body;
      return [stage, since, stageAsOf];
    };
    expect(await on('2023-04-09')).toEqual([null, null, null]);
    expect(await on('2023-04-10')).toEqual(['inTalks', '2023-04-10', '2023-06-01']);
    expect(await on('2023-06-29')).toEqual(['inTalks', '2023-04-10', '2023-06-01']);
    expect(await on('2023-06-30')).toEqual(['frameworkSigned', null, '2023-06-30']);
  });

  test('is traced to where that was said, and not to where something else was', async () => {
    await using jindu = await publishedDeal();
    const citation = { title: '当地报纸', url: null, quote: null };
    await jindu.admin.patch(xianghejian, { stage: 'contractSigned', asOf: '2023-07-01', citation });
    await jindu.admin.patch(xianghejian, { stage: 'funded', asOf: '2023-07-02' });
    const { items } = (await jindu.admin.get(`${stages}?from=2023-07-01`)).body;
    expect(items.map((item: { citation: unknown }) => item.citation)).toEqual([citation, null]);
    expect((await jindu.admin.get(xianghejian)).body.citation).toEqual(citation);
  });

  test('may be taken back for a reason, and then counts no longer', async () => {
    await using jindu = await publishedDeal();
    await jindu.admin.put(`${stages}/2023-07-01`, { stage: 'contractSigned' });
    const query = `reason=${encodeURIComponent('误报')}`;
    const { headers, body } = await jindu.admin.delete(`${stages}/2023-07-01?${query}`);
    expect(headers['jindu-verdict']).toBe('withdrawn');
    expect(body).toMatchObject({ withdrawn: true, reason: '误报', stage: 'contractSigned', revision: 2 });
    const before = await jindu.rows();
    expect((await jindu.admin.delete(`${stages}/2023-07-01`)).headers['jindu-verdict']).toBe('unchanged');
    expect(await jindu.rows()).toEqual(before);
    expect((await jindu.admin.get(xianghejian)).body.stage).toBe('frameworkSigned');
    expect((await jindu.admin.get(`${stages}?withdrawn=true`)).body.items).toHaveLength(1);
    const said = await jindu.admin.put(`${stages}/2023-07-01`, { stage: 'contractSigned' });
    expect([said.headers['jindu-verdict'], said.body.revision]).toEqual(['corrected', 3]);
  });

  test.each([
    ['a day to come', '2023-07-04', { stage: 'funded' }, 422, 'future_date', '{asOf}'],
    [
      'a first day after it',
      '2023-06-01',
      { stage: 'lead', since: '2023-06-02' },
      422,
      'unprocessable',
      '/since',
    ],
    [
      'a count of one that is named',
      '2023-07-01',
      { stage: 'funded', count: 2 },
      422,
      'unprocessable',
      '/count',
    ],
  ])('is refused with %s', async (_what, day, said, ...refused) => {
    await using jindu = await publishedDeal();
    const before = await jindu.rows();
    expect(refusal(await jindu.admin.put(`${stages}/${day}`, said))).toEqual(refused);
    expect(await jindu.rows()).toEqual(before);
  });

  test('is not said without a count of those who are not named', async () => {
    await using jindu = await publishedDeal();
    const before = await jindu.rows();
    const refused = await jindu.admin.put(`${inTalks}/stages/2023-07-01`, { stage: 'lapsed' });
    expect(refusal(refused)).toEqual([400, 'validation_failed', '/count']);
    expect(await jindu.rows()).toEqual(before);
  });

  test('is in the record with what was said before, and held to the revision that was read', async () => {
    await using jindu = await publishedDeal();
    const day = `${stages}/2023-06-30`;
    const stale = await jindu.admin.put(day, { stage: 'funded' }, { 'if-match': '"2"' });
    expect(stale.status).toBe(412);
    await jindu.admin.put(day, { stage: 'contractSigned', reason: '更正' }, { 'if-match': '"1"' });
    const query = 'subjectType=partyStage&sort=-sequence';
    expect((await jindu.admin.get(`/v1/changes?${query}`)).body.items[0]).toMatchObject({
      ...{ action: 'corrected', reason: '更正', organizationId: 'tianmashan' },
      subject: { type: 'partyStage', id: 'xianghejian-urban-renewal/xianghejian/2023-06-30' },
      ...{ before: { stage: 'frameworkSigned' }, after: { stage: 'contractSigned' } },
    });
  });
});

describe('a stage that goes back', () => {
  test.each([
    ['from the one before it', '2023-07-01', { stage: 'inTalks' }],
    ['before one that is less far', '2023-06-01', { stage: 'funded' }],
    [
      'as of a later day, before one that is less far',
      '2023-07-01',
      { stage: 'funded', since: '2023-06-15' },
    ],
    ['before one that is less far, by lapsing', '2023-06-01', { stage: 'lapsed' }],
  ])('%s needs a reason', async (_what, day, said) => {
    await using jindu = await publishedDeal();
    const before = await jindu.rows();
    const refused = await jindu.admin.put(`${stages}/${day}`, said);
    expect(refusal(refused)).toEqual([422, 'stage_goes_back', '/reason']);
    const patched = await jindu.admin.patch(xianghejian, { ...said, asOf: day });
    expect(refusal(patched)).toEqual([422, 'stage_goes_back', '/reason']);
    expect(await jindu.rows()).toEqual(before);
    const told = await jindu.admin.put(`${stages}/${day}`, { ...said, reason: '重新谈判' });
    expect(told.status).toBe(201);
  });

  test('from having lapsed needs one as well', async () => {
    await using jindu = await publishedDeal();
    expect((await jindu.admin.put(`${stages}/2023-07-01`, { stage: 'lapsed' })).status).toBe(201);
    const back = { stage: 'operating' };
    const refused = await jindu.admin.put(`${stages}/2023-07-02`, back);
    expect(refusal(refused)).toEqual([422, 'stage_goes_back', '/reason']);
    expect((await jindu.admin.patch(xianghejian, { ...back, reason: '恢复合作' })).body.stage).toBe(
      'operating',
    );
    // The reason is that of the one that goes back, so what lies before it may be further.
    expect((await jindu.admin.put(`${stages}/2023-07-01`, { stage: 'lapsed', note: '停' })).status).toBe(200);
  });
});

describe('a stage', () => {
  test('meets the milestone of the deal that it speaks of, once', async () => {
    await using jindu = await publishedDeal();
    await jindu.admin.post(`${project}/milestones?template=deal`);
    const milestone = async (id: string) => (await jindu.admin.get(`${project}/milestones/${id}`)).body;
    await jindu.admin.patch(xianghejian, { stage: 'contractSigned', since: '2023-07-01' });
    expect(await milestone('contract')).toMatchObject({
      ...{ status: 'met', dateMet: '2023-07-01', metBy: '2023-07-01' },
      reason: 'the party xianghejian: contractSigned',
    });
    expect((await milestone('funding-in-place')).status).toBe('scheduled');
    await jindu.admin.patch(`${project}/milestones/contract`, { status: 'notMet', reason: '合同未生效' });
    await jindu.admin.put(`${stages}/2023-07-02`, { stage: 'contractSigned' });
    expect((await milestone('contract')).status).toBe('notMet');
  });

  test('of a refused request meets none', async () => {
    await using jindu = await publishedDeal();
    await jindu.admin.post(`${project}/milestones?template=deal`);
    const before = await jindu.rows();
    await jindu.admin.put(`${inTalks}/stages/2023-07-01`, { stage: 'funded' });
    expect(await jindu.rows()).toEqual(before);
  });
});
