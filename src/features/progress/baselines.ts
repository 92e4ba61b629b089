import { plannedSumsOf } from '../../formulas/planned-roll-up.ts';
import {
  type BaselineParts,
  effectiveBaseline,
  type KeptBaseline,
  plannedPart,
  weightOf,
} from '../projects/index.ts';
import { countsIn, type TreeNode } from './tree.ts';

/** The baseline that counts for a node, and what it is made of. */
export interface CountedBaseline {
  baseline: KeptBaseline | null;
  parts: BaselineParts;
}

/** The baselines of a whole tree once all is told, counted from the plans of its projects; each only once. */
export class TreeBaselines {
  readonly #counted = new Map<TreeNode, CountedBaseline>();

  of(node: TreeNode): CountedBaseline {
    let counted = this.#counted.get(node);
    if (counted === undefined) {
      counted = this.#count(node);
      this.#counted.set(node, counted);
    }
    return counted;
  }

  #count(node: TreeNode): CountedBaseline {
    const planned = node.children
      .filter(countsIn)
      .map((child) => plannedPart(weightOf(child.project, node.project), this.of(child).baseline));
    const parts = { own: node.plan, sums: plannedSumsOf(planned) };
    return { baseline: effectiveBaseline(node.project, parts, node.sums), parts };
  }
}
