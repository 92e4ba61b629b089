/**
 * Where a deal is on a day:
 *
 * 1. A party gives the stage that it is in; one of unnamed companies as long as one of them is left. One that was told apart
 *    from them is where they are, as long as nothing is said of it.
 * 2. A signed agreement gives {@link stageOfAgreement}, from the day of its signing, or by which it was signed, on.
 * 3. Money that has arrived gives `funded`, see {@link isFunded}.
 * 4. The status of the project gives {@link stageOfStatus}, where something else makes it a deal.
 * 5. The farthest of these is the stage of the deal, and the fact that gave it first is why. The stay in it began on the
 *    day from which on the deal has been in that stage without a break.
 * 6. A deal has lapsed where every party that has a stage has, or where the project is cancelled or decommissioned.
 * 7. A stage that is set by hand stands beside it and changes nothing: see {@link comparison}. Only where no fact gives a
 *    stage does a list or the funnel go by it: see {@link counted}.
 *
 * A fact counts from its own day on, be it known or the one by which it was so, and on no day before.
 */
import type { MinorInterval, SaidMoney } from '../../shared/qualified-money.ts';
import type { AgreementType } from '../agreements/index.ts';
import { isThere } from '../funding/index.ts';
import { type DealStage, dealStages } from '../parties/index.ts';
import type { ProjectStatus } from '../projects/index.ts';
import type { Course, DealOn, OpenStage } from './deal.ts';

/** What a signed agreement says of how far the deal is. */
export const stageOfAgreement: Record<AgreementType, OpenStage | null> = {
  framework: 'frameworkSigned',
  investment: 'contractSigned',
  construction: 'contractSigned',
  lease: 'contractSigned',
  other: null,
};

/** What a project’s status says of how far the deal is; `suspended` leaves it where the status before it did. */
export const stageOfStatus: Record<Exclude<ProjectStatus, 'suspended'>, DealStage | null> = {
  identification: null,
  preparation: null,
  implementation: 'started',
  completion: 'operating',
  maintenance: 'operating',
  // It is still there until it is decommissioned.
  decommissioning: 'operating',
  decommissioned: 'lapsed',
  cancelled: 'lapsed',
};

/** The stages on the way, the first one first. */
export const openStages = dealStages.filter((stage): stage is OpenStage => stage !== 'lapsed');

/** What was said of an amount by a day, with the interval that it stands for. */
type Amount = Pick<SaidMoney, 'amountMinor'> & MinorInterval & { qualifier: SaidMoney['qualifier'] | null };

/**
 * Whether money is there: what has arrived is unknown, surely above nothing, or nearly an amount above nothing, and not
 * surely all of it was taken back by its source; of what nobody says how much of it was, all was.
 */
export function isFunded(arrived: Amount | null, withdrawn: Amount | null): boolean {
  if (arrived === null) return false;
  const { highMinor } = arrived;
  if (!isThere(arrived) || withdrawn === null) return isThere(arrived);
  return withdrawn.amountMinor !== null && (highMinor === null || withdrawn.lowMinor < highMinor);
}

/** The farther of two; what has lapsed is no step on the way. */
export function farther(one: OpenStage | null, other: DealStage | null): OpenStage | null {
  if (other === null || other === 'lapsed') return one;
  return one === null || rankOf(other) > rankOf(one) ? other : one;
}

/** Its place on the way, from 0. */
export function rankOf(stage: DealStage): number {
  return dealStages.indexOf(stage);
}

/** Whether what was set agrees with the facts, and which of the two is farther. */
export function comparison(
  byFacts: DealStage | null,
  set: DealStage | null,
): Pick<DealOn, 'agrees' | 'farther'> {
  if (byFacts === null || set === null) return { agrees: null, farther: null };
  if (byFacts === set) return { agrees: true, farther: null };
  const isOver = byFacts === 'lapsed' || set === 'lapsed';
  return { agrees: false, farther: isOver ? null : rankOf(byFacts) > rankOf(set) ? 'facts' : 'set' };
}

/** A deal has come at least as far as facts ever said; only where none said anything is it as far as was set. */
export function counted(byFacts: Course, bySet: Course): DealOn['counted'] {
  const by = byFacts.stage !== null ? 'facts' : bySet.stage !== null ? 'set' : null;
  const course = by === 'set' ? bySet : byFacts;
  const reached = byFacts.reached === null ? bySet.reached : farther(byFacts.reached, course.stage);
  return { ...course, reached, by };
}
