import type { ReadUnit } from '../../database/index.ts';
import { plannedPercent } from '../../formulas/planned-percent.ts';
import type { Standing } from '../../formulas/roll-up.ts';
import {
  courseOf,
  defaultLightRules,
  type LightRules,
  type TrafficLight,
  trafficLight,
  withCadence,
} from '../../formulas/traffic-light.ts';
import { type CalendarDate, daysBetween } from '../../shared/calendar-date.ts';
import type { Instant } from '../../shared/clock.ts';
import { rulesKnownAt } from '../light-rules/index.ts';
import type { KeptBaseline, KnownProject, ProjectStatus } from '../projects/index.ts';

/** All that the light of a project on a day is told from. */
export interface LightOf {
  asOf: CalendarDate;
  status: ProjectStatus;
  standing: Standing;
  baseline: KeptBaseline | null;
  saidAsOf: CalendarDate | null;
  rules: LightRules;
}

export function lightOf({ asOf, status, standing, baseline, saidAsOf, rules }: LightOf): TrafficLight {
  const { percent, low } = standing;
  const planned = baseline === null ? null : plannedPercent(baseline.curve, asOf);
  const silentDays = saidAsOf === null ? null : daysBetween(saidAsOf, asOf);
  return trafficLight({ course: courseOf(status), percent, low, planned, silentDays }, rules);
}

/** Of a project that was not there yet, nothing was awaited. */
export const noLight: TrafficLight = Object.freeze({ light: null, reason: 'noProgress' });

/**
 * The light rules that held for a project as it was known at a moment. Like a plan and a place in the tree they have one
 * clock, that of our knowledge: they judge every day.
 */
export async function rulesThen(
  unit: ReadUnit,
  { organizationId, cadence }: Pick<KnownProject, 'organizationId' | 'cadence'>,
  knownAt: Instant,
): Promise<LightRules> {
  const inForce = organizationId === null ? null : await rulesKnownAt(unit, organizationId, knownAt);
  return withCadence(inForce?.rules ?? defaultLightRules, cadence);
}
