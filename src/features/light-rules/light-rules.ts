import type { LightRules, ReportCadence } from '../../formulas/traffic-light.ts';
import type { Instant } from '../../shared/clock.ts';

/** What is said of when a light changes. */
export interface LightRuleFacts extends LightRules {
  /** How often is to be reported; null where only the days are said after which silence counts. */
  cadence: ReportCadence | null;
  /** Why the rules were changed or withdrawn. */
  reason: string | null;
}

/**
 * One revision of an organization's own light rules. It is never overwritten: changed or withdrawn rules are the next
 * revision, and this one then carries in `supersededAt` until when it was what we knew.
 */
export interface LightRuleRevision extends LightRuleFacts {
  organizationId: string;
  revision: number;
  recordedAt: Instant;
  recordedBy: string;
  supersededAt: Instant | null;
  withdrawn: boolean;
}

/** The rules that hold for what an organization owns, and whose they are; null: nobody has set any. */
export interface RulesInForce {
  rules: LightRules & Pick<LightRuleFacts, 'cadence'>;
  setBy: string | null;
}

/** The rules that hold for an organization, and its own revision, be it withdrawn, if it has one. */
export interface FoundRules {
  organizationId: string;
  inForce: RulesInForce;
  own: LightRuleRevision | null;
}
