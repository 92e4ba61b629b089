import type { lightRuleSchemas } from '../features/light-rules/index.ts';
import type { planSchemas } from '../features/plans/index.ts';
import type { CalendarDate } from '../shared/calendar-date.ts';

// Made up, to show what is to be seen once it is told: no plan and no due date of 天马山街道 was ever published. It is
// loaded only where somebody asks for it, and whatever has any of it is marked with `illustrativeTag`.

const note = '示例：计划未见公布。 Illustrative: no plan was published.';

/** A report for each half-year, as they were published: when one is silent, and how far behind is late, nobody has said. */
export const illustrativeLightRules: {
  organizationId: string;
  body: Parameters<typeof lightRuleSchemas.factsFrom>[0];
} = {
  organizationId: 'tianmashan',
  body: {
    yellowBehind: 10,
    redBehind: 30,
    cadence: 'halfYearly',
    reason: '示例：规则未见公布。 Illustrative: no rules were published.',
  },
};

/** By when these projects are to be done, and since when. */
export const illustrativePeriods: readonly {
  projectId: string;
  period: { startDate: CalendarDate; endDate: CalendarDate };
}[] = [
  { projectId: 'yueping-canteen', period: { startDate: '2023-01-01', endDate: '2023-05-31' } },
  { projectId: 'leego-energy-centre', period: { startDate: '2023-01-01', endDate: '2024-06-30' } },
];

export const illustrativePlans: readonly {
  projectId: string;
  body: Parameters<typeof planSchemas.factsFrom>[0];
}[] = [
  {
    projectId: 'yueping-estate-renovation',
    body: {
      points: [
        { date: '2022-10-01', percent: 0 },
        { date: '2022-12-31', percent: 20 },
        { date: '2023-06-30', percent: 80 },
        { date: '2023-09-30', percent: 100 },
      ],
      note,
    },
  },
];
