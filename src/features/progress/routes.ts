import { Type } from '@sinclair/typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Database, ReadUnit } from '../../database/index.ts';
import type { App } from '../../http/app.ts';
import { sendWritten } from '../../http/entity-tags.ts';
import { preferred, varyBy } from '../../http/negotiation.ts';
import { sendPicture } from '../../http/pictures.ts';
import { idParams } from '../../http/resource.ts';
import { CalendarDay, closed, oneOf, ref } from '../../http/schemas.ts';
import { knownAtQuery } from '../../http/two-clocks.ts';
import { dayOf } from '../../shared/calendar-date.ts';
import type { Instant } from '../../shared/clock.ts';
import { getProject } from '../projects/index.ts';
import { type BarLocale, progressBar } from './bar.ts';
import { getHistory, type HistoryQuestion } from './history.ts';
import { drawHistory } from './history-picture.ts';
import { progressLine } from './line.ts';
import { HistoryShape, historyShapeOf, ProgressShape, progressShapeOf } from './schemas.ts';
import { answerProgress, getProgress, type Question } from './service.ts';

const tags = ['progress'];
const params = idParams('The project’s id.', 'yueping-estate-renovation');
const asOf = Type.Optional(CalendarDay('What was true on that day; today if left out.'));
const { knownAt } = knownAtQuery;
const languages = ['zh', 'en'] as const;
const lang = Type.Optional(
  oneOf(languages, {
    description: 'The language of the words in a picture; else by Accept-Language, else Chinese.',
  }),
);
const historyQuery = {
  from: Type.Optional(CalendarDay('The first day of the actual curve.', '2023-01-01')),
  to: Type.Optional(
    CalendarDay('The last day of it, from which the forecast looks ahead; today if left out.'),
  ),
  knownAt,
  maxPoints: Type.Optional(
    Type.Integer({
      minimum: 2,
      maximum: 10_000,
      description:
        'So many points of each curve at most: those that keep its shape, its first and its last always among them.',
    }),
  ),
  lang,
};
const svgAnswer = {
  description: 'An SVG picture without scripts.',
  content: { 'image/svg+xml': { schema: Type.String() } },
};

/** @param timeZone decides which day is today */
export function progressRoutes(app: App, database: Database, timeZone: string): void {
  const dayThere = (moment: Instant) => dayOf(moment, timeZone);
  const today = (unit: ReadUnit) => dayThere(unit.now);

  app.get(
    '/v1/projects/:id/progress',
    {
      config: {
        access: 'read',
        alsoAnswers: { 'text/plain': 'One line for a log.' },
        refuses: ['not_found', 'future_date'],
      },
      schema: {
        operationId: 'getProgress',
        tags,
        summary: 'Where a project stands, on any day, as known at any moment',
        params,
        querystring: closed({ asOf, knownAt }),
        response: { 200: ref(ProgressShape) },
      },
    },
    async (request, reply) => {
      const { actor, params, query } = request;
      const accepted = preferred(request.headers.accept, ['application/json', 'text/plain']);
      varyBy(reply, 'accept');
      if (accepted === 'application/json') {
        const answer = await database.read((unit) =>
          answerProgress(unit, actor, params.id, questionOf(query), today(unit)),
        );
        return sendWritten(reply, answer);
      }
      const progress = await database.read((unit) =>
        getProgress(unit, actor, params.id, questionOf(query), today(unit)),
      );
      return reply.type('text/plain; charset=utf-8').send(`${progressLine(progress)}\n` as never);
    },
  );

  app.get(
    '/v1/projects/:id/progress/history',
    {
      config: {
        access: 'read',
        alsoAnswers: { 'image/svg+xml': 'The S-curve, as `history.svg` has it.' },
        refuses: ['not_found', 'future_date', 'unprocessable'],
      },
      schema: {
        operationId: 'getProgressHistory',
        tags,
        summary: 'How a project came to where it stands, how it was planned and where it leads, as curves',
        description:
          'Counted from every report of the project and all below it: at most 20,000 projects and 300,000 reports.',
        params,
        querystring: closed(historyQuery),
        response: { 200: ref(HistoryShape) },
      },
    },
    async (request, reply) => {
      const accepted = preferred(request.headers.accept, ['application/json', 'image/svg+xml']);
      varyBy(reply, 'accept');
      if (accepted === 'image/svg+xml') return await sendCurve(request, reply);
      const question = historyQuestionOf(request.query);
      const { actor, params } = request;
      return historyShapeOf(await getHistory(database, actor, params.id, question, dayThere));
    },
  );

  app.get(
    '/v1/projects/:id/progress/history.svg',
    {
      config: { access: 'read', refuses: ['not_found', 'future_date', 'unprocessable'] },
      schema: {
        operationId: 'getProgressCurve',
        tags,
        summary: 'The S-curve as a picture: plan, actual with its bounds, forecast and milestones',
        params,
        querystring: closed(historyQuery),
        response: { 200: svgAnswer },
      },
    },
    sendCurve,
  );

  async function sendCurve(request: CurveRequest, reply: FastifyReply) {
    const { params, query, actor } = request;
    const question = historyQuestionOf(query);
    const locale = query.lang ?? localeOf(request);
    const picture = await drawHistory(database, actor, params.id, question, locale, dayThere);
    varyBy(reply, 'accept-language');
    return sendPicture(reply, picture);
  }

  app.get(
    '/v1/projects/:id/progress.svg',
    {
      config: { access: 'read', refuses: ['not_found', 'future_date'] },
      schema: {
        operationId: 'getProgressBar',
        tags,
        summary: 'The progress bar as a picture, for a web page or a report',
        params,
        querystring: closed({
          asOf,
          knownAt,
          lang,
        }),
        response: { 200: svgAnswer },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const [{ project }, progress] = await database.read(
        async (unit) =>
          [
            await getProject(unit, request.actor, id),
            await getProgress(unit, request.actor, id, questionOf(request.query), today(unit)),
          ] as const,
      );
      const locale = request.query.lang ?? localeOf(request);
      const { percent, low, high, qualifier, basis, sources, inconsistency } = progressShapeOf(progress);
      const picture = progressBar({
        title: project.translations[locale]?.title ?? project.title,
        percent,
        low,
        high,
        qualifier: basis === 'report' ? (sources.report?.qualifier ?? qualifier) : qualifier,
        stated: basis === 'report' ? (sources.report?.stated ?? null) : null,
        asOf: progress.figureAsOf ?? progress.asOf,
        locale,
        basis,
        coverage: basis === 'children' ? (sources.children?.coverage ?? null) : null,
        disagreement: inconsistency?.gap ?? null,
      });
      varyBy(reply, 'accept-language');
      return sendPicture(reply, picture);
    },
  );
}

interface HistoryQuery {
  from?: string;
  to?: string;
  knownAt?: string;
  maxPoints?: number;
  lang?: BarLocale;
}

type CurveRequest = FastifyRequest<{ Params: { id: string }; Querystring: HistoryQuery }>;

function historyQuestionOf({ from, to, knownAt, maxPoints }: HistoryQuery): HistoryQuestion {
  return { from: from ?? null, to: to ?? null, knownAt: knownAt ?? null, maxPoints: maxPoints ?? null };
}

function questionOf(query: { asOf?: string; knownAt?: string }): Question {
  return { asOf: query.asOf ?? null, knownAt: query.knownAt ?? null };
}

/** By `Accept-Language`, whatever the country: `en-US` is English. */
export function localeOf(request: FastifyRequest): BarLocale {
  const header = request.headers['accept-language']?.replaceAll(/\b([a-z]{2,3})-[\w-]+/gi, '$1');
  return preferred(header, languages);
}
