import { Type } from '@sinclair/typebox';
import type { FastifyReply } from 'fastify';
import type { Database, ReadUnit, WriteUnit } from '../../database/index.ts';
import type { App } from '../../http/app.ts';
import { expectationOf } from '../../http/entity-tags.ts';
import { once } from '../../http/idempotency.ts';
import { patched } from '../../http/merge-patch.ts';
import { listQuery, pageRequest, sendPage } from '../../http/paging.ts';
import {
  conditionalHeaders,
  creatingHeaders,
  idempotencyHeaders,
  idParams,
  serverMadeId,
  verdictOn,
} from '../../http/resource.ts';
import { CalendarDay, closed, oneOf, ref, Slug } from '../../http/schemas.ts';
import { type CalendarDate, dayOf } from '../../shared/calendar-date.ts';
import { mustBeNew } from '../../shared/expectation.ts';
import type { Verdict } from '../../shared/verdict.ts';
import { type ProjectSort, shownLights } from './list.ts';
import { type Project, projectKinds, projectStatuses } from './project.ts';
import {
  factsFrom,
  inputOf,
  ProjectInput,
  ProjectPage,
  ProjectPatch,
  ProjectShape,
  StatusInput,
  StatusList,
  StatusShape,
  shapeOf,
  statusShapeOf,
} from './schemas.ts';
import {
  archiveProject,
  changeProject,
  getProject,
  getStatuses,
  pageOfProjects,
  putProject,
  putStatus,
  restoreProject,
  withdrawStatus,
} from './service.ts';
import type { StandingProject } from './store.ts';

const tags = ['projects'];
const params = idParams('The project’s id.', 'yueping-estate-renovation');
const statusParams = closed({
  ...params.properties,
  asOf: CalendarDay('The day from which the status holds.', '2023-05-31'),
});
const writes = ['archived', 'precondition_failed', 'unprocessable', 'parent_cycle', 'too_deep'] as const;

/** @param timeZone decides which day is today */
export function projectRoutes(app: App, database: Database, timeZone: string): void {
  const today = (unit: ReadUnit) => dayOf(unit.now, timeZone);

  /** Has the project changed, and answers it as it stands on the day of that. */
  async function written(
    reply: FastifyReply,
    change: (unit: WriteUnit, day: CalendarDate) => Promise<{ found: StandingProject; verdict: Verdict }>,
  ) {
    const { found, verdict, day } = await database.write(async (unit) => {
      const day = today(unit);
      return { ...(await change(unit, day)), day };
    });
    verdictOn(reply, verdict);
    return shapeOf(found, day);
  }

  app.get(
    '/v1/projects',
    {
      config: { access: 'read', alsoAnswers: { 'text/csv': 'The same list as CSV.' } },
      schema: {
        operationId: 'listProjects',
        tags,
        summary: 'Projects, each with where it stands now',
        querystring: listQuery(
          {
            organizationId: Type.Optional(Slug('Only those that this organization owns.', 'yueping')),
            within: Type.Optional(Slug('Only those of this organization and all below it.', 'tianmashan')),
            withinProject: Type.Optional(
              Slug('Only this programme or project and all below it.', 'yueping-estate-renovation'),
            ),
            parentId: Type.Optional(Slug('Only those directly below this one.', 'yueping-estate-renovation')),
            kind: Type.Optional(oneOf(projectKinds)),
            category: Type.Optional(Slug('An open list.', 'old-estate-renovation')),
            status: Type.Optional(oneOf(projectStatuses)),
            light: Type.Optional(
              oneOf(shownLights, { description: 'Only those with this light today; `none`: with no light.' }),
            ),
            tag: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
            q: Type.Optional(
              Type.String({
                minLength: 1,
                maxLength: 100,
                description: 'Words in the id, title, description, category, tags or translations.',
                examples: ['老旧小区'],
              }),
            ),
            archived: Type.Boolean({ default: false, description: 'true: the archived ones instead.' }),
          },
          ['id', 'title', 'createdAt', 'updatedAt'],
        ),
        response: { 200: ref(ProjectPage) },
      },
    },
    async (request, reply) => {
      const page = pageRequest<ProjectSort>(request.query);
      const found = await database.read(async (unit) => {
        const { items, nextCursor } = await pageOfProjects(
          unit,
          request.actor,
          request.query,
          page,
          today(unit),
        );
        return { nextCursor, items: items.map((item) => shapeOf(item, today(unit))) };
      });
      return sendPage(request, reply, found, ProjectShape);
    },
  );

  app.post(
    '/v1/projects',
    {
      config: { access: 'write', refuses: ['conflict', 'unprocessable', 'too_deep', 'idempotency_mismatch'] },
      schema: {
        operationId: 'createProject',
        tags,
        summary: 'Create a project, under an id of yours or of the server’s',
        headers: idempotencyHeaders,
        body: ref(ProjectInput),
        response: { 201: ref(ProjectShape) },
      },
    },
    async (request, reply) =>
      await once(database, request, reply, async (unit) => {
        const id = request.body.id ?? serverMadeId();
        const { found } = await putProject(
          unit,
          request.actor,
          id,
          factsFrom(request.body),
          mustBeNew,
          today(unit),
        );
        return {
          status: 201,
          location: `/v1/projects/${id}`,
          verdict: 'created',
          body: shapeOf(found, today(unit)),
        };
      }),
  );

  app.get(
    '/v1/projects/:id',
    {
      config: { access: 'read', refuses: ['not_found'] },
      schema: {
        operationId: 'getProject',
        tags,
        summary: 'One project, with where it stands now',
        params,
        response: { 200: ref(ProjectShape) },
      },
    },
    async (request) =>
      await database.read(async (unit) =>
        shapeOf(await getProject(unit, request.actor, request.params.id), today(unit)),
      ),
  );

  app.put(
    '/v1/projects/:id',
    {
      config: { access: 'write', refuses: ['not_found', ...writes] },
      schema: {
        operationId: 'putProject',
        tags,
        summary: 'Create or replace a project; the same again changes nothing',
        params,
        headers: creatingHeaders,
        body: ref(ProjectInput),
        response: { 200: ref(ProjectShape), 201: ref(ProjectShape) },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const facts = factsFrom(request.body, id);
      return await written(reply, (unit, day) =>
        putProject(unit, request.actor, id, facts, expectationOf(request), day),
      );
    },
  );

  app.patch(
    '/v1/projects/:id',
    {
      config: {
        access: 'write',
        alsoReads: { 'application/merge-patch+json': { description: 'The same.' } },
        refuses: ['not_found', ...writes],
      },
      schema: {
        operationId: 'patchProject',
        tags,
        summary: 'Change some fields of a project; a new parentId moves it with all below it',
        params,
        headers: conditionalHeaders,
        body: ref(ProjectPatch),
        response: { 200: ref(ProjectShape) },
      },
    },
    async (request, reply) => {
      const change = (present: Project) =>
        factsFrom(patched(request, inputOf(present), request.body, ProjectInput));
      return await written(reply, (unit, day) =>
        changeProject(unit, request.actor, request.params.id, change, expectationOf(request), day),
      );
    },
  );

  app.delete(
    '/v1/projects/:id',
    {
      config: { access: 'write', refuses: ['not_found', 'conflict', 'precondition_failed'] },
      schema: {
        operationId: 'archiveProject',
        tags,
        summary: 'Archive a project: out of lists and roll-ups, history kept, restorable',
        params,
        headers: conditionalHeaders,
        response: { 200: ref(ProjectShape) },
      },
    },
    async (request, reply) =>
      await written(reply, (unit, day) =>
        archiveProject(unit, request.actor, request.params.id, expectationOf(request), day),
      ),
  );

  app.post(
    '/v1/projects/:id/restoration',
    {
      config: { access: 'write', refuses: ['not_found', 'conflict', 'precondition_failed', 'unprocessable'] },
      schema: {
        operationId: 'restoreProject',
        tags,
        summary: 'Take an archived project into use again',
        params,
        headers: conditionalHeaders,
        response: { 200: ref(ProjectShape) },
      },
    },
    async (request, reply) =>
      await written(reply, (unit, day) =>
        restoreProject(unit, request.actor, request.params.id, expectationOf(request), day),
      ),
  );

  app.get(
    '/v1/projects/:id/statuses',
    {
      config: { access: 'read', refuses: ['not_found'] },
      schema: {
        operationId: 'listProjectStatuses',
        tags,
        summary: 'The statuses a project has had, by day',
        params,
        response: { 200: ref(StatusList) },
      },
    },
    async (request) => ({
      items: (await database.read((unit) => getStatuses(unit, request.actor, request.params.id))).map(
        statusShapeOf,
      ),
    }),
  );

  app.put(
    '/v1/projects/:id/statuses/:asOf',
    {
      config: { access: 'write', refuses: ['not_found', 'archived', 'future_date'] },
      schema: {
        operationId: 'putProjectStatus',
        tags,
        summary: 'Say that a status holds from a day on, and why',
        params: statusParams,
        body: ref(StatusInput),
        response: { 200: ref(StatusShape), 201: ref(StatusShape) },
      },
    },
    async (request, reply) => {
      const { id, asOf } = request.params;
      const said = { status: request.body.status, reason: request.body.reason ?? null };
      const { entry, verdict } = await database.write((unit) =>
        putStatus(unit, request.actor, id, asOf, said, today(unit)),
      );
      verdictOn(reply, verdict);
      return statusShapeOf(entry);
    },
  );

  app.delete(
    '/v1/projects/:id/statuses/:asOf',
    {
      config: { access: 'write', refuses: ['not_found', 'archived', 'conflict'] },
      schema: {
        operationId: 'withdrawProjectStatus',
        tags,
        summary: 'Take back what was said of the status on a day',
        params: statusParams,
        response: { 200: ref(StatusShape) },
      },
    },
    async (request, reply) => {
      const { id, asOf } = request.params;
      const entry = await database.write((unit) =>
        withdrawStatus(unit, request.actor, id, asOf, today(unit)),
      );
      verdictOn(reply, 'withdrawn');
      return statusShapeOf(entry);
    },
  );
}
