import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thinned } from '../../src/formulas/thinning.ts';

type Point = readonly [x: number, y: number];

function thinnedTo(maxPoints: number, series: readonly Point[]): readonly Point[] {
  return thinned(
    series,
    maxPoints,
    ([x]) => x,
    ([, y]) => y,
  );
}

const series = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 0, max: 10_000_000_000 })), {
    maxLength: 300,
  })
  .map((steps) => {
    let x = 0;
    return steps.map(([days, y]): Point => {
      x += days;
      return [x, y];
    });
  });

describe('a thinned series', () => {
  it('of five points in three keeps the bend', () => {
    const told: Point[] = [
      [0, 0],
      [1, 10],
      [2, 90],
      [3, 95],
      [4, 100],
    ];
    expect(thinnedTo(3, told)).toEqual([
      [0, 0],
      [2, 90],
      [4, 100],
    ]);
  });

  it('that is short enough is the very same', () => {
    const told: Point[] = [
      [0, 0],
      [1, 1],
    ];
    expect(thinnedTo(2, told)).toBe(told);
    expect(thinnedTo(5, [])).toEqual([]);
  });

  it('of one point is its last, and of none is empty', () => {
    const told: Point[] = [
      [0, 0],
      [1, 1],
      [2, 2],
    ];
    expect([thinnedTo(2, told), thinnedTo(1, told), thinnedTo(0, told), thinnedTo(-1, told)]).toEqual([
      [
        [0, 0],
        [2, 2],
      ],
      [[2, 2]],
      [],
      [],
    ]);
  });

  it('has as many points as are allowed, both ends, and no point that was not there, in their order', () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 2, max: 120 }), (told, maxPoints) => {
        const kept = thinnedTo(maxPoints, told);
        expect(kept).toHaveLength(Math.min(told.length, maxPoints));
        expect(kept[0]).toBe(told[0]);
        expect(kept.at(-1)).toBe(told.at(-1));
        const places = kept.map((point) => told.indexOf(point));
        expect(places).toEqual([...new Set(places)].sort((one, other) => one - other));
        expect(places).not.toContain(-1);
        expect(thinnedTo(maxPoints, told)).toEqual(kept);
      }),
    );
  });

  it('keeps a single dip and a single jump among ten thousand points', () => {
    const told = Array.from({ length: 10_000 }, (_, x): Point => [x, x === 7_777 ? 20 : x < 5_000 ? 30 : 60]);
    const kept = thinnedTo(100, told);
    expect(kept).toContainEqual([7_777, 20]);
    const jump = kept.findIndex(([, y]) => y === 60);
    expect((kept[jump]?.[0] ?? 0) - (kept[jump - 1]?.[0] ?? 0)).toBeLessThan(250);
  });
});
