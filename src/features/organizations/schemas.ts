import { type Static, Type } from '@sinclair/typebox';
import { assertSameId } from '../../http/resource.ts';
import { closed, nullable, oneOf, pageOf, Slug, stamps, Text } from '../../http/schemas.ts';
import { type OrganizationFacts, organizationKinds } from './organization.ts';

const id = Slug('Chosen by the client, once and for all.', 'tianmashan');

const facts = {
  name: Text(200, { minLength: 1, description: 'What it is called.', examples: ['天马山街道'] }),
  translations: Type.Record(
    Type.String({ pattern: '^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$' }),
    closed({ name: Type.Optional(Text(200, { minLength: 1 })), description: Type.Optional(Text(10_000)) }),
    { additionalProperties: false, description: 'The same words in other languages, by language tag.' },
  ),
  kind: oneOf(organizationKinds, { description: 'A public authority, a community, a company, or another.' }),
  parentId: nullable(Slug('The organization that it belongs to.', 'yanfeng')),
  description: nullable(Text(10_000)),
};

const example = {
  name: '天马山街道',
  translations: { en: { name: 'Tianmashan Sub-district' } },
  kind: 'authority',
  parentId: 'yanfeng',
  description: null,
};

const input = {
  name: facts.name,
  translations: Type.Optional(facts.translations),
  kind: facts.kind,
  parentId: Type.Optional(facts.parentId),
  description: Type.Optional(facts.description),
};

export const OrganizationShape = closed(
  { id, ...facts, ...stamps },
  {
    $id: 'Organization',
    description: 'A node of the tree of authorities and communities, or an outside party.',
    examples: [
      {
        id: 'tianmashan',
        ...example,
        revision: 1,
        createdAt: '2023-07-03T01:02:03.004Z',
        updatedAt: '2023-07-03T01:02:03.004Z',
        archivedAt: null,
      },
    ],
  },
);

export const OrganizationInput = closed(
  { id: Type.Optional(id), ...input },
  {
    $id: 'OrganizationInput',
    description: 'What is said of an organization; what is left out is null or empty.',
    examples: [example],
  },
);

export const OrganizationPatch = closed(
  {
    name: Type.Optional(facts.name),
    translations: Type.Optional(
      Type.Record(
        Type.String({ pattern: '^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$' }),
        nullable(
          closed({
            name: Type.Optional(nullable(Text(200, { minLength: 1 }))),
            description: Type.Optional(nullable(Text(10_000))),
          }),
        ),
        { additionalProperties: false },
      ),
    ),
    kind: Type.Optional(facts.kind),
    parentId: Type.Optional(facts.parentId),
    description: Type.Optional(facts.description),
  },
  {
    $id: 'OrganizationPatch',
    minProperties: 1,
    description: 'A JSON Merge Patch: only what changes; null removes.',
    examples: [{ description: '雁峰区下辖街道' }],
  },
);

export const OrganizationPage = pageOf(OrganizationShape, 'OrganizationPage');

/**
 * The facts in a body, with what was left out filled in.
 * @param id the id in the path, with which one in the body must agree
 * @throws JinduError `validation_failed`
 */
export function factsFrom(body: Static<typeof OrganizationInput>, id?: string): OrganizationFacts {
  if (id !== undefined) assertSameId(body.id, id);
  const { name, kind, translations = {}, parentId = null, description = null } = body;
  return { name, translations, kind, parentId, description };
}
