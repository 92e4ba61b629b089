import { type Answer, settleTianmashan, type TestApp, testApp } from '../../support/index.ts';

export const project = '/v1/projects/xianghejian-urban-renewal';
export const parties = `${project}/parties`;
export const inTalks = `${parties}/in-talks`;
export const xianghejian = `${parties}/xianghejian`;

/** Six companies with which there are talks, none of them named. */
export const sixInTalks = { role: 'interestedParty', count: 6, stage: 'inTalks', asOf: '2023-06-30' };

/** The company with which a framework agreement was signed, on a day that nobody said. */
export const framework = {
  organizationId: 'xianghejian',
  role: 'interestedParty',
  stage: 'frameworkSigned',
  asOf: '2023-06-30',
};

/** The deal of the reference data, without anybody in it, on 2023-07-03. */
export async function urbanRenewal(): Promise<TestApp> {
  const jindu = await testApp({ now: '2023-07-03T01:02:03.004Z' });
  await settleTianmashan(jindu.admin);
  await jindu.admin.put(project, { title: '湘核建城市更新项目', organizationId: 'tianmashan' });
  return jindu;
}

/** With those who are published. */
export async function publishedDeal(): Promise<TestApp> {
  const jindu = await urbanRenewal();
  for (const [address, body] of [
    [inTalks, sixInTalks],
    [xianghejian, framework],
  ] as const) {
    const answer = await jindu.admin.put(address, body);
    if (answer.status !== 201) throw new Error(answer.text);
  }
  return jindu;
}

/** What a refusal says, in short. */
export function refusal({ status, body }: Answer): [number, string, string | undefined] {
  return [status, body.code, body.errors[0]?.pointer];
}
