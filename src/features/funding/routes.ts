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
import { mustBeNew } from '../../shared/expectation.ts';
import { amountRoutes } from './amount-routes.ts';
import { Currency } from './amount-schemas.ts';
import { type FoundLine, fundingStatuses } from './funding.ts';
import {
  FundingInput,
  FundingPage,
  FundingPatch,
  FundingRevisions,
  FundingShape,
  inputOf,
  revisionShapeOf,
  saidIn,
  shapeOf,
} from './schemas.ts';
import {
  changeFunding,
  getFunding,
  getFundingOf,
  getFundingRevisions,
  pageOfFunding,
  putFunding,
  setFundingArchived,
} from './service.ts';
import type { FundingSort } from './store.ts';
import { FundingTotals, totalsShapeOf } from './totals-schemas.ts';

const tags = ['funding'];
const params = idParams('The project’s id.', 'xianghejian-urban-renewal');
const lineParams = closed({ ...params.properties, fundingId: Slug('The line’s id.', 'start-up') });
const writes = [
  'not_found',
  'archived',
  'future_date',
  'amount_falls',
  'arrived_exceeds_committed',
  'currency_mixed',
  'stated_unreadable',
  'unprocessable',
] as const;

/** @param timeZone decides which day is today */
export function fundingRoutes(app: App, database: Database, timeZone: string): void {
  const today = (unit: ReadUnit) => dayOf(unit.now, timeZone);
  const answerWrite = answeringWrites(database, timeZone, shapeOf);

  amountRoutes(app, database, timeZone);

  app.get(
    '/v1/projects/:id/funding',
    {
      config: {
        access: 'read',
        alsoAnswers: { 'text/csv': 'The same list as CSV.' },
        refuses: ['not_found', 'future_date'],
      },
      schema: {
        operationId: 'listFunding',
        tags,
        summary: 'The lines of funding of a project, with how far each has come',
        params,
        querystring: listQuery(
          {
            status: Type.Optional(
              oneOf(fundingStatuses, { description: 'Only those that had come so far by the day.' }),
            ),
            currency: Type.Optional(Currency),
            sourceOrganizationId: Type.Optional(Slug('Only the money of this organization.', 'xianghejian')),
            archived: Type.Boolean({ default: false, description: 'true: the archived ones instead.' }),
            ...twoClocksQuery,
          },
          ['id', 'title', 'updatedAt'],
        ),
        response: { 200: ref(FundingPage) },
      },
    },
    async (request, reply) => {
      const page = pageRequest<FundingSort>(request.query);
      const found = await database.read(async (unit) => {
        const asked = askedClocks(request.query, unit.now, today(unit));
        const { items, nextCursor } = await pageOfFunding(
          ...([unit, request.actor, request.params.id, request.query, asked, page] as const),
        );
        return { items: items.map((item) => shapeOf(item, asked.asOf)), nextCursor };
      });
      return sendPage(request, reply, found, FundingShape);
    },
  );

  app.get(
    '/v1/projects/:id/funding-totals',
    {
      config: { access: 'read', refuses: ['not_found', 'future_date'] },
      schema: {
        operationId: 'getFundingTotals',
        tags,
        summary: 'What was sought, committed, arrived and taken back in all, by currency',
        params,
        querystring: closed(twoClocksQuery),
        response: { 200: ref(FundingTotals) },
      },
    },
    async (request) => {
      const { id } = request.params;
      return await database.read(async (unit) => {
        const asked = askedClocks(request.query, unit.now, today(unit));
        return totalsShapeOf(id, await getFundingOf(unit, request.actor, id, asked.knownAt), asked);
      });
    },
  );

  app.post(
    '/v1/projects/:id/funding',
    {
      config: { access: 'write', refuses: [...writes, 'conflict', 'idempotency_mismatch'] },
      schema: {
        operationId: 'createFunding',
        tags,
        summary: 'Create a line of funding',
        params,
        headers: idempotencyHeaders,
        body: ref(FundingInput),
        response: { 201: ref(FundingShape) },
      },
    },
    async (request, reply) => {
      const { id: projectId } = request.params;
      return await once(database, request, reply, async (unit) => {
        const id = request.body.id ?? serverMadeId();
        const said = { projectId, id, ...saidIn(request.body) };
        const { found } = await putFunding(unit, request.actor, said, mustBeNew, today(unit));
        const location = `/v1/projects/${projectId}/funding/${id}`;
        return { status: 201, location, verdict: 'created', body: shapeOf(found, today(unit)) };
      });
    },
  );

  app.get(
    '/v1/projects/:id/funding/:fundingId',
    {
      config: { access: 'read', refuses: ['not_found', 'future_date'] },
      schema: {
        operationId: 'getFunding',
        tags,
        summary: 'One line of funding: how far it had come by a day, as known at a moment',
        params: lineParams,
        querystring: closed(twoClocksQuery),
        response: { 200: ref(FundingShape) },
      },
    },
    async (request) =>
      await database.read(async (unit) => {
        const { id, fundingId } = request.params;
        const { asOf, knownAt } = askedClocks(request.query, unit.now, today(unit));
        return shapeOf(await getFunding(unit, request.actor, id, fundingId, knownAt), asOf);
      }),
  );

  app.put(
    '/v1/projects/:id/funding/:fundingId',
    {
      config: { access: 'write', refuses: [...writes, 'precondition_failed'] },
      schema: {
        operationId: 'putFunding',
        tags,
        summary: 'Create or replace a line of funding; the same again changes nothing',
        params: lineParams,
        headers: creatingHeaders,
        body: ref(FundingInput),
        response: { 200: ref(FundingShape), 201: ref(FundingShape) },
      },
    },
    async (request, reply) => {
      const { id: projectId, fundingId: id } = request.params;
      const said = { projectId, id, ...saidIn(request.body, { pathId: id }) };
      const expectation = expectationOf(request);
      return await answerWrite(reply, (unit, day) => putFunding(unit, request.actor, said, expectation, day));
    },
  );

  app.patch(
    '/v1/projects/:id/funding/:fundingId',
    {
      config: {
        access: 'write',
        alsoReads: { 'application/merge-patch+json': { description: 'The same.' } },
        refuses: [...writes, 'precondition_failed'],
      },
      schema: {
        operationId: 'patchFunding',
        tags,
        summary: 'Change some fields of a line of funding, or say how far it has come',
        params: lineParams,
        headers: conditionalHeaders,
        body: ref(FundingPatch),
        response: { 200: ref(FundingShape) },
      },
    },
    async (request, reply) => {
      const { id, fundingId } = request.params;
      const { body: patch } = request;
      const expectation = expectationOf(request);
      return await answerWrite(reply, async (unit, day) => {
        const change = (present: FoundLine) =>
          saidIn(patched(request, inputOf(present, patch, day), patch, FundingInput), { patch });
        return await changeFunding(
          ...([unit, request.actor, id, fundingId, change, expectation, day] as const),
        );
      });
    },
  );

  app.delete(
    '/v1/projects/:id/funding/:fundingId',
    {
      config: { access: 'write', refuses: ['not_found', 'archived', 'precondition_failed'] },
      schema: {
        operationId: 'archiveFunding',
        tags,
        summary: 'Archive a line of funding: out of lists and sums, history kept, restorable',
        params: lineParams,
        headers: conditionalHeaders,
        response: { 200: ref(FundingShape) },
      },
    },
    async (request, reply) => {
      const { id: projectId, fundingId: id } = request.params;
      const expectation = expectationOf(request);
      return await answerWrite(reply, async (unit, day) => {
        const said = { projectId, id, isArchived: true };
        return await setFundingArchived(...([unit, request.actor, said, expectation, day] as const));
      });
    },
  );

  app.post(
    '/v1/projects/:id/funding/:fundingId/restoration',
    {
      config: { access: 'write', refuses: ['not_found', 'archived', 'precondition_failed', 'unprocessable'] },
      schema: {
        operationId: 'restoreFunding',
        tags,
        summary: 'Take an archived line of funding into use again',
        params: lineParams,
        headers: conditionalHeaders,
        response: { 200: ref(FundingShape) },
      },
    },
    async (request, reply) => {
      const { id: projectId, fundingId: id } = request.params;
      const expectation = expectationOf(request);
      return await answerWrite(reply, async (unit, day) => {
        const said = { projectId, id, isArchived: false };
        return await setFundingArchived(...([unit, request.actor, said, expectation, day] as const));
      });
    },
  );

  app.get(
    '/v1/projects/:id/funding/:fundingId/revisions',
    {
      config: { access: 'read', refuses: ['not_found'] },
      schema: {
        operationId: 'listFundingRevisions',
        tags,
        summary: 'Everything that was ever said of a line of funding itself',
        params: lineParams,
        response: { 200: ref(FundingRevisions) },
      },
    },
    async (request) => {
      const { id, fundingId } = request.params;
      const revisions = await database.read((unit) =>
        getFundingRevisions(unit, request.actor, id, fundingId),
      );
      return { items: revisions.map(revisionShapeOf) };
    },
  );
}
