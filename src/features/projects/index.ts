export {
  type BaselineParts,
  baselineBases,
  effectiveBaseline,
  type KeptBaseline,
  type OwnPlan,
  plannedPart,
} from './baseline.ts';
export { areBaselinePartsKeptAs, findBaselineParts, saveBaselineParts } from './baseline-store.ts';
export { type CountedThen, type KnownFilters, projectsKnownAt } from './known.ts';
export { lightsFrom, rulesOf, settleRulesWithin } from './lights.ts';
export {
  type Asker,
  type CountedProject,
  countedProjects,
  countedProjectsById,
  hasLight,
  type NamedProject,
  type ProjectFilters,
  projectsAmong,
  type ShownLight,
  shownLights,
} from './list.ts';
export type { ProjectNode } from './node.ts';
export {
  childrenLacking,
  findNode,
  findPlacedProject,
  foreseenNode,
  isKeptAs,
  madeOfNodes,
  nodesAtOnce,
  rememberNodes,
  updateStanding,
} from './nodes.ts';
export {
  type Project,
  type ProjectStatus,
  projectKinds,
  projectStatuses,
  type Quantity,
  scale,
  scaled,
  sinceUnknown,
  type WeightBasis,
} from './project.ts';
export { projectRoutes } from './routes.ts';
export { assertInUse, counts, factsOf, statusOn } from './rules.ts';
export * as projectSchemas from './schemas.ts';
export { changeProject, getNode, getProject, projectInUse, putProject, putStatus } from './service.ts';
export { settlePlan } from './settle-baseline.ts';
export {
  asOfBasis,
  type DonePart,
  decodeRecent,
  doneWith,
  encodeRecent,
  finishedOn,
  inOrderOfCodes,
  type KeptStanding,
  type MilestoneSums,
  newestRecentDay,
  type OwnReport,
  type ProjectSources,
  type RecentPercent,
  type RecentPercents,
  recentAtMost,
  recentWith,
  type Spent,
  saidAsOf,
  saysDone,
  sourcesOf,
  standingOf,
  type Told,
} from './sources.ts';
export { contributionOf, settleMilestones, settleReports } from './standing.ts';
export {
  type KnownProject,
  knownBelowOthers,
  knownProjects,
  knownStatuses,
  namesOf,
  projectsAtAndBelow,
  projectsBelowOthers,
  projectTree,
  rootAfter,
  rootProjects,
  type StandingProject,
  visibleProjects,
} from './store.ts';
export { projectTables } from './table.ts';
export { weightOf } from './weights.ts';
