import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Contribution,
  decodeSums,
  encodeSums,
  ManyChildren,
  noChildren,
  type RollUp,
  rollUp,
  type Standing,
  withChild,
  withoutChild,
} from '../../src/formulas/roll-up.ts';
import { FULL, shownPercent, shownShare, toFine } from '../../src/shared/percent.ts';
import { intervalOf, isApproximate, type Qualifier, qualifiers } from '../../src/shared/qualified-value.ts';

const silence: Standing = { percent: null, low: 0, high: FULL, approximate: false, coverage: 0 };

function reported(percent: number, qualifier: Qualifier = 'exact'): Standing {
  const value = toFine(Math.round(percent * 100));
  const approximate = isApproximate(qualifier);
  return { percent: value, ...intervalOf(value, qualifier, 0, FULL), approximate, coverage: FULL };
}

function child(standing: Standing, weight: bigint | null = 1n): Contribution {
  return { weight, standing };
}

function sumsOf(children: readonly Contribution[]) {
  return children.reduce(withChild, noChildren);
}

function rolledUp(...children: Contribution[]): RollUp {
  const result = rollUp(sumsOf(children));
  if (!result) throw new Error('there are no children');
  return result;
}

const reports = fc
  .tuple(fc.integer({ min: 0, max: 10_000 }), fc.constantFrom(...qualifiers))
  .map(([hundredths, qualifier]) => reported(hundredths / 100, qualifier));
const partlyKnown = fc
  .tuple(fc.array(fc.integer({ min: 0, max: FULL }), { minLength: 3, maxLength: 3 }), fc.nat({ max: FULL }))
  .map(([three, coverage]): Standing => {
    const [low = 0, percent = 0, high = 0] = three.sort((a, b) => a - b);
    return { percent, low, high, approximate: false, coverage };
  });
const standings = fc.oneof(reports, partlyKnown, fc.constant(silence));
const weights = fc.oneof(fc.constantFrom(null, 0n, 1n), fc.bigInt({ min: 0n, max: 10n ** 18n }));
const contributions = fc.record({ weight: weights, standing: standings });
const families = fc.array(contributions, { maxLength: 12 });

const safeWeights = fc.oneof(
  fc.constantFrom(null, 0n, 1n),
  fc.bigInt({ min: 0n, max: 10n ** 6n }),
  fc.bigInt({ min: 0n, max: BigInt(Number.MAX_SAFE_INTEGER) }),
);

describe('the sums over many children', () => {
  it('are those of one after the other, however heavy they are', () => {
    const heavy = fc.record({ weight: safeWeights, standing: standings });
    fc.assert(
      fc.property(fc.array(heavy, { maxLength: 200 }), (children) => {
        const many = new ManyChildren();
        for (const each of children) many.add(each);
        expect(many.sums).toEqual(sumsOf(children));
      }),
    );
  });
});

describe('the roll-up', () => {
  it('of A 90, B 80 and C silent is 85, between 56.67 and 90, with two thirds covered', () => {
    const whole = rolledUp(child(reported(90)), child(reported(80)), child(silence));
    expect(shownPercent(whole.percent ?? 0)).toBe(85);
    expect(shownPercent(whole.low)).toBe(56.67);
    expect(shownPercent(whole.high)).toBe(90);
    expect(shownShare(whole.coverage)).toBe(0.6667);
    expect(whole).toMatchObject({
      children: 3,
      silent: 1,
      unweighted: 0,
      weightless: false,
      complete: false,
    });
  });

  it('of no children is none', () => {
    expect(rollUp(noChildren)).toBeNull();
  });

  it('of silent children is unknown, not 0', () => {
    const whole = rolledUp(child(silence), child(silence, 5n));
    expect(whole).toMatchObject({ percent: null, low: 0, high: FULL, coverage: 0, silent: 2 });
  });

  it('weighs children by their weight', () => {
    const whole = rolledUp(child(reported(100), 563n), child(reported(0), 437n));
    expect(shownPercent(whole.percent ?? 0)).toBe(56.3);
  });

  it('lets a child of weight 0 change nothing but the counts', () => {
    const without = rolledUp(child(reported(40)));
    const withWeightless = rolledUp(child(reported(40)), child(reported(100, 'about'), 0n));
    expect(withWeightless).toEqual({ ...without, children: 2 });
  });

  it('whose weights are all 0 is unknown and says why', () => {
    const whole = rolledUp(child(reported(40), 0n), child(reported(60), 0n));
    expect(whole).toMatchObject({
      percent: null,
      low: 0,
      high: FULL,
      coverage: 0,
      weightless: true,
      complete: false,
    });
  });

  it('counts a child without a weight and does not impute one', () => {
    const whole = rolledUp(child(reported(40), 7n), child(reported(100), null));
    expect(whole).toMatchObject({ unweighted: 1, children: 2, coverage: FULL, complete: false });
    expect(whole.percent).toBe(toFine(4000));
  });

  it('carries bounds up as bounds', () => {
    const whole = rolledUp(child(reported(85, 'atLeast')), child(reported(65)));
    expect([whole.low, whole.percent, whole.high]).toEqual([7500, 7500, 8250].map(toFine));
  });

  it('is approximate when a child with a weight is', () => {
    expect(rolledUp(child(reported(85, 'about')), child(reported(65))).approximate).toBe(true);
    expect(rolledUp(child(reported(85, 'about'), null), child(reported(65))).approximate).toBe(false);
  });

  it('counts the coverage of a child that is itself covered in part', () => {
    const zone = rolledUp(child(reported(90)), child(reported(80)), child(silence));
    const whole = rolledUp(child(zone), child(reported(50)));
    expect(shownShare(whole.coverage)).toBe(0.8333);
    expect(shownPercent(whole.percent ?? 0)).toBe(67.5);
  });
});

describe('children all at 100', () => {
  const depths = fc.letrec<{ tree: Standing }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      fc.constant(reported(100)),
      fc
        .array(fc.tuple(fc.bigInt({ min: 1n, max: 10n ** 18n }), tie('tree')), { minLength: 1, maxLength: 4 })
        .map((parts) => rolledUp(...parts.map(([weight, standing]) => child(standing, weight)))),
    ),
  }));

  it('give exactly 100 at any depth and with any weights', () => {
    fc.assert(
      fc.property(depths.tree, (standing) => {
        expect([standing.percent, standing.low, standing.high]).toEqual([FULL, FULL, FULL]);
        expect([standing.coverage, shownPercent(standing.percent ?? 0)]).toEqual([FULL, 100]);
      }),
    );
  });

  it('but one, however little it lacks and weighs, never show 100, at any depth', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 18n }),
        fc.integer({ min: 1, max: 6 }),
        (weight, depth) => {
          let standing: Standing = rolledUp(child(reported(99.99)), child(reported(100), weight));
          for (let level = 1; level < depth; level += 1) {
            standing = rolledUp(child(standing), child(reported(100), weight));
          }
          expect(standing.percent).toBeLessThan(FULL);
          expect(shownPercent(standing.percent ?? 0)).toBeLessThan(100);
        },
      ),
    );
  });
});

describe('any roll-up', () => {
  it('is the exact weighted mean, cut off at 10⁻⁸ %', () => {
    fc.assert(
      fc.property(families, (children) => {
        const result = rollUp(sumsOf(children));
        const weighted = children.filter((each) => each.weight !== null);
        const known = weighted.filter((each) => each.standing.percent !== null);
        expect(result?.percent ?? null).toBe(meanOf(known, (standing) => standing.percent));
        expect(result === null).toBe(children.length === 0);
        if (!result) return;
        expect(result.low).toBe(meanOf(weighted, (standing) => standing.low) ?? 0);
        expect(result.high).toBe(meanOf(weighted, (standing) => standing.high) ?? FULL);
        expect(result.coverage).toBe(meanOf(weighted, (standing) => standing.coverage) ?? 0);
        expect(result.unweighted).toBe(children.length - weighted.length);
        expect(result.silent).toBe(children.filter((each) => each.standing.percent === null).length);
      }),
    );
  });

  it('has its percent between its bounds', () => {
    fc.assert(
      fc.property(families, (children) => {
        const result = rollUp(sumsOf(children));
        if (!result) return;
        const { percent, low, high } = result;
        expect(0 <= low && low <= (percent ?? low) && (percent ?? low) <= high && high <= FULL).toBe(true);
      }),
    );
  });

  it('does not depend on the order of the children', () => {
    const shuffled = families.chain((children) =>
      fc.tuple(
        fc.constant(children),
        fc.shuffledSubarray(children, { minLength: children.length, maxLength: children.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([children, other]) => {
        expect(sumsOf(other)).toEqual(sumsOf(children));
      }),
    );
  });

  it('is left without a trace by a child that comes and goes', () => {
    fc.assert(
      fc.property(families, contributions, families, (before, passing, after) => {
        const sums = after.reduce(withChild, withChild(sumsOf(before), passing));
        expect(withoutChild(sums, passing)).toEqual(sumsOf([...before, ...after]));
      }),
    );
  });

  it('is back at nothing when every child is gone', () => {
    fc.assert(
      fc.property(families, (children) => {
        expect(children.reduce(withoutChild, sumsOf(children))).toEqual(noChildren);
      }),
    );
  });

  it('of nested parts is off the exact mean by less than 10⁻⁸ % a level', () => {
    const known = fc.array(fc.tuple(fc.bigInt({ min: 1n, max: 10n ** 9n }), reports), {
      minLength: 1,
      maxLength: 5,
    });
    const groups = fc.array(fc.tuple(fc.bigInt({ min: 1n, max: 10n ** 9n }), known), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(groups, (parts) => {
        const whole = rolledUp(
          ...parts.map(([weight, part]) =>
            child(rolledUp(...part.map(([each, s]) => child(s, each))), weight),
          ),
        );
        let [sum, denominator, total] = [0n, 1n, 0n];
        for (const [weight, part] of parts) {
          const partWeight = part.reduce((soFar, [each]) => soFar + each, 0n);
          const partSum = part.reduce(
            (soFar, [each, { percent }]) => soFar + each * BigInt(percent ?? 0),
            0n,
          );
          sum = sum * partWeight + weight * partSum * denominator;
          denominator *= partWeight;
          total += weight;
        }
        const lack = sum - BigInt(whole.percent ?? 0) * denominator * total;
        expect(lack >= 0n && lack < 2n * denominator * total).toBe(true);
      }),
    );
  });

  it('is kept as text and read back the same', () => {
    fc.assert(
      fc.property(families, (children) => {
        const sums = sumsOf(children);
        expect(decodeSums(encodeSums(sums))).toEqual(sums);
      }),
    );
    expect(encodeSums(sumsOf([child(reported(90), 2n)]))).toBe(
      '1 0 0 0 2 2 18000000000 18000000000 18000000000 20000000000',
    );
    expect(() => decodeSums('1 0 0')).toThrow(SyntaxError);
  });
});

function meanOf(
  children: readonly Contribution[],
  figureOf: (standing: Standing) => number | null,
): number | null {
  let [sum, total] = [0n, 0n];
  for (const { weight, standing } of children) {
    sum += (weight ?? 0n) * BigInt(figureOf(standing) ?? 0);
    total += weight ?? 0n;
  }
  return total === 0n ? null : Number(sum / total);
}
