import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rebuildStandings } from '../../../src/features/progress/index.ts';
import { settleTianmashan, type TestDatabase, testApp } from '../../support/index.ts';

const numbers = [0, 1, 2, 3, 4, 5, 6];
const aNumber = fc.constantFrom(...numbers);
const aDay = fc.constantFrom('2023-03-31', '2023-05-31', '2023-06-30', '2023-07-01');
const aPlannedDay = fc.constantFrom('2001-01-01', '2022-07-01', '2023-01-01', '2023-06-30', '2023-12-31');
const aPercent = fc.oneof(
  fc.constant(100),
  fc.integer({ min: 0, max: 10_000 }).map((hundredths) => hundredths / 100),
);
const aQualifier = fc.constantFrom('exact', 'atLeast', 'nearly', 'about');

/** One thing that somebody might do to one of a run's projects; those that the rules refuse are part of the game. */
interface Step {
  method: string;
  path: string;
  body?: object;
}

const changeOf = (body: fc.Arbitrary<object>): fc.Arbitrary<Step> =>
  fc.tuple(aNumber, body).map(([number, change]) => ({ method: 'PATCH', path: `${number}`, body: change }));

const aStep: fc.Arbitrary<Step> = fc.oneof(
  fc
    .record({ number: aNumber, day: aDay, percent: aPercent, qualifier: aQualifier })
    .map(({ number, day, ...said }) => ({
      method: 'PUT',
      path: `${number}/reports/${day}`,
      body: { ...said, reason: '更正' },
    })),
  fc
    .record({
      number: aNumber,
      day: aDay,
      value: fc.integer({ min: 0, max: 17 }),
      codes: fc.subarray(['households', 'buildings']),
    })
    .map(({ number, day, value, codes }) => ({
      method: 'PUT',
      path: `${number}/reports/${day}`,
      body: {
        ...(value % 2 === 0 ? { percent: value } : {}),
        ...(value % 3 === 0 ? { spent: { amount: value, currency: 'CNY' } } : {}),
        quantities: codes.map((code) => ({ code, value })),
        reason: '更正',
      },
    })),
  fc.tuple(aNumber, aDay).map(([number, day]) => ({ method: 'DELETE', path: `${number}/reports/${day}` })),
  fc
    .record({
      number: aNumber,
      step: fc.constantFrom('a', 'b'),
      weight: fc.option(fc.integer({ min: 0, max: 9 })),
      status: fc.constantFrom('scheduled', 'met', 'partiallyMet'),
      day: aDay,
    })
    .map(({ number, step, weight, status, day }) => ({
      method: 'PUT',
      path: `${number}/milestones/${step}`,
      body: { title: step, weight, status, ...(status === 'scheduled' ? {} : { metBy: day }) },
    })),
  changeOf(fc.option(aNumber).map((parent) => ({ parent }))),
  changeOf(fc.option(fc.integer({ min: 0, max: 5 })).map((weight) => ({ weight }))),
  changeOf(
    fc
      .constantFrom('equal', 'weight', 'budget', 'quantity:households')
      .map((weightBasis) => ({ weightBasis })),
  ),
  changeOf(
    fc.constantFrom('auto', 'report', 'children', 'quantities').map((progressBasis) => ({ progressBasis })),
  ),
  changeOf(
    fc
      .record({ amount: fc.integer({ min: 0, max: 900_000_000 }), currency: fc.constantFrom('CNY', 'USD') })
      .map((budget) => ({ budget })),
  ),
  fc
    .record({ number: aNumber, day: aDay, status: fc.constantFrom('implementation', 'cancelled') })
    .map(({ number, day, status }) => ({
      method: 'PUT',
      path: `${number}/statuses/${day}`,
      body: { status },
    })),
  fc
    .tuple(aNumber, fc.uniqueArray(aPlannedDay, { minLength: 2, maxLength: 4 }), aPercent)
    .map(([number, days, percent]) => ({
      method: 'PUT',
      path: `${number}/plan`,
      body: {
        points: days.toSorted().map((date, index) => ({ date, percent: index === 0 ? 0 : percent })),
      },
    })),
  aNumber.map((number) => ({ method: 'DELETE', path: `${number}/plan` })),
  changeOf(fc.constantFrom(null, 'daily', 'monthly', 'none').map((cadence) => ({ cadence }))),
  changeOf(fc.constantFrom('yueping', 'suyanjing').map((organizationId) => ({ organizationId }))),
  changeOf(
    fc.tuple(fc.option(aPlannedDay), fc.option(aPlannedDay)).map(([startDate, endDate]) => ({
      period: { startDate, endDate },
    })),
  ),
  aNumber.map((number) => ({ method: 'DELETE', path: `${number}` })),
  aNumber.map((number) => ({ method: 'POST', path: `${number}/restoration` })),
);

describe('what is kept of every project', () => {
  test('equals what is counted from scratch, whatever was done and refused before', async () => {
    await using jindu = await testApp({ now: '2023-07-03T01:02:03.004Z' });
    await settleTianmashan(jindu.admin);
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(aStep, { minLength: 5, maxLength: 40 }), async (steps) => {
        runs += 1;
        const idOf = (number: number) => `run-${runs}-${number}`;
        const pathOf = (path: string) => `/v1/projects/run-${runs}-${path}`;
        for (const number of numbers) {
          await jindu.admin.put(pathOf(`${number}`), {
            title: `第${number}号`,
            organizationId: 'yueping',
            parentId: number === 0 ? null : idOf(Math.floor((number - 1) / 2)),
            quantities:
              number % 3 === 2
                ? []
                : [
                    { code: 'households', value: 50 + number, unit: '户' },
                    { code: 'buildings', value: 17, unit: '栋' },
                  ],
          });
        }
        for (const { method, path, body } of steps) {
          const payload =
            body !== undefined && 'parent' in body
              ? { parentId: body.parent === null ? null : idOf(body.parent as number) }
              : body;
          const { status } = await jindu.admin.send(method, pathOf(path), { payload });
          expect(status).toBeLessThan(500);
        }
        jindu.clock.advance({ seconds: 1 });
        const knownAt = jindu.clock.now().toISOString();
        for (const number of numbers) {
          const kept = await jindu.admin.get(pathOf(`${number}/progress`));
          const counted = await jindu.admin.get(pathOf(`${number}/progress?knownAt=${knownAt}`));
          expect({ ...kept.body, knownAt }).toEqual(counted.body);
        }
      }),
      { numRuns: 40, seed: 20230630 },
    );
    expect(await differing(jindu.database)).toEqual([]);
  }, 60_000);

  test('is put right by a rebuild where it was damaged', async () => {
    await using jindu = await testApp({ now: '2023-07-03T01:02:03.004Z' });
    await settleTianmashan(jindu.admin);
    await jindu.admin.put('/v1/projects/whole', { title: '整体', organizationId: 'yueping' });
    await jindu.admin.put('/v1/projects/part', {
      title: '部分',
      organizationId: 'yueping',
      parentId: 'whole',
    });
    await jindu.admin.put('/v1/projects/part/reports/2023-06-30', { percent: 90 });
    await jindu.database.run(
      `update project_standings set percent_fine = 1, own_as_of = null where project_id = 'part'`,
    );

    expect(await differing(jindu.database)).toEqual(['part']);
    expect(await differing(jindu.database, true)).toEqual(['part']);
    expect(await differing(jindu.database)).toEqual([]);
    const { body } = await jindu.admin.get('/v1/projects/whole/progress');
    expect(body).toMatchObject({ percent: 90, basis: 'children' });
  });

  test.each([
    [
      'where its plan comes from',
      `update project_standings set baseline_basis = 'period' where project_id = 'part'`,
    ],
    ['the curve that is planned', `update project_standings set curve = null where project_id = 'part'`],
    ['which plan that is', `update project_standings set plan_revision = 7 where project_id = 'part'`],
    ['that it has a plan', `delete from project_baselines where project_id = 'part'`],
    ['what it may cost', `update project_standings set budget_minor = 1 where project_id = 'part'`],
    ['what it measures', `update project_standings set quantities = null where project_id = 'part'`],
    [
      'what its figure is taken from',
      `update project_standings set progress_basis = 'children' where project_id = 'part'`,
    ],
    [
      'by what its children weigh',
      `update project_standings set weight_basis = 'budget' where project_id = 'part'`,
    ],
    ['when it is to end', `update project_standings set end_date = '2024-12-31' where project_id = 'part'`],
    ['the money spent', `update project_standings set spent_minor = 1 where project_id = 'part'`],
    [
      'since when it is red',
      `update project_standings set red_from = '2023-01-01' where project_id = 'part'`,
    ],
    [
      'after how long it is silent',
      `update project_standings set silent_after_days = 1 where project_id = 'part'`,
    ],
    ['what it counts as', `update project_standings set counts = false where project_id = 'part'`],
    ['whose child it is', `update project_standings set parent_id = null where project_id = 'part'`],
    [
      'the day it was last told of',
      `update project_standings set said_as_of = null where project_id = 'part'`,
    ],
    ['its place in the tree', `delete from project_tree where descendant_id = 'part' and depth = 1`],
    ['a place that is not its own', `insert into project_tree values ('other', 'part', 2)`],
  ])('is put right to the last column: %s', async (_what, damage) => {
    await using jindu = await testApp();
    await settleTianmashan(jindu.admin);
    for (const [id, parentId] of [
      ['whole', null],
      ['part', 'whole'],
      ['other', null],
    ]) {
      await jindu.admin.put(`/v1/projects/${id}`, {
        ...{ title: '工程', organizationId: 'yueping', parentId },
        quantities: [{ code: 'households', value: 563, unit: '户' }],
      });
    }
    const spent = { amount: 12, currency: 'CNY' };
    await jindu.admin.put('/v1/projects/part/reports/2023-06-30', { percent: 90, spent });
    await jindu.admin.put('/v1/projects/part/plan', {
      points: [
        { date: '2023-01-01', percent: 0 },
        { date: '2023-12-31', percent: 100 },
      ],
    });
    await jindu.database.run(damage);

    expect(await differing(jindu.database)).toEqual(['part']);
    expect(await differing(jindu.database, true)).toEqual(['part']);
    expect(await differing(jindu.database)).toEqual([]);
  });
});

/** The projects that a rebuild finds to be kept otherwise, as the command would on the same database. */
async function differing(place: TestDatabase, repair = false): Promise<string[]> {
  const database = await place.open();
  const { differing } = await rebuildStandings(database, { repair });
  await database.close();
  return differing;
}
