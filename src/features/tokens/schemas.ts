import { type Static, Type } from '@sinclair/typebox';
import { closed, Moment, nullable, oneOf, pageOf, Slug, stamps, Text } from '../../http/schemas.ts';
import { scopes } from '../../shared/actor.ts';
import type { TokenFacts } from './token.ts';

const facts = {
  name: Text(200, { minLength: 1, description: 'Who or what uses it.', examples: ['weekly script'] }),
  scopes: Type.Array(oneOf(scopes), {
    minItems: 1,
    uniqueItems: true,
    description:
      'What it may do, as a ladder: `read` sees; `report` also says how far a project is; `write` also changes the registry; `admin` also makes and revokes tokens.',
    examples: [['report']],
  }),
  organizationId: nullable(
    Slug(
      'The organization to which, with all below it, the token is bound; null: the whole database.',
      'tianmashan',
    ),
  ),
  expiresAt: nullable(Moment('From then on it is refused; null: never.', '2024-12-31T16:00:00.000Z')),
};

const example = {
  name: 'weekly script',
  scopes: ['report'],
  organizationId: 'tianmashan',
  expiresAt: '2024-12-31T16:00:00.000Z',
};

const stored = {
  id: Slug('Made by the server.', '01890d2c-6b7e-7cc0-98c4-2f6a3b1d9e55'),
  ...facts,
  createdAt: stamps.createdAt,
  createdBy: Type.String({
    description: 'The name of the token that made it; `jindu` for one made at the start.',
  }),
  lastUsedAt: nullable(Moment('When it was last used, to the minute; null: never.')),
  revokedAt: nullable(Moment('When it was revoked; null while it is in use.')),
  revision: stamps.revision,
};

const storedExample = {
  id: '01890d2c-6b7e-7cc0-98c4-2f6a3b1d9e55',
  ...example,
  createdAt: '2023-07-03T01:02:03.004Z',
  createdBy: 'first admin',
  lastUsedAt: null,
  revokedAt: null,
  revision: 1,
};

export const TokenShape = closed(stored, {
  $id: 'Token',
  description:
    'The right of a person or a script to use the API; without its secret, which is shown only once.',
  examples: [storedExample],
});

export const CreatedToken = closed(
  {
    ...stored,
    secret: nullable(
      Type.String({
        description:
          'To be sent as `Authorization: Bearer …`. Shown here and never again; null in a replayed answer.',
      }),
    ),
  },
  {
    $id: 'CreatedToken',
    description: 'A token that has just been made, with its secret.',
    examples: [{ ...storedExample, secret: 'jindu_Jv0sQ4mGd2hX8a1bTzPpN7wLkRcEyUiOaSdFgHjKl3M' }],
  },
);

export const TokenInput = closed(
  {
    name: facts.name,
    scopes: facts.scopes,
    organizationId: Type.Optional(facts.organizationId),
    expiresAt: Type.Optional(facts.expiresAt),
  },
  { $id: 'TokenInput', description: 'What a new token is to be.', examples: [example] },
);

export const TokenPage = pageOf(TokenShape, 'TokenPage');

export function factsFrom(body: Static<typeof TokenInput>): TokenFacts {
  const { name, scopes, organizationId = null, expiresAt = null } = body;
  return { name, scopes, organizationId, expiresAt };
}
