import type { agreementSchemas } from '../features/agreements/index.ts';
import type { fundingSchemas } from '../features/funding/index.ts';
import type { milestoneSchemas } from '../features/milestones/index.ts';
import type { organizationSchemas } from '../features/organizations/index.ts';
import type { partyBodies } from '../features/parties/index.ts';
import type { ProjectStatus, projectSchemas } from '../features/projects/index.ts';
import type { reportSchemas } from '../features/reports/index.ts';
import type { CalendarDate } from '../shared/calendar-date.ts';

/**
 * What a local newspaper published about 天马山街道 (雁峰区, 衡阳市, 湖南) for the first half of 2023, as bodies of the
 * API. Exactly that: what is not published is left out and so stays unknown. The `en` names and titles are translations.
 *
 * A status is the one field that cannot be unknown: the comment beside each says what it was read from. Since when it
 * holds is unknown too, unless a day is published.
 */
export interface DemoOrganization extends OrganizationBody {
  id: string;
}

export interface DemoProject extends ProjectBody {
  id: string;
  /** A later status, with the day from which it holds. */
  laterStatus?: { asOf: CalendarDate; status: ProjectStatus; reason: string };
}

export interface DemoReport {
  projectId: string;
  asOf: CalendarDate;
  body: Parameters<typeof reportSchemas.factsFrom>[0];
}

export interface DemoMilestone {
  projectId: string;
  id: string;
  body: Parameters<typeof milestoneSchemas.saidIn>[0];
}

export interface DemoParty {
  projectId: string;
  id: string;
  body: Parameters<typeof partyBodies.saidIn>[0];
}

export interface DemoAgreement {
  projectId: string;
  id: string;
  body: Parameters<typeof agreementSchemas.saidIn>[0];
}

export interface DemoFunding {
  projectId: string;
  id: string;
  body: Parameters<typeof fundingSchemas.saidIn>[0];
}

type OrganizationBody = Parameters<typeof organizationSchemas.factsFrom>[0];
type ProjectBody = Parameters<typeof projectSchemas.factsFrom>[0];

/** The end of the half-year that is spoken of. */
const midYear = '2023-06-30';

/** The newspaper is not named here: which one it was is no part of what was handed down. */
function published(quote: string | null) {
  return { title: '当地报纸关于天马山街道2023年上半年工作的报道', url: null, quote };
}

/** Parents first. */
export const organizations: readonly DemoOrganization[] = [
  {
    id: 'yanfeng',
    name: '雁峰区',
    translations: { en: { name: 'Yanfeng District' } },
    kind: 'authority',
    description: '属湖南省衡阳市。',
  },
  {
    id: 'tianmashan',
    name: '天马山街道',
    translations: { en: { name: 'Tianmashan Sub-district' } },
    kind: 'authority',
    parentId: 'yanfeng',
  },
  {
    id: 'suyanjing',
    name: '苏眼井社区',
    translations: { en: { name: 'Suyanjing Community' } },
    kind: 'community',
    parentId: 'tianmashan',
  },
  {
    id: 'xiaojiashan',
    name: '肖家山社区',
    translations: { en: { name: 'Xiaojiashan Community' } },
    kind: 'community',
    parentId: 'tianmashan',
  },
  {
    id: 'shenglishan',
    name: '胜利山社区',
    translations: { en: { name: 'Shenglishan Community' } },
    kind: 'community',
    parentId: 'tianmashan',
  },
  {
    id: 'yueping',
    name: '岳屏社区',
    translations: { en: { name: 'Yueping Community' } },
    kind: 'community',
    parentId: 'tianmashan',
    description: '居民不少于7000人，其中老年人接近28%。',
  },
  {
    id: 'xianghejian',
    name: '湘核建',
    translations: { en: { name: 'Xianghejian' } },
    kind: 'company',
    description: '湘核建城市更新项目的签约方。',
  },
  {
    id: 'dayang',
    name: '大洋百货',
    translations: { en: { name: 'Dayang Department Store' } },
    kind: 'company',
    description: '顶楼闲置资产的业主方。',
  },
  {
    id: 'yuyuan',
    name: '宇元万向城物业联盟',
    translations: { en: { name: 'Yuyuan Wanxiangcheng property-management alliance' } },
    // An alliance; that it is a company is not said.
    kind: 'other',
    description: '大洋百货顶楼闲置资产盘活的合作方。',
  },
];

/** Nothing is published about a zone but that the project is carried out in three of them. */
function zone(letter: 'A' | 'B' | 'C'): DemoProject {
  return {
    id: `yueping-zone-${letter.toLowerCase()}`,
    title: `岳屏社区老旧小区改造项目${letter}区`,
    translations: { en: { title: `Yueping old-estate renovation, zone ${letter}` } },
    description: '项目分A、B、C三个区实施；各区的户数、栋数、面积和进度均未见公布。',
    kind: 'component',
    organizationId: 'yueping',
    parentId: 'yueping-estate-renovation',
    // "Carried out in three zones".
    status: 'implementation',
    citation: published(null),
  };
}

/** 包装策划 is done in the first half of 2023; whether construction has begun is not said. So: preparation. */
function packaged(id: string, title: string, english: string): DemoProject {
  return {
    id,
    title,
    translations: { en: { title: english } },
    description: '2023年上半年完成包装策划；是否开工未见公布。',
    organizationId: 'tianmashan',
    status: 'preparation',
    tags: ['包装策划'],
    citation: published('包装策划'),
  };
}

/** Parents first. */
export const projects: readonly DemoProject[] = [
  {
    id: 'yueping-estate-renovation',
    title: '岳屏社区老旧小区改造项目',
    translations: { en: { title: 'Yueping old-estate renovation' } },
    category: 'old-estate-renovation',
    // "At least 85 % of all works complete": under way, and not said to be finished.
    status: 'implementation',
    type: 'rehabilitation',
    sector: ['socialHousing'],
    organizationId: 'yueping',
    quantities: [
      { code: 'households', value: 563, unit: '户' },
      { code: 'buildings', value: 17, unit: '栋' },
      { code: 'floor-area', value: 30000, unit: 'm²' },
    ],
    citation: published('房屋总建筑面积3万平方米'),
  },
  zone('A'),
  zone('B'),
  zone('C'),
  {
    id: 'xianghejian-urban-renewal',
    title: '湘核建城市更新项目',
    translations: { en: { title: 'Xianghejian urban renewal (苏式风情街)' } },
    description:
      '盘活闲置资产，打造苏式风情街。已与湘核建签订框架协议，与6家企业洽谈，正在争取项目启动资金。',
    category: 'urban-renewal',
    // A framework agreement is signed and start-up funds are being sought: decided on, not yet begun.
    status: 'preparation',
    organizationId: 'tianmashan',
    citation: published('正在争取项目启动资金'),
  },
  packaged('leego-energy-centre', '湖南乐高新能源科技中心项目', 'Hunan Leego New Energy Technology Centre'),
  packaged(
    'liangshan-restaurant',
    '梁山好汉家常菜馆改扩建项目',
    'Liangshan Haohan restaurant, alteration and extension',
  ),
  packaged('xinletu-auto-repair', '鑫乐途汽车修配中心项目', 'Xinletu car repair centre'),
  packaged('dachun-bathhouse', '达春洗浴中心项目', 'Dachun bathhouse'),
  {
    id: 'dayang-rooftop',
    title: '大洋百货顶楼闲置资产盘活',
    translations: { en: { title: 'Reuse of the idle rooftop of Dayang Department Store' } },
    description: '与大洋百货、宇元万向城物业联盟共建红色驿站；已召集业主委员会，使用方案正在形成。',
    // The use scheme is still taking shape: what is to be made of the rooftop is not decided.
    status: 'identification',
    organizationId: 'xiaojiashan',
    citation: published('红色驿站'),
  },
  {
    id: 'yueping-canteen',
    title: '岳屏社区食堂',
    translations: { en: { title: 'Yueping community canteen' } },
    description: '2023年5月开业，设日间照料和居家养老服务中心；也向石鼓区、蒸湘区和雁峰区其他居民开放。',
    // Opened in May 2023, so it was being made before. The day is not said; on the last of the month it was open.
    status: 'implementation',
    laterStatus: {
      asOf: '2023-05-31',
      status: 'completion',
      reason: '2023年5月开业；具体日期未见公布，按月末计。',
    },
    organizationId: 'yueping',
    citation: published(null),
  },
  {
    id: 'wusehua',
    title: '五色花党员志愿服务队',
    translations: { en: { title: 'Wusehua (five-coloured flower) volunteer teams of Party members' } },
    description: '一社一品社区品牌：五支志愿服务队。',
    category: 'community-brand',
    // Presented as at work; since when, and whether it will end, is not said.
    status: 'implementation',
    organizationId: 'suyanjing',
    quantities: [{ code: 'volunteer-teams', value: 5, unit: '支' }],
    citation: published('一社一品'),
  },
  {
    id: 'liuwei',
    title: '“六微”社区治理工作法',
    translations: { en: { title: 'Liuwei, the method of six “micro” steps of community governance' } },
    description: '社区品牌：六个“微”步骤；今年以来已为居民解决实际困难和问题12个。',
    category: 'community-brand',
    // Presented as at work; since when, and whether it will end, is not said.
    status: 'implementation',
    organizationId: 'shenglishan',
    citation: published('解决群众实际困难和问题'),
  },
];

export const reports: readonly DemoReport[] = [
  {
    projectId: 'yueping-estate-renovation',
    asOf: midYear,
    body: { stated: '85%以上', citation: published('85%以上') },
  },
];

/** Packaged and planned within the half-year; the day is not said. */
function planned(projectId: string): DemoMilestone {
  return {
    projectId,
    id: 'packaging-and-planning',
    body: { title: '包装策划完成', type: 'preProcurement', status: 'met', metBy: midYear },
  };
}

/**
 * Events that are said to have come, each by the last day of which that is sure. No due date is published and no weight,
 * so none is ever late, and none makes a percent.
 */
export const milestones: readonly DemoMilestone[] = [
  {
    projectId: 'xianghejian-urban-renewal',
    id: 'framework-agreement',
    body: {
      title: '与湘核建签订框架协议',
      type: 'contractClose',
      description: '签订日期未见公布，按半年末之前计。',
      status: 'met',
      metBy: midYear,
    },
  },
  {
    projectId: 'xianghejian-urban-renewal',
    id: 'funding-in-place',
    // "Being sought": so it is not there yet.
    body: { title: '项目启动资金到位', type: 'financing', description: '正在争取项目启动资金。' },
  },
  planned('leego-energy-centre'),
  planned('liangshan-restaurant'),
  planned('xinletu-auto-repair'),
  planned('dachun-bathhouse'),
  {
    projectId: 'yueping-canteen',
    id: 'opening',
    body: {
      title: '食堂开业',
      type: 'delivery',
      code: 'commissioning',
      description: '2023年5月开业；具体日期未见公布。',
      status: 'met',
      metBy: '2023-05-31',
    },
  },
];

/**
 * Who takes part in what is a deal. Since when anybody is where is not said, so each stage is as of the end of the
 * half-year; of those on the rooftop no stage is said at all.
 */
export const parties: readonly DemoParty[] = [
  {
    projectId: 'xianghejian-urban-renewal',
    id: 'in-talks',
    // "With 6 companies"; none of them is named.
    body: {
      role: 'interestedParty',
      count: 6,
      stage: 'inTalks',
      asOf: midYear,
      citation: published(null),
    },
  },
  {
    projectId: 'xianghejian-urban-renewal',
    id: 'xianghejian',
    body: {
      organizationId: 'xianghejian',
      role: 'interestedParty',
      stage: 'frameworkSigned',
      asOf: midYear,
      citation: published(null),
    },
  },
  {
    projectId: 'dayang-rooftop',
    id: 'dayang',
    body: { organizationId: 'dayang', role: 'interestedParty', note: '业主方。', citation: published(null) },
  },
  {
    projectId: 'dayang-rooftop',
    id: 'yuyuan',
    body: { organizationId: 'yuyuan', role: 'interestedParty', note: '合作方。', citation: published(null) },
  },
];

/** What was signed, by the last day of which that is sure; neither the day nor a value is published. */
export const agreements: readonly DemoAgreement[] = [
  {
    projectId: 'xianghejian-urban-renewal',
    id: 'framework',
    body: {
      type: 'framework',
      title: '框架协议',
      signedByDay: midYear,
      partyIds: ['xianghejian'],
      citation: published(null),
    },
  },
];

export const funding: readonly DemoFunding[] = [
  {
    projectId: 'xianghejian-urban-renewal',
    id: 'start-up',
    // "Being sought"; neither how much nor from whom is said.
    body: {
      title: '项目启动资金',
      currency: 'CNY',
      status: 'sought',
      asOf: midYear,
      citation: published('正在争取项目启动资金'),
    },
  },
];
