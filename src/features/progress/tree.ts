import {
  noChildren,
  type RollUpSums,
  type Standing,
  withChild,
  withoutChild,
} from '../../formulas/roll-up.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import {
  asOfBasis,
  type DonePart,
  finishedOn,
  type KeptStanding,
  type KnownProject,
  type MilestoneSums,
  type OwnPlan,
  type OwnReport,
  type ProjectSources,
  type ProjectStatus,
  type RecentPercents,
  type Spent,
  saidAsOf,
  sourcesOf,
  standingOf,
  type Told,
  weightOf,
} from '../projects/index.ts';

type ToldToNode = Partial<
  Pick<
    TreeNode,
    'own' | 'spent' | 'recent' | 'done' | 'milestones' | 'ownSaidAsOf' | 'newestReportAsOf' | 'status'
  >
>;

/** One project of a tree, with what it is told and where that leaves it. */
export interface TreeNode {
  readonly project: KnownProject;
  readonly parent: TreeNode | null;
  readonly children: TreeNode[];
  own: OwnReport | null;
  spent: Spent | null;
  /** Told of those alone of which it is asked. */
  recent: RecentPercents;
  done: readonly DonePart[];
  milestones: MilestoneSums | null;
  /** The newest day of which a report of its own says anything. */
  ownSaidAsOf: CalendarDate | null;
  /** Told of those alone of which it is asked. */
  newestReportAsOf: CalendarDate | null;
  status: ProjectStatus | null;
  sums: RollUpSums;
  standing: Standing;
  /** Its own plan. */
  plan: OwnPlan | null;
}

/**
 * A project, or several, and all below, counted in memory from what was said: how progress is answered for another day
 * or as it was known at another moment, and what the kept standings are held against.
 */
export class ProgressTree {
  readonly #nodes = new Map<string, TreeNode>();
  #root: TreeNode | null = null;

  get root(): TreeNode | null {
    return this.#root;
  }

  get nodes(): Iterable<TreeNode> {
    return this.#nodes.values();
  }

  get ids(): string[] {
    return [...this.#nodes.keys()];
  }

  node(id: string): TreeNode | undefined {
    return this.#nodes.get(id);
  }

  /** Adds the roots first, then each project after its parent. */
  add(project: KnownProject): void {
    const parent = this.#nodes.get(project.parentId ?? '') ?? null;
    const node: TreeNode = {
      project,
      parent,
      children: [],
      own: null,
      spent: null,
      recent: null,
      done: [],
      milestones: null,
      ownSaidAsOf: null,
      newestReportAsOf: null,
      status: null,
      sums: noChildren,
      standing: nothingKnown,
      plan: null,
    };
    this.#nodes.set(project.id, node);
    this.#root ??= node;
    if (parent === null) return;
    parent.children.push(node);
    this.#change(node, () => undefined, false);
  }

  /** Takes in what a project is told; projects that are not of this tree are passed over. */
  tell(id: string, told: ToldToNode | ((node: TreeNode) => ToldToNode)): void {
    const node = this.#nodes.get(id);
    if (node === undefined) return;
    this.#change(node, () => Object.assign(node, typeof told === 'function' ? told(node) : told), true);
  }

  /** Takes in the own plan of a project, which changes no standing. */
  plan(id: string, plan: OwnPlan): void {
    const node = this.#nodes.get(id);
    if (node !== undefined) node.plan = plan;
  }

  /** Changes a node, and hands the difference up to the root. `wasCounted` false: the parent has not heard of it yet. */
  #change(node: TreeNode, change: () => void, wasCounted: boolean): void {
    const { parent } = node;
    const before = wasCounted && parent !== null ? contributionOf(node, parent) : null;
    change();
    node.standing = standingOf(node.project, sourcesIn(node)).standing;
    if (parent === null) return;
    const after = contributionOf(node, parent);
    this.#change(
      parent,
      () => {
        if (before !== null) parent.sums = withoutChild(parent.sums, before);
        if (after !== null) parent.sums = withChild(parent.sums, after);
      },
      true,
    );
  }
}

const nothingKnown: Standing = { percent: null, low: 0, high: 0, approximate: false, coverage: 0 };

/** What each source of the node says, but for the day that the children speak of: all of them are to be asked for it. */
export function sourcesIn(node: TreeNode): ProjectSources {
  return sourcesOf(node.project, toldTo(node, null));
}

function toldTo({ own, done, milestones, sums }: TreeNode, newestChildAsOf: CalendarDate | null): Told {
  return { own, done, milestones, sums, newestChildAsOf };
}

export function countsIn(node: TreeNode): boolean {
  return !node.project.isArchived && node.status !== 'cancelled';
}

/** What is kept of a node but for its lights, for which its rules and its plan are to be known. */
export type CountedStanding = Omit<KeptStanding, 'rules' | 'lights'>;

/** What would be kept of the node if it were counted now. */
export function keptIn(node: TreeNode): CountedStanding {
  const { ownSaidAsOf, newestReportAsOf, parent, project, own, spent, recent } = node;
  const below = node.children.filter(countsIn).map(keptIn);
  const told = toldTo(node, newestOf(below.map((child) => child.asOf)));
  const sources = sourcesOf(project, told);
  const effective = standingOf(project, sources);
  const newestChildFinishedOn = newestOf(below.map((child) => child.finishedOn));
  return {
    ...told,
    ...{ spent, recent },
    ...effective,
    asOf: asOfBasis(effective.basis, sources),
    finishedOn: finishedOn(effective, sources, own, newestChildFinishedOn),
    ownSaidAsOf,
    newestReportAsOf,
    newestChildSaidAsOf: newestOf(below.map((child) => saidAsOf(child))),
    newestChildFinishedOn,
    isUnweighted: parent !== null && weightOf(project, parent.project) === null,
  };
}

/** The latest of the days; null if there is none. */
export function newestOf(days: readonly (CalendarDate | null | undefined)[]): CalendarDate | null {
  let newest: CalendarDate | null = null;
  for (const day of days) if (day && (newest === null || day > newest)) newest = day;
  return newest;
}

function contributionOf(node: TreeNode, parent: TreeNode) {
  return countsIn(node) ? { weight: weightOf(node.project, parent.project), standing: node.standing } : null;
}
