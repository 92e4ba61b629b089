import type { amendmentSchemas } from '../features/agreements/index.ts';
import type { saidOfAmount } from '../features/funding/index.ts';
import type { lightRuleSchemas } from '../features/light-rules/index.ts';
import type { planSchemas } from '../features/plans/index.ts';
import type { CalendarDate } from '../shared/calendar-date.ts';
import type { DemoAgreement, DemoFunding, DemoParty, DemoProject } from './tianmashan.ts';

// Made up, to show what is to be seen once it is told: no plan and no due date of 天马山街道 was ever published, nor a deal
// that came any further than a framework agreement. It is
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

const madeUp = '示例，并非公布。 Illustrative, not published.';
const dealId = 'illustrative-deal';

/** A deal that is all made up, as is the project: on it, no published one is said to have signed what it has not. */
export const illustrativeDeal: DemoProject = {
  id: dealId,
  title: '示例：闲置厂房改造合作项目',
  translations: { en: { title: 'Illustrative: an idle factory, with a partner' } },
  description: madeUp,
  category: 'urban-renewal',
  status: 'preparation',
  organizationId: 'tianmashan',
  tags: ['illustrative'],
};

const inTalks = { role: 'interestedParty', note: madeUp } as const;

/** Three companies in talks, of which one is named a month later and goes on to sign. */
export const illustrativeParties: readonly DemoParty[] = [
  {
    projectId: dealId,
    id: 'in-talks',
    body: { ...inTalks, count: 3, stage: 'inTalks', since: '2023-03-01', asOf: '2023-03-31' },
  },
  {
    projectId: dealId,
    id: 'company-a',
    body: {
      ...{ ...inTalks, name: '示例企业甲', splitFrom: 'in-talks', splitOn: '2023-04-15' },
      ...{ stage: 'frameworkSigned', since: '2023-04-10', asOf: '2023-04-15' },
    },
  },
];

/** The same value twice is one value, and counts once; what is agreed more counts by the increment. */
export const illustrativeAgreements: readonly DemoAgreement[] = [
  {
    projectId: dealId,
    id: 'framework',
    body: {
      ...{ type: 'framework', title: '示例：框架协议', signedOn: '2023-04-10', partyIds: ['company-a'] },
      ...{ value: { stated: '9000万元以上' }, note: madeUp },
    },
  },
  {
    projectId: dealId,
    id: 'investment',
    body: {
      ...{ type: 'investment', title: '示例：投资协议', signedOn: '2023-05-20', endsOn: '2025-12-31' },
      ...{ partyIds: ['company-a'], value: { amount: 90_000_000, currency: 'CNY' }, note: madeUp },
    },
  },
];

export const illustrativeAmendments: readonly {
  projectId: string;
  agreementId: string;
  asOf: CalendarDate;
  body: Parameters<typeof amendmentSchemas.amendmentFactsFrom>[0];
}[] = [
  {
    projectId: dealId,
    agreementId: 'investment',
    asOf: '2023-06-20',
    body: { rationale: `增资。${madeUp}`, value: { stated: '1.2亿元' }, endsOn: '2026-06-30' },
  },
];

export const illustrativeFunding: readonly DemoFunding[] = [
  {
    projectId: dealId,
    id: 'partner',
    body: {
      ...{ title: '示例：社会投资', sourceName: '示例企业甲', note: madeUp },
      ...{ status: 'committed', stated: '9000万元以上', since: '2023-05-20', asOf: '2023-05-20' },
    },
  },
  {
    projectId: dealId,
    id: 'subsidy',
    body: { title: '示例：专项补助', status: 'sought', asOf: '2023-05-31', note: madeUp },
  },
];

export const illustrativeAmounts: readonly {
  key: Parameters<typeof saidOfAmount>[0];
  body: Parameters<typeof saidOfAmount>[1];
}[] = [
  {
    key: { projectId: dealId, fundingId: 'partner', status: 'arrived', asOf: '2023-06-15' },
    body: { stated: '近3000万元', since: '2023-06-12', note: madeUp },
  },
];
