import { Type } from '@sinclair/typebox';
import type { Database, ReadUnit } from '../../database/index.ts';
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
import { oneOf, ref, Slug } from '../../http/schemas.ts';
import { mustBeNew } from '../../shared/expectation.ts';
import { organizationKinds } from './organization.ts';
import { factsOf } from './rules.ts';
import {
  factsFrom,
  OrganizationInput,
  OrganizationPage,
  OrganizationPatch,
  OrganizationShape,
} from './schemas.ts';
import {
  archiveOrganization,
  changeOrganization,
  type FollowMove,
  getOrganization,
  pageOfOrganizations,
  putOrganization,
  restoreOrganization,
} from './service.ts';
import type { OrganizationSort } from './store.ts';

const tags = ['organizations'];
const params = idParams('The organization’s id.', 'tianmashan');

/**
 * @param others what of other features hangs on an organization. `inUseBy`: what still needs it; asked before it is
 * archived. `followMove`: told once it has moved.
 */
export function organizationRoutes(
  app: App,
  database: Database,
  {
    inUseBy,
    followMove,
  }: {
    inUseBy: (unit: ReadUnit, organizationId: string) => Promise<string | null>;
    followMove: FollowMove;
  },
): void {
  app.get(
    '/v1/organizations',
    {
      config: { access: 'read', alsoAnswers: { 'text/csv': 'The same list as CSV.' } },
      schema: {
        operationId: 'listOrganizations',
        tags,
        summary: 'Organizations, by parent, subtree, kind or words',
        querystring: listQuery(
          {
            parentId: Type.Optional(Slug('Only those directly below this one.', 'tianmashan')),
            within: Type.Optional(Slug('Only this one and all below it.', 'tianmashan')),
            kind: Type.Optional(oneOf(organizationKinds)),
            q: Type.Optional(
              Type.String({
                minLength: 1,
                maxLength: 100,
                description: 'Words in the id, name, description or translations.',
                examples: ['岳屏'],
              }),
            ),
            archived: Type.Boolean({ default: false, description: 'true: the archived ones instead.' }),
          },
          ['id', 'name', 'createdAt', 'updatedAt'],
        ),
        response: { 200: ref(OrganizationPage) },
      },
    },
    async (request, reply) => {
      const page = pageRequest<OrganizationSort>(request.query);
      const found = await database.read((unit) =>
        pageOfOrganizations(unit, request.actor, request.query, page),
      );
      return sendPage(request, reply, found, OrganizationShape);
    },
  );

  app.post(
    '/v1/organizations',
    {
      config: { access: 'write', refuses: ['conflict', 'unprocessable', 'too_deep', 'idempotency_mismatch'] },
      schema: {
        operationId: 'createOrganization',
        tags,
        summary: 'Create an organization, under an id of yours or of the server’s',
        headers: idempotencyHeaders,
        body: ref(OrganizationInput),
        response: { 201: ref(OrganizationShape) },
      },
    },
    async (request, reply) =>
      await once(database, request, reply, async (unit) => {
        const id = request.body.id ?? serverMadeId();
        const { organization } = await putOrganization(
          unit,
          request.actor,
          id,
          factsFrom(request.body),
          mustBeNew,
          followMove,
        );
        return { status: 201, location: `/v1/organizations/${id}`, verdict: 'created', body: organization };
      }),
  );

  app.get(
    '/v1/organizations/:id',
    {
      config: { access: 'read', refuses: ['not_found'] },
      schema: {
        operationId: 'getOrganization',
        tags,
        summary: 'One organization',
        params,
        response: { 200: ref(OrganizationShape) },
      },
    },
    async (request) => await database.read((unit) => getOrganization(unit, request.actor, request.params.id)),
  );

  app.put(
    '/v1/organizations/:id',
    {
      config: {
        access: 'write',
        refuses: [
          'not_found',
          'archived',
          'precondition_failed',
          'unprocessable',
          'parent_cycle',
          'too_deep',
        ],
      },
      schema: {
        operationId: 'putOrganization',
        tags,
        summary: 'Create or replace an organization; the same again changes nothing',
        params,
        headers: creatingHeaders,
        body: ref(OrganizationInput),
        response: { 200: ref(OrganizationShape), 201: ref(OrganizationShape) },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { organization, verdict } = await database.write((unit) =>
        putOrganization(
          unit,
          request.actor,
          id,
          factsFrom(request.body, id),
          expectationOf(request),
          followMove,
        ),
      );
      verdictOn(reply, verdict);
      return organization;
    },
  );

  app.patch(
    '/v1/organizations/:id',
    {
      config: {
        access: 'write',
        alsoReads: { 'application/merge-patch+json': { description: 'The same.' } },
        refuses: [
          'not_found',
          'archived',
          'precondition_failed',
          'unprocessable',
          'parent_cycle',
          'too_deep',
        ],
      },
      schema: {
        operationId: 'patchOrganization',
        tags,
        summary: 'Change some fields of an organization',
        params,
        headers: conditionalHeaders,
        body: ref(OrganizationPatch),
        response: { 200: ref(OrganizationShape) },
      },
    },
    async (request, reply) => {
      const change = (present: Parameters<typeof factsOf>[0]) =>
        factsFrom(patched(request, factsOf(present), request.body, OrganizationInput));
      const { organization, verdict } = await database.write((unit) =>
        changeOrganization(
          unit,
          request.actor,
          request.params.id,
          change,
          expectationOf(request),
          followMove,
        ),
      );
      verdictOn(reply, verdict);
      return organization;
    },
  );

  app.delete(
    '/v1/organizations/:id',
    {
      config: { access: 'write', refuses: ['not_found', 'conflict', 'precondition_failed'] },
      schema: {
        operationId: 'archiveOrganization',
        tags,
        summary: 'Archive an organization: out of lists, nothing lost, restorable',
        params,
        headers: conditionalHeaders,
        response: { 200: ref(OrganizationShape) },
      },
    },
    async (request, reply) => {
      const { organization, verdict } = await database.write((unit) =>
        archiveOrganization(unit, request.actor, request.params.id, expectationOf(request), inUseBy),
      );
      verdictOn(reply, verdict);
      return organization;
    },
  );

  app.post(
    '/v1/organizations/:id/restoration',
    {
      config: { access: 'write', refuses: ['not_found', 'conflict', 'precondition_failed'] },
      schema: {
        operationId: 'restoreOrganization',
        tags,
        summary: 'Take an archived organization into use again',
        params,
        headers: conditionalHeaders,
        response: { 200: ref(OrganizationShape) },
      },
    },
    async (request, reply) => {
      const { organization, verdict } = await database.write((unit) =>
        restoreOrganization(unit, request.actor, request.params.id, expectationOf(request)),
      );
      verdictOn(reply, verdict);
      return organization;
    },
  );
}
