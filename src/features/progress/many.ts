import type { ReadUnit } from '../../database/index.ts';
import type { Standing } from '../../formulas/roll-up.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import type { Instant } from '../../shared/clock.ts';
import {
  type KeptBaseline,
  type KeptStanding,
  knownBelowOthers,
  type ProjectStatus,
  projectsBelowOthers,
  saidAsOf,
} from '../projects/index.ts';
import { TreeBaselines } from './baselines.ts';
import { loadTree } from './load.ts';
import { keptIn } from './tree.ts';

/** Where one of many projects stood on a day. */
export interface StandingOn {
  id: string;
  /** Null where the project was not known. */
  status: ProjectStatus | null;
  standing: Standing;
  baseline: KeptBaseline | null;
  saidAsOf: CalendarDate | null;
  /** The words of the report that the figure was taken from, if it was typed. */
  stated: string | null;
}

/** The words in which the figure that counts was reported; null where it was not, or is another source's. */
export function statedOf({ basis, own }: Pick<KeptStanding, 'basis' | 'own'>): string | null {
  return basis === 'report' ? (own?.stated ?? null) : null;
}

/**
 * Where these projects stood on a day, as it was known at a moment, counted from what was said of them and of all below
 * them. In the order of the ids; one that was not known then is left out. At most some hundred a call.
 */
export async function standingsOn(
  unit: ReadUnit,
  ids: readonly string[],
  asOf: CalendarDate,
  knownAt: Instant | null,
): Promise<StandingOn[]> {
  const below =
    knownAt === null ? await projectsBelowOthers(unit, ids) : await knownBelowOthers(unit, ids, knownAt);
  const roots = ids.filter((id) => !below.has(id));
  const tree = await loadTree(unit, roots, asOf, knownAt);
  const baselines = new TreeBaselines();
  return ids.flatMap((id) => {
    const node = tree.node(id);
    if (node === undefined) return [];
    const kept = keptIn(node);
    const { standing } = kept;
    const { baseline } = baselines.of(node);
    return [
      { id, status: node.status, standing, baseline, saidAsOf: saidAsOf(kept), stated: statedOf(kept) },
    ];
  });
}
