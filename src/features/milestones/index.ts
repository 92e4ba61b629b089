export type { CountedMilestone } from './milestone.ts';
export { type Look, type LookedAt, type PushedMilestone, pushedAfter, pushedAsKnown } from './pushed.ts';
export { milestoneRoutes } from './routes.ts';
export { isMetOn, sumsByProject, sumsOn } from './rules.ts';
export * as milestoneSchemas from './schemas.ts';
export { type MeetByKnownFacts, milestonesOn, putMilestone } from './service.ts';
export {
  countedMilestones,
  type DueMilestone,
  dueMilestonesIn,
  type Scope,
  type SlippedMilestone,
  slippedAsKnown,
  slippedOn,
  worstFirst,
} from './store.ts';
export { milestoneTables } from './table.ts';
export type { DealMilestone } from './templates.ts';
export { type MeetingFact, tickMilestone } from './tick.ts';
