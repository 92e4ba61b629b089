import {
  type Client,
  settleTianmashan,
  settleYuepingRenovation,
  type TestApp,
  testApp,
} from '../support/index.ts';
import { examplesWith } from './examples.ts';
import { type Operation, operationOf } from './operation.ts';

export interface Settled {
  /** Serves what must not change anything: all that is refused, and all that only reads. */
  app: TestApp;
  operations: Operation[];
  /** May do everything within an organization of its own, to which nothing of 天马山街道 belongs. */
  outsider: Client;
  /** A further app on a copy of the same database, to be written to. */
  fresh(env?: Record<string, string>): Promise<TestApp>;
}

/** The reference data, on which every operation has something to answer. */
export async function settled(): Promise<Settled> {
  const first = await testApp();
  await settleTianmashan(first.admin);
  await settleYuepingRenovation(first.admin);
  const answers = [
    await first.admin.put('/v1/projects/yueping-estate-renovation/statuses/2023-03-01', {
      status: 'preparation',
    }),
    await first.admin.put('/v1/projects/yueping-estate-renovation/reports/2023-04-30', { percent: 40 }),
    await first.admin.put('/v1/projects/yueping-estate-renovation/plan', {
      points: [
        { date: '2023-01-01', percent: 0 },
        { date: '2023-12-31', percent: 100 },
      ],
    }),
    await first.admin.put('/v1/projects/yueping-estate-renovation/milestones/acceptance', {
      title: '竣工验收',
      dueDate: '2023-06-20',
      weight: 30,
    }),
    await first.admin.put('/v1/projects/yueping-estate-renovation/agreements/works', {
      type: 'construction',
      title: '改造施工合同',
      signedOn: '2023-03-01',
    }),
    await first.admin.put('/v1/projects/yueping-estate-renovation/agreements/works/amendments/2023-05-31', {
      rationale: '增加管网',
      scope: '增加管网',
    }),
    await first.admin.put('/v1/projects/yueping-estate-renovation/parties/in-talks', {
      ...{ role: 'interestedParty', count: 6, stage: 'inTalks', asOf: '2023-06-30' },
    }),
    await first.admin.put('/v1/projects/yueping-estate-renovation/deal/stages/2023-06-30', {
      ...{ stage: 'started', reason: '进场施工' },
    }),
    await first.admin.put('/v1/projects/yueping-estate-renovation/funding/start-up', {
      title: '项目启动资金',
      status: 'sought',
      asOf: '2023-06-30',
    }),
    await first.admin.put('/v1/organizations/tianmashan/light-rules', { yellowBehind: 5, redBehind: 20 }),
    await first.admin.put('/v1/organizations/elsewhere', { name: '石鼓区', kind: 'authority' }),
  ];
  const failed = answers.find((answer) => answer.status >= 300);
  if (failed !== undefined) throw new Error(failed.text);
  const token = { name: 'clerk', scopes: ['report'], organizationId: 'tianmashan' };
  const { id: tokenId } = (await first.admin.post('/v1/tokens', token)).body;
  const { secret } = await first.actor({ organizationId: 'elsewhere' });
  await first.app.close();

  const from = first.database;
  const app = await testApp({ from });
  const examples = examplesWith({ tokenId });
  return {
    app,
    outsider: app.clientWith(secret),
    operations: app.routes
      .filter((route) => route.schema.operationId !== undefined)
      .map((route) => operationOf(app.app, route, examples[route.schema.operationId ?? ''])),
    fresh: (env = {}) => testApp({ from, env }),
  };
}
