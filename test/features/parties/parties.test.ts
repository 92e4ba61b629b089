import { describe, expect, test } from 'vitest';
import {
  framework,
  inTalks,
  parties,
  project,
  publishedDeal,
  refusal,
  sixInTalks,
  urbanRenewal,
  xianghejian,
} from './urban-renewal.ts';

describe('a party', () => {
  test('may be a count of companies that nobody has named', async () => {
    await using jindu = await urbanRenewal();
    const made = await jindu.admin.put(inTalks, sixInTalks);
    expect([made.status, made.headers['jindu-verdict']]).toEqual([201, 'created']);
    expect(made.body).toMatchObject({
      ...{ organizationId: null, name: null, count: 6, unnamed: 6, role: 'interestedParty' },
      ...{ stage: 'inTalks', since: null, stageAsOf: '2023-06-30', revision: 1 },
    });
  });

  test('may be an organization, or a name, and nobody need know how far it has come', async () => {
    await using jindu = await publishedDeal();
    expect((await jindu.admin.get(xianghejian)).body).toMatchObject({
      ...{ organizationId: 'xianghejian', name: null, count: null, unnamed: null },
      ...{ stage: 'frameworkSigned', since: null },
    });
    const owner = await jindu.admin.post(parties, { name: '大洋百货', role: 'supplier' });
    expect(owner.status).toBe(201);
    expect(owner.headers.location).toBe(`${parties}/${owner.body.id}`);
    expect(owner.body).toMatchObject({ name: '大洋百货', stage: null, since: null, stageAsOf: null });
  });

  test('is the same on another day when the same is sent again', async () => {
    await using jindu = await publishedDeal();
    const one = { name: '甲公司', role: 'interestedParty', splitFrom: 'in-talks', stage: 'inTalks' };
    await jindu.admin.put(`${parties}/one`, one);
    const before = await jindu.rows();
    for (const days of [0, 7, 30]) {
      jindu.clock.advance({ days });
      for (const [address, { asOf: _, ...weekly }] of [
        [inTalks, sixInTalks],
        [xianghejian, framework],
        [`${parties}/one`, { ...one, asOf: null }],
      ] as const) {
        const again = await jindu.admin.put(address, weekly);
        expect([again.status, again.headers['jindu-verdict']]).toEqual([200, 'unchanged']);
      }
    }
    expect(await jindu.rows()).toEqual(before);
  });

  test('is changed in part by a patch, which says nothing of its stage unless it names it', async () => {
    await using jindu = await publishedDeal();
    jindu.clock.advance({ days: 10 });
    const noted = await jindu.admin.patch(inTalks, { note: '苏式风情街' });
    expect(noted.body).toMatchObject({ note: '苏式风情街', revision: 2, stageAsOf: '2023-06-30', count: 6 });
    const fewer = await jindu.admin.patch(inTalks, { count: 5 });
    expect(fewer.body).toMatchObject({ revision: 2, stage: 'inTalks', stageAsOf: '2023-07-13', count: 5 });
    expect((await jindu.admin.get(`${inTalks}?asOf=2023-07-12`)).body.count).toBe(6);
    const further = await jindu.admin.patch(xianghejian, { stage: 'contractSigned', since: '2023-07-05' });
    expect(further.body).toMatchObject({
      ...{ stage: 'contractSigned', since: '2023-07-05', stageAsOf: '2023-07-05', revision: 1 },
    });
    const named = await jindu.admin.patch(xianghejian, { name: '湘核建' });
    expect(named.body).toMatchObject({ name: '湘核建', organizationId: null, revision: 2 });
  });

  test.each([
    ['a count of none', { ...sixInTalks, count: 0 }, 400, 'validation_failed', '/count'],
    ['neither a name nor a count', { role: 'funder', stage: 'lead' }, 400, 'validation_failed', '/count'],
    ['neither a name nor a stage', { role: 'funder' }, 400, 'validation_failed', '/count'],
    ['a count without a stage', { role: 'funder', count: 6 }, 422, 'unprocessable', '/count'],
    ['a count of one that is named', { ...framework, count: 6 }, 422, 'unprocessable', '/count'],
    ['a name beside an organization', { ...framework, name: '湘核建' }, 422, 'unprocessable', '/name'],
    [
      'an organization that is not there',
      { ...framework, organizationId: 'nobody' },
      422,
      'unprocessable',
      '/organizationId',
    ],
    ['a day to come', { ...framework, asOf: '2023-07-04' }, 422, 'future_date', '/asOf'],
    [
      'a stage since a day to come',
      { ...framework, asOf: undefined, since: '2023-07-04' },
      422,
      'future_date',
      '/since',
    ],
    [
      'a stage since a day after the one it speaks of',
      { ...framework, since: '2023-07-01' },
      422,
      'unprocessable',
      '/since',
    ],
    ['a stage that is none', { ...framework, stage: 'signed' }, 400, 'validation_failed', '/stage'],
    [
      'a day without a stage',
      { name: '湘核建', role: 'funder', asOf: '2023-06-30' },
      422,
      'unprocessable',
      '/asOf',
    ],
  ])('is refused with %s', async (_what, said, status, code, pointer) => {
    await using jindu = await urbanRenewal();
    const before = await jindu.rows();
    expect(refusal(await jindu.admin.put(inTalks, said))).toEqual([status, code, pointer]);
    expect(refusal(await jindu.admin.post(parties, said))).toEqual([status, code, pointer]);
    expect(await jindu.rows()).toEqual(before);
  });

  test('that has no name gets none, and one that has a name keeps one', async () => {
    await using jindu = await publishedDeal();
    const before = await jindu.rows();
    const named = await jindu.admin.patch(inTalks, { name: '甲公司' });
    expect(refusal(named)).toEqual([422, 'unprocessable', '/name']);
    const unnamed = await jindu.admin.put(xianghejian, sixInTalks);
    expect(refusal(unnamed)).toEqual([422, 'unprocessable', '/name']);
    expect(await jindu.rows()).toEqual(before);
  });

  test('may be a company of nobody’s for whoever writes, but no organization that they do not see', async () => {
    await using jindu = await urbanRenewal();
    await jindu.admin.put('/v1/organizations/shigu', { name: '石鼓区', kind: 'authority' });
    const clerk = await jindu.actor({ scopes: ['write'], organizationId: 'tianmashan' });
    expect((await clerk.put(xianghejian, framework)).status).toBe(201);
    const hidden = await clerk.put(`${parties}/shigu`, { organizationId: 'shigu', role: 'funder' });
    const missing = await clerk.put(`${parties}/shigu`, { organizationId: 'nobody', role: 'funder' });
    expect(refusal(hidden)).toEqual(refusal(missing));
    expect(hidden.text.replaceAll('shigu', 'nobody').length).toBe(
      missing.text.replaceAll('shigu', 'nobody').length,
    );
  });

  test('keeps its organization in use, and is in use no longer once it is archived', async () => {
    await using jindu = await publishedDeal();
    const refused = await jindu.admin.delete('/v1/organizations/xianghejian');
    expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
    await jindu.admin.delete(xianghejian);
    expect((await jindu.admin.delete('/v1/organizations/xianghejian')).status).toBe(200);
    const restored = await jindu.admin.post(`${xianghejian}/restoration`);
    expect(refusal(restored)).toEqual([422, 'unprocessable', '/organizationId']);
  });

  test('is archived out of the list, still read, not written to, and restored as it was', async () => {
    await using jindu = await publishedDeal();
    const { body } = await jindu.admin.delete(xianghejian);
    expect(body).toMatchObject({ archivedAt: '2023-07-03T01:02:03.004Z', revision: 2 });
    expect((await jindu.admin.delete(xianghejian)).headers['jindu-verdict']).toBe('unchanged');
    const ids = async (query = '') =>
      (await jindu.admin.get(`${parties}${query}`)).body.items.map(({ id }: { id: string }) => id);
    expect([await ids(), await ids('?archived=true')]).toEqual([['in-talks'], ['xianghejian']]);
    const before = await jindu.rows();
    for (const answer of [
      await jindu.admin.put(xianghejian, framework),
      await jindu.admin.patch(xianghejian, { stage: 'funded' }),
      await jindu.admin.put(`${xianghejian}/stages/2023-07-01`, { stage: 'funded' }),
      await jindu.admin.delete(`${xianghejian}/stages/2023-06-30`),
    ])
      expect([answer.status, answer.body.code]).toEqual([409, 'archived']);
    expect(await jindu.rows()).toEqual(before);
    const restored = await jindu.admin.post(`${xianghejian}/restoration`);
    expect(restored.body).toMatchObject({ archivedAt: null, revision: 3, stage: 'frameworkSigned' });
  });

  test('is read alone while its project is archived', async () => {
    await using jindu = await publishedDeal();
    await jindu.admin.delete(project);
    const before = await jindu.rows();
    for (const answer of [
      await jindu.admin.put(xianghejian, { ...framework, stage: 'funded' }),
      await jindu.admin.post(parties, framework),
      await jindu.admin.delete(xianghejian),
      await jindu.admin.post(`${xianghejian}/restoration`),
      await jindu.admin.put(`${xianghejian}/stages/2023-07-01`, { stage: 'funded' }),
      await jindu.admin.delete(`${xianghejian}/stages/2023-06-30`),
    ])
      expect([answer.status, answer.body.code]).toEqual([409, 'archived']);
    expect(await jindu.rows()).toEqual(before);
    expect((await jindu.admin.get(xianghejian)).status).toBe(200);
  });

  test('is one of 200 at most', async () => {
    await using jindu = await urbanRenewal();
    for (let number = 0; number < 200; number += 1)
      await jindu.admin.put(`${parties}/p-${number}`, { name: `第${number}家`, role: 'tenderer' });
    const before = await jindu.rows();
    const refused = await jindu.admin.put(xianghejian, framework);
    expect([refused.status, refused.body.code]).toEqual([422, 'unprocessable']);
    expect(await jindu.rows()).toEqual(before);
    await jindu.admin.delete(`${parties}/p-0`);
    expect((await jindu.admin.put(xianghejian, framework)).status).toBe(201);
    const restored = await jindu.admin.post(`${parties}/p-0/restoration`);
    expect([restored.status, restored.body.code]).toEqual([422, 'unprocessable']);
  });
});

describe('the parties of a project', () => {
  test('are listed by stage on a day, role and organization, in pages and as CSV', async () => {
    await using jindu = await publishedDeal();
    const ids = async (query: string) =>
      (await jindu.admin.get(`${parties}?${query}`)).body.items.map(({ id }: { id: string }) => id);
    expect(await ids('stage=inTalks')).toEqual(['in-talks']);
    expect(await ids('stage=funded')).toEqual([]);
    expect(await ids('stage=inTalks&asOf=2023-06-29')).toEqual([]);
    expect(await ids('organizationId=xianghejian')).toEqual(['xianghejian']);
    expect(await ids('role=funder')).toEqual([]);
    expect(await ids('sort=-id')).toEqual(['xianghejian', 'in-talks']);
    const csv = await jindu.admin.get(parties, { accept: 'text/csv' });
    expect(csv.text.split('\r\n').length).toBeGreaterThan(2);
    expect((await jindu.admin.get(`${parties}?asOf=2023-07-04`)).body.code).toBe('future_date');
  });

  test('are those that were known at a moment', async () => {
    await using jindu = await urbanRenewal();
    jindu.clock.advance({ seconds: 1 });
    await jindu.admin.put(inTalks, sixInTalks);
    jindu.clock.advance({ seconds: 1 });
    const between = new Date(jindu.clock.now()).toISOString();
    jindu.clock.advance({ days: 1 });
    await jindu.admin.put(xianghejian, framework);
    await jindu.admin.put(`${inTalks}/stages/2023-06-30`, { stage: 'lead', count: 7 });
    await jindu.admin.delete(inTalks);
    const then = (await jindu.admin.get(`${parties}?knownAt=${between}`)).body.items;
    expect(then).toHaveLength(1);
    expect(then[0]).toMatchObject({ id: 'in-talks', stage: 'inTalks', count: 6, archivedAt: null });
    expect((await jindu.admin.get(`${inTalks}?knownAt=${between}`)).body.count).toBe(6);
    expect((await jindu.admin.get(`${xianghejian}?knownAt=${between}`)).status).toBe(404);
    expect((await jindu.admin.get(inTalks)).body).toMatchObject({ stage: 'lead', count: 7 });
  });
});

describe('a change of a party', () => {
  test('is in the record with what it was, and in its revisions', async () => {
    await using jindu = await publishedDeal();
    await jindu.admin.patch(xianghejian, { note: '苏式风情街', reason: '补充' });
    const recorded = async (type: string) =>
      (await jindu.admin.get(`/v1/changes?subjectType=${type}`)).body.items;
    const told = await recorded('party');
    expect(
      told.map(({ action, subject }: { action: string; subject: { id: string } }) => [action, subject.id]),
    ).toEqual([
      ['created', 'xianghejian-urban-renewal/in-talks'],
      ['created', 'xianghejian-urban-renewal/xianghejian'],
      ['replaced', 'xianghejian-urban-renewal/xianghejian'],
    ]);
    expect(told[0].after).toMatchObject({ stage: 'inTalks', count: 6, unnamed: 6 });
    expect(told[2]).toMatchObject({
      ...{ reason: '补充', organizationId: 'tianmashan' },
      ...{ before: { note: null }, after: { note: '苏式风情街' } },
    });
    expect(
      (await recorded('partyStage')).map(({ subject }: { subject: { id: string } }) => subject.id),
    ).toEqual([
      'xianghejian-urban-renewal/in-talks/2023-06-30',
      'xianghejian-urban-renewal/xianghejian/2023-06-30',
    ]);
    const { items } = (await jindu.admin.get(`${xianghejian}/revisions`)).body;
    expect(items.map(({ note }: { note: string | null }) => note)).toEqual(['苏式风情街', null]);
  });
});
