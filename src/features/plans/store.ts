import { and, desc, eq, inArray, isNull } from 'drizzle-orm';
import { isKnown, type ReadUnit, type WriteUnit } from '../../database/index.ts';
import type { Instant } from '../../shared/clock.ts';
import type { Plan } from './plan.ts';
import { planTables } from './table.ts';

/** The revision that was known at a moment (null: now), be it withdrawn. */
export async function findPlan(
  unit: ReadUnit,
  projectId: string,
  knownAt: Instant | null = null,
): Promise<Plan | undefined> {
  const { plans: t } = planTables(unit.engine);
  const [row] = await unit.db
    .select()
    .from(t)
    .where(and(eq(t.projectId, projectId), isKnown(t.recordedAt, t.supersededAt, knownAt)));
  return row;
}

/** Adds a revision; the one before it, if there is one, ends being what we know. */
export async function addRevision(unit: WriteUnit, plan: Plan): Promise<void> {
  const { plans: t } = planTables(unit.engine);
  if (plan.revision > 1) {
    await unit.db
      .update(t)
      .set({ supersededAt: unit.now })
      .where(and(eq(t.projectId, plan.projectId), isNull(t.supersededAt)));
  }
  await unit.db.insert(t).values({ ...plan, points: [...plan.points] });
}

/** Every revision of a project's plan, the newest first. */
export async function revisionsOf(unit: ReadUnit, projectId: string): Promise<Plan[]> {
  const { plans: t } = planTables(unit.engine);
  return await unit.db.select().from(t).where(eq(t.projectId, projectId)).orderBy(desc(t.revision));
}

/**
 * The plans in force of these projects, as they were known at a moment (null: now). At most some hundred projects a
 * call: an engine has a bound on what one query may carry.
 */
export async function plansInForce(
  unit: ReadUnit,
  projectIds: readonly string[],
  knownAt: Instant | null,
): Promise<Pick<Plan, 'projectId' | 'points' | 'revision'>[]> {
  const { plans: t } = planTables(unit.engine);
  return await unit.db
    .select({ projectId: t.projectId, points: t.points, revision: t.revision })
    .from(t)
    .where(
      and(
        inArray(t.projectId, [...projectIds]),
        isKnown(t.recordedAt, t.supersededAt, knownAt),
        eq(t.withdrawn, false),
      ),
    );
}
