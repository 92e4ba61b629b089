import { type Static, Type } from '@sinclair/typebox';
import type { Database } from '../../database/index.ts';
import type { App } from '../../http/app.ts';
import { expectationOf } from '../../http/entity-tags.ts';
import { once } from '../../http/idempotency.ts';
import { listQuery, pageRequest, sendPage } from '../../http/paging.ts';
import { conditionalHeaders, idempotencyHeaders, idParams, serverMadeId } from '../../http/resource.ts';
import { ref, Slug } from '../../http/schemas.ts';
import { CreatedToken, factsFrom, TokenInput, TokenPage, TokenShape } from './schemas.ts';
import { createToken, getToken, pageOfTokens, revokeToken } from './service.ts';
import type { TokenSort } from './store.ts';

const tags = ['tokens'];
const params = idParams('The token’s id.', '01890d2c-6b7e-7cc0-98c4-2f6a3b1d9e55');

export function tokenRoutes(app: App, database: Database): void {
  app.get(
    '/v1/tokens',
    {
      config: { access: 'admin', alsoAnswers: { 'text/csv': 'The same list as CSV.' } },
      schema: {
        operationId: 'listTokens',
        tags,
        summary: 'Tokens, without their secrets',
        querystring: listQuery(
          {
            organizationId: Type.Optional(Slug('Only those bound to this organization.', 'tianmashan')),
            revoked: Type.Boolean({ default: false, description: 'true: the revoked ones instead.' }),
          },
          ['id', 'name', 'createdAt'],
        ),
        response: { 200: ref(TokenPage) },
      },
    },
    async (request, reply) => {
      const page = pageRequest<TokenSort>(request.query);
      const found = await database.read((unit) => pageOfTokens(unit, request.actor, request.query, page));
      return sendPage(request, reply, found, TokenShape);
    },
  );

  app.post(
    '/v1/tokens',
    {
      config: { access: 'admin', refuses: ['unprocessable', 'idempotency_mismatch'] },
      schema: {
        operationId: 'createToken',
        tags,
        summary: 'Make a token; its secret is in this answer and in no other',
        headers: idempotencyHeaders,
        body: ref(TokenInput),
        response: { 201: ref(CreatedToken) },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return await once<Static<typeof CreatedToken>>(database, request, reply, async (unit) => {
        const facts = factsFrom(request.body);
        const { token, secret } = await createToken(unit, request.actor, serverMadeId(), facts);
        return {
          status: 201,
          location: `/v1/tokens/${token.id}`,
          verdict: 'created',
          body: { ...token, secret },
          keptBody: { ...token, secret: null },
        };
      });
    },
  );

  app.get(
    '/v1/tokens/:id',
    {
      config: { access: 'admin', refuses: ['not_found'] },
      schema: {
        operationId: 'getToken',
        tags,
        summary: 'One token, without its secret',
        params,
        response: { 200: ref(TokenShape) },
      },
    },
    async (request) => await database.read((unit) => getToken(unit, request.actor, request.params.id)),
  );

  app.delete(
    '/v1/tokens/:id',
    {
      config: { access: 'admin', refuses: ['not_found', 'conflict', 'precondition_failed'] },
      schema: {
        operationId: 'revokeToken',
        tags,
        summary: 'Revoke a token: refused from the next request on, kept in the list of the revoked',
        params,
        headers: conditionalHeaders,
        response: { 200: ref(TokenShape) },
      },
    },
    async (request) =>
      await database.write((unit) =>
        revokeToken(unit, request.actor, request.params.id, expectationOf(request)),
      ),
  );
}
