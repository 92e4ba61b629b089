import { Type } from '@sinclair/typebox';
import type { Database } from '../../database/index.ts';
import type { App } from '../../http/app.ts';
import { expectationOf } from '../../http/entity-tags.ts';
import { listQuery, pageRequest, sendPage } from '../../http/paging.ts';
import { conditionalHeaders, creatingHeaders, verdictOn } from '../../http/resource.ts';
import { CalendarDay, closed, ref } from '../../http/schemas.ts';
import { knownAtQuery } from '../../http/two-clocks.ts';
import { dayOf } from '../../shared/calendar-date.ts';
import { knownMoment } from '../../shared/known-moment.ts';
import {
  AmendmentInput,
  AmendmentPage,
  AmendmentReason,
  AmendmentRevisions,
  AmendmentShape,
  amendmentFactsFrom,
  amendmentShapeOf,
} from './amendment-schemas.ts';
import {
  getAmendment,
  getAmendmentRevisions,
  pageOfAmendments,
  putAmendment,
  withdrawAmendment,
} from './amendment-service.ts';
import { agreementParams } from './routes.ts';
import type { AmendmentSort } from './store.ts';

const tags = ['agreements'];
const amendmentParams = closed({
  ...agreementParams.properties,
  asOf: CalendarDay('The day from which on it is agreed so.'),
});

/** @param timeZone decides which day is today */
export function amendmentRoutes(app: App, database: Database, timeZone: string): void {
  app.get(
    '/v1/projects/:id/agreements/:agreementId/amendments',
    {
      config: {
        access: 'read',
        alsoAnswers: { 'text/csv': 'The same list as CSV.' },
        refuses: ['not_found'],
      },
      schema: {
        operationId: 'listAmendments',
        tags,
        summary: 'The amendments of an agreement, by day',
        params: agreementParams,
        querystring: listQuery(
          {
            from: Type.Optional(CalendarDay('Only those of this day or later.', '2023-01-01')),
            to: Type.Optional(CalendarDay('Only those of this day or earlier.')),
            withdrawn: Type.Boolean({
              default: false,
              description: 'true: those that were taken back instead.',
            }),
          },
          ['asOf'],
        ),
        response: { 200: ref(AmendmentPage) },
      },
    },
    async (request, reply) => {
      const page = pageRequest<AmendmentSort>(request.query);
      const { id: projectId, agreementId } = request.params;
      const found = await database.read((unit) =>
        pageOfAmendments(unit, request.actor, { projectId, agreementId }, request.query, page),
      );
      return sendPage(request, reply, { ...found, items: found.items.map(amendmentShapeOf) }, AmendmentShape);
    },
  );

  app.get(
    '/v1/projects/:id/agreements/:agreementId/amendments/:asOf',
    {
      config: { access: 'read', refuses: ['not_found', 'future_date'] },
      schema: {
        operationId: 'getAmendment',
        tags,
        summary: 'What the parties changed as of a day',
        params: amendmentParams,
        querystring: closed(knownAtQuery),
        response: { 200: ref(AmendmentShape) },
      },
    },
    async (request) =>
      await database.read(async (unit) => {
        const { id: projectId, ...key } = request.params;
        const knownAt = knownMoment(request.query.knownAt ?? null, unit.now);
        return amendmentShapeOf(await getAmendment(unit, request.actor, { projectId, ...key }, knownAt));
      }),
  );

  app.put(
    '/v1/projects/:id/agreements/:agreementId/amendments/:asOf',
    {
      config: {
        access: 'write',
        refuses: [
          'not_found',
          'archived',
          'precondition_failed',
          'future_date',
          'unprocessable',
          'currency_mixed',
          'stated_unreadable',
        ],
      },
      schema: {
        operationId: 'putAmendment',
        tags,
        summary: 'Amend an agreement as of a day, or correct what was said; the same again changes nothing',
        params: amendmentParams,
        headers: creatingHeaders,
        body: ref(AmendmentInput),
        response: { 200: ref(AmendmentShape), 201: ref(AmendmentShape) },
      },
    },
    async (request, reply) => {
      const { id: projectId, ...key } = request.params;
      const facts = amendmentFactsFrom(request.body);
      const expectation = expectationOf(request);
      const { amendment, verdict } = await database.write((unit) =>
        putAmendment(
          ...([unit, request.actor, { projectId, ...key }, facts, expectation] as const),
          dayOf(unit.now, timeZone),
        ),
      );
      verdictOn(reply, verdict);
      return amendmentShapeOf(amendment);
    },
  );

  app.delete(
    '/v1/projects/:id/agreements/:agreementId/amendments/:asOf',
    {
      config: {
        access: 'write',
        refuses: ['not_found', 'archived', 'precondition_failed', 'unprocessable'],
      },
      schema: {
        operationId: 'withdrawAmendment',
        tags,
        summary: 'Take an amendment back: the terms are as without it, and it stays readable',
        params: amendmentParams,
        querystring: closed({ reason: Type.Optional(AmendmentReason) }),
        headers: conditionalHeaders,
        response: { 200: ref(AmendmentShape) },
      },
    },
    async (request, reply) => {
      const { id: projectId, ...key } = request.params;
      const { reason = null } = request.query;
      const { amendment, verdict } = await database.write((unit) =>
        withdrawAmendment(unit, request.actor, { projectId, ...key }, reason, expectationOf(request)),
      );
      verdictOn(reply, verdict);
      return amendmentShapeOf(amendment);
    },
  );

  app.get(
    '/v1/projects/:id/agreements/:agreementId/amendments/:asOf/revisions',
    {
      config: { access: 'read', refuses: ['not_found'] },
      schema: {
        operationId: 'listAmendmentRevisions',
        tags,
        summary: 'Everything that was ever said of the amendment of that day',
        params: amendmentParams,
        response: { 200: ref(AmendmentRevisions) },
      },
    },
    async (request) => {
      const { id: projectId, ...key } = request.params;
      const revisions = await database.read((unit) =>
        getAmendmentRevisions(unit, request.actor, { projectId, ...key }),
      );
      return { items: revisions.map(amendmentShapeOf) };
    },
  );
}
