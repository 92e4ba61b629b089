import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { organizationSchemas, putOrganization } from '../../../src/features/organizations/index.ts';
import { projectSchemas, putProject, settleRulesWithin } from '../../../src/features/projects/index.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { dayOf } from '../../../src/shared/calendar-date.ts';
import { noExpectation } from '../../../src/shared/expectation.ts';
import { type TestApp, testApp } from '../../support/index.ts';

// More owners than one query sums, and below one programme more projects.
const owners = 60;
const projects = 1_080;
const actor: Actor = { tokenId: null, name: 'test', scopes: ['admin'], organizationId: null };

let app: TestApp;

const numbered = (name: string, index: number) => `${name}-${String(index).padStart(4, '0')}`;

beforeAll(async () => {
  app = await testApp({ now: '2023-07-03T01:02:03.004Z' });
  const database = await app.database.open(app.clock);
  await database.write(async (unit) => {
    for (let index = 0; index < owners; index += 1) {
      const facts = organizationSchemas.factsFrom({ name: '社区', kind: 'community' } as never);
      await putOrganization(unit, actor, numbered('owner', index), facts, noExpectation, settleRulesWithin);
    }
    const put = async (id: string, said: object) => {
      const body = { title: '工程', status: 'implementation', weight: 1, ...said };
      await putProject(
        unit,
        actor,
        id,
        projectSchemas.factsFrom(body as never),
        noExpectation,
        dayOf(unit.now, 'UTC'),
      );
      await unit.breathe();
    };
    await put('programme', { kind: 'programme', organizationId: numbered('owner', 0) });
    for (let index = 0; index < projects; index += 1) {
      await put(numbered('works', index), {
        organizationId: numbered('owner', index % owners),
        parentId: 'programme',
        status: index % 7 === 0 ? 'completion' : 'implementation',
        // The later ones turn red earlier.
        period: { startDate: '2022-01-01', endDate: index > projects / 2 ? '2022-06-30' : '2023-12-31' },
        cadence: index % 3 === 0 ? 'none' : null,
      });
    }
  });
  await database.close();
  for (let index = 13; index < projects; index += 50)
    await app.admin.put(`/v1/projects/${numbered('works', index)}/reports/2023-07-01`, {
      percent: index % 90,
    });
}, 120_000);
afterAll(() => app.close());

describe('a wide portfolio', () => {
  test.each([
    '',
    '&within=programme',
    '&within=programme&organizationId=owner-0059',
    '&organizationId=owner-0059',
  ])('summed in several parts is the one that is counted row by row: %s', async (range) => {
    for (const limit of [3, 200]) {
      const summed = (await app.admin.get(`/v1/portfolio?limit=${limit}${range}`)).body;
      const counted = (await app.admin.get(`/v1/portfolio?limit=${limit}${range}&weightBasis=weight`)).body;
      expect(summed.projects).toBe(range.includes('owner') ? projects / owners : projects);
      expect(summed).toEqual({ ...counted, rollUp: { ...counted.rollUp, weightBasis: 'equal' } });
    }
  });
});
