import type { MilestoneType } from './milestone.ts';

export interface TemplateMilestone {
  id: string;
  title: string;
  /** The same words in English, for who does not read the title. */
  english: string;
  type: MilestoneType;
  code: string | null;
  weight: number;
}

export const templateIds = ['deal', 'estate-renovation'] as const;
export type TemplateId = (typeof templateIds)[number];

/** The milestones of the template `deal`, the first step first. */
export const dealMilestones = [
  'lead',
  'talks',
  'framework-agreement',
  'contract',
  'funding-in-place',
  'start',
  'completion',
] as const;
export type DealMilestone = (typeof dealMilestones)[number];

export interface MilestoneTemplate {
  id: TemplateId;
  title: string;
  english: string;
  description: string;
  milestones: readonly TemplateMilestone[];
}

/**
 * Milestones that projects of a kind have in common. The steps are those of the field; the weights are a proposal of
 * ours, published nowhere, and each project changes its own.
 */
export const templates: readonly MilestoneTemplate[] = [
  {
    id: 'deal',
    title: '招商与合作项目',
    english: 'A deal with a counterparty',
    description: '从线索、洽谈、签约、资金到开工和竣工。权重为建议值，未见公布，可逐项修改。',
    milestones: [
      step('lead', '获得线索', 'A lead is found', 'engagement', null, 5),
      step('talks', '开始洽谈', 'Talks have begun', 'engagement', null, 10),
      step('framework-agreement', '框架协议签订', 'Framework agreement signed', 'contractClose', null, 15),
      step('contract', '正式合同签订', 'Contract signed', 'contractClose', 'commercialClose', 20),
      step('funding-in-place', '资金到位', 'Funding in place', 'financing', 'financialClose', 15),
      step('start', '开工', 'Work begins', 'delivery', 'commencement', 10),
      step('completion', '竣工', 'Work is complete', 'delivery', 'completion', 25),
    ],
  },
  {
    id: 'estate-renovation',
    title: '老旧小区改造',
    english: 'Renovation of an old estate',
    description: '从居民意愿征询到竣工验收和移交管理。权重为建议值，未见公布，可逐项修改。',
    milestones: [
      step('residents-asked', '居民意愿征询', 'Residents asked and agreed', 'engagement', null, 5),
      step('design', '改造方案设计', 'Design', 'assessment', null, 5),
      step('approval', '立项审批', 'Approval', 'approval', 'projectApproval', 5),
      step('tender', '招标及施工合同', 'Tender and contract', 'procurement', 'commercialClose', 5),
      step('start', '开工', 'Work begins', 'delivery', 'commencement', 5),
      step('underground-works', '管网工程完成', 'Pipes and cables done', 'delivery', null, 25),
      step('building-works', '房屋本体改造完成', 'Buildings done', 'delivery', null, 25),
      step('grounds', '公共环境及配套完成', 'Grounds and facilities done', 'delivery', null, 15),
      step('acceptance', '竣工验收', 'Accepted', 'assessment', 'completion', 5),
      step('handover', '移交管理', 'Handed over to its managers', 'delivery', 'commissioning', 5),
    ],
  },
];

function step(
  id: string,
  title: string,
  english: string,
  type: MilestoneType,
  code: string | null,
  weight: number,
): TemplateMilestone {
  return { id, title, english, type, code, weight };
}
