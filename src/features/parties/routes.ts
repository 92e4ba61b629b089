import { Type } from '@sinclair/typebox';
import type { Database, ReadUnit } from '../../database/index.ts';
import type { App } from '../../http/app.ts';
import { expectationOf } from '../../http/entity-tags.ts';
import { once } from '../../http/idempotency.ts';
import { patched } from '../../http/merge-patch.ts';
import { listQuery, pageRequest, sendPage } from '../../http/paging.ts';
import {
  answeringWrites,
  conditionalHeaders,
  creatingHeaders,
  idempotencyHeaders,
  idParams,
  serverMadeId,
} from '../../http/resource.ts';
import { closed, oneOf, ref, Slug } from '../../http/schemas.ts';
import { askedClocks, twoClocksQuery } from '../../http/two-clocks.ts';
import { dayOf } from '../../shared/calendar-date.ts';
import { wholeCitation } from '../../shared/citation.ts';
import { mustBeNew } from '../../shared/expectation.ts';
import { inputOf, saidIn } from './bodies.ts';
import { dealStages, type KnownParty, partyRoles } from './party.ts';
import {
  PartyInput,
  PartyPage,
  PartyPatch,
  PartyRevisions,
  PartyShape,
  revisionShapeOf,
  shapeOf,
} from './schemas.ts';
import {
  archiveParty,
  changeParty,
  getParty,
  getPartyRevisions,
  type PartyInUseBy,
  pageOfParties,
  putParty,
  restoreParty,
} from './service.ts';
import { partyParams, partyStageRoutes } from './stage-routes.ts';
import type { PartySort } from './store.ts';

const tags = ['parties'];
const params = idParams('The project’s id.', 'xianghejian-urban-renewal');
const refusals = ['not_found', 'archived', 'future_date', 'stage_goes_back', 'unprocessable'] as const;

/**
 * @param timeZone decides which day is today
 * @param others `inUseBy`: what of other features still needs a party; asked before it is archived
 */
export function partyRoutes(
  app: App,
  database: Database,
  timeZone: string,
  { inUseBy }: { inUseBy: PartyInUseBy },
): void {
  const today = (unit: ReadUnit) => dayOf(unit.now, timeZone);
  const answerWrite = answeringWrites(database, timeZone, shapeOf);

  app.get(
    '/v1/projects/:id/parties',
    {
      config: {
        access: 'read',
        alsoAnswers: { 'text/csv': 'The same list as CSV.' },
        refuses: ['not_found', 'future_date'],
      },
      schema: {
        operationId: 'listParties',
        tags,
        summary: 'Who takes part in a project, and how far they have come',
        params,
        querystring: listQuery(
          {
            stage: Type.Optional(oneOf(dealStages, { description: 'Only those in that stage on the day.' })),
            role: Type.Optional(oneOf(partyRoles)),
            organizationId: Type.Optional(Slug('Only those that are this organization.', 'xianghejian')),
            archived: Type.Boolean({ default: false, description: 'true: the archived ones instead.' }),
            ...twoClocksQuery,
          },
          ['id', 'updatedAt'],
        ),
        response: { 200: ref(PartyPage) },
      },
    },
    async (request, reply) => {
      const { query } = request;
      const page = pageRequest<PartySort>(query);
      const found = await database.read(async (unit) => {
        const then = askedClocks(query, unit.now, today(unit));
        const { items, nextCursor } = await pageOfParties(
          ...([unit, request.actor, request.params.id, query, page, then] as const),
        );
        return { items: items.map((item) => shapeOf(item, then.asOf)), nextCursor };
      });
      return sendPage(request, reply, found, PartyShape);
    },
  );

  app.post(
    '/v1/projects/:id/parties',
    {
      config: {
        access: 'write',
        refuses: [...refusals, 'conflict', 'idempotency_mismatch'],
      },
      schema: {
        operationId: 'createParty',
        tags,
        summary: 'Add a party, or so many companies that are not named',
        params,
        headers: idempotencyHeaders,
        body: ref(PartyInput),
        response: { 201: ref(PartyShape) },
      },
    },
    async (request, reply) =>
      await once(database, request, reply, async (unit) => {
        const projectId = request.params.id;
        const id = request.body.id ?? serverMadeId();
        const said = { projectId, id, ...saidIn(request.body) };
        const { found } = await putParty(unit, request.actor, said, mustBeNew, today(unit));
        const location = `/v1/projects/${projectId}/parties/${id}`;
        return { status: 201, location, verdict: 'created', body: shapeOf(found, today(unit)) };
      }),
  );

  app.get(
    '/v1/projects/:id/parties/:partyId',
    {
      config: { access: 'read', refuses: ['not_found', 'future_date'] },
      schema: {
        operationId: 'getParty',
        tags,
        summary: 'One party, as it was on a day',
        params: partyParams,
        querystring: closed(twoClocksQuery),
        response: { 200: ref(PartyShape) },
      },
    },
    async (request) =>
      await database.read(async (unit) => {
        const { id, partyId } = request.params;
        const then = askedClocks(request.query, unit.now, today(unit));
        return shapeOf(await getParty(unit, request.actor, id, partyId, then), then.asOf);
      }),
  );

  app.put(
    '/v1/projects/:id/parties/:partyId',
    {
      config: { access: 'write', refuses: [...refusals, 'precondition_failed'] },
      schema: {
        operationId: 'putParty',
        tags,
        summary: 'Create or replace a party; the same again changes nothing',
        params: partyParams,
        headers: creatingHeaders,
        body: ref(PartyInput),
        response: { 200: ref(PartyShape), 201: ref(PartyShape) },
      },
    },
    async (request, reply) => {
      const { id: projectId, partyId: id } = request.params;
      const said = { projectId, id, ...saidIn(request.body, id) };
      const expectation = expectationOf(request);
      return await answerWrite(reply, (unit, day) => putParty(unit, request.actor, said, expectation, day));
    },
  );

  app.patch(
    '/v1/projects/:id/parties/:partyId',
    {
      config: {
        access: 'write',
        alsoReads: { 'application/merge-patch+json': { description: 'The same.' } },
        refuses: [...refusals, 'precondition_failed'],
      },
      schema: {
        operationId: 'patchParty',
        tags,
        summary: 'Change some fields of a party: that it has come further, and when',
        params: partyParams,
        headers: conditionalHeaders,
        body: ref(PartyPatch),
        response: { 200: ref(PartyShape) },
      },
    },
    async (request, reply) => {
      const { id, partyId } = request.params;
      const { body } = request;
      const expectation = expectationOf(request);
      return await answerWrite(reply, async (unit, day) => {
        const change = (known: KnownParty) => ({
          ...saidIn(patched(request, inputOf(known, body, day), body, PartyInput)),
          citation: wholeCitation(body.citation),
        });
        return await changeParty(...([unit, request.actor, id, partyId, change, expectation, day] as const));
      });
    },
  );

  app.delete(
    '/v1/projects/:id/parties/:partyId',
    {
      config: { access: 'write', refuses: ['not_found', 'archived', 'conflict', 'precondition_failed'] },
      schema: {
        operationId: 'archiveParty',
        tags,
        summary: 'Archive a party: out of lists and the deal, history kept, restorable',
        params: partyParams,
        headers: conditionalHeaders,
        response: { 200: ref(PartyShape) },
      },
    },
    async (request, reply) => {
      const { id, partyId } = request.params;
      const expectation = expectationOf(request);
      return await answerWrite(reply, (unit, day) =>
        archiveParty(...([unit, request.actor, id, partyId, expectation, inUseBy, day] as const)),
      );
    },
  );

  app.post(
    '/v1/projects/:id/parties/:partyId/restoration',
    {
      config: { access: 'write', refuses: ['not_found', 'archived', 'precondition_failed', 'unprocessable'] },
      schema: {
        operationId: 'restoreParty',
        tags,
        summary: 'Take an archived party into use again',
        params: partyParams,
        headers: conditionalHeaders,
        response: { 200: ref(PartyShape) },
      },
    },
    async (request, reply) => {
      const { id, partyId } = request.params;
      const expectation = expectationOf(request);
      return await answerWrite(reply, (unit, day) =>
        restoreParty(...([unit, request.actor, id, partyId, expectation, day] as const)),
      );
    },
  );

  app.get(
    '/v1/projects/:id/parties/:partyId/revisions',
    {
      config: { access: 'read', refuses: ['not_found'] },
      schema: {
        operationId: 'listPartyRevisions',
        tags,
        summary: 'Everything that was ever said of a party but for its stages',
        params: partyParams,
        response: { 200: ref(PartyRevisions) },
      },
    },
    async (request) => {
      const { id, partyId } = request.params;
      const revisions = await database.read((unit) => getPartyRevisions(unit, request.actor, id, partyId));
      return { items: revisions.map(revisionShapeOf) };
    },
  );

  partyStageRoutes(app, database, timeZone);
}
