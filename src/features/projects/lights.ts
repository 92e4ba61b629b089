import { isDeepStrictEqual } from 'node:util';
import type { ReadUnit, WriteUnit } from '../../database/index.ts';
import { type LightDays, lightDaysOf } from '../../formulas/light-days.ts';
import type { Standing } from '../../formulas/roll-up.ts';
import { courseOf, type LightRules, withCadence } from '../../formulas/traffic-light.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import { rulesInForce } from '../light-rules/index.ts';
import { organizationsWithin } from '../organizations/index.ts';
import type { KeptBaseline } from './baseline.ts';
import type { ProjectNode } from './node.ts';
import { nodesOwnedBy, updateLights } from './nodes.ts';
import type { Project, ProjectStatus } from './project.ts';
import { saidAsOf } from './sources.ts';

/**
 * The light of a project is kept as days: from which on it is yellow, red and grey, by what is known now. They follow in
 * the unit of work of whatever they come from: reports, status and children (`standing.ts`), plans
 * (`settle-baseline.ts`), the project's cadence and organization, and the rules of that.
 */
export function lightsFrom(
  { status }: Pick<Project, 'status'>,
  standing: Standing,
  saidOn: CalendarDate | null,
  baseline: KeptBaseline | null,
  rules: LightRules,
): LightDays {
  const { percent, low } = standing;
  const course = courseOf(status satisfies ProjectStatus);
  return lightDaysOf({ course, percent, low, baseline: baseline?.curve ?? null, saidAsOf: saidOn }, rules);
}

/** The node with the light days that follow from all else that is kept of it. */
export function relit(node: ProjectNode, rules: LightRules = node.kept.rules): ProjectNode {
  const { kept, baseline } = node;
  const lights = lightsFrom(node, kept.standing, saidAsOf(kept), baseline, rules);
  return { ...node, kept: { ...kept, rules, lights } };
}

/** The light rules that hold now for a project: of its organization, with its own cadence. */
export async function rulesOf(
  unit: ReadUnit,
  { organizationId, cadence }: Pick<Project, 'organizationId' | 'cadence'>,
): Promise<LightRules> {
  const { yellowBehindHundredths, redBehindHundredths, silentAfterDays } = (
    await rulesInForce(unit, organizationId)
  ).rules;
  return withCadence({ yellowBehindHundredths, redBehindHundredths, silentAfterDays }, cadence);
}

const projectsAtATime = 100;

/** Has the projects of an organization, and of all below it, take in the rules that hold for them now. */
export async function settleRulesWithin(unit: WriteUnit, organizationId: string): Promise<void> {
  for (const ownerId of await organizationsWithin(unit, organizationId)) {
    let afterId = '';
    for (;;) {
      await unit.breathe();
      const nodes = await nodesOwnedBy(unit, ownerId, afterId, projectsAtATime);
      for (const node of nodes) await settleRules(unit, node);
      const last = nodes.at(-1);
      if (last === undefined || nodes.length < projectsAtATime) break;
      afterId = last.id;
    }
  }
}

async function settleRules(unit: WriteUnit, node: ProjectNode): Promise<void> {
  await unit.breathe();
  const rules = await rulesOf(unit, node);
  if (!isDeepStrictEqual(rules, node.kept.rules)) await updateLights(unit, relit(node, rules));
}
