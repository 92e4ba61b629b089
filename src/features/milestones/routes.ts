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
import { dayOf } from '../../shared/calendar-date.ts';
import { fieldError } from '../../shared/errors.ts';
import { mustBeNew } from '../../shared/expectation.ts';
import { askedDay } from '../../shared/known-moment.ts';
import { type Milestone, milestoneStatuses, milestoneTypes } from './milestone.ts';
import {
  inputOf,
  MilestoneInput,
  MilestonePage,
  MilestonePatch,
  MilestoneRevisions,
  MilestoneShape,
  saidIn,
  shapeOf,
  TemplateList,
  TemplateOutcome,
  templateShapeOf,
} from './schemas.ts';
import {
  applyTemplate,
  archiveMilestone,
  changeMilestone,
  getMilestone,
  getMilestoneRevisions,
  type MeetByKnownFacts,
  pageOfMilestones,
  putMilestone,
  restoreMilestone,
} from './service.ts';
import type { MilestoneSort } from './store.ts';
import { templateIds, templates } from './templates.ts';

const tags = ['milestones'];
const params = idParams('The project’s id.', 'xianghejian-urban-renewal');
const milestoneParams = closed({
  ...params.properties,
  milestoneId: Slug('The milestone’s id.', 'framework-agreement'),
});
const AsOf = Type.Optional(CalendarDay('The day for which `overdueDays` is counted; today unless told.'));
const writes = ['not_found', 'archived', 'precondition_failed', 'future_date', 'unprocessable'] as const;

/** Stands for the body that a request with `?template=` does not have: the schema asks for one. */
const noBody = Object.freeze({ title: 'template' });

/** @param timeZone decides which day is today */
export function milestoneRoutes(
  app: App,
  database: Database,
  timeZone: string,
  { meet }: { meet: MeetByKnownFacts },
): void {
  const today = (unit: ReadUnit) => dayOf(unit.now, timeZone);
  const answerWrite = answeringWrites(database, timeZone, shapeOf);

  app.get(
    '/v1/milestone-templates',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'listMilestoneTemplates',
        tags,
        summary: 'Milestones that projects of a kind have in common',
        response: { 200: ref(TemplateList) },
      },
    },
    async () => ({ items: templates.map(templateShapeOf) }),
  );

  app.get(
    '/v1/projects/:id/milestones',
    {
      config: {
        access: 'read',
        alsoAnswers: { 'text/csv': 'The same list as CSV.' },
        refuses: ['not_found', 'future_date'],
      },
      schema: {
        operationId: 'listMilestones',
        tags,
        summary: 'The milestones of a project, by due date',
        params,
        querystring: listQuery(
          {
            status: Type.Optional(oneOf(milestoneStatuses)),
            type: Type.Optional(oneOf(milestoneTypes)),
            dueFrom: Type.Optional(CalendarDay('Only those due on this day or later.', '2023-01-01')),
            dueTo: Type.Optional(CalendarDay('Only those due on this day or earlier.')),
            archived: Type.Boolean({ default: false, description: 'true: the archived ones instead.' }),
            asOf: AsOf,
          },
          ['dueDate', 'id', 'updatedAt'],
        ),
        response: { 200: ref(MilestonePage) },
      },
    },
    async (request, reply) => {
      const page = pageRequest<MilestoneSort>(request.query);
      const found = await database.read(async (unit) => {
        const asOf = askedDay(request.query.asOf, today(unit));
        const { items, nextCursor } = await pageOfMilestones(
          unit,
          request.actor,
          request.params.id,
          request.query,
          page,
        );
        return { items: items.map((item) => shapeOf(item, asOf)), nextCursor };
      });
      return sendPage(request, reply, found, MilestoneShape);
    },
  );

  app.post(
    '/v1/projects/:id/milestones',
    {
      config: {
        access: 'write',
        mayLackBody: true,
        refuses: [
          'not_found',
          'archived',
          'conflict',
          'future_date',
          'unprocessable',
          'idempotency_mismatch',
        ],
      },
      schema: {
        operationId: 'createMilestone',
        tags,
        summary: 'Create a milestone; with `template` and no body, those of a template that are not there',
        params,
        querystring: closed({
          template: Type.Optional(
            oneOf(templateIds, { description: 'Those of a template are made, without a body.' }),
          ),
        }),
        headers: idempotencyHeaders,
        body: ref(MilestoneInput),
        response: {
          200: ref(TemplateOutcome),
          201: Type.Union([ref(MilestoneShape), ref(TemplateOutcome)]),
        },
      },
      preValidation: async (request) => {
        const { template } = request.query as { template?: unknown };
        if (template !== undefined && request.body === undefined) request.body = noBody;
      },
    },
    async (request, reply) => {
      const { id: projectId } = request.params;
      const { template } = request.query;
      if (template !== undefined) {
        if (request.body !== noBody)
          throw fieldError('unprocessable', '', 'body', 'the body must be left out with a template');
        return await once(database, request, reply, async (unit) => {
          const outcome = await applyTemplate(unit, request.actor, projectId, template, meet, today(unit));
          const isNew = outcome.created.length > 0;
          return {
            status: isNew ? 201 : 200,
            location: `/v1/projects/${projectId}/milestones`,
            verdict: isNew ? 'created' : 'unchanged',
            body: { ...outcome, items: outcome.items.map((item) => shapeOf(item, today(unit))) },
          };
        });
      }
      return await once(database, request, reply, async (unit) => {
        const id = request.body.id ?? serverMadeId();
        const said = { projectId, id, ...saidIn(request.body) };
        const { found } = await putMilestone(unit, request.actor, said, mustBeNew, today(unit));
        const location = `/v1/projects/${projectId}/milestones/${id}`;
        return { status: 201, location, verdict: 'created', body: shapeOf(found, today(unit)) };
      });
    },
  );

  app.get(
    '/v1/projects/:id/milestones/:milestoneId',
    {
      config: { access: 'read', refuses: ['not_found', 'future_date'] },
      schema: {
        operationId: 'getMilestone',
        tags,
        summary: 'One milestone, with the due dates that it has had',
        params: milestoneParams,
        querystring: closed({ asOf: AsOf }),
        response: { 200: ref(MilestoneShape) },
      },
    },
    async (request) =>
      await database.read(async (unit) => {
        const { id, milestoneId } = request.params;
        const asOf = askedDay(request.query.asOf, today(unit));
        return shapeOf(await getMilestone(unit, request.actor, id, milestoneId), asOf);
      }),
  );

  app.put(
    '/v1/projects/:id/milestones/:milestoneId',
    {
      config: { access: 'write', refuses: [...writes] },
      schema: {
        operationId: 'putMilestone',
        tags,
        summary: 'Create or replace a milestone; the same again changes nothing',
        params: milestoneParams,
        headers: creatingHeaders,
        body: ref(MilestoneInput),
        response: { 200: ref(MilestoneShape), 201: ref(MilestoneShape) },
      },
    },
    async (request, reply) => {
      const { id: projectId, milestoneId: id } = request.params;
      const said = { projectId, id, ...saidIn(request.body, id) };
      const expectation = expectationOf(request);
      return await answerWrite(reply, (unit, day) =>
        putMilestone(unit, request.actor, said, expectation, day),
      );
    },
  );

  app.patch(
    '/v1/projects/:id/milestones/:milestoneId',
    {
      config: {
        access: 'write',
        alsoReads: { 'application/merge-patch+json': { description: 'The same.' } },
        refuses: [...writes],
      },
      schema: {
        operationId: 'patchMilestone',
        tags,
        summary: 'Change some fields of a milestone: that it is met, or put off, and why',
        params: milestoneParams,
        headers: conditionalHeaders,
        body: ref(MilestonePatch),
        response: { 200: ref(MilestoneShape) },
      },
    },
    async (request, reply) => {
      const { id, milestoneId } = request.params;
      const { body } = request;
      const change = (present: Milestone) =>
        saidIn(patched(request, inputOf(present, body), body, MilestoneInput));
      const expectation = expectationOf(request);
      return await answerWrite(reply, (unit, day) =>
        changeMilestone(...([unit, request.actor, id, milestoneId, change, expectation, day] as const)),
      );
    },
  );

  app.delete(
    '/v1/projects/:id/milestones/:milestoneId',
    {
      config: { access: 'write', refuses: ['not_found', 'archived', 'precondition_failed'] },
      schema: {
        operationId: 'archiveMilestone',
        tags,
        summary: 'Archive a milestone: out of lists and progress, history kept, restorable',
        params: milestoneParams,
        headers: conditionalHeaders,
        response: { 200: ref(MilestoneShape) },
      },
    },
    async (request, reply) => {
      const { id, milestoneId } = request.params;
      const expectation = expectationOf(request);
      return await answerWrite(reply, (unit, day) =>
        archiveMilestone(...([unit, request.actor, id, milestoneId, expectation, day] as const)),
      );
    },
  );

  app.post(
    '/v1/projects/:id/milestones/:milestoneId/restoration',
    {
      config: { access: 'write', refuses: ['not_found', 'archived', 'precondition_failed', 'unprocessable'] },
      schema: {
        operationId: 'restoreMilestone',
        tags,
        summary: 'Take an archived milestone into use again',
        params: milestoneParams,
        headers: conditionalHeaders,
        response: { 200: ref(MilestoneShape) },
      },
    },
    async (request, reply) => {
      const { id, milestoneId } = request.params;
      const expectation = expectationOf(request);
      return await answerWrite(reply, (unit, day) =>
        restoreMilestone(...([unit, request.actor, id, milestoneId, expectation, meet, day] as const)),
      );
    },
  );

  app.get(
    '/v1/projects/:id/milestones/:milestoneId/revisions',
    {
      config: { access: 'read', refuses: ['not_found'] },
      schema: {
        operationId: 'listMilestoneRevisions',
        tags,
        summary: 'Everything that was ever said of a milestone',
        params: milestoneParams,
        response: { 200: ref(MilestoneRevisions) },
      },
    },
    async (request) =>
      await database.read(async (unit) => {
        const { id, milestoneId } = request.params;
        const revisions = await getMilestoneRevisions(unit, request.actor, id, milestoneId);
        return { items: revisions.map((each) => shapeOf(each, today(unit))) };
      }),
  );
}
