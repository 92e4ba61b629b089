import { type Static, Type } from '@sinclair/typebox';
import { computedQualifier, computedQualifiers, sourceNames } from '../../formulas/effective-progress.ts';
import { lightOn } from '../../formulas/light-days.ts';
import { type Light, lights, reportCadences } from '../../formulas/traffic-light.ts';
import { assertSameId } from '../../http/resource.ts';
import {
  CalendarDay,
  Citation,
  closed,
  Moment,
  MoneyValue,
  minorOf,
  nullable,
  oneOf,
  PercentNumber,
  pageOf,
  ref,
  Slug,
  slugPattern,
  stamps,
  Text,
} from '../../http/schemas.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import { wholeCitation } from '../../shared/citation.ts';
import { amountFromMinor } from '../../shared/money.ts';
import { shownPercent } from '../../shared/percent.ts';
import {
  type Project,
  type ProjectFacts,
  progressBases,
  projectKinds,
  projectStatuses,
  projectTypes,
  type StatusEntry,
  scale,
  scaled,
  sinceUnknown,
  type WeightBasis,
} from './project.ts';
import { factsOf } from './rules.ts';
import type { ListedProject } from './store.ts';

const id = Slug('Chosen by the client, once and for all.', 'yueping-estate-renovation');
const languageTag = Type.String({ pattern: '^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$' });
const Title = Text(200, {
  minLength: 1,
  description: 'What it is called.',
  examples: ['岳屏社区老旧小区改造项目'],
});

export const QuantityShape = closed(
  {
    code: Slug('What is counted.', 'households'),
    value: Type.Number({
      minimum: 0,
      maximum: 900_000_000_000,
      multipleOf: 0.0001,
      description: 'At most four decimals.',
      examples: [563],
    }),
    unit: Text(20, { minLength: 1, examples: ['户'] }),
  },
  {
    $id: 'Quantity',
    description: 'A part of the measured scope. Scope is not progress.',
    examples: [{ code: 'households', value: 563, unit: '户' }],
  },
);

export const LocationShape = closed(
  {
    description: Type.Optional(nullable(Text(500))),
    latitude: Type.Optional(nullable(Type.Number({ minimum: -90, maximum: 90 }))),
    longitude: Type.Optional(nullable(Type.Number({ minimum: -180, maximum: 180 }))),
  },
  { $id: 'Location', description: 'Where it is (WGS 84).' },
);

const Period = closed({
  startDate: Type.Optional(nullable(CalendarDay('The first day.', '2023-01-01'))),
  endDate: Type.Optional(nullable(CalendarDay('The last day.', '2023-12-31'))),
});

const facts = {
  title: Title,
  translations: Type.Record(
    languageTag,
    closed({ title: Type.Optional(Text(200, { minLength: 1 })), description: Type.Optional(Text(10_000)) }),
    { additionalProperties: false, description: 'The same words in other languages, by language tag.' },
  ),
  description: nullable(Text(10_000)),
  kind: oneOf(projectKinds, {
    description: 'A programme holds projects, a project holds components (zones, buildings).',
  }),
  category: nullable(Slug('An open list.', 'old-estate-renovation')),
  status: oneOf(projectStatuses, {
    description: 'OC4IDS, and `suspended` from IATI. Since when and why: `…/statuses`.',
  }),
  type: nullable(oneOf(projectTypes), { description: 'OC4IDS.' }),
  sector: Type.Array(Text(80, { minLength: 1 }), {
    maxItems: 20,
    uniqueItems: true,
    description: 'OC4IDS sectors.',
  }),
  organizationId: Slug('Who owns it.', 'yueping'),
  parentId: nullable(Slug('The programme or project that it is part of.', 'yueping-estate-renovation')),
  budget: nullable(ref(MoneyValue)),
  quantities: Type.Array(ref(QuantityShape), { maxItems: 50 }),
  weight: nullable(
    Type.Number({
      minimum: 0,
      maximum: 900_000_000,
      multipleOf: 0.0001,
      description: 'What it weighs in its parent, where that weighs by `weight`.',
    }),
  ),
  weightBasis: Type.Unsafe<WeightBasis>({
    type: 'string',
    pattern: `^(?:equal|weight|budget|quantity:${slugPattern.slice(1, -1)})$`,
    maxLength: 73,
    description: 'How its children weigh: `equal`, `weight`, `budget`, or `quantity:<code>`.',
    examples: ['quantity:households'],
  }),
  progressBasis: oneOf(progressBases, {
    description: 'Which source says how far it is; `auto` picks the best there is.',
  }),
  cadence: nullable(oneOf(reportCadences), {
    description:
      'How often it is to be reported, where that differs from the light rules of its organization; `none`: no report is awaited.',
  }),
  tags: Type.Array(Text(60, { minLength: 1 }), { maxItems: 50, uniqueItems: true }),
  location: nullable(ref(LocationShape)),
  citation: nullable(ref(Citation)),
};

const example = {
  title: '岳屏社区老旧小区改造项目',
  translations: { en: { title: 'Yueping old-estate renovation' } },
  kind: 'project',
  category: 'old-estate-renovation',
  status: 'implementation',
  type: 'rehabilitation',
  sector: ['socialHousing'],
  organizationId: 'yueping',
  quantities: [
    { code: 'households', value: 563, unit: '户' },
    { code: 'buildings', value: 17, unit: '栋' },
    { code: 'floor-area', value: 30000, unit: 'm²' },
  ],
};

export const StandingShape = closed(
  {
    percent: nullable(PercentNumber('Null: nothing is known, which is not 0.')),
    qualifier: oneOf(computedQualifiers),
    low: PercentNumber('It is surely not below this.'),
    high: PercentNumber('It is surely not above this.', 100),
    basis: nullable(oneOf(sourceNames)),
    asOf: nullable(CalendarDay('The day that the figure speaks of.')),
  },
  {
    $id: 'Standing',
    description: 'How far it is now, as far as is known.',
    examples: [
      { percent: 85, qualifier: 'atLeast', low: 85, high: 100, basis: 'report', asOf: '2023-06-30' },
    ],
  },
);

export const ProjectShape = closed(
  {
    id,
    ...facts,
    location: nullable(
      closed({
        description: nullable(Type.String()),
        latitude: nullable(Type.Number()),
        longitude: nullable(Type.Number()),
      }),
    ),
    citation: nullable(
      closed({
        title: nullable(Type.String()),
        url: nullable(Type.String()),
        quote: nullable(Type.String()),
      }),
    ),
    period: closed({
      startDate: nullable(CalendarDay('The first day.', '2023-01-01')),
      endDate: nullable(CalendarDay('The last day.', '2023-12-31')),
    }),
    progress: ref(StandingShape),
    light: nullable(oneOf(lights), {
      description:
        'Today: by the points behind plan, grey when silent; null where there is nothing to compare.',
    }),
    ...stamps,
  },
  {
    $id: 'Project',
    description: 'A programme, project or component, with where it stands now.',
    examples: [
      {
        id: 'yueping-estate-renovation',
        ...example,
        description: null,
        parentId: null,
        period: { startDate: null, endDate: null },
        budget: null,
        weight: null,
        weightBasis: 'equal',
        progressBasis: 'auto',
        cadence: null,
        tags: [],
        location: null,
        citation: null,
        progress: {
          percent: 85,
          qualifier: 'atLeast',
          low: 85,
          high: 100,
          basis: 'report',
          asOf: '2023-06-30',
        },
        light: null,
        revision: 1,
        createdAt: '2023-07-03T01:02:03.004Z',
        updatedAt: '2023-07-03T01:02:03.004Z',
        archivedAt: null,
      },
    ],
  },
);

const optionalFacts = {
  translations: Type.Optional(facts.translations),
  description: Type.Optional(facts.description),
  category: Type.Optional(facts.category),
  status: Type.Optional(facts.status),
  type: Type.Optional(facts.type),
  sector: Type.Optional(facts.sector),
  parentId: Type.Optional(facts.parentId),
  period: Type.Optional(nullable(Period)),
  budget: Type.Optional(facts.budget),
  quantities: Type.Optional(facts.quantities),
  weight: Type.Optional(facts.weight),
  weightBasis: Type.Optional(facts.weightBasis),
  progressBasis: Type.Optional(facts.progressBasis),
  cadence: Type.Optional(facts.cadence),
  tags: Type.Optional(facts.tags),
  location: Type.Optional(facts.location),
  citation: Type.Optional(facts.citation),
};

export const ProjectInput = closed(
  {
    id: Type.Optional(id),
    title: facts.title,
    kind: Type.Optional(facts.kind),
    organizationId: facts.organizationId,
    ...optionalFacts,
  },
  {
    $id: 'ProjectInput',
    description: 'What is said of a project. What is left out is unknown: null, empty, or the default.',
    examples: [example],
  },
);

export const ProjectPatch = closed(
  {
    title: Type.Optional(facts.title),
    organizationId: Type.Optional(facts.organizationId),
    ...optionalFacts,
    // What is left out of a whole project has a default, to which null goes back.
    kind: Type.Optional(nullable(facts.kind)),
    status: Type.Optional(nullable(facts.status)),
    sector: Type.Optional(nullable(facts.sector)),
    quantities: Type.Optional(nullable(facts.quantities)),
    weightBasis: Type.Optional(nullable(facts.weightBasis)),
    progressBasis: Type.Optional(nullable(facts.progressBasis)),
    tags: Type.Optional(nullable(facts.tags)),
    translations: Type.Optional(
      nullable(
        Type.Record(
          languageTag,
          nullable(
            closed({
              title: Type.Optional(nullable(Text(200, { minLength: 1 }))),
              description: Type.Optional(nullable(Text(10_000))),
            }),
          ),
          { additionalProperties: false },
        ),
      ),
    ),
    budget: Type.Optional(
      nullable(
        closed({
          amount: Type.Optional(MoneyValue.properties.amount),
          currency: Type.Optional(MoneyValue.properties.currency),
        }),
      ),
    ),
  },
  {
    $id: 'ProjectPatch',
    minProperties: 1,
    description: 'A JSON Merge Patch: only what changes; null removes.',
    examples: [{ period: { endDate: '2023-12-31' } }],
  },
);

export const ProjectPage = pageOf(ProjectShape, 'ProjectPage');

export const StatusShape = closed(
  {
    projectId: Type.String(),
    asOf: nullable(CalendarDay('The day from which it holds; null: since an unknown day.')),
    status: facts.status,
    reason: nullable(Text(2000)),
    recordedAt: Moment('When we were told.'),
    recordedBy: Type.String(),
  },
  {
    $id: 'ProjectStatus',
    description: 'A status and the day from which it holds.',
    examples: [
      {
        projectId: 'yueping-canteen',
        asOf: '2023-05-31',
        status: 'completion',
        reason: null,
        recordedAt: '2023-07-03T01:02:03.004Z',
        recordedBy: 'clerk',
      },
    ],
  },
);

export const StatusInput = closed(
  { status: facts.status, reason: Type.Optional(nullable(Text(2000, { minLength: 1 }))) },
  { $id: 'ProjectStatusInput', examples: [{ status: 'completion', reason: '已于五月开业' }] },
);

export const StatusList = closed(
  { items: Type.Array(ref(StatusShape)) },
  { $id: 'ProjectStatusList', description: 'All of them, by day; the last is the project’s own status.' },
);

/**
 * The facts in a body, with what was left out filled in.
 * @param pathId the id in the path, with which one in the body must agree
 * @throws JinduError `validation_failed`
 */
export function factsFrom(body: Static<typeof ProjectInput>, pathId?: string): ProjectFacts {
  if (pathId !== undefined) assertSameId(body.id, pathId);
  const { citation, location } = body;
  return {
    title: body.title,
    translations: body.translations ?? {},
    description: body.description ?? null,
    kind: body.kind ?? 'project',
    category: body.category ?? null,
    status: body.status ?? 'identification',
    type: body.type ?? null,
    sector: body.sector ?? [],
    organizationId: body.organizationId,
    parentId: body.parentId ?? null,
    startDate: body.period?.startDate ?? null,
    endDate: body.period?.endDate ?? null,
    budgetMinor: minorOf(body.budget ?? null, '/budget'),
    budgetCurrency: body.budget?.currency ?? null,
    quantities: (body.quantities ?? []).map(({ code, value, unit }) => ({
      code,
      valueScaled: scaled(value),
      unit,
    })),
    weightScaled: body.weight === null || body.weight === undefined ? null : scaled(body.weight),
    weightBasis: body.weightBasis ?? 'equal',
    progressBasis: body.progressBasis ?? 'auto',
    cadence: body.cadence ?? null,
    tags: body.tags ?? [],
    location: location
      ? {
          description: location.description ?? null,
          latitude: location.latitude ?? null,
          longitude: location.longitude ?? null,
        }
      : null,
    citation: wholeCitation(citation),
  };
}

/** The body that would say what the project's facts are: what a patch is applied to. */
export function inputOf(project: Project): Static<typeof ProjectInput> {
  const { startDate, endDate, budgetMinor, budgetCurrency, quantities, weightScaled, ...rest } =
    factsOf(project);
  return {
    ...rest,
    period: { startDate, endDate },
    budget: budgetOf(project),
    quantities: quantities.map(({ code, valueScaled, unit }) => ({ code, value: valueScaled / scale, unit })),
    weight: weightScaled === null ? null : weightScaled / scale,
  };
}

/** The project as clients see it on a day. */
export function shapeOf({ project, kept }: ListedProject, today: CalendarDate): Static<typeof ProjectShape> {
  const { standing } = kept;
  return {
    id: project.id,
    title: project.title,
    translations: project.translations,
    description: project.description,
    kind: project.kind,
    category: project.category,
    status: project.status,
    type: project.type,
    sector: project.sector,
    organizationId: project.organizationId,
    parentId: project.parentId,
    period: { startDate: project.startDate, endDate: project.endDate },
    budget: budgetOf(project),
    quantities: project.quantities.map(({ code, valueScaled, unit }) => ({
      code,
      value: valueScaled / scale,
      unit,
    })),
    weight: project.weightScaled === null ? null : project.weightScaled / scale,
    weightBasis: project.weightBasis,
    progressBasis: project.progressBasis,
    cadence: project.cadence,
    tags: project.tags,
    location: project.location,
    citation: project.citation,
    progress: {
      percent: standing.percent === null ? null : shownPercent(standing.percent),
      qualifier: computedQualifier(standing),
      low: shownPercent(standing.low),
      high: shownPercent(standing.high),
      basis: kept.basis,
      asOf: kept.asOf,
    },
    light: lightOn(kept.lights, today) satisfies Light | null,
    revision: project.revision,
    createdAt: project.createdAt,
    updatedAt: project.updatedAt,
    archivedAt: project.archivedAt,
  };
}

function budgetOf({ budgetMinor, budgetCurrency }: Project): { amount: number; currency: string } | null {
  if (budgetMinor === null || budgetCurrency === null) return null;
  return { amount: amountFromMinor(budgetMinor, budgetCurrency), currency: budgetCurrency };
}

/** The entry as clients see it. */
export function statusShapeOf(entry: StatusEntry): Static<typeof StatusShape> {
  return { ...entry, asOf: entry.asOf === sinceUnknown ? null : entry.asOf };
}
