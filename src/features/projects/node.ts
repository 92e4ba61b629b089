import type { KeptBaseline } from './baseline.ts';
import type { Project } from './project.ts';
import type { KeptStanding } from './sources.ts';

/**
 * A node is a project as counting progress sees it: where it is in the tree, what it weighs, and the standing that is kept
 * of it. What else a project is, and its history, is in `store.ts`.
 */
export type ProjectNode = Pick<
  Project,
  | 'id'
  | 'organizationId'
  | 'parentId'
  | 'kind'
  | 'status'
  | 'archivedAt'
  | 'budgetMinor'
  | 'budgetCurrency'
  | 'quantities'
  | 'weightScaled'
  | 'weightBasis'
  | 'progressBasis'
  | 'cadence'
  | 'startDate'
  | 'endDate'
> & {
  kept: KeptStanding;
  /** The planned curve that counts now; null where nothing is planned. See `settle-baseline.ts`. */
  baseline: KeptBaseline | null;
};

/** A project before it is said where it stands. */
export type PlacedProject = Omit<ProjectNode, 'kept' | 'baseline'>;

/** Of what is kept, what others than the counting of progress are shown. */
export type ShownStanding = Pick<KeptStanding, 'standing' | 'basis' | 'asOf' | 'lights'>;
