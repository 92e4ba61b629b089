/**
 * By how much a value that was signed is more than what was signed before: what counts beside first signings, so that no
 * value is counted twice.
 *
 *     increment = [max(0, low − high before), max(0, high − low before)]        none where both are 0
 *     before    = the greatest of all values of the deal until then, end by end of its interval
 *
 * A framework agreement and the contract that follows it speak of one and the same money, so the greater of the two is what
 * the deal is worth, and not their sum. Of what had no value before, all is increment.
 *
 * Worked figure: a framework of 5000万元, then a contract of 9000万元, then an amendment to 1.2亿元: the first signing counts
 * 5000万元, the increments are 4000万元 and 3000万元. From 9000万元以上 to exactly 1.2亿元 it is between nothing and 3000万元.
 *
 * What is more than about so much is about so much more; what is said in two ways that agree is as exact as the better.
 *
 * Source: the rule by which 三明 counts projects signed (a project counts once, at its first signing; later ones do not count
 * again; of an increase the increment alone); the difference of closed intervals (IEEE 1788-2015, 9.1).
 */
import type { MinorInterval } from '../shared/qualified-money.ts';

/** A value with the interval that it stands for. */
export interface Worth extends MinorInterval {
  /** Whether it is only about so much. */
  isAbout: boolean;
}

/** The greater of two values, end by end. */
export function greaterValue(one: Worth | undefined, other: Worth): Worth {
  if (one === undefined) return other;
  const lowMinor = Math.max(one.lowMinor, other.lowMinor);
  const highMinor =
    one.highMinor === null || other.highMinor === null ? null : Math.max(one.highMinor, other.highMinor);
  const isAboutWhere = (gives: (value: Worth) => boolean) =>
    [one, other].filter(gives).every(({ isAbout }) => isAbout);
  return {
    ...{ lowMinor, highMinor },
    isAbout:
      isAboutWhere((value) => value.lowMinor === lowMinor) ||
      isAboutWhere((value) => value.highMinor === highMinor),
  };
}

/**
 * @param before undefined: nothing had a value
 * @returns null where it is surely no more
 */
export function signedIncrement(before: Worth | undefined, value: Worth): Worth | null {
  if (before === undefined) return value;
  const lowMinor = before.highMinor === null ? 0 : Math.max(0, value.lowMinor - before.highMinor);
  const highMinor = value.highMinor === null ? null : Math.max(0, value.highMinor - before.lowMinor);
  return highMinor === 0 ? null : { lowMinor, highMinor, isAbout: before.isAbout || value.isAbout };
}
