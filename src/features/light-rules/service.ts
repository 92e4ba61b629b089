import type { ReadUnit, WriteUnit } from '../../database/index.ts';
import type { Actor } from '../../shared/actor.ts';
import type { Instant } from '../../shared/clock.ts';
import { JinduError } from '../../shared/errors.ts';
import { assertExpected, type Expectation } from '../../shared/expectation.ts';
import type { Verdict } from '../../shared/verdict.ts';
import { withdrawnRevision } from '../../shared/withdrawn.ts';
import { recordChange } from '../changes/index.ts';
import {
  assertOrganizationInUse,
  getOrganization,
  placeKnownAt,
  seesOrganization,
} from '../organizations/index.ts';
import type { FoundRules, LightRuleFacts, LightRuleRevision } from './light-rules.ts';
import { assertMakeSense, revised } from './rules.ts';
import { revisionShapeOf } from './schemas.ts';
import { addRevision, findRevision, revisionsOf, rulesInForce, rulesKnownAt } from './store.ts';

/** Has whatever an organization owns, and all below it, take in the rules that hold for it now. */
export type SettleRules = (unit: WriteUnit, organizationId: string) => Promise<void>;

const missing = 'the organization has no light rules of its own';

/**
 * The rules that hold for what an organization owns, as they were known at a moment (null: now). Whose they are is told
 * to who sees that organization.
 * @throws JinduError `not_found`
 */
export async function getLightRules(
  unit: ReadUnit,
  actor: Actor,
  organizationId: string,
  knownAt: Instant | null,
): Promise<FoundRules> {
  await getOrganization(unit, actor, organizationId);
  if (knownAt !== null && (await placeKnownAt(unit, organizationId, knownAt)).length === 0)
    throw new JinduError('not_found', 'the organization was not known then');
  const { rules, setBy } =
    knownAt === null
      ? await rulesInForce(unit, organizationId)
      : await rulesKnownAt(unit, organizationId, knownAt);
  const isTold = setBy !== null && (await seesOrganization(unit, actor, setBy));
  return {
    organizationId,
    inForce: { rules, setBy: isTold ? setBy : null },
    own: (await findRevision(unit, organizationId, knownAt)) ?? null,
  };
}

/**
 * Every revision of an organization's own rules, the newest first.
 * @throws JinduError `not_found`
 */
export async function getRevisions(
  unit: ReadUnit,
  actor: Actor,
  organizationId: string,
): Promise<LightRuleRevision[]> {
  await getOrganization(unit, actor, organizationId);
  const revisions = await revisionsOf(unit, organizationId);
  if (revisions.length === 0) throw new JinduError('not_found', missing);
  return revisions;
}

/**
 * Sets an organization's own rules; the same again changes nothing. Every refusal comes before the first write.
 * @throws JinduError `not_found`, `archived`, `precondition_failed`, `unprocessable`
 */
export async function putLightRules(
  unit: WriteUnit,
  actor: Actor,
  organizationId: string,
  facts: LightRuleFacts,
  expectation: Expectation,
  settle: SettleRules,
): Promise<{ found: FoundRules; verdict: Verdict }> {
  assertMakeSense(facts);
  assertOrganizationInUse(await getOrganization(unit, actor, organizationId));
  const present = (await findRevision(unit, organizationId)) ?? null;
  assertExpected(expectation, present?.revision ?? null);
  const { revision, verdict } = revised(present, organizationId, facts, unit.now, actor.name);
  if (verdict !== 'unchanged')
    await keep(unit, actor, present, revision, verdict === 'created' ? 'created' : 'corrected', settle);
  return { found: await getLightRules(unit, actor, organizationId, null), verdict };
}

/**
 * Takes an organization's own rules back: those of the nearest above it hold again. Doing it twice changes nothing.
 * @throws JinduError `not_found`, `archived`, `precondition_failed`
 */
export async function withdrawLightRules(
  unit: WriteUnit,
  actor: Actor,
  organizationId: string,
  reason: string | null,
  expectation: Expectation,
  settle: SettleRules,
): Promise<{ found: FoundRules; verdict: Verdict }> {
  const organization = await getOrganization(unit, actor, organizationId);
  const present = await findRevision(unit, organizationId);
  if (present === undefined) throw new JinduError('not_found', missing);
  assertOrganizationInUse(organization);
  assertExpected(expectation, present.revision);
  if (!present.withdrawn) {
    const revision = withdrawnRevision(present, reason, unit.now, actor.name);
    await keep(unit, actor, present, revision, 'withdrawn', settle);
  }
  const found = await getLightRules(unit, actor, organizationId, null);
  return { found, verdict: present.withdrawn ? 'unchanged' : 'withdrawn' };
}

async function keep(
  unit: WriteUnit,
  actor: Actor,
  present: LightRuleRevision | null,
  revision: LightRuleRevision,
  action: 'created' | 'corrected' | 'withdrawn',
  settle: SettleRules,
): Promise<void> {
  await addRevision(unit, revision);
  await settle(unit, revision.organizationId);
  await recordChange(unit, actor, {
    action,
    subjectType: 'lightRules',
    subjectId: revision.organizationId,
    organizationId: revision.organizationId,
    reason: revision.reason,
    before: present === null ? null : revisionShapeOf(present),
    after: revisionShapeOf(revision),
  });
}
