import { type Static, Type } from '@sinclair/typebox';
import type { Database, ReadUnit } from '../../database/index.ts';
import type { App } from '../../http/app.ts';
import { expectationOf } from '../../http/entity-tags.ts';
import { listQuery, pageRequest, sendPage } from '../../http/paging.ts';
import { conditionalHeaders, creatingHeaders, idParams, verdictOn } from '../../http/resource.ts';
import { CalendarDay, closed, ref, Slug } from '../../http/schemas.ts';
import { knownAtQuery } from '../../http/two-clocks.ts';
import { dayOf } from '../../shared/calendar-date.ts';
import { knownMoment } from '../../shared/known-moment.ts';
import { stageFactsFrom } from './bodies.ts';
import {
  PartyStageInput,
  PartyStagePage,
  PartyStageRevisions,
  PartyStageShape,
  Reason,
  stageShapeOf,
} from './schemas.ts';
import {
  getStage,
  getStageRevisions,
  pageOfStages,
  putStage,
  type StageKey,
  withdrawStage,
} from './stages.ts';

const tags = ['parties'];
const params = idParams('The project’s id.', 'xianghejian-urban-renewal');
export const partyParams = closed({
  ...params.properties,
  partyId: Slug('The party’s id.', 'in-talks'),
});
const stageParams = closed({
  ...partyParams.properties,
  asOf: CalendarDay('The day that it speaks of.'),
});

/** @param timeZone decides which day is today */
export function partyStageRoutes(app: App, database: Database, timeZone: string): void {
  const today = (unit: ReadUnit) => dayOf(unit.now, timeZone);

  app.get(
    '/v1/projects/:id/parties/:partyId/stages',
    {
      config: {
        access: 'read',
        alsoAnswers: { 'text/csv': 'The same list as CSV.' },
        refuses: ['not_found'],
      },
      schema: {
        operationId: 'listPartyStages',
        tags,
        summary: 'Where a party was, by day',
        params: partyParams,
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
        response: { 200: ref(PartyStagePage) },
      },
    },
    async (request, reply) => {
      const { id: projectId, partyId } = request.params;
      const page = pageRequest<'asOf'>(request.query);
      const found = await database.read((unit) =>
        pageOfStages(unit, request.actor, { projectId, partyId }, request.query, page),
      );
      return sendPage(request, reply, { ...found, items: found.items.map(stageShapeOf) }, PartyStageShape);
    },
  );

  app.get(
    '/v1/projects/:id/parties/:partyId/stages/:asOf',
    {
      config: { access: 'read', refuses: ['not_found', 'future_date'] },
      schema: {
        operationId: 'getPartyStage',
        tags,
        summary: 'What was said of where a party was on a day',
        params: stageParams,
        querystring: closed(knownAtQuery),
        response: { 200: ref(PartyStageShape) },
      },
    },
    async (request) =>
      await database.read(async (unit) => {
        const knownAt = knownMoment(request.query.knownAt ?? null, unit.now);
        return stageShapeOf(await getStage(unit, request.actor, keyOf(request.params), knownAt));
      }),
  );

  app.put(
    '/v1/projects/:id/parties/:partyId/stages/:asOf',
    {
      config: {
        access: 'write',
        refuses: [
          'not_found',
          'archived',
          'precondition_failed',
          'future_date',
          'stage_goes_back',
          'unprocessable',
        ],
      },
      schema: {
        operationId: 'putPartyStage',
        tags,
        summary: 'Say or correct where a party was on a day; the same again changes nothing',
        params: stageParams,
        headers: creatingHeaders,
        body: ref(PartyStageInput),
        response: { 200: ref(PartyStageShape), 201: ref(PartyStageShape) },
      },
    },
    async (request, reply) => {
      const said = { ...keyOf(request.params), ...stageFactsFrom(request.body) };
      const expectation = expectationOf(request);
      const { statement, verdict } = await database.write((unit) =>
        putStage(unit, request.actor, said, expectation, today(unit)),
      );
      verdictOn(reply, verdict);
      return stageShapeOf(statement);
    },
  );

  app.delete(
    '/v1/projects/:id/parties/:partyId/stages/:asOf',
    {
      config: {
        access: 'write',
        refuses: ['not_found', 'archived', 'precondition_failed', 'unprocessable'],
      },
      schema: {
        operationId: 'withdrawPartyStage',
        tags,
        summary: 'Take back what was said of a day: it counts no longer, and stays readable',
        params: stageParams,
        querystring: closed({ reason: Type.Optional(Reason) }),
        headers: conditionalHeaders,
        response: { 200: ref(PartyStageShape) },
      },
    },
    async (request, reply) => {
      const key = keyOf(request.params);
      const reason = request.query.reason ?? null;
      const expectation = expectationOf(request);
      const { statement, verdict } = await database.write((unit) =>
        withdrawStage(unit, request.actor, key, reason, expectation, today(unit)),
      );
      verdictOn(reply, verdict);
      return stageShapeOf(statement);
    },
  );

  app.get(
    '/v1/projects/:id/parties/:partyId/stages/:asOf/revisions',
    {
      config: { access: 'read', refuses: ['not_found'] },
      schema: {
        operationId: 'listPartyStageRevisions',
        tags,
        summary: 'Everything that was ever said of where a party was on a day',
        params: stageParams,
        response: { 200: ref(PartyStageRevisions) },
      },
    },
    async (request) => {
      const key = keyOf(request.params);
      const revisions = await database.read((unit) => getStageRevisions(unit, request.actor, key));
      return { items: revisions.map(stageShapeOf) };
    },
  );
}

function keyOf({ id: projectId, partyId, asOf }: Static<typeof stageParams>): StageKey {
  return { projectId, partyId, asOf };
}
