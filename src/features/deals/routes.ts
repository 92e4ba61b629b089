import { type Static, Type } from '@sinclair/typebox';
import type { Database } from '../../database/index.ts';
import type { App } from '../../http/app.ts';
import { csvOf, prefersCsv } from '../../http/csv.ts';
import { varyBy } from '../../http/negotiation.ts';
import { listQuery, pageRequest, sendPage } from '../../http/paging.ts';
import { sendPicture } from '../../http/pictures.ts';
import { idParams } from '../../http/resource.ts';
import { CalendarDay, closed, oneOf, ref, Slug, severalOf } from '../../http/schemas.ts';
import { knownAtQuery } from '../../http/two-clocks.ts';
import { fieldError } from '../../shared/errors.ts';
import { isCurrency } from '../../shared/money.ts';
import { type DealStage, dealStages } from '../parties/index.ts';
import { localeOf } from '../progress/index.ts';
import { dealFunnel } from './funnel-picture.ts';
import { FunnelShape, FunnelStageShape, funnelShapeOf, stageShapesOf } from './funnel-schemas.ts';
import { pictureOf } from './picture.ts';
import { CurrencyCode, DealItem, DealPage, DealShape, dealShapeOf, itemShapeOf } from './schemas.ts';
import { type DealSort, dealSorts, type FunnelQuestion, getDeal, getFunnel, pageOfDeals } from './service.ts';
import { setStageRoutes } from './set-stage-routes.ts';

const tags = ['deals'];
const params = idParams('The project’s id.', 'xianghejian-urban-renewal');

const clocks = {
  asOf: Type.Optional(CalendarDay('What was so on that day; today if left out.')),
  ...knownAtQuery,
};

const range = {
  within: Type.Optional(
    Slug('An organization with all below it; left out: all that the token sees.', 'tianmashan'),
  ),
  withinProject: Type.Optional(
    Slug('A programme or project, with all below it.', 'xianghejian-urban-renewal'),
  ),
  category: Type.Optional(Slug('An open list.', 'urban-renewal')),
  tag: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
  q: Type.Optional(
    Type.String({ minLength: 1, maxLength: 100, description: 'Words, as in the list of projects.' }),
  ),
};

const stageWords = [...dealStages, 'none'] as const;

const dealQuery = listQuery(
  {
    ...range,
    stage: Type.Optional(
      severalOf(stageWords, {
        description: `Only deals in this stage, or in one of several, with commas between them; \`none\`: those of which no stage is known. (${stageWords.join(', ')})`,
        examples: ['inTalks,frameworkSigned'],
      }),
    ),
    ...clocks,
  },
  dealSorts,
);

const pictureQuery = closed({
  ...range,
  ...clocks,
  currency: Type.Optional(CurrencyCode),
  lang: Type.Optional(
    oneOf(['zh', 'en'], { description: 'The language of the words; else by Accept-Language, else Chinese.' }),
  ),
});

const funnelQuery = closed({
  ...range,
  ...clocks,
  compareTo: Type.Optional(CalendarDay('An earlier day to compare with.', '2023-03-31')),
  currency: Type.Optional(CurrencyCode),
  limit: Type.Integer({
    minimum: 1,
    maximum: 1000,
    default: 50,
    description: 'So many movements at most.',
  }),
});

const refusals = ['not_found', 'future_date', 'unprocessable'] as const;

/** @param timeZone decides which day is today */
export function dealRoutes(app: App, database: Database, timeZone: string): void {
  app.get(
    '/v1/projects/:id/deal',
    {
      config: { access: 'read', refuses: ['not_found', 'future_date'] },
      schema: {
        operationId: 'getDeal',
        tags,
        summary: 'How far a project is as a deal, and the fact that says so',
        params,
        querystring: closed(clocks),
        response: { 200: ref(DealShape) },
      },
    },
    async (request) => {
      const { asOf = null, knownAt = null } = request.query;
      const { actor, params } = request;
      return dealShapeOf(
        await database.read((unit) => getDeal(unit, actor, params.id, { asOf, knownAt }, timeZone)),
      );
    },
  );

  setStageRoutes(app, database, timeZone);

  app.get(
    '/v1/deals',
    {
      config: {
        access: 'read',
        alsoAnswers: { 'text/csv': 'The same list as CSV.' },
        refuses: ['future_date', 'unprocessable'],
      },
      schema: {
        operationId: 'listDeals',
        tags,
        summary: 'Deals with their stage, its age, what moved last and what is due next',
        description:
          'A deal is a project that has a party, an agreement, a line of funding or a stage set by hand. At most 20,000 of them are looked at for one answer.',
        querystring: dealQuery,
        response: { 200: ref(DealPage) },
      },
    },
    async (request, reply) => {
      const { stage, ...asked } = request.query;
      const page = pageRequest<DealSort>(request.query);
      const stages = stage === undefined ? null : (stage.split(',') as (DealStage | 'none')[]);
      const question = { ...asking(asked), stages };
      const found = await pageOfDeals(database, request.actor, question, page, timeZone);
      return sendPage(request, reply, { ...found, items: found.items.map(itemShapeOf) }, DealItem);
    },
  );

  app.get(
    '/v1/deals/funnel',
    {
      config: {
        access: 'read',
        alsoAnswers: { 'text/csv': 'The stages as CSV.' },
        refuses: refusals,
      },
      schema: {
        operationId: 'getFunnel',
        tags,
        summary: 'The deals of an organization by stage: counts, ages, conversion, money and what moved',
        description:
          'A deal counts once, in the stage that it is in on the day. At most 20,000 deals are counted for one answer.',
        querystring: funnelQuery,
        response: { 200: ref(FunnelShape) },
      },
    },
    async (request, reply) => {
      const { compareTo = null, limit } = request.query;
      const question = { ...funnelQuestionOf(request.query), compareTo };
      const found = await getFunnel(database, request.actor, question, timeZone);
      varyBy(reply, 'accept');
      if (!prefersCsv(request.headers.accept)) return funnelShapeOf(found, limit);
      reply.header('content-type', 'text/csv; charset=utf-8');
      const stages = stageShapesOf(found.funnel);
      return csvOf(FunnelStageShape, stages, (id) => request.server.getSchema(id)) as never;
    },
  );

  app.get(
    '/v1/deals/funnel.svg',
    {
      config: { access: 'read', refuses: refusals },
      schema: {
        operationId: 'getFunnelPicture',
        tags,
        summary: 'The funnel as one picture, to paste into a report',
        querystring: pictureQuery,
        response: {
          200: {
            description: 'An SVG picture without scripts.',
            content: { 'image/svg+xml': { schema: Type.String() } },
          },
        },
      },
    },
    async (request, reply) => {
      const question = { ...funnelQuestionOf(request.query), compareTo: null };
      const found = await getFunnel(database, request.actor, question, timeZone);
      const locale = request.query.lang ?? localeOf(request);
      varyBy(reply, 'accept-language');
      return sendPicture(reply, dealFunnel(pictureOf(found, locale)));
    },
  );
}

type Asked = Pick<
  Static<typeof pictureQuery>,
  'within' | 'withinProject' | 'category' | 'tag' | 'q' | 'asOf' | 'knownAt'
>;

function asking({ within, withinProject, category, tag, q, asOf, knownAt }: Asked) {
  const given = { within, withinProject, category, tag, q };
  const filters = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { filters: filters as FunnelQuestion['filters'], asOf: asOf ?? null, knownAt: knownAt ?? null };
}

/** @throws JinduError `validation_failed` */
function funnelQuestionOf(query: Asked & { currency?: string }): Omit<FunnelQuestion, 'compareTo'> {
  const { currency = null } = query;
  if (currency !== null && !isCurrency(currency))
    throw fieldError('validation_failed', '?currency', 'currency', 'must be an ISO 4217 code, such as CNY');
  return { ...asking(query), currency };
}
