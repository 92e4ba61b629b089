import fc from 'fast-check';
import { expect } from 'vitest';
import type { Client } from '../../support/index.ts';

/** A made-up project of a random portfolio, all of whose projects are below or beside each other. */
export interface RandomProject {
  organizationId: string;
  kind: string;
  status: string;
  /** Of the projects before it, the one that it lies below; none where there is no such one. */
  below: number | null;
  category: string | null;
  tags: string[];
  period: { startDate: string; endDate: string } | null;
  cadence: string | null;
  budget: { amount: number; currency: string } | null;
  households: { value: number; unit: string } | null;
  reports: { asOf: string; percent: number; qualifier: string }[];
  milestone: { dueDate: string; putOffTo: string | null } | null;
  isArchived: boolean;
}

const aDay = fc.constantFrom('2023-03-31', '2023-05-31', '2023-06-28', '2023-06-30', '2023-07-02');
const aPercent = fc.integer({ min: 0, max: 10_000 }).map((hundredths) => hundredths / 100);
const mostly = <Value>(value: Value, others: readonly Value[]) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(value) },
    { weight: 2, arbitrary: fc.constantFrom(...others) },
  );

const aProject: fc.Arbitrary<RandomProject> = fc.record({
  organizationId: fc.constantFrom('yueping', 'suyanjing', 'tianmashan', 'dayang'),
  kind: mostly('project', ['programme', 'component']),
  status: mostly('implementation', ['preparation', 'completion', 'suspended', 'cancelled']),
  below: fc.option(fc.nat({ max: 11 })),
  category: fc.option(fc.constantFrom('schools', 'roads')),
  tags: fc.subarray(['民生', 'urgent']),
  period: fc.option(
    fc.constantFrom(
      { startDate: '2023-01-01', endDate: '2023-12-31' },
      { startDate: '2022-01-01', endDate: '2023-06-30' },
      { startDate: '2023-09-01', endDate: '2024-12-31' },
    ),
    { freq: 5 },
  ),
  cadence: fc.option(fc.constantFrom('daily', 'monthly', 'none')),
  budget: fc.option(
    fc.record({
      amount: fc.oneof(fc.integer({ min: 0, max: 9_999_999_999_999 }), fc.constant(0)),
      currency: mostly('CNY', ['USD']),
    }),
  ),
  households: fc.option(
    fc.record({ value: fc.integer({ min: 0, max: 900_000_000 }), unit: mostly('户', ['栋']) }),
    { freq: 5 },
  ),
  reports: fc.uniqueArray(
    fc.record({
      asOf: aDay,
      percent: fc.oneof(aPercent, fc.constantFrom(0, 100)),
      qualifier: mostly('exact', ['atLeast', 'nearly', 'about']),
    }),
    { maxLength: 2, selector: ({ asOf }) => asOf },
  ),
  milestone: fc.option(
    fc.record({
      dueDate: fc.constantFrom('2023-05-01', '2023-06-15', '2023-09-30'),
      putOffTo: fc.option(fc.constantFrom('2023-08-01', '2023-12-31')),
    }),
  ),
  isArchived: mostly(false, [true, false, false]),
});

export const somePortfolio = fc.array(aProject, { minLength: 3, maxLength: 12 });

/** What may be asked of it beside `within`; `id` names one of its projects. */
export const someQuestion = fc.record(
  {
    organizationId: fc.constantFrom('yueping', 'dayang'),
    kind: fc.constantFrom('project', 'component', 'programme'),
    status: fc.constantFrom('implementation', 'cancelled'),
    light: fc.constantFrom('green', 'yellow', 'red', 'grey', 'none'),
    category: fc.constant('schools'),
    tag: fc.constant('民生'),
    q: fc.constantFrom('第1', '号'),
    limit: fc.constantFrom('1', '2', '1000'),
  },
  { requiredKeys: [] },
);

/** Settles it, or changes what was settled before, under ids that begin with `run`; the reports of a project are told from the last day backwards. */
export async function settle(admin: Client, run: string, projects: readonly RandomProject[]): Promise<void> {
  const idOf = (number: number) => `${run}-${number}`;
  for (const [number, project] of projects.entries()) {
    const { below, households, reports, milestone, isArchived, organizationId, kind, ...said } = project;
    const body = {
      ...said,
      ...{ title: `第${number}号`, organizationId, kind, weight: 1 },
      parentId: below === null || below >= number ? null : idOf(below),
      quantities: households === null ? [] : [{ code: 'households', ...households }],
    };
    const made = await admin.put(`/v1/projects/${idOf(number)}`, body);
    // What would lie below an archived one, or is archived, is refused: that is no part of this portfolio.
    if (made.status === 422 || made.status === 409) continue;
    expect(made.status, made.text).toBeLessThan(300);
    for (const { asOf, ...report } of reports)
      await admin.put(`/v1/projects/${idOf(number)}/reports/${asOf}`, { ...report, reason: '复核' });
    const path = `/v1/projects/${idOf(number)}/milestones/acceptance`;
    if (milestone !== null) {
      const { dueDate, putOffTo } = milestone;
      await admin.put(path, { title: '竣工验收', dueDate });
      if (putOffTo !== null) await admin.put(path, { title: '竣工验收', dueDate: putOffTo, reason: '汛期' });
    }
    if (isArchived) await admin.delete(`/v1/projects/${idOf(number)}`);
  }
}
