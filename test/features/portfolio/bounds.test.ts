import { beforeEach, describe, expect, test } from 'vitest';
import type { Bounds, PortfolioQuestion } from '../../../src/features/portfolio/portfolio.ts';
import { getPortfolio } from '../../../src/features/portfolio/service.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { settleTianmashan, type TestApp, testApp } from '../../support/index.ts';

let app: TestApp;

beforeEach(async () => {
  app = await testApp({ now: '2023-07-03T01:02:03.004Z' });
  await settleTianmashan(app.admin);
  return () => app.close();
});

async function newProject(id: string, said: object = {}): Promise<void> {
  const body = { title: '工程', organizationId: 'yueping', status: 'implementation', ...said };
  expect((await app.admin.put(`/v1/projects/${id}`, body)).status).toBe(201);
}

describe('a portfolio', () => {
  const actor: Actor = { tokenId: null, name: 'test', scopes: ['read'], organizationId: null };
  const question: PortfolioQuestion = {
    ...{
      within: undefined,
      filters: {},
      asOf: null,
      knownAt: null,
      compareTo: null,
      weightBasis: 'equal',
      limit: 50,
    },
  };

  async function asked(said: Partial<PortfolioQuestion>, bounds: Bounds) {
    const database = await app.database.open(app.clock);
    const asking = getPortfolio(database, actor, { ...question, ...said }, 'UTC', bounds);
    return await asking.catch((error) => error).finally(() => database.close());
  }

  test.each<[Partial<PortfolioQuestion>, Bounds, RegExp | null]>([
    [{}, { shown: 2, counted: 9 }, /a portfolio counts at most 2 projects/],
    [{ weightBasis: 'weight' }, { shown: 2, counted: 9 }, /a portfolio counts at most 2 projects/],
    [{ asOf: '2023-06-30' }, { shown: 2, counted: 9 }, /a portfolio counts at most 2 projects/],
    [{ asOf: '2023-06-30' }, { shown: 9, counted: 3 }, /with those below them, for at most 3 projects/],
    [{ compareTo: '2023-06-30' }, { shown: 9, counted: 3 }, /with those below them, for at most 3 projects/],
    [{ compareTo: '2023-06-30' }, { shown: 3, counted: 4 }, null],
    [{ filters: { status: 'implementation' } }, { shown: 3, counted: 0 }, null],
    [{ within: 'three' }, { shown: 0, counted: 0 }, /a portfolio counts at most 0 projects/],
  ])('is refused beyond so many projects, and never cut off: %j within %j', async (said, bounds, refusal) => {
    for (const id of ['one', 'two', 'three']) await newProject(id);
    await newProject('part', { parentId: 'three', kind: 'component' });
    const answer = await asked(said, bounds);
    if (refusal === null) return expect(answer.counted.projects).toBe(3);
    expect(answer).toMatchObject({
      code: 'unprocessable',
      errors: [{ pointer: '?within', code: 'too_wide', message: expect.stringMatching(refusal) }],
    });
  });
});

/** So many milestones of a project that were put off, the first due date being one and the present another. */
function manyMilestones(projectId: string, many: number, firstDueDate: string, dueDate: string): string {
  const gained = (Date.parse(firstDueDate) - Date.parse(dueDate)) / 86_400_000;
  return `insert into milestones (project_id, id, revision, title, due_date, due_order, first_due_date, status, days_gained,
      created_at, recorded_at, recorded_by)
    with recursive numbers (number) as (select 1 union all select number + 1 from numbers where number < ${many})
    select '${projectId}', 'm-' || number, 2, '节点', '${dueDate}', '${dueDate}', '${firstDueDate}', 'scheduled', ${gained},
      '2023-01-01T00:00:00.000Z', '2023-07-02T00:00:00.000Z', 'clerk' from numbers`;
}

describe('the milestones of the projects that filters choose', () => {
  test('are found behind any number of others that are worse', async () => {
    await newProject('a-many');
    await newProject('z-few', { category: 'schools' });
    const path = '/v1/projects/z-few/milestones/acceptance';
    await app.admin.put(path, { title: '竣工验收', dueDate: '2023-06-01' });
    app.clock.advance({ seconds: 86_400 });
    await app.admin.put(path, { title: '竣工验收', dueDate: '2023-08-01', reason: '汛期' });
    await app.database.run(manyMilestones('a-many', 10_001, '2020-01-01', '2023-12-31'));
    for (const filter of ['category=schools', 'category=schools&status=implementation']) {
      for (const asOf of ['', '&asOf=2023-07-04', '&asOf=2023-07-03']) {
        const { body } = await app.admin.get(`/v1/portfolio?${filter}${asOf}`);
        expect(body.slipped).toEqual([{ projectId: 'z-few', milestoneId: 'acceptance', days: 61 }]);
      }
    }
    const { body } = await app.admin.get('/v1/portfolio?compareTo=2023-07-03&category=schools');
    expect(body.comparison.pushed).toMatchObject([{ projectId: 'z-few', days: 61 }]);
    const all = (await app.admin.get('/v1/portfolio?compareTo=2023-07-03&limit=1000')).body;
    expect(all.slipped).toHaveLength(1000);
    expect(all.comparison.pushed).toMatchObject([{ projectId: 'z-few', days: 61 }]);
  });
});
