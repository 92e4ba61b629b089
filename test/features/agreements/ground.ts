import { settleTianmashan, type TestApp, testApp } from '../../support/index.ts';

export const project = '/v1/projects/xianghejian-urban-renewal';
export const agreements = `${project}/agreements`;
export const framework = `${agreements}/framework`;

/** What the paper says of the agreement with 湘核建, and no more. */
export const asPublished = {
  type: 'framework',
  title: '框架协议',
  signedByDay: '2023-06-30',
  partyIds: ['xianghejian'],
};

/** A construction contract that is made up: nothing of the kind is published. */
export const madeUp = {
  type: 'construction',
  title: '施工合同',
  signedOn: '2023-01-10',
  effectiveOn: '2023-02-01',
  endsOn: '2023-12-31',
  value: { amount: 90_000_000, currency: 'CNY' },
};

/** The deal with 湘核建 with its one named party, on 2023-07-03. */
export async function urbanRenewal(): Promise<TestApp> {
  const jindu = await testApp({ now: '2023-07-03T01:02:03.004Z' });
  await settleTianmashan(jindu.admin);
  await jindu.admin.put(project, { title: '湘核建城市更新项目', organizationId: 'tianmashan' });
  const party = { organizationId: 'xianghejian', role: 'interestedParty', stage: 'frameworkSigned' };
  const { status, text } = await jindu.admin.put(`${project}/parties/xianghejian`, party);
  if (status !== 201) throw new Error(text);
  return jindu;
}
