import { Type } from '@sinclair/typebox';
import type { Database } from '../../database/index.ts';
import type { App } from '../../http/app.ts';
import { expectationOf } from '../../http/entity-tags.ts';
import { conditionalHeaders, creatingHeaders, idParams, verdictOn } from '../../http/resource.ts';
import { closed, Moment, ref } from '../../http/schemas.ts';
import { knownMoment } from '../../shared/known-moment.ts';
import {
  factsFrom,
  LightRuleRevisions,
  LightRulesInput,
  LightRulesShape,
  Reason,
  revisionShapeOf,
  shapeOf,
} from './schemas.ts';
import {
  getLightRules,
  getRevisions,
  putLightRules,
  type SettleRules,
  withdrawLightRules,
} from './service.ts';

const tags = ['lights'];
const params = idParams('The organization’s id.', 'tianmashan');

/** @param settle has the projects of an organization take in the rules that hold for it now */
export function lightRuleRoutes(app: App, database: Database, settle: SettleRules): void {
  app.get(
    '/v1/organizations/:id/light-rules',
    {
      config: { access: 'read', refuses: ['not_found', 'future_date'] },
      schema: {
        operationId: 'getLightRules',
        tags,
        summary: 'When a light turns yellow, red and grey for an organization, and who has set that',
        params,
        querystring: closed({
          knownAt: Type.Optional(Moment('The rules that were known at that moment; now if left out.')),
        }),
        response: { 200: ref(LightRulesShape) },
      },
    },
    async (request) => {
      const { knownAt = null } = request.query;
      return shapeOf(
        await database.read((unit) =>
          getLightRules(unit, request.actor, request.params.id, knownMoment(knownAt, unit.now)),
        ),
      );
    },
  );

  app.put(
    '/v1/organizations/:id/light-rules',
    {
      config: { access: 'write', refuses: ['not_found', 'archived', 'unprocessable', 'precondition_failed'] },
      schema: {
        operationId: 'putLightRules',
        tags,
        summary: 'Set the rules for an organization and all below it that has none of its own',
        params,
        headers: creatingHeaders,
        body: ref(LightRulesInput),
        response: { 200: ref(LightRulesShape), 201: ref(LightRulesShape) },
      },
    },
    async (request, reply) => {
      const facts = factsFrom(request.body);
      const { found, verdict } = await database.write((unit) =>
        putLightRules(unit, request.actor, request.params.id, facts, expectationOf(request), settle),
      );
      verdictOn(reply, verdict);
      return shapeOf(found);
    },
  );

  app.delete(
    '/v1/organizations/:id/light-rules',
    {
      config: { access: 'write', refuses: ['not_found', 'archived', 'precondition_failed'] },
      schema: {
        operationId: 'withdrawLightRules',
        tags,
        summary: 'Take an organization’s own rules back: those above it hold again',
        params,
        querystring: closed({ reason: Type.Optional(Reason) }),
        headers: conditionalHeaders,
        response: { 200: ref(LightRulesShape) },
      },
    },
    async (request, reply) => {
      const { reason = null } = request.query;
      const { found, verdict } = await database.write((unit) =>
        withdrawLightRules(unit, request.actor, request.params.id, reason, expectationOf(request), settle),
      );
      verdictOn(reply, verdict);
      return shapeOf(found);
    },
  );

  app.get(
    '/v1/organizations/:id/light-rules/revisions',
    {
      config: { access: 'read', refuses: ['not_found'] },
      schema: {
        operationId: 'listLightRuleRevisions',
        tags,
        summary: 'Every rule that the organization ever set: who, when and why',
        params,
        response: { 200: ref(LightRuleRevisions) },
      },
    },
    async (request) => {
      const revisions = await database.read((unit) => getRevisions(unit, request.actor, request.params.id));
      return { items: revisions.map(revisionShapeOf) };
    },
  );
}
