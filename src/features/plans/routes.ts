import { Type } from '@sinclair/typebox';
import type { Database } from '../../database/index.ts';
import type { App } from '../../http/app.ts';
import { expectationOf } from '../../http/entity-tags.ts';
import { conditionalHeaders, creatingHeaders, idParams, verdictOn } from '../../http/resource.ts';
import { closed, Moment, ref } from '../../http/schemas.ts';
import { knownMoment } from '../../shared/known-moment.ts';
import { factsFrom, PlanInput, PlanRevisions, PlanShape, Reason, shapeOf } from './schemas.ts';
import { getPlan, getRevisions, putPlan, withdrawPlan } from './service.ts';

const tags = ['plans'];
const params = idParams('The project’s id.', 'yueping-estate-renovation');

export function planRoutes(app: App, database: Database): void {
  app.get(
    '/v1/projects/:id/plan',
    {
      config: { access: 'read', refuses: ['not_found', 'future_date'] },
      schema: {
        operationId: 'getPlan',
        tags,
        summary: 'The plan of a project: how much is to be done by when',
        description:
          'The project’s own. Which baseline counts, where it has none, is in the `plan` of its progress.',
        params,
        querystring: closed({
          knownAt: Type.Optional(
            Moment('The plan that was known at that moment; the present one if left out.'),
          ),
        }),
        response: { 200: ref(PlanShape) },
      },
    },
    async (request) => {
      const { knownAt = null } = request.query;
      return shapeOf(
        await database.read((unit) =>
          getPlan(unit, request.actor, request.params.id, knownMoment(knownAt, unit.now)),
        ),
      );
    },
  );

  app.put(
    '/v1/projects/:id/plan',
    {
      config: {
        access: 'write',
        refuses: ['not_found', 'archived', 'unprocessable', 'precondition_failed'],
      },
      schema: {
        operationId: 'putPlan',
        tags,
        summary: 'Plan a project, or change its plan; the same again changes nothing',
        params,
        headers: creatingHeaders,
        body: ref(PlanInput),
        response: { 200: ref(PlanShape), 201: ref(PlanShape) },
      },
    },
    async (request, reply) => {
      const facts = factsFrom(request.body);
      const expectation = expectationOf(request);
      const { plan, verdict } = await database.write((unit) =>
        putPlan(unit, request.actor, request.params.id, facts, expectation),
      );
      verdictOn(reply, verdict);
      return shapeOf(plan);
    },
  );

  app.delete(
    '/v1/projects/:id/plan',
    {
      config: { access: 'write', refuses: ['not_found', 'archived', 'precondition_failed'] },
      schema: {
        operationId: 'withdrawPlan',
        tags,
        summary: 'Take a plan back: it counts no longer, and stays readable',
        params,
        querystring: closed({ reason: Type.Optional(Reason) }),
        headers: conditionalHeaders,
        response: { 200: ref(PlanShape) },
      },
    },
    async (request, reply) => {
      const { reason = null } = request.query;
      const { plan, verdict } = await database.write((unit) =>
        withdrawPlan(unit, request.actor, request.params.id, reason, expectationOf(request)),
      );
      verdictOn(reply, verdict);
      return shapeOf(plan);
    },
  );

  app.get(
    '/v1/projects/:id/plan/revisions',
    {
      config: { access: 'read', refuses: ['not_found'] },
      schema: {
        operationId: 'listPlanRevisions',
        tags,
        summary: 'Every plan that the project ever had: who changed it, when and why',
        params,
        response: { 200: ref(PlanRevisions) },
      },
    },
    async (request) => {
      const revisions = await database.read((unit) => getRevisions(unit, request.actor, request.params.id));
      return { items: revisions.map(shapeOf) };
    },
  );
}
