import { Type } from '@sinclair/typebox';
import type { Database } from '../../database/index.ts';
import type { App } from '../../http/app.ts';
import { expectationOf } from '../../http/entity-tags.ts';
import { listQuery, pageRequest, sendPage } from '../../http/paging.ts';
import { conditionalHeaders, creatingHeaders, idParams, verdictOn } from '../../http/resource.ts';
import { CalendarDay, closed, ref } from '../../http/schemas.ts';
import { dayOf } from '../../shared/calendar-date.ts';
import {
  SetStageInput,
  SetStagePage,
  SetStageReason,
  SetStageRevisions,
  SetStageShape,
  setStageFactsFrom,
  setStageShapeOf,
} from './set-stage-schemas.ts';
import {
  getSetStage,
  getSetStageRevisions,
  pageOfSetStages,
  putSetStage,
  withdrawSetStage,
} from './set-stage-service.ts';
import type { SetStageSort } from './store.ts';

const tags = ['deals'];
const params = idParams('The project’s id.', 'xianghejian-urban-renewal');
const stageParams = closed({ ...params.properties, asOf: CalendarDay('The day that it speaks of.') });

/** @param timeZone decides which day is today */
export function setStageRoutes(app: App, database: Database, timeZone: string): void {
  app.get(
    '/v1/projects/:id/deal/stages',
    {
      config: {
        access: 'read',
        alsoAnswers: { 'text/csv': 'The same list as CSV.' },
        refuses: ['not_found'],
      },
      schema: {
        operationId: 'listDealStages',
        tags,
        summary: 'The stages of a deal that were set by hand, by day',
        params,
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
        response: { 200: ref(SetStagePage) },
      },
    },
    async (request, reply) => {
      const page = pageRequest<SetStageSort>(request.query);
      const found = await database.read((unit) =>
        pageOfSetStages(unit, request.actor, request.params.id, request.query, page),
      );
      return sendPage(request, reply, { ...found, items: found.items.map(setStageShapeOf) }, SetStageShape);
    },
  );

  app.get(
    '/v1/projects/:id/deal/stages/:asOf',
    {
      config: { access: 'read', refuses: ['not_found'] },
      schema: {
        operationId: 'getDealStage',
        tags,
        summary: 'The stage that was set by hand as of a day',
        params: stageParams,
        response: { 200: ref(SetStageShape) },
      },
    },
    async (request) => {
      const { id: projectId, asOf } = request.params;
      return setStageShapeOf(
        await database.read((unit) => getSetStage(unit, request.actor, { projectId, asOf })),
      );
    },
  );

  app.put(
    '/v1/projects/:id/deal/stages/:asOf',
    {
      config: {
        access: 'write',
        refuses: ['not_found', 'archived', 'precondition_failed', 'future_date', 'unprocessable'],
      },
      schema: {
        operationId: 'putDealStage',
        tags,
        summary: 'Set the stage of a deal by hand, beside its facts; the same again changes nothing',
        params: stageParams,
        headers: creatingHeaders,
        body: ref(SetStageInput),
        response: { 200: ref(SetStageShape), 201: ref(SetStageShape) },
      },
    },
    async (request, reply) => {
      const { id: projectId, asOf } = request.params;
      const facts = setStageFactsFrom(request.body);
      const expectation = expectationOf(request);
      const { stage, verdict } = await database.write((unit) =>
        putSetStage(
          ...([unit, request.actor, { projectId, asOf }, facts, expectation] as const),
          dayOf(unit.now, timeZone),
        ),
      );
      verdictOn(reply, verdict);
      return setStageShapeOf(stage);
    },
  );

  app.delete(
    '/v1/projects/:id/deal/stages/:asOf',
    {
      config: { access: 'write', refuses: ['not_found', 'archived', 'precondition_failed'] },
      schema: {
        operationId: 'withdrawDealStage',
        tags,
        summary: 'Take back a stage that was set by hand: it counts no longer, and stays readable',
        params: stageParams,
        querystring: closed({ reason: Type.Optional(SetStageReason) }),
        headers: conditionalHeaders,
        response: { 200: ref(SetStageShape) },
      },
    },
    async (request, reply) => {
      const { id: projectId, asOf } = request.params;
      const { reason = null } = request.query;
      const { stage, verdict } = await database.write((unit) =>
        withdrawSetStage(unit, request.actor, { projectId, asOf }, reason, expectationOf(request)),
      );
      verdictOn(reply, verdict);
      return setStageShapeOf(stage);
    },
  );

  app.get(
    '/v1/projects/:id/deal/stages/:asOf/revisions',
    {
      config: { access: 'read', refuses: ['not_found'] },
      schema: {
        operationId: 'listDealStageRevisions',
        tags,
        summary: 'Everything that was ever set by hand as of that day',
        params: stageParams,
        response: { 200: ref(SetStageRevisions) },
      },
    },
    async (request) => {
      const { id: projectId, asOf } = request.params;
      const revisions = await database.read((unit) =>
        getSetStageRevisions(unit, request.actor, { projectId, asOf }),
      );
      return { items: revisions.map(setStageShapeOf) };
    },
  );
}
