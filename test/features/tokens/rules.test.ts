import { expect, test } from 'vitest';
import { factsGivenBy } from '../../../src/features/tokens/rules.ts';

test('nobody gives a scope beyond their own', () => {
  const actor = { tokenId: 'a', name: 'a', scopes: ['write'], organizationId: null } as const;
  const facts = { name: 'x', organizationId: null, expiresAt: null };
  const now = '2023-07-03T01:02:03.004Z';
  expect(factsGivenBy(actor, { ...facts, scopes: ['read', 'write'] }, now).scopes).toEqual(['read', 'write']);
  expect(() => factsGivenBy(actor, { ...facts, scopes: ['admin'] }, now)).toThrow('forbidden');
});
