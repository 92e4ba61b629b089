import { type Static, Type } from '@sinclair/typebox';
import type { Database } from '../../database/index.ts';
import type { App } from '../../http/app.ts';
import { csvOf, prefersCsv } from '../../http/csv.ts';
import { varyBy } from '../../http/negotiation.ts';
import { sendPicture } from '../../http/pictures.ts';
import { CalendarDay, closed, oneOf, ref, Slug } from '../../http/schemas.ts';
import { knownAtQuery } from '../../http/two-clocks.ts';
import { localeOf } from '../progress/index.ts';
import { projectKinds, projectStatuses, shownLights } from '../projects/index.ts';
import { boardRowsAtMost, portfolioBoard } from './board.ts';
import { boardOf } from './picture.ts';
import type { PortfolioQuestion } from './portfolio.ts';
import { PortfolioRow, PortfolioShape, shapeOf, WeightBasisWord } from './schemas.ts';
import { getPortfolio } from './service.ts';

const tags = ['portfolio'];

const filters = {
  organizationId: Type.Optional(Slug('Only those that this organization owns.', 'yueping')),
  parentId: Type.Optional(Slug('Only those directly below this one.', 'yueping-estate-renovation')),
  kind: Type.Optional(
    oneOf(projectKinds, {
      description:
        'What is counted; left out: projects, and within a project that is no programme its components.',
    }),
  ),
  category: Type.Optional(Slug('An open list.', 'old-estate-renovation')),
  status: Type.Optional(oneOf(projectStatuses, { description: 'Only those with this status on the day.' })),
  light: Type.Optional(oneOf(shownLights, { description: 'Only those with this light on the day.' })),
  tag: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
  q: Type.Optional(
    Type.String({ minLength: 1, maxLength: 100, description: 'Words, as in the list of projects.' }),
  ),
};

const shared = {
  within: Type.Optional(
    Slug(
      'An organization with all below it, or a programme or project; left out: all that the token sees.',
      'tianmashan',
    ),
  ),
  asOf: Type.Optional(CalendarDay('What was so on that day; today if left out.')),
  ...knownAtQuery,
  weightBasis: WeightBasisWord,
  ...filters,
};

const query = closed({
  ...shared,
  compareTo: Type.Optional(
    CalendarDay('An earlier day to compare with; the CSV has nothing of it.', '2023-03-31'),
  ),
  limit: Type.Integer({
    minimum: 1,
    maximum: 1000,
    default: 50,
    description: 'So many in each list at most.',
  }),
});
const boardQuery = closed({
  ...shared,
  lang: Type.Optional(
    oneOf(['zh', 'en'], { description: 'The language of the words; else by Accept-Language, else Chinese.' }),
  ),
});

/** @param timeZone decides which day is today */
export function portfolioRoutes(app: App, database: Database, timeZone: string): void {
  app.get(
    '/v1/portfolio',
    {
      config: {
        access: 'read',
        alsoAnswers: { 'text/csv': 'The ranked projects as CSV, at most `limit`.' },
        refuses: ['not_found', 'future_date', 'unprocessable'],
      },
      schema: {
        operationId: 'getPortfolio',
        tags,
        summary:
          'All projects of an organization or a programme: lights, roll-up, who is late and who silent',
        description:
          'A programme is made of projects and a component is a part of one: what is counted are projects, unless `kind` says otherwise. A past day, `knownAt` and `compareTo` are counted from every report, for at most 20,000 projects with those below them. `knownAt` asks for what was known of places, owners, weights, statuses, light rules, milestones and reports; kind, category, tags and titles are those of now.',
        querystring: query,
        response: { 200: ref(PortfolioShape) },
      },
    },
    async (request, reply) => {
      const { compareTo = null, limit } = request.query;
      const question = { ...questionOf(request.query), compareTo, limit };
      const portfolio = shapeOf(await getPortfolio(database, request.actor, question, timeZone));
      varyBy(reply, 'accept');
      if (!prefersCsv(request.headers.accept)) return portfolio;
      reply.header('content-type', 'text/csv; charset=utf-8');
      return csvOf(PortfolioRow, portfolio.ranked, (id) => request.server.getSchema(id)) as never;
    },
  );

  app.get(
    '/v1/portfolio.svg',
    {
      config: { access: 'read', refuses: ['not_found', 'future_date', 'unprocessable'] },
      schema: {
        operationId: 'getPortfolioBoard',
        tags,
        summary: 'The portfolio as one picture, to paste into a report: bars, lights and gaps',
        querystring: boardQuery,
        response: {
          200: {
            description: 'An SVG picture without scripts.',
            content: { 'image/svg+xml': { schema: Type.String() } },
          },
        },
      },
    },
    async (request, reply) => {
      const question = { ...questionOf(request.query), compareTo: null, limit: boardRowsAtMost };
      const portfolio = await getPortfolio(database, request.actor, question, timeZone);
      const locale = request.query.lang ?? localeOf(request);
      varyBy(reply, 'accept-language');
      return sendPicture(reply, portfolioBoard(boardOf(portfolio, locale)));
    },
  );
}

type Asked = Static<typeof boardQuery>;

function questionOf({
  within,
  asOf,
  knownAt,
  weightBasis,
  lang: _,
  ...asked
}: Asked & { compareTo?: string; limit?: number }) {
  const { organizationId, parentId, kind, category, status, light, tag, q } = asked;
  const given = { organizationId, parentId, kind, category, status, light, tag, q };
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return {
    ...{ within, asOf: asOf ?? null, knownAt: knownAt ?? null, weightBasis },
    filters: said as PortfolioQuestion['filters'],
  };
}
