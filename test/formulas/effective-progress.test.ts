import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  computedQualifier,
  effectiveProgress,
  type Source,
  type Sources,
  sourceNames,
  unknownStanding,
} from '../../src/formulas/effective-progress.ts';
import { noChildren, rollUp, withChild } from '../../src/formulas/roll-up.ts';
import { FULL, toFine } from '../../src/shared/percent.ts';
import { intervalOf, isApproximate, type Qualifier } from '../../src/shared/qualified-value.ts';

function said(percent: number, qualifier: Qualifier = 'exact', more: Partial<Source> = {}): Source {
  const value = toFine(Math.round(percent * 100));
  const approximate = isApproximate(qualifier);
  return { percent: value, ...intervalOf(value, qualifier, 0, FULL), approximate, coverage: FULL, ...more };
}

const silentZones = rollUp(
  ['A', 'B', 'C'].reduce((sums) => withChild(sums, { weight: 1n, standing: unknownStanding }), noChildren),
);
const inPart: Partial<Source> = { low: toFine(2000), high: toFine(9000), coverage: FULL / 2 };

describe('progress on the basis "auto"', () => {
  const all: Sources = {
    children: said(40),
    report: said(41, 'about'),
    milestones: said(42),
    quantities: said(43),
  };

  it.each<[string, Sources, string | null, number | null]>([
    ['children that cover all of it', all, 'children', 40],
    [
      'its own report when children cover a part',
      { ...all, children: said(40, 'exact', inPart) },
      'report',
      41,
    ],
    [
      'its own report when a child has no weight',
      { ...all, children: said(40, 'exact', { complete: false }) },
      'report',
      41,
    ],
    ['its own report when there are no children', { ...all, children: null }, 'report', 41],
    [
      'milestones when nobody reported',
      { ...all, children: said(40, 'exact', inPart), report: null },
      'milestones',
      42,
    ],
    [
      'quantities when there are no milestones',
      { children: said(40, 'exact', inPart), quantities: said(43) },
      'quantities',
      43,
    ],
    ['children in part when there is nothing else', { children: said(40, 'exact', inPart) }, 'children', 40],
    [
      'children with an unweighted one when there is nothing else',
      { children: said(40, 'exact', { complete: false }) },
      'children',
      40,
    ],
    ['nothing when the children are silent', { children: unknownStanding }, null, null],
    ['nothing when there is nothing', {}, null, null],
  ])('comes from %s', (_title, sources, basis, percent) => {
    const effective = effectiveProgress('auto', sources);
    expect(effective.basis).toBe(basis);
    expect(effective.standing.percent).toBe(percent === null ? null : toFine(percent * 100));
  });

  it('is 0 when 0 was reported, which is not silence', () => {
    const effective = effectiveProgress('auto', { report: said(0) });
    expect(effective).toMatchObject({
      basis: 'report',
      qualifier: 'exact',
      standing: { percent: 0, high: 0 },
    });
  });

  it('of 岳屏, 85%以上 for the whole and silent zones, is the report, at least 85, and consistent', () => {
    const effective = effectiveProgress('auto', { report: said(85, 'atLeast'), children: silentZones });
    expect(effective).toEqual({
      standing: { percent: toFine(8500), low: toFine(8500), high: FULL, approximate: false, coverage: FULL },
      basis: 'report',
      qualifier: 'atLeast',
      inconsistency: null,
    });
  });

  it('of 岳屏, once the zones report less, is the zones, and the difference is named', () => {
    const effective = effectiveProgress('auto', { report: said(85, 'atLeast'), children: said(70) });
    expect(effective.basis).toBe('children');
    expect(effective.inconsistency).toEqual({
      sources: ['report', 'children'],
      gap: 15,
      message: 'report says 85 to 100 %, children says 70 %: 15 percentage points apart',
    });
  });
});

describe('progress on a fixed basis', () => {
  it.each(sourceNames)('"%s" comes from that source alone', (name) => {
    const sources: Sources = {
      report: said(41),
      children: said(40, 'exact', inPart),
      milestones: said(42),
      quantities: said(43),
    };
    expect(effectiveProgress(name, sources).basis).toBe(name);
    expect(effectiveProgress(name, sources).standing.percent).toBe(sources[name]?.percent);
  });

  it.each(sourceNames)('"%s" is unknown when that source is absent, whatever the others say', (name) => {
    const others: Sources = {
      report: said(41),
      children: said(41),
      milestones: said(41),
      quantities: said(41),
      [name]: null,
    };
    expect(effectiveProgress(name, others)).toEqual({
      standing: unknownStanding,
      basis: null,
      qualifier: 'between',
      inconsistency: null,
    });
  });

  it('is unknown when its source is there and has no percent', () => {
    expect(effectiveProgress('children', { children: silentZones, report: said(41) }).basis).toBeNull();
  });
});

describe('the qualifier of a computed value', () => {
  const at = toFine(8500);
  it.each([
    ['exact', at, at, at, false],
    ['about', at, at, at, true],
    ['atLeast', at, at, FULL, false],
    ['atLeast', at, at, FULL, true],
    ['atMost', at, 0, at, false],
    ['between', at, toFine(5667), toFine(9000), false],
    ['between', null, 0, FULL, false],
    ['exact', FULL, FULL, FULL, false],
    ['atMost', FULL, 0, FULL, false],
    ['atLeast', 0, 0, FULL, false],
  ] as const)(
    'is %s for %s within [%d, %d], approximate %s',
    (qualifier, percent, low, high, approximate) => {
      expect(computedQualifier({ percent, low, high, approximate, coverage: FULL })).toBe(qualifier);
    },
  );
});

describe('consistency', () => {
  it('holds when intervals meet in a point', () => {
    const effective = effectiveProgress('auto', {
      report: said(85, 'atLeast'),
      milestones: said(85, 'nearly'),
    });
    expect(effective.inconsistency).toBeNull();
  });

  it('is judged on the figures as they are shown', () => {
    const third = { ...said(33.33), percent: 3_333_333_333, low: 3_333_333_333, high: 3_333_333_333 };
    expect(effectiveProgress('auto', { children: third, report: said(33.33) }).inconsistency).toBeNull();
    expect(effectiveProgress('auto', { children: third, report: said(33.34) }).inconsistency?.gap).toBe(0.01);
  });

  it('is judged over all sources, whichever is effective, and the widest gap is named', () => {
    const sources = {
      report: said(60),
      children: said(50),
      milestones: said(80),
      quantities: said(55, 'atLeast'),
    };
    for (const basis of ['auto', ...sourceNames] as const) {
      expect(effectiveProgress(basis, sources).inconsistency).toEqual({
        sources: ['milestones', 'children'],
        gap: 30,
        message: 'milestones says 80 %, children says 50 %: 30 percentage points apart',
      });
    }
  });

  it('is broken by children in part only when even their silent rest could not mend it', () => {
    const children = said(85, 'exact', { low: toFine(5667), high: toFine(9000), coverage: FULL / 2 });
    expect(effectiveProgress('auto', { children, report: said(90) }).inconsistency).toBeNull();
    expect(effectiveProgress('auto', { children, report: said(91) }).inconsistency?.gap).toBe(1);
  });

  it('fails exactly when two of the intervals do not meet', () => {
    const percents = fc.integer({ min: 0, max: 100 });
    const spans = fc.tuple(percents, percents).map(([a, b]) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      return said(low, 'exact', { high: toFine(high * 100) });
    });
    const maybe = fc.option(fc.oneof(spans, fc.constant(unknownStanding)));
    fc.assert(
      fc.property(
        fc.record({ report: maybe, children: maybe, milestones: maybe, quantities: maybe }),
        (sources) => {
          const told = Object.values(sources).filter((source) => source !== null && source.percent !== null);
          const gaps = told.flatMap((a) => told.map((b) => ((a?.low ?? 0) - (b?.high ?? 0)) / (FULL / 100)));
          const widest = Math.max(0, ...gaps);
          expect(effectiveProgress('auto', sources).inconsistency?.gap ?? 0).toBe(widest);
        },
      ),
    );
  });
});
