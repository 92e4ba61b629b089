import {
  categories,
  componentsEach,
  digits,
  districtId,
  firstSilentDay,
  programmes,
  projectsEach,
  randomFrom,
  reportDays,
  wideChildren,
  wideId,
  widePartId,
} from './portfolio.ts';
import type { Asked } from './requests.ts';

/** What there is to be asked for: how many counties, and from which day on nothing has been said yet. */
export interface Grounds {
  counties: number;
  firstDay: string;
  firstDayOfWide: string;
}

/** What is asked of a database of many counties. Each asker takes its names from the whole of it, all as likely. */
export const scaleAskers = {
  progress: reading((one) => `/v1/projects/${one.component()}/progress`),
  progressThen: reading((one) => `/v1/projects/${one.component()}/progress?asOf=2024-06-30`),
  byCategory: reading((one) => `/v1/projects?category=${one.of(categories)}`),
  byStatus: reading(() => '/v1/projects?status=completion'),
  byOrganization: reading((one) => `/v1/projects?organizationId=${one.community()}`),
  withinStreet: reading((one) => `/v1/projects?within=${one.street()}`),
  withinCounty: reading((one) => `/v1/projects?within=${one.district()}&status=completion`),
  byParent: reading((one) => `/v1/projects?parentId=${one.programme()}`),
  byTag: reading((one) => `/v1/projects?tag=${one.of(categories)}`),
  searchChinese: searching((one) => `${one.countyName()} 居民${20 + one.below(600)}户`),
  searchEnglish: searching((one) => `${one.programme()} zone-${digits(one.below(componentsEach), 2)}`),
  searchCommon: searching(() => '改造'),
  searchNothing: searching((one) => `岳屏${one.below(1000)}`),
  wideProgress: reading(() => `/v1/projects/${wideId}/progress`),
  changesNewest: reading(() => '/v1/changes?sort=-sequence'),
  changesOfOrganization: reading((one) => `/v1/changes?sort=-sequence&organizationId=${one.community()}`),
  changesOfReport: reading(
    (one) => `/v1/changes?subjectType=report&subjectId=${one.component()}/${one.of(reportDays)}`,
  ),
  changesOfProject: reading((one) => `/v1/changes?subjectType=project&subjectId=${one.component()}`),
  reports: sendReports,
  wideReports: sendWideReports,
} as const;

export type ScaleAskerName = keyof typeof scaleAskers;

/** No report of one turn is one of another turn; a multiple of the number of components in a county. */
const reportsPerTurn = 36_000;
const stride = 7_919;

/** A report of a component, of a day of which nothing was said; a little above all that was said before. */
function sendReports(turn: number, { counties, firstDay }: Grounds): () => Asked {
  const components = counties * programmes * projectsEach * componentsEach;
  let sent = turn * reportsPerTurn;
  return () => {
    const component = componentAt((sent * stride) % components);
    const day = dayAfter(firstDay, Math.floor(sent / components));
    sent += 1;
    return report(component, day);
  };
}

/** The same of a project below the wide programme. */
function sendWideReports(turn: number, { firstDayOfWide }: Grounds): () => Asked {
  let sent = turn * 4 * wideChildren;
  return () => {
    const part = widePartId((sent * stride) % wideChildren);
    const day = dayAfter(firstDayOfWide, Math.floor(sent / wideChildren));
    sent += 1;
    return report(part, day);
  };
}

function report(projectId: string, day: string): Asked {
  const days = (Date.parse(day) - Date.parse(firstSilentDay)) / 86_400_000;
  const body = JSON.stringify({ percent: (8_600 + days) / 100, note: '街道半月调度会上报，现场核查' });
  return { method: 'PUT', path: `/v1/projects/${projectId}/reports/${day}`, body };
}

function componentAt(index: number): string {
  const [k, above] = [index % componentsEach, Math.floor(index / componentsEach)];
  const [j, programme] = [above % projectsEach, Math.floor(above / projectsEach)];
  const [i, county] = [programme % programmes, Math.floor(programme / programmes)];
  return `${programmeAt(county, i)}-estate-${digits(j, 2)}-zone-${digits(k, 2)}`;
}

/** The first component and the first part of the wide programme: of them it is seen which days are taken. */
export const firstComponent = componentAt(0);
export const firstPart = widePartId(0);

type Names = ReturnType<typeof namesFrom>;

function reading(path: (one: Names) => string): (turn: number, grounds: Grounds) => () => Asked {
  return (turn, grounds) => {
    const names = namesFrom(randomFrom(turn), grounds.counties);
    return () => ({ method: 'GET', path: path(names) });
  };
}

function searching(words: (one: Names) => string) {
  return reading((one) => `/v1/projects?q=${encodeURIComponent(words(one))}`);
}

function namesFrom(random: () => number, counties: number) {
  const below = (bound: number) => Math.floor(random() * bound);
  const prefix = () => prefixOf(below(counties));
  return {
    below,
    of: <T>(values: readonly T[]) => values[below(values.length)] as T,
    component: () => componentAt(below(counties * programmes * projectsEach * componentsEach)),
    programme: () => programmeAt(below(counties), below(programmes)),
    district: () => `${prefix()}${districtId}`,
    street: () => `${prefix()}street-${digits(below(10), 2)}`,
    community: () => `${prefix()}street-${digits(below(10), 2)}-community-${below(projectsEach)}`,
    countyName: () => countyNameOf(below(counties)),
  };
}

function programmeAt(county: number, i: number): string {
  return `${prefixOf(county)}programme-${digits(i, 3)}`;
}

/** What a county puts before each id of its own. */
export function prefixOf(county: number): string {
  return `d${digits(county, 3)}-`;
}

/** The name that stands in the descriptions of a county's projects, and in no other's. */
export function countyNameOf(county: number): string {
  const numerals = '甲乙丙丁戊己庚辛壬癸';
  return `${[...digits(county, 3)].map((digit) => numerals[Number(digit)]).join('')}县`;
}

export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}
