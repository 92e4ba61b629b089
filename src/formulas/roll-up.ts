/**
 * Progress of a whole from the progress of its parts.
 *
 *     percent  = Σ wᵢpᵢ ÷ Σ wᵢ      over the children that have a value
 *     low      = Σ wᵢlowᵢ ÷ Σ wᵢ    over all children; a silent one counts 0
 *     high     = Σ wᵢhighᵢ ÷ Σ wᵢ   over all children; a silent one counts 100
 *     coverage = Σ wᵢcoverageᵢ ÷ Σ wᵢ
 *
 * Worked figure, equal weights: A 90, B 80, C silent: percent 85, low 56.67, high 90, coverage 0.6667.
 *
 * Source: the weighted mean by which Redmine computes a parent's % done from its subtasks; low and high are the
 * same mean over the ends of what is known, because missing is not zero.
 *
 * The sums are whole numbers, so a child is added and taken away without a trace and the order never matters.
 * The one division truncates at 10⁻⁸ %: children all at 100 % give exactly 100 %, and anything less stays
 * below.
 */
import { FULL, type PercentFine } from '../shared/percent.ts';
import { ExactSum } from './exact-sum.ts';

/**
 * Where something stands, all in fine percent. `low` ≤ `percent` ≤ `high`. Nothing known: percent null, low
 * 0, high 100 %, coverage 0.
 */
export interface Standing {
  percent: PercentFine | null;
  low: PercentFine;
  high: PercentFine;
  /** Some of it was said as "about". */
  approximate: boolean;
  /**
   * How much of it the figure speaks for: 100 % for an own report, 0 for silence, its roll-up's own for
   * parts.
   */
  coverage: PercentFine;
}

/** One child. `weight` is a whole number ≥ 0 in any one unit; null if it has none on the chosen basis. */
export interface Contribution {
  weight: bigint | null;
  standing: Standing;
}

/** What a roll-up needs to know of its children. Percents are in fine units times weight. */
export interface RollUpSums {
  /** All that count, the silent and the unweighted among them. */
  children: number;
  /** Children that have no percent. */
  silent: number;
  /**
   * Children that have no weight on the chosen basis. They are counted here and nowhere in the sums below.
   */
  unweighted: number;
  /** Children whose percent is approximate and has a weight above 0. */
  approximate: number;
  weight: bigint;
  /** Weight of the children that have a percent. */
  weightKnown: bigint;
  percent: bigint;
  low: bigint;
  high: bigint;
  covered: bigint;
}

export interface RollUp extends Standing {
  children: number;
  silent: number;
  unweighted: number;
  /** The weights of the children sum to 0: nothing can be said, however much was reported. */
  weightless: boolean;
  /** Every child has a weight, and the whole weight is covered. */
  complete: boolean;
}

export const noChildren: RollUpSums = Object.freeze({
  children: 0,
  silent: 0,
  unweighted: 0,
  approximate: 0,
  weight: 0n,
  weightKnown: 0n,
  percent: 0n,
  low: 0n,
  high: 0n,
  covered: 0n,
});

export function withChild(sums: RollUpSums, child: Contribution): RollUpSums {
  return plus(sums, child, 1);
}

/** The exact inverse of {@link withChild}: takes away a child that was added with this very contribution. */
export function withoutChild(sums: RollUpSums, child: Contribution): RollUpSums {
  return plus(sums, child, -1);
}

/** The sums over very many children that are only added: what {@link withChild} comes to, at a fraction of its cost. */
export class ManyChildren {
  #children = 0;
  #silent = 0;
  #unweighted = 0;
  #approximate = 0;
  readonly #weight = new ExactSum();
  readonly #weightKnown = new ExactSum();
  readonly #percent = new ExactSum();
  readonly #low = new ExactSum();
  readonly #high = new ExactSum();
  readonly #covered = new ExactSum();

  /** @param child its weight must be a safe integer */
  add({ weight, standing }: Contribution): void {
    const { percent, low, high, approximate, coverage } = standing;
    this.#children += 1;
    if (percent === null) this.#silent += 1;
    if (weight === null) {
      this.#unweighted += 1;
      return;
    }
    const weighing = Number(weight);
    if (percent !== null) {
      if (approximate && weighing !== 0) this.#approximate += 1;
      this.#weightKnown.add(weighing, 1);
      this.#percent.add(weighing, percent);
    }
    this.#weight.add(weighing, 1);
    this.#low.add(weighing, low);
    this.#high.add(weighing, high);
    this.#covered.add(weighing, coverage);
  }

  get sums(): RollUpSums {
    return {
      children: this.#children,
      silent: this.#silent,
      unweighted: this.#unweighted,
      approximate: this.#approximate,
      weight: this.#weight.value,
      weightKnown: this.#weightKnown.value,
      percent: this.#percent.value,
      low: this.#low.value,
      high: this.#high.value,
      covered: this.#covered.value,
    };
  }
}

/** Where the whole stands; null without children. Weights that sum to 0 leave it unknown, not at 0. */
export function rollUp(sums: RollUpSums): RollUp | null {
  if (sums.children === 0) return null;
  const { children, silent, unweighted, weight, weightKnown } = sums;
  const counts = { children, silent, unweighted, weightless: weight === 0n };
  if (weight === 0n) {
    return { percent: null, low: 0, high: FULL, approximate: false, coverage: 0, ...counts, complete: false };
  }
  const coverage = Number(sums.covered / weight);
  return {
    percent: weightKnown === 0n ? null : Number(sums.percent / weightKnown),
    low: Number(sums.low / weight),
    high: Number(sums.high / weight),
    approximate: sums.approximate > 0,
    coverage,
    ...counts,
    complete: coverage === FULL && unweighted === 0,
  };
}

/** The sums as ten whole decimal numbers with a space between, in the order of {@link RollUpSums}. */
export function encodeSums(sums: RollUpSums): string {
  const { children, silent, unweighted, approximate } = sums;
  const { weight, weightKnown, percent, low, high, covered } = sums;
  return `${children} ${silent} ${unweighted} ${approximate} ${weight} ${weightKnown} ${percent} ${low} ${high} ${covered}`;
}

/**
 * The sums that {@link encodeSums} wrote.
 * @throws SyntaxError if the text is not what it wrote.
 */
export function decodeSums(text: string): RollUpSums {
  const numbers = text.split(' ');
  if (numbers.length !== 10) throw new SyntaxError(`Not the sums of a roll-up: ${text}`);
  const [children, silent, unweighted, approximate] = numbers;
  const [weight, weightKnown, percent, low, high, covered] = numbers.slice(4);
  return {
    children: Number(children),
    silent: Number(silent),
    unweighted: Number(unweighted),
    approximate: Number(approximate),
    weight: BigInt(weight as string),
    weightKnown: BigInt(weightKnown as string),
    percent: BigInt(percent as string),
    low: BigInt(low as string),
    high: BigInt(high as string),
    covered: BigInt(covered as string),
  };
}

function plus(sums: RollUpSums, { weight, standing }: Contribution, sign: 1 | -1): RollUpSums {
  const isSilent = standing.percent === null;
  const signedWeight = BigInt(sign) * (weight ?? 0n);
  return {
    children: sums.children + sign,
    silent: sums.silent + (isSilent ? sign : 0),
    unweighted: sums.unweighted + (weight === null ? sign : 0),
    approximate: sums.approximate + (standing.approximate && !isSilent && signedWeight !== 0n ? sign : 0),
    weight: sums.weight + signedWeight,
    weightKnown: sums.weightKnown + (isSilent ? 0n : signedWeight),
    percent: sums.percent + signedWeight * BigInt(standing.percent ?? 0),
    low: sums.low + signedWeight * BigInt(standing.low),
    high: sums.high + signedWeight * BigInt(standing.high),
    covered: sums.covered + signedWeight * BigInt(standing.coverage),
  };
}
