import type { ReadUnit, WriteUnit } from '../../database/index.ts';
import type { Actor } from '../../shared/actor.ts';
import type { Instant } from '../../shared/clock.ts';
import { JinduError } from '../../shared/errors.ts';
import { assertExpected, type Expectation } from '../../shared/expectation.ts';
import type { Verdict } from '../../shared/verdict.ts';
import { withdrawnRevision } from '../../shared/withdrawn.ts';
import { recordChange } from '../changes/index.ts';
import { assertInUse, getNode, type ProjectNode, settlePlan } from '../projects/index.ts';
import type { Plan, PlanFacts } from './plan.ts';
import { assertRises, revised } from './rules.ts';
import { shapeOf } from './schemas.ts';
import { addRevision, findPlan, revisionsOf } from './store.ts';

const missing = 'the project has no plan of its own';

/**
 * The project's own plan, be it withdrawn, as it was known at a moment (null: now).
 * @throws JinduError `not_found`
 */
export async function getPlan(
  unit: ReadUnit,
  actor: Actor,
  projectId: string,
  knownAt: Instant | null,
): Promise<Plan> {
  await getNode(unit, actor, projectId);
  const plan = await findPlan(unit, projectId, knownAt);
  if (plan === undefined) throw new JinduError('not_found', missing);
  return plan;
}

/**
 * Every revision, the newest first.
 * @throws JinduError `not_found`
 */
export async function getRevisions(unit: ReadUnit, actor: Actor, projectId: string): Promise<Plan[]> {
  await getNode(unit, actor, projectId);
  const revisions = await revisionsOf(unit, projectId);
  if (revisions.length === 0) throw new JinduError('not_found', missing);
  return revisions;
}

/**
 * Takes in how the project is to progress; the same again changes nothing. Every refusal comes before the first write.
 * @throws JinduError `not_found`, `archived`, `precondition_failed`, `unprocessable`
 */
export async function putPlan(
  unit: WriteUnit,
  actor: Actor,
  projectId: string,
  facts: PlanFacts,
  expectation: Expectation,
): Promise<{ plan: Plan; verdict: Verdict }> {
  assertRises(facts);
  const node = await getNode(unit, actor, projectId);
  assertInUse(node);
  const present = (await findPlan(unit, projectId)) ?? null;
  assertExpected(expectation, present?.revision ?? null);
  const next = revised(present, projectId, facts, unit.now, actor.name);
  if (next.verdict === 'unchanged') return next;
  await keep(unit, actor, node, present, next.plan, next.verdict === 'created' ? 'created' : 'corrected');
  return next;
}

/**
 * Takes the plan back: it counts no longer, and stays readable. Doing it twice changes nothing.
 * @throws JinduError `not_found`, `archived`, `precondition_failed`
 */
export async function withdrawPlan(
  unit: WriteUnit,
  actor: Actor,
  projectId: string,
  reason: string | null,
  expectation: Expectation,
): Promise<{ plan: Plan; verdict: Verdict }> {
  const node = await getNode(unit, actor, projectId);
  const present = await findPlan(unit, projectId);
  if (present === undefined) throw new JinduError('not_found', missing);
  assertInUse(node);
  assertExpected(expectation, present.revision);
  if (present.withdrawn) return { plan: present, verdict: 'unchanged' };
  const plan = withdrawnRevision(present, reason, unit.now, actor.name);
  await keep(unit, actor, node, present, plan, 'withdrawn');
  return { plan, verdict: 'withdrawn' };
}

async function keep(
  unit: WriteUnit,
  actor: Actor,
  node: ProjectNode,
  present: Plan | null,
  plan: Plan,
  action: 'created' | 'corrected' | 'withdrawn',
): Promise<void> {
  await addRevision(unit, plan);
  await settlePlan(unit, node, plan.withdrawn ? null : { points: plan.points, revision: plan.revision });
  await recordChange(unit, actor, {
    action,
    subjectType: 'plan',
    subjectId: plan.projectId,
    organizationId: node.organizationId,
    reason: plan.reason,
    before: present === null ? null : shapeOf(present),
    after: shapeOf(plan),
  });
}
