import { and, asc, desc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { isKnown, prepared, type ReadUnit, type WriteUnit } from '../../database/index.ts';
import { defaultLightRules } from '../../formulas/traffic-light.ts';
import type { Instant } from '../../shared/clock.ts';
import { organizationTables, placeKnownAt } from '../organizations/index.ts';
import type { LightRuleRevision, RulesInForce } from './light-rules.ts';
import { lightRuleTables } from './table.ts';

/** The organization's own revision that was known at a moment (null: now), be it withdrawn. */
export async function findRevision(
  unit: ReadUnit,
  organizationId: string,
  knownAt: Instant | null = null,
): Promise<LightRuleRevision | undefined> {
  const { lightRules: t } = lightRuleTables(unit.engine);
  const [row] = await unit.db
    .select()
    .from(t)
    .where(and(eq(t.organizationId, organizationId), isKnown(t.recordedAt, t.supersededAt, knownAt)));
  return row;
}

/** Adds a revision; the one before it, if there is one, ends being what we know. */
export async function addRevision(unit: WriteUnit, revision: LightRuleRevision): Promise<void> {
  const { lightRules: t } = lightRuleTables(unit.engine);
  if (revision.revision > 1) {
    await unit.db
      .update(t)
      .set({ supersededAt: unit.now })
      .where(and(eq(t.organizationId, revision.organizationId), isNull(t.supersededAt)));
  }
  await unit.db.insert(t).values(revision);
}

/** Every revision of an organization's own rules, the newest first. */
export async function revisionsOf(unit: ReadUnit, organizationId: string): Promise<LightRuleRevision[]> {
  const { lightRules: t } = lightRuleTables(unit.engine);
  return await unit.db.select().from(t).where(eq(t.organizationId, organizationId)).orderBy(desc(t.revision));
}

const selectNearest = prepared((db, engine) => {
  const { lightRules: t } = lightRuleTables(engine);
  const { organizationTree: tree } = organizationTables(engine);
  return db
    .select(ruleColumns(t))
    .from(tree)
    .innerJoin(t, eq(t.organizationId, tree.ancestorId))
    .where(
      and(
        eq(tree.descendantId, sql.placeholder('organizationId')),
        isNull(t.supersededAt),
        eq(t.withdrawn, false),
      ),
    )
    .orderBy(asc(tree.depth))
    .limit(1)
    .prepare();
});

/** The rules that hold now for what the organization owns: its own, or those of the nearest above it. */
export async function rulesInForce(unit: ReadUnit, organizationId: string): Promise<RulesInForce> {
  const [row] = await selectNearest(unit, { organizationId });
  return inForce(row);
}

/** The same as it was known at a moment, by the place in the tree that the organization had then. */
export async function rulesKnownAt(
  unit: ReadUnit,
  organizationId: string,
  knownAt: Instant,
): Promise<RulesInForce> {
  const { lightRules: t } = lightRuleTables(unit.engine);
  const upwards = await placeKnownAt(unit, organizationId, knownAt);
  const rows = await unit.db
    .select(ruleColumns(t))
    .from(t)
    .where(
      and(
        inArray(t.organizationId, upwards),
        isKnown(t.recordedAt, t.supersededAt, knownAt),
        eq(t.withdrawn, false),
      ),
    );
  const nearest = upwards.find((id) => rows.some((row) => row.setBy === id));
  return inForce(rows.find((row) => row.setBy === nearest));
}

function ruleColumns(t: ReturnType<typeof lightRuleTables>['lightRules']) {
  return {
    setBy: t.organizationId,
    yellowBehindHundredths: t.yellowBehindHundredths,
    redBehindHundredths: t.redBehindHundredths,
    silentAfterDays: t.silentAfterDays,
    cadence: t.cadence,
  };
}

function inForce(row: (RulesInForce['rules'] & { setBy: string }) | undefined): RulesInForce {
  if (row === undefined) return { rules: { ...defaultLightRules, cadence: 'monthly' }, setBy: null };
  const { setBy, ...rules } = row;
  return { rules, setBy };
}
