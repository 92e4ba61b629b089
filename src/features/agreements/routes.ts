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
import { CalendarDay, closed, oneOf, ref, Slug } from '../../http/schemas.ts';
import { askedClocks, twoClocksQuery } from '../../http/two-clocks.ts';
import { dayOf } from '../../shared/calendar-date.ts';
import { mustBeNew } from '../../shared/expectation.ts';
import { type Agreement, agreementTypes } from './agreement.ts';
import {
  AgreementInput,
  AgreementPage,
  AgreementPatch,
  AgreementRevisions,
  AgreementShape,
  inputOf,
  revisionShapeOf,
  saidIn,
  shapeOf,
} from './schemas.ts';
import {
  changeAgreement,
  getAgreement,
  getAgreementRevisions,
  pageOfAgreements,
  putAgreement,
  setAgreementArchived,
} from './service.ts';
import type { AgreementSort } from './store.ts';

const tags = ['agreements'];
const params = idParams('The project’s id.', 'xianghejian-urban-renewal');
export const agreementParams = closed({
  ...params.properties,
  agreementId: Slug('The agreement’s id.', 'framework'),
});
const refusals = [
  'not_found',
  'archived',
  'future_date',
  'unprocessable',
  'unknown_party',
  'currency_mixed',
  'stated_unreadable',
] as const;

/** @param timeZone decides which day is today */
export function agreementRoutes(app: App, database: Database, timeZone: string): void {
  const today = (unit: ReadUnit) => dayOf(unit.now, timeZone);
  const answerWrite = answeringWrites(database, timeZone, shapeOf);

  app.get(
    '/v1/projects/:id/agreements',
    {
      config: {
        access: 'read',
        alsoAnswers: { 'text/csv': 'The same list as CSV.' },
        refuses: ['not_found', 'future_date'],
      },
      schema: {
        operationId: 'listAgreements',
        tags,
        summary: 'The agreements of a project, by the day on which they were signed',
        params,
        querystring: listQuery(
          {
            type: Type.Optional(oneOf(agreementTypes)),
            partyId: Type.Optional(Slug('Only those that this party has signed.', 'xianghejian')),
            signedFrom: Type.Optional(
              CalendarDay('Only those signed on this day or later, by `signedByDay`.', '2023-01-01'),
            ),
            signedTo: Type.Optional(CalendarDay('Only those signed on this day or earlier.')),
            archived: Type.Boolean({ default: false, description: 'true: the archived ones instead.' }),
            ...twoClocksQuery,
          },
          ['signedByDay', 'id', 'updatedAt'],
        ),
        response: { 200: ref(AgreementPage) },
      },
    },
    async (request, reply) => {
      const page = pageRequest<AgreementSort>(request.query);
      const found = await database.read(async (unit) => {
        const { asOf, knownAt } = askedClocks(request.query, unit.now, today(unit));
        const filters = { ...request.query, knownAt };
        const { items, nextCursor } = await pageOfAgreements(
          ...([unit, request.actor, request.params.id, filters, page] as const),
        );
        return { items: items.map((item) => shapeOf(item, asOf)), nextCursor };
      });
      return sendPage(request, reply, found, AgreementShape);
    },
  );

  app.post(
    '/v1/projects/:id/agreements',
    {
      config: { access: 'write', refuses: [...refusals, 'conflict', 'idempotency_mismatch'] },
      schema: {
        operationId: 'createAgreement',
        tags,
        summary: 'Write down an agreement',
        params,
        headers: idempotencyHeaders,
        body: ref(AgreementInput),
        response: { 201: ref(AgreementShape) },
      },
    },
    async (request, reply) => {
      const { id: projectId } = request.params;
      const id = request.body.id ?? serverMadeId();
      const said = { projectId, id, ...saidIn(request.body) };
      return await once(database, request, reply, async (unit) => {
        const { found } = await putAgreement(unit, request.actor, said, mustBeNew, today(unit));
        const location = `/v1/projects/${projectId}/agreements/${id}`;
        return { status: 201, location, verdict: 'created', body: shapeOf(found, today(unit)) };
      });
    },
  );

  app.get(
    '/v1/projects/:id/agreements/:agreementId',
    {
      config: { access: 'read', refuses: ['not_found', 'future_date'] },
      schema: {
        operationId: 'getAgreement',
        tags,
        summary: 'One agreement, as signed and as it is agreed on a day',
        params: agreementParams,
        querystring: closed(twoClocksQuery),
        response: { 200: ref(AgreementShape) },
      },
    },
    async (request) =>
      await database.read(async (unit) => {
        const { id, agreementId } = request.params;
        const { asOf, knownAt } = askedClocks(request.query, unit.now, today(unit));
        return shapeOf(await getAgreement(unit, request.actor, id, agreementId, knownAt), asOf);
      }),
  );

  app.put(
    '/v1/projects/:id/agreements/:agreementId',
    {
      config: { access: 'write', refuses: [...refusals, 'precondition_failed'] },
      schema: {
        operationId: 'putAgreement',
        tags,
        summary: 'Write down an agreement, or replace what was; the same again changes nothing',
        params: agreementParams,
        headers: creatingHeaders,
        body: ref(AgreementInput),
        response: { 200: ref(AgreementShape), 201: ref(AgreementShape) },
      },
    },
    async (request, reply) => {
      const { id: projectId, agreementId: id } = request.params;
      const said = { projectId, id, ...saidIn(request.body, id) };
      const expectation = expectationOf(request);
      return await answerWrite(reply, (unit, day) =>
        putAgreement(unit, request.actor, said, expectation, day),
      );
    },
  );

  app.patch(
    '/v1/projects/:id/agreements/:agreementId',
    {
      config: {
        access: 'write',
        alsoReads: { 'application/merge-patch+json': { description: 'The same.' } },
        refuses: [...refusals, 'precondition_failed'],
      },
      schema: {
        operationId: 'patchAgreement',
        tags,
        summary: 'Correct some fields of an agreement; what its parties change is an amendment',
        params: agreementParams,
        headers: conditionalHeaders,
        body: ref(AgreementPatch),
        response: { 200: ref(AgreementShape) },
      },
    },
    async (request, reply) => {
      const { id: projectId, agreementId: id } = request.params;
      const { body } = request;
      const change = (present: Agreement) =>
        saidIn(patched(request, inputOf(present, body), body, AgreementInput));
      const expectation = expectationOf(request);
      return await answerWrite(reply, (unit, day) =>
        changeAgreement(...([unit, request.actor, { projectId, id }, change, expectation, day] as const)),
      );
    },
  );

  app.delete(
    '/v1/projects/:id/agreements/:agreementId',
    {
      config: { access: 'write', refuses: ['not_found', 'archived', 'precondition_failed'] },
      schema: {
        operationId: 'archiveAgreement',
        tags,
        summary: 'Archive an agreement: out of lists and the deal, history kept, restorable',
        params: agreementParams,
        headers: conditionalHeaders,
        response: { 200: ref(AgreementShape) },
      },
    },
    async (request, reply) => {
      const { id: projectId, agreementId: id } = request.params;
      const expectation = expectationOf(request);
      return await answerWrite(reply, async (unit, day) => {
        const change = { projectId, id, isArchived: true };
        return await setAgreementArchived(...([unit, request.actor, change, expectation, day] as const));
      });
    },
  );

  app.post(
    '/v1/projects/:id/agreements/:agreementId/restoration',
    {
      config: {
        access: 'write',
        refuses: ['not_found', 'archived', 'conflict', 'precondition_failed', 'unprocessable'],
      },
      schema: {
        operationId: 'restoreAgreement',
        tags,
        summary: 'Take an archived agreement into use again',
        params: agreementParams,
        headers: conditionalHeaders,
        response: { 200: ref(AgreementShape) },
      },
    },
    async (request, reply) => {
      const { id: projectId, agreementId: id } = request.params;
      const expectation = expectationOf(request);
      return await answerWrite(reply, async (unit, day) => {
        const change = { projectId, id, isArchived: false };
        return await setAgreementArchived(...([unit, request.actor, change, expectation, day] as const));
      });
    },
  );

  app.get(
    '/v1/projects/:id/agreements/:agreementId/revisions',
    {
      config: { access: 'read', refuses: ['not_found'] },
      schema: {
        operationId: 'listAgreementRevisions',
        tags,
        summary: 'Everything that was ever written down of an agreement as it was signed',
        params: agreementParams,
        response: { 200: ref(AgreementRevisions) },
      },
    },
    async (request) => {
      const { id, agreementId } = request.params;
      const revisions = await database.read((unit) =>
        getAgreementRevisions(unit, request.actor, id, agreementId),
      );
      return { items: revisions.map(revisionShapeOf) };
    },
  );
}
