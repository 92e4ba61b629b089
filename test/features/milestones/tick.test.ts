import { describe, expect, test } from 'vitest';
import { type MeetingFact, tickMilestone } from '../../../src/features/milestones/index.ts';
import { settleTianmashan, type TestApp, testApp } from '../../support/index.ts';

const projectId = 'xianghejian-urban-renewal';
const project = `/v1/projects/${projectId}`;
const framework = `${project}/milestones/framework-agreement`;
const clerk = { tokenId: null, name: 'clerk', scopes: ['write'], organizationId: null } as const;

async function urbanRenewal(): Promise<TestApp> {
  const jindu = await testApp({ now: '2023-07-03T01:02:03.004Z' });
  await settleTianmashan(jindu.admin);
  await jindu.admin.put(project, { title: '湘核建城市更新项目', organizationId: 'tianmashan' });
  return jindu;
}

async function tick(jindu: TestApp, fact: Partial<MeetingFact> = {}): Promise<void> {
  const because = 'the party xianghejian: frameworkSigned';
  const whole = { milestone: 'framework-agreement', on: null, by: '2023-06-30', because, ...fact } as const;
  const opened = await jindu.database.open(jindu.clock);
  await opened.write((unit) => tickMilestone(unit, clerk, projectId, whole, '2023-07-03'));
  await opened.close();
}

describe('a milestone of the deal that a fact speaks of', () => {
  test('is met by it, and progress and the record follow', async () => {
    await using jindu = await urbanRenewal();
    await jindu.admin.post(`${project}/milestones?template=deal`);
    await tick(jindu);
    expect((await jindu.admin.get(framework)).body).toMatchObject({
      ...{ status: 'met', dateMet: null, metBy: '2023-06-30', revision: 2, recordedBy: 'clerk' },
      reason: 'the party xianghejian: frameworkSigned',
    });
    const { sources } = (await jindu.admin.get(`${project}/progress`)).body;
    expect(sources.milestones).toMatchObject({ met: 1, weightMet: 15, weightTotal: 100 });
    const last = (await jindu.admin.get('/v1/changes?subjectType=milestone&sort=-sequence')).body.items[0];
    expect(last).toMatchObject({
      ...{ action: 'replaced', subject: { id: `${projectId}/framework-agreement` } },
      ...{ reason: 'the party xianghejian: frameworkSigned', before: { status: 'scheduled' } },
    });
  });

  test('is met on the day that the fact names', async () => {
    await using jindu = await urbanRenewal();
    await jindu.admin.put(framework, { title: '框架协议签订' });
    await tick(jindu, { on: '2023-06-20' });
    expect((await jindu.admin.get(framework)).body).toMatchObject({
      dateMet: '2023-06-20',
      metBy: '2023-06-20',
    });
  });

  test('is met once: not again by the same, nor after somebody has opened it again', async () => {
    await using jindu = await urbanRenewal();
    await jindu.admin.put(framework, { title: '框架协议签订' });
    await tick(jindu);
    const met = await jindu.rows();
    await tick(jindu, { on: '2023-06-20' });
    expect(await jindu.rows()).toEqual(met);
    await jindu.admin.patch(framework, { status: 'notMet' });
    const reopened = await jindu.rows();
    await tick(jindu);
    expect(await jindu.rows()).toEqual(reopened);
  });

  test('is left alone where the project has none, or has archived it', async () => {
    await using jindu = await urbanRenewal();
    const without = await jindu.rows();
    await tick(jindu);
    expect(await jindu.rows()).toEqual(without);
    await jindu.admin.put(framework, { title: '框架协议签订' });
    await jindu.admin.delete(framework);
    const archived = await jindu.rows();
    await tick(jindu);
    expect(await jindu.rows()).toEqual(archived);
  });
});
