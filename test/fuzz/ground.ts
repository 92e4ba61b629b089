import { loadDemo } from '../../src/demo/load.ts';
import { type Client, newDatabase, type TestApp, type TestDatabase, testApp } from '../support/index.ts';
import { Description } from './description.ts';
import { type KnownValues, Values } from './values.ts';
import { type WriteWatch, watchWrites } from './write-watch.ts';

const now = '2023-07-03T01:02:03.004Z';

/** The app on the reference data and a little more, with people to send requests and somebody who sees every write. */
export interface Ground {
  app: TestApp;
  description: Description;
  values: Values;
  /** The bearer secrets by who holds them; null sends none. */
  secrets: Readonly<Record<string, string | null>>;
  writes: WriteWatch;
  close(): Promise<void>;
}

export async function openGround(env: Record<string, string> = {}): Promise<Ground> {
  const start = await startingState();
  const app = await testApp({ from: start.database, now, env: { LOG_LEVEL: 'error', ...env } });
  const writes = watchWrites(app.database, start.database);
  const { body: document } = await app.stranger.get('/openapi.json');
  const description = new Description(document);
  return {
    app,
    description,
    values: new Values(description, start.known),
    secrets: { ...start.secrets, admin: app.admin.secret, nobody: null, forger: 'jindu_forged' },
    writes,
    async close() {
      writes.close();
      await app.close();
    },
  };
}

/** People who may do everything, so that the record tells who of them has done what. */
export const writers = ['writer1', 'writer2', 'writer3', 'writer4', 'writer5', 'writer6'] as const;

interface StartingState {
  database: TestDatabase;
  known: KnownValues;
  secrets: Record<string, string>;
}

let starting: Promise<StartingState> | undefined;

/** Made once for all searches of a worker. */
function startingState(): Promise<StartingState> {
  starting ??= makeStartingState();
  return starting;
}

async function makeStartingState(): Promise<StartingState> {
  const empty = await newDatabase();
  const opened = await empty.open({ now: () => new Date(now) });
  await loadDemo(opened);
  await opened.close();
  const app = await testApp({ from: empty, now });
  await addLife(app);
  const clerk = await app.actor({ name: 'clerk', scopes: ['report'], organizationId: 'yueping' });
  const reader = await app.actor({ name: 'reader', scopes: ['read'] });
  const outsider = await app.actor({ name: 'outsider', organizationId: 'xianghejian' });
  const actors: Record<string, Client> = { clerk, reader, outsider };
  for (const name of writers) actors[name] = await app.actor({ name });
  const secrets = Object.fromEntries(
    Object.entries(actors).map(([name, { secret }]) => [name, String(secret)]),
  );
  // That a token is used is noted once a minute. The clock stands still, so from here on it is not.
  for (const actor of [app.admin, ...Object.values(actors)]) await actor.get('/v1/organizations');
  const known = await valuesIn(app);
  await app.app.close();
  return { database: app.database, known, secrets };
}

/** What the published data does not have: weights, quantities done, something archived, withdrawn, cancelled, revoked. */
async function addLife({ admin }: TestApp): Promise<void> {
  const parties = '/v1/projects/xianghejian-urban-renewal/parties';
  const deal = '/v1/projects/xianghejian-urban-renewal/deal';
  const zone = (letter: string) => `/v1/projects/yueping-zone-${letter}`;
  const answers = [
    await admin.put(`${zone('a')}/reports/2023-05-31`, {
      percent: 40,
      spent: { amount: 12.5, currency: 'CNY' },
    }),
    await admin.put(`${zone('a')}/reports/2023-06-30`, { stated: '约90%', note: '=1+1' }),
    await admin.put(`${zone('b')}/reports/2023-06-30`, { percent: 80, qualifier: 'nearly' }),
    await admin.delete(`${zone('b')}/reports/2023-06-30?reason=%E8%AF%AF%E6%8A%A5`),
    await admin.patch(zone('a'), { weight: 2, budget: { amount: 1_000_000, currency: 'CNY' } }),
    await admin.patch(zone('b'), { weight: 0, quantities: [{ code: 'households', value: 200, unit: '户' }] }),
    await admin.put(`${zone('b')}/reports/2023-05-31`, { quantities: [{ code: 'households', value: 50 }] }),
    await admin.put(`${zone('c')}/statuses/2023-06-01`, { status: 'cancelled', reason: '并入A区' }),
    await admin.patch('/v1/projects/yueping-estate-renovation', { weightBasis: 'weight' }),
    await admin.put('/v1/organizations/closed-office', {
      name: '已撤销',
      kind: 'other',
      parentId: 'yueping',
    }),
    await admin.put('/v1/projects/given-up', { title: '已归档', organizationId: 'yueping' }),
    await admin.put('/v1/projects/given-up/reports/2023-01-31', { percent: 5 }),
    await admin.put(`${zone('a')}/funding/grant`, {
      title: '专项资金',
      status: 'committed',
      stated: '9000万元以上',
      asOf: '2023-05-31',
    }),
    await admin.put(`${zone('a')}/funding/grant/amounts/arrived/2023-06-01`, { amount: 50000000 }),
    await admin.put(`${zone('a')}/funding/grant/amounts/sought/2023-06-01`, {}),
    await admin.delete(`${zone('a')}/funding/grant/amounts/sought/2023-06-01`),
    await admin.put('/v1/projects/given-up/funding/grant', { title: '专项资金' }),
    await admin.put(`${zone('a')}/funding/gone`, { title: '自筹资金', status: 'sought' }),
    await admin.delete(`${zone('a')}/funding/gone`),
    await admin.put(`${zone('a')}/agreements/works`, {
      type: 'construction',
      title: '施工合同',
      signedOn: '2023-01-31',
      endsOn: '2023-12-31',
      value: { stated: '9000万元以上' },
    }),
    await admin.put(`${zone('a')}/agreements/works/amendments/2023-05-31`, {
      rationale: '延期',
      endsOn: '2024-06-30',
    }),
    await admin.put(`${zone('a')}/agreements/works/amendments/2023-06-01`, { rationale: '误录' }),
    await admin.delete(`${zone('a')}/agreements/works/amendments/2023-06-01`),
    await admin.put('/v1/projects/given-up/agreements/works', { type: 'lease', title: '租赁合同' }),
    await admin.put(`${zone('a')}/agreements/gone`, { type: 'other', title: '备忘录' }),
    await admin.delete(`${zone('a')}/agreements/gone`),
    await admin.delete('/v1/projects/given-up'),
    await admin.delete('/v1/organizations/closed-office'),
    await admin.put(`${parties}/in-talks`, {
      ...{ role: 'interestedParty', count: 6, stage: 'inTalks', asOf: '2023-05-31' },
    }),
    await admin.put(`${parties}/xianghejian`, {
      ...{ organizationId: 'xianghejian', role: 'interestedParty', stage: 'frameworkSigned' },
    }),
    await admin.put(`${parties}/one`, { name: '甲公司', role: 'tenderer', splitFrom: 'in-talks' }),
    await admin.put(`${parties}/gone`, { name: '乙公司', role: 'tenderer' }),
    await admin.delete(`${parties}/gone`),
    await admin.put(`${deal}/stages/2023-05-31`, { stage: 'inTalks', reason: '开始洽谈' }),
    await admin.put(`${deal}/stages/2023-06-01`, { stage: 'lapsed', reason: '误录' }),
    await admin.delete(`${deal}/stages/2023-06-01`),
  ];
  let parentId: string | null = null;
  for (let level = 1; level <= 10; level += 1) {
    const id = `level-${level}`;
    answers.push(
      await admin.put(`/v1/projects/${id}`, { title: id, organizationId: 'tianmashan', parentId }),
    );
    parentId = id;
  }
  answers.push(await admin.put('/v1/projects/level-10/reports/2023-06-30', { percent: 33.33 }));
  const failed = answers.find(({ status }) => status >= 300);
  if (failed !== undefined) throw new Error(failed.text);
  const { body } = await admin.post('/v1/tokens', { name: 'revoked', scopes: ['read'] });
  await admin.delete(`/v1/tokens/${body.id}`);
}

/** Ids, days and cursors that are there, by the names of fields and parameters. */
async function valuesIn({ admin }: TestApp): Promise<KnownValues> {
  const idsOf = async (address: string): Promise<string[]> =>
    (await admin.get(address)).body.items.map(({ id }: { id: string }) => id);
  const cursorOf = async (address: string): Promise<string> => (await admin.get(address)).body.nextCursor;
  const organizations = [...(await idsOf('/v1/organizations?limit=200')), 'closed-office'];
  const projects = [...(await idsOf('/v1/projects?limit=200')), 'given-up'];
  const tokens = [...(await idsOf('/v1/tokens')), ...(await idsOf('/v1/tokens?revoked=true'))];
  const days = ['2023-06-30', '2023-05-31', '2023-06-01', '2023-01-31', '2023-07-03'];
  const { headers } = await admin.get('/v1/projects/yueping-zone-a');
  return {
    'projects/id': projects,
    'reported/id': [
      'yueping-zone-a',
      'yueping-zone-b',
      'yueping-zone-c',
      'yueping-estate-renovation',
      'given-up',
    ],
    'funded/id': ['yueping-zone-a', 'given-up'],
    fundingId: ['grant', 'gone'],
    'agreed/id': ['yueping-zone-a', 'given-up'],
    agreementId: ['works', 'gone'],
    'deals/id': ['xianghejian-urban-renewal', 'given-up'],
    partyId: ['in-talks', 'xianghejian', 'one', 'gone'],
    splitFrom: ['in-talks', 'xianghejian', 'one', 'gone'],
    'organizations/id': organizations,
    'tokens/id': tokens,
    projectId: projects,
    organizationId: organizations,
    parentId: [...projects, ...organizations],
    within: organizations,
    withinProject: projects,
    asOf: days,
    from: days,
    to: days,
    code: ['households', 'buildings', 'floor-area'],
    weightBasis: ['equal', 'weight', 'budget', 'quantity:households'],
    currency: ['CNY', 'USD', 'JPY', 'KWD', 'XXX'],
    stated: [
      '85%以上',
      '约50%',
      '全部完成',
      '过半',
      '８５．５％',
      '12/15',
      '九成',
      '9000万元以上',
      '500万美元',
    ],
    subjectId: ['yueping-estate-renovation', 'yueping-estate-renovation/2023-06-30'],
    cursor: [
      await cursorOf('/v1/projects?limit=1'),
      await cursorOf('/v1/projects?limit=1&sort=-title'),
      await cursorOf('/v1/organizations?limit=2'),
      await cursorOf('/v1/projects/yueping-zone-a/reports?limit=1'),
      await cursorOf('/v1/changes?limit=1'),
      await cursorOf('/v1/tokens?limit=1&sort=name'),
    ],
    etag: [String(headers.etag)],
  };
}
