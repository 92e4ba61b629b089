/**
 * The made-up portfolio on which everything is measured: 100 programmes of 9 projects of 10 components, 10,000 in all,
 * with 200,000 reports. Everything follows from the number of the project and the seed, so that whoever sends requests
 * knows what there is without asking.
 */
export const programmes = 100;
export const projectsEach = 9;
export const componentsEach = 10;

/** The last days of 21 months; components report on each, projects on the last 12, programmes on the last 2. */
export const reportDays: readonly string[] = Array.from({ length: 21 }, (_, month) =>
  new Date(Date.UTC(2023, 4 + month, 0)).toISOString().slice(0, 10),
);

/** The first day of which nothing has been said yet. */
export const firstSilentDay = '2025-01-01';

const daysOfLevel = [2, 12, 21] as const;

export const categories = [
  'old-estate-renovation',
  'urban-renewal',
  'sewage-network',
  'road-repair',
  'school-building',
  'elderly-care',
  'green-space',
  'flood-protection',
];

export const districtId = 'tianmashan';

export interface Place {
  id: string;
  parentId: string | null;
  /** 0 programme, 1 project, 2 component. */
  level: 0 | 1 | 2;
  organizationId: string;
  number: number;
}

/** All projects, each after the one above it. */
export function places(): Place[] {
  const all: Place[] = [];
  const add = (place: Omit<Place, 'number'>) => all.push({ ...place, number: all.length });
  for (let i = 0; i < programmes; i += 1) {
    const programme = `programme-${digits(i, 3)}`;
    const street = streetId(i % 10);
    add({ id: programme, parentId: null, level: 0, organizationId: street });
    for (let j = 0; j < projectsEach; j += 1) {
      const project = `${programme}-estate-${digits(j, 2)}`;
      const community = communityId(i % 10, j);
      add({ id: project, parentId: programme, level: 1, organizationId: community });
      for (let k = 0; k < componentsEach; k += 1) {
        const component = `${project}-zone-${digits(k, 2)}`;
        add({ id: component, parentId: project, level: 2, organizationId: community });
      }
    }
  }
  return all;
}

/**
 * A programme with ten thousand projects right below it: what a report does that goes up into so wide a sum, and how
 * that sum is read. Each reports twice.
 */
export const wideId = 'wide';
export const wideChildren = 10_000;

export function widePlaces(): Place[] {
  const organizationId = streetId(0);
  const place = (id: string, parentId: string | null, i: number): Place => {
    return { id, parentId, level: 0, organizationId, number: 1_000_000 + i };
  };
  const below = Array.from({ length: wideChildren }, (_, i) => place(widePartId(i), wideId, i + 1));
  return [place(wideId, null, 0), ...below];
}

export function widePartId(i: number): string {
  return `${wideId}-part-${digits(i, 5)}`;
}

/** Stands in each description; `bench/scale-database.ts` puts another name in its place. */
export const county = '某县';

/** The owners: a district, its 10 sub-districts, and the 9 communities of each. */
export function organizations(): { id: string; body: object }[] {
  const all = [
    { id: districtId, body: { name: '天马山区', kind: 'authority', parentId: null as string | null } },
  ];
  for (let i = 0; i < 10; i += 1) {
    all.push({ id: streetId(i), body: { name: `第${i + 1}街道`, kind: 'authority', parentId: districtId } });
    for (let j = 0; j < projectsEach; j += 1) {
      const body = { name: `第${i + 1}街道第${j + 1}社区`, kind: 'community', parentId: streetId(i) };
      all.push({ id: communityId(i, j), body });
    }
  }
  return all;
}

/** What a client would send to make the project. */
export function projectBody({ id, parentId, level, organizationId, number }: Place) {
  const random = randomFrom(number);
  const households = 20 + Math.floor(random() * 600);
  const category = categories[Math.floor(random() * categories.length)] as string;
  const weightBases = ['quantity:households', 'equal', 'weight', 'budget'] as const;
  return {
    title: `${['综合改造计划', '片区改造工程', '分区施工'][level]} ${id}`,
    kind: (['programme', 'project', 'component'] as const)[level],
    organizationId,
    parentId,
    description: `${county}改造内容包括屋面防水、雨污分流、道路硬化、弱电下地与加装电梯，惠及居民${households}户。`,
    category,
    status: random() < 0.9 ? 'implementation' : 'completion',
    type: 'rehabilitation' as const,
    period: { startDate: '2023-03-01', endDate: '2026-12-31' },
    budget: { amount: Math.round(random() * 9_000_000 + 100_000), currency: 'CNY' },
    quantities: [
      { code: 'households', value: households, unit: '户' },
      { code: 'floor-area', value: households * 80, unit: 'm²' },
    ],
    weight: 1 + Math.floor(random() * 9),
    weightBasis: weightBases[Math.floor(random() * weightBases.length)] as (typeof weightBases)[number],
    tags: random() < 0.3 ? ['民生实事', category] : [category],
  };
}

/** How a component is to progress; what lies above has the plans of its components. */
export function planBody({ level, number }: Place) {
  if (level !== 2) return null;
  const random = randomFrom(number + 1_000_000);
  const first = 10 + Math.floor(random() * 30);
  return {
    points: [
      { date: `2023-0${3 + Math.floor(random() * 6)}-01`, percent: 0 },
      { date: '2023-12-31', percent: first },
      { date: '2024-12-31', percent: first + 40 },
      { date: `2026-0${1 + Math.floor(random() * 9)}-15`, percent: 100 },
    ],
  };
}

/** What is said of the project as of a day; null where nothing is. */
export function reportBody({ level, number }: Place, dayIndex: number) {
  const days = daysOfLevel[level];
  const nth = dayIndex - (reportDays.length - days);
  if (nth < 0) return null;
  const random = randomFrom(number * 100 + dayIndex);
  const percent = Math.round((85 * (nth + random())) / days);
  const kind = random();
  if (kind < 0.15) return { stated: `${percent}%以上`, note: '街道半月调度会上报' };
  if (kind < 0.25) return { percent, qualifier: 'about' as const };
  if (kind < 0.5 || nth === 0) return { percent, spent: { amount: 10_000 * (nth + 1), currency: 'CNY' } };
  return { percent, note: '现场核查' };
}

/** Numbers between 0 and 1 that follow from the seed alone. */
export function randomFrom(seed: number): () => number {
  let state = (seed + 0x9e3779b9) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function streetId(i: number): string {
  return `street-${digits(i, 2)}`;
}

export function communityId(i: number, j: number): string {
  return `${streetId(i)}-community-${j}`;
}

export function digits(number: number, length: number): string {
  return String(number).padStart(length, '0');
}
