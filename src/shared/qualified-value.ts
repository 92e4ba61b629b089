/**
 * A published figure often is a bound: 85%以上 says at least 85, not 85. Every figure carries a qualifier,
 * and every qualifier stands for an interval.
 */

/**
 * | qualifier | said as | stands for |
 * |---|---|---|
 * | exact | 85% | [v, v] |
 * | atLeast | 以上, 不少于, at least | [v, max] |
 * | moreThan | 超, 突破, 余, 多, over | [v, max] |
 * | atMost | 以下, 不超过, at most | [min, v] |
 * | lessThan | 不足, 不到, under | [min, v] |
 * | nearly | 近, 接近, almost (from below) | [min, v] |
 * | about | 约, 左右, about | [v, v], marked approximate |
 *
 * Whether a bound is itself included is Article 1259 of the Civil Code of China: 以上, 以下 and 以内 include
 * the figure, 超过 and 不满 do not. The interval is closed either way; the qualifier keeps the difference.
 */
export const qualifiers = ['exact', 'atLeast', 'moreThan', 'atMost', 'lessThan', 'nearly', 'about'] as const;

export type Qualifier = (typeof qualifiers)[number];

/** Both ends belong to it; `low` ≤ `high`. */
export interface Interval {
  low: number;
  high: number;
}

/**
 * What a qualified value says, within `min` ≤ `value` ≤ `max`, all in one unit. A side without a limit is
 * ±Infinity. 85 atLeast, between 0 and 100, is [85, 100].
 */
export function intervalOf(value: number, qualifier: Qualifier, min: number, max: number): Interval {
  switch (qualifier) {
    case 'exact':
    case 'about':
      return { low: value, high: value };
    case 'atLeast':
    case 'moreThan':
      return { low: value, high: max };
    case 'atMost':
    case 'lessThan':
    case 'nearly':
      return { low: min, high: value };
  }
}

/** True of `about` alone: its interval is a point that nobody vouches for. A bound is not approximate. */
export function isApproximate(qualifier: Qualifier): boolean {
  return qualifier === 'about';
}
