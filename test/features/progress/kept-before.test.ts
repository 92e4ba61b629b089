import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { rebuildStandings } from '../../../src/features/progress/index.ts';
import { type TestApp, type TestDatabase, testApp } from '../../support/index.ts';
import { databaseUpTo } from '../../support/older-database.ts';

const moment = '2023-03-01T00:00:00.000Z';
const now = '2023-07-03T01:02:03.004Z';

/** `alone`, and `part` in `whole`, of which a tenth was reported by mid-year: as they were kept before plans and lights. */
const rows = `
  insert into organizations (id, name, translations, kind, search_text, revision, created_at, updated_at)
    values ('yueping', '岳屏社区', '{}', 'community', '岳屏社区', 1, '${moment}', '${moment}');
  insert into organization_tree values ('yueping', 'yueping', 0);
  ${project('alone', null)} ${project('whole', null)} ${project('part', 'whole')}
  ${report('alone')} ${report('part')}
  ${standing('alone', null, 'report', null)} ${standing('part', 'whole', 'report', null)}
  ${standing('whole', null, 'children', '1 0 0 0 1 1 1000000000 1000000000 1000000000 10000000000')}`;

function project(id: string, parentId: string | null): string {
  const parent = parentId === null ? 'null' : `'${parentId}'`;
  const above = parentId === null ? '' : `insert into project_tree values ('${parentId}', '${id}', 1);`;
  return `
    insert into projects (id, title, translations, kind, status, sector, organization_id, parent_id, start_date, end_date,
      quantities, weight_basis, progress_basis, tags, search_text, revision, created_at, updated_at)
      values ('${id}', '工程', '{}', '${id === 'whole' ? 'programme' : 'project'}', 'implementation', '[]', 'yueping', ${parent},
      '2023-01-01', '2023-12-31', '[]', 'equal', 'auto', '[]', '工程', 1, '${moment}', '${moment}');
    insert into project_revisions (project_id, revision, parent_id, is_archived, quantities, weight_basis, progress_basis,
      known_from) values ('${id}', 1, ${parent}, false, '[]', 'equal', 'auto', '${moment}');
    insert into changes (at, actor_name, action, subject_type, subject_id, organization_id, after) values ('${moment}', 'clerk',
      'created', 'project', '${id}', 'yueping', '{"revision":1,"period":{"startDate":"2023-01-01","endDate":"2023-12-31"}}');
    insert into project_statuses (project_id, as_of, status, recorded_by, known_from)
      values ('${id}', '0001-01-01', 'implementation', 'clerk', '${moment}');
    insert into project_searches (subject_id, terms) values ('${id}', '工程');
    insert into project_tree values ('${id}', '${id}', 0); ${above}`;
}

function report(id: string): string {
  return `insert into reports (project_id, as_of, revision, percent_hundredths, qualifier, withdrawn, recorded_at, recorded_by)
    values ('${id}', '2023-06-30', 1, 1000, 'exact', false, '2023-07-01T00:00:00.000Z', 'clerk');`;
}

function standing(id: string, parentId: string | null, basis: string, sums: string | null): string {
  const quoted = (text: string | null) => (text === null ? 'null' : `'${text}'`);
  const own = basis === 'report' ? `1000, 'exact', '2023-06-30', 1` : 'null, null, null, null';
  const [ownSaid, childSaid] = basis === 'report' ? [`'2023-06-30'`, 'null'] : ['null', `'2023-06-30'`];
  return `
    insert into project_standings (project_id, parent_id, counts, own_percent_hundredths, own_qualifier, own_as_of,
      own_revision, sums, percent_fine, low_fine, high_fine, is_approximate, coverage_fine, basis, as_of, newest_child_as_of,
      own_said_as_of, newest_child_said_as_of, said_as_of, is_unweighted)
      values ('${id}', ${quoted(parentId)}, true, ${own}, ${quoted(sums)}, 1000000000, 1000000000, 1000000000, false, 10000000000,
      '${basis}', '2023-06-30', ${childSaid}, ${ownSaid}, ${childSaid}, '2023-06-30', false);`;
}

let older: TestDatabase;

beforeEach(async () => {
  older = await databaseUpTo('0001_search-indexes');
  await older.run(rows);
  return () => older.remove();
});

async function started(): Promise<TestApp> {
  const app = await testApp({ on: older, now });
  onTestFinished(() => app.close());
  return app;
}

const countsTold = ({ log }: TestApp) =>
  log.lines.flatMap((line) => (line.putRight === undefined ? [] : [[line.projects, line.putRight]]));

async function differing(): Promise<string[]> {
  const database = await older.open();
  const outcome = await rebuildStandings(database, { repair: false });
  await database.close();
  return outcome.differing;
}

test('a database from before plans and lights is counted anew at the start, and says so, once', async () => {
  const app = await started();
  expect(countsTold(app)).toEqual([[3, 3]]);
  const { body } = await app.admin.get('/v1/portfolio');
  expect(body).toMatchObject({ projects: 2, byLight: { red: 2, none: 0 }, byStatus: { implementation: 2 } });
  expect((await app.admin.get('/v1/projects/whole')).body.light).toBe('red');
  await app.close();
  expect(await differing()).toEqual([]);
  expect(countsTold(await started())).toEqual([]);
});

test('a count that was cut off goes on after the tree that it had come to', async () => {
  await (await older.open()).close();
  await older.run(`insert into kept_state values ('standings', 2, 'alone', '${moment}')`);
  expect(countsTold(await started())).toEqual([[2, 2]]);
  expect(await differing()).toEqual(['alone']);
});

test('what was kept by another way of counting is counted anew from the beginning', async () => {
  await (await older.open()).close();
  await older.run(`insert into kept_state values ('standings', 0, null, '${moment}')`);
  expect(countsTold(await started())).toEqual([[3, 3]]);
  expect(await differing()).toEqual([]);
});

test('processes that start together count each project once between them', async () => {
  const apps = await Promise.all([started(), started(), started()]);
  const told = apps.flatMap(countsTold);
  expect(told.reduce((sum, [projects]) => sum + Number(projects), 0)).toBe(3);
  for (const app of apps) expect((await app.admin.get('/v1/portfolio')).body.byLight.red).toBe(2);
});

test('a new database has nothing to be counted, and says nothing', async () => {
  await using app = await testApp({ from: 'new', now });
  expect(countsTold(app)).toEqual([]);
  await app.admin.put('/v1/organizations/yueping', { name: '岳屏社区', kind: 'community' });
  await app.admin.put('/v1/projects/works', { title: '工程', organizationId: 'yueping' });
  await using again = await testApp({ on: app.database, now });
  expect(countsTold(again)).toEqual([]);
});
