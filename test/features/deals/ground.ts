import { type Client, settleTianmashan, type TestDatabase, testApp } from '../../support/index.ts';

const renewal = '/v1/projects/xianghejian-urban-renewal';
const rooftop = '/v1/projects/dayang-rooftop';

/** Sends it, and fails where it is refused. */
export async function put(client: Client, path: string, body: object) {
  const answer = await client.put(path, body);
  if (answer.status >= 300) throw new Error(`${path}: ${answer.text}`);
  return answer;
}

/** 湘核建城市更新 as it was published, and the rooftop of 大洋百货, of whose parties no stage is. */
async function settleDeals(admin: Client): Promise<void> {
  await settleTianmashan(admin);
  const asOf = '2023-06-30';
  await put(admin, renewal, {
    title: '湘核建城市更新项目',
    category: 'urban-renewal',
    status: 'preparation',
    organizationId: 'tianmashan',
  });
  await put(admin, `${renewal}/parties/in-talks`, {
    ...{ role: 'interestedParty', count: 6, stage: 'inTalks', asOf },
  });
  await put(admin, `${renewal}/parties/xianghejian`, {
    ...{ organizationId: 'xianghejian', role: 'interestedParty', stage: 'frameworkSigned', asOf },
  });
  await put(admin, `${renewal}/agreements/framework`, {
    ...{ type: 'framework', title: '框架协议', signedByDay: asOf, partyIds: ['xianghejian'] },
  });
  await put(admin, `${renewal}/funding/start-up`, {
    ...{ title: '项目启动资金', currency: 'CNY', status: 'sought', asOf },
  });
  await put(admin, rooftop, { title: '大洋百货顶楼闲置资产盘活', organizationId: 'xiaojiashan' });
  for (const organizationId of ['dayang', 'yuyuan'])
    await put(admin, `${rooftop}/parties/${organizationId}`, { organizationId, role: 'interestedParty' });
}

/** A database in which they are, to be started from. */
export async function settledDeals(): Promise<TestDatabase> {
  const app = await testApp({ now: '2023-07-03T01:02:03.004Z' });
  await settleDeals(app.admin);
  await app.app.close();
  return app.database;
}
