import { beforeAll, expect, test } from 'vitest';
import { type Client, type TestDatabase, testApp } from '../../support/index.ts';
import { put, settledDeals } from './ground.ts';

const project = '/v1/projects/xianghejian-urban-renewal';

let settled: TestDatabase;

beforeAll(async () => {
  settled = await settledDeals();
  return () => settled.remove();
});

function renewal() {
  return testApp({ from: settled, now: '2023-07-03T01:02:03.004Z' });
}

/** Those that are met: the day, the day by which, and why. */
async function metOf(client: Client): Promise<Record<string, unknown[]>> {
  const { items } = (await client.get(`${project}/milestones?status=met`)).body;
  return Object.fromEntries(
    items.map(({ id, dateMet, metBy, reason }: Record<string, string>) => [id, [dateMet, metBy, reason]]),
  );
}

test('a template that comes after the facts makes milestones that they have met, and answers so', async () => {
  await using jindu = await renewal();
  await put(jindu.admin, `${project}/agreements/lease`, {
    ...{ type: 'lease', title: '租赁合同', signedOn: '2023-07-01' },
  });
  await put(jindu.admin, `${project}/funding/start-up/amounts/arrived/2023-07-02`, { since: '2023-07-02' });
  const made = await jindu.admin.post(`${project}/milestones?template=deal`);
  expect([made.status, made.body.created.length]).toEqual([201, 7]);
  const met = await metOf(jindu.admin);
  expect(met).toEqual({
    talks: [null, '2023-06-30', 'the party in-talks: inTalks'],
    'framework-agreement': [null, '2023-06-30', 'the agreement framework is signed'],
    contract: ['2023-07-01', '2023-07-01', 'the agreement lease is signed'],
    'funding-in-place': ['2023-07-02', '2023-07-02', '资金到位：项目启动资金'],
  });
  const items = made.body.items.filter(({ status }: { status: string }) => status === 'met');
  expect(items.map(({ id }: { id: string }) => id).sort()).toEqual(Object.keys(met).sort());
  const before = await jindu.rows();
  await jindu.admin.post(`${project}/milestones?template=deal`);
  expect(await jindu.rows()).toEqual(before);
});

test('of several facts the one that came about first has met it', async () => {
  await using jindu = await renewal();
  await put(jindu.admin, `${project}/agreements/second`, {
    ...{ type: 'framework', title: '补充框架协议', signedOn: '2023-05-20' },
  });
  await jindu.admin.post(`${project}/milestones?template=deal`);
  const { 'framework-agreement': framework } = await metOf(jindu.admin);
  expect(framework).toEqual(['2023-05-20', '2023-05-20', 'the agreement second is signed']);
});

test('what is archived or was taken back has met nothing', async () => {
  await using jindu = await renewal();
  await jindu.admin.delete(`${project}/agreements/framework`);
  await jindu.admin.delete(`${project}/parties/xianghejian`);
  await jindu.admin.delete(`${project}/parties/in-talks/stages/2023-06-30`);
  await put(jindu.admin, `${project}/funding/start-up/amounts/arrived/2023-07-02`, {});
  await jindu.admin.delete(`${project}/funding/start-up`);
  await jindu.admin.post(`${project}/milestones?template=deal`);
  expect(await metOf(jindu.admin)).toEqual({});
});

test('a milestone that is there is left to whoever made it', async () => {
  await using jindu = await renewal();
  await put(jindu.admin, `${project}/milestones/framework-agreement`, { title: '另一份框架协议签订' });
  await jindu.admin.post(`${project}/milestones?template=deal`);
  expect(Object.keys(await metOf(jindu.admin))).toEqual(['talks']);
});

test('one that is restored is met by what came about meanwhile, but never a second time', async () => {
  await using jindu = await renewal();
  const contract = `${project}/milestones/contract`;
  await jindu.admin.post(`${project}/milestones?template=deal`);
  await jindu.admin.delete(contract);
  await put(jindu.admin, `${project}/agreements/lease`, {
    ...{ type: 'lease', title: '租赁合同', signedOn: '2023-07-01' },
  });
  const restored = await jindu.admin.post(`${contract}/restoration`);
  expect(restored.body).toMatchObject({ status: 'met', dateMet: '2023-07-01', archivedAt: null });
  expect(restored.headers['jindu-verdict']).toBe('restored');
  await jindu.admin.patch(contract, { status: 'notMet' });
  await jindu.admin.delete(contract);
  expect((await jindu.admin.post(`${contract}/restoration`)).body.status).toBe('notMet');
});
