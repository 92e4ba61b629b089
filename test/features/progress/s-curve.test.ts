import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActualPoint, Curve } from '../../../src/features/progress/curve.ts';
import { sCurve } from '../../../src/features/progress/s-curve.ts';
import { addDays } from '../../../src/shared/calendar-date.ts';
import { descriptionOf, expectSelfContained, expectWellFormed, rowsOf, textsOf } from '../pictures/svg.ts';

const nothing: Curve = {
  title: '岳屏社区老旧小区改造项目',
  locale: 'zh',
  asOf: '2023-06-30',
  planned: [],
  plannedBy: 'plan',
  actual: [],
  forecast: [],
  comparison: null,
  finish: null,
  milestones: [],
  note: null,
};

function said(date: string, percent: number | null, more: Partial<ActualPoint> = {}): ActualPoint {
  const [low, high] = [percent ?? 0, percent ?? 100];
  return {
    date,
    percent,
    low,
    high,
    qualifier: percent === null ? 'between' : 'exact',
    stated: null,
    ...more,
  };
}

const atLeast = said('2023-06-30', 85, { high: 100, qualifier: 'atLeast', stated: '85%以上' });

/** Planned straight over the year; 85%以上 at its half. */
const yueping: Curve = {
  ...nothing,
  planned: [
    { date: '2023-01-01', percent: 0 },
    { date: '2023-12-31', percent: 100 },
  ],
  actual: [atLeast],
  forecast: [
    { date: '2023-06-30', percent: 85 },
    { date: '2023-08-01', percent: 100 },
  ],
  comparison: { planned: 49.59, gap: { points: 35.41, low: 35.41, high: 50.41 } },
  finish: {
    forecast: '2023-08-01',
    earliest: '2023-06-30',
    latest: '2023-08-01',
    daysLate: -152,
    isFinished: false,
  },
};

const typical: Curve = {
  ...yueping,
  actual: [said('2023-02-28', 3), said('2023-04-30', 18, { qualifier: 'about' }), said('2023-06-30', 40)],
  forecast: [
    { date: '2023-06-30', percent: 40 },
    { date: '2024-03-28', percent: 100 },
  ],
  comparison: { planned: 49.59, gap: { points: -9.59, low: -9.59, high: -9.59 } },
  finish: {
    forecast: '2024-03-28',
    earliest: '2024-03-28',
    latest: '2024-03-28',
    daysLate: 88,
    isFinished: false,
  },
  milestones: [
    { title: '开工', dueDate: '2023-03-15', dateMet: '2023-03-25' },
    { title: '主体完工', dueDate: '2023-06-15', dateMet: null },
    { title: '验收', dueDate: '2023-11-30', dateMet: null },
    { title: '未定', dueDate: null, dateMet: null },
  ],
};

/** The paths that have a class, as they are drawn. */
function pathsOf(svg: string, name: string): string[] {
  const paths = [...svg.matchAll(new RegExp(`<path class="${name}"[^>]* d="([^"]*)"[^>]*/>`, 'g'))];
  return paths.map(([tag]) => tag);
}

function lineOf(svg: string): string | undefined {
  return pathsOf(svg, 'actual').find((tag) => / stroke-width="2.5" stroke-linejoin/.test(tag));
}

describe('the S-curve', () => {
  it('without plan and reports says so, and shows neither line nor legend', () => {
    const svg = sCurve(nothing);
    expect(textsOf(svg)).toContain('暂无计划，也暂无报告');
    expect(textsOf(svg)).toContain('暂无报告');
    expect(pathsOf(svg, 'plan')).toEqual([]);
    expect(lineOf(svg)).toBeUndefined();
    expect(textsOf(svg)).not.toContain('实际');
    expect(rowsOf(svg)).toEqual([]);
    expect(textsOf(sCurve({ ...nothing, locale: 'en' }))).toContain('no plan and no reports yet');
  });

  it('of one bound is a dot at 85 with a hatched bar up to 100', () => {
    const svg = sCurve({ ...nothing, actual: [atLeast] });
    expect(textsOf(svg)).toContain('85%以上');
    expect(svg).toMatch(/<circle class="actual solid" cx="408" cy="142.4"/);
    expect(svg).toMatch(/<rect x="403" y="104" width="10" height="38.4" fill="url\(#[^)]*-hatch\)"/);
    expect(textsOf(svg)).toContain('实际的可能范围');
  });

  it('draws exactly what was said: no bar, no band and no bounds in the legend for exact figures', () => {
    const svg = sCurve({ ...nothing, actual: [said('2023-05-31', 30), said('2023-06-30', 40)] });
    expect(svg).not.toMatch(/fill="url\(#[^)]*-(?:hatch|silence)\)"/);
    expect(textsOf(svg)).not.toContain('实际的可能范围');
    expect(lineOf(svg)).toContain('d="M56 283.2L760 257.6"');
  });

  it('hatches the band between the bounds, blue where something is known, grey where nothing is', () => {
    const known = sCurve({
      ...nothing,
      actual: [said('2023-05-31', 30, { low: 20 }), said('2023-06-30', 40, { high: 60 })],
    });
    expect(known).toMatch(/<path d="M56 283.2L760 206.4L760 257.6L56 308.8z" fill="url\(#[^)]*-hatch\)"/);
    const unknown = sCurve({ ...nothing, actual: [said('2023-05-31', null), said('2023-06-30', null)] });
    expect(unknown).toMatch(/<path d="M56 104L760 104L760 360L56 360z" fill="url\(#[^)]*-silence\)"/);
    expect(lineOf(unknown)).toBeUndefined();
    expect(unknown).not.toContain('<circle class="actual');
    expect(textsOf(unknown)).toContain('暂无报告');
  });

  it('breaks the line at a day of which only bounds are known', () => {
    const points = [10, null, 30, 40].map((percent, index) => said(`2023-0${index + 3}-15`, percent));
    expect(lineOf(sCurve({ ...nothing, actual: points }))?.match(/[ML]/g)).toEqual(['M', 'M', 'L']);
  });

  it('marks "about" with a hollow dot', () => {
    expect(sCurve(typical).match(/<circle class="actual paper"[^>]* stroke-width="2"\/>/g)).toHaveLength(2);
    expect(sCurve({ ...typical, forecast: [] }).match(/<circle class="actual paper"/g)).toHaveLength(1);
  });

  it('dashes the forecast and shades what is possible of it', () => {
    expect(pathsOf(sCurve(typical), 'actual').some((tag) => tag.includes('stroke-dasharray="7 5"'))).toBe(
      true,
    );
    expect(pathsOf(sCurve(typical), 'band actual')).toEqual([]);
    expect(pathsOf(sCurve(yueping), 'band actual')).toHaveLength(1);
    expect(textsOf(sCurve(yueping))).toContain('预测的可能范围');
  });

  it('dots the plan that is assumed and names where a plan is from', () => {
    const assumed = sCurve({ ...yueping, plannedBy: 'period' });
    expect(pathsOf(assumed, 'plan')[0]).toContain('stroke-dasharray="1 5"');
    expect(pathsOf(sCurve(yueping), 'plan')[0]).not.toContain('stroke-dasharray');
    expect(textsOf(assumed)).toContain('计划（按工期匀速推算）');
    expect(textsOf(sCurve({ ...yueping, plannedBy: 'children' }))).toContain('计划（由下级汇总）');
    const partly = sCurve({ ...yueping, plannedBy: 'assumedChildren' });
    expect(pathsOf(partly, 'plan')[0]).toContain('stroke-dasharray="1 5"');
    expect(textsOf(partly)).toContain('计划（由下级汇总，含按工期匀速推算）');
  });

  it.each([
    [yueping, '截至2023-06-30 · 计划49.59% · 至少超前35.41个百分点', '预计2023-06-30至2023-08-01完成'],
    [typical, '截至2023-06-30 · 计划49.59% · 落后9.59个百分点', '预计2024-03-28完成，晚88天'],
    [
      { ...typical, locale: 'en' as const, note: 'illustrative data' },
      'as of 2023-06-30 · planned 49.59% · 9.59 points behind',
      'forecast finish 2024-03-28, 88 days late · illustrative data',
    ],
  ])('says in words how it stands and when it will be finished', (curve, standing, finish) => {
    expect(textsOf(sCurve(curve))).toEqual(expect.arrayContaining([standing, finish]));
  });

  it.each([
    [{ points: 0, low: 0, high: 0 }, '与计划持平', 'as planned'],
    [{ points: 0, low: 0, high: 20 }, '不落后于计划', 'not behind plan'],
    [{ points: 0, low: -80, high: 0 }, '不超前于计划', 'not ahead of plan'],
    [{ points: 5, low: 5, high: 20 }, '至少超前5个百分点', 'at least 5 points ahead'],
    [{ points: 5, low: -80, high: 5 }, '最多超前5个百分点', 'at most 5 points ahead'],
    [{ points: -15, low: -15, high: 0 }, '最多落后15个百分点', 'at most 15 points behind'],
    [{ points: -37.4, low: -87.4, high: -37.4 }, '至少落后37.4个百分点', 'at least 37.4 points behind'],
    [{ points: -5, low: -40, high: 20 }, '落后5个百分点（−40～+20）', '5 points behind (−40 to +20)'],
    [{ points: 0, low: -40, high: 20 }, '与计划持平（−40～+20）', 'as planned (−40 to +20)'],
  ])('says of a gap that is a bound that it is one', (gap, chinese, english) => {
    const bounded = { ...yueping, comparison: { planned: 49.59, gap } };
    expect(textsOf(sCurve(bounded))).toContain(`截至2023-06-30 · 计划49.59% · ${chinese}`);
    expect(textsOf(sCurve({ ...bounded, locale: 'en' }))).toContain(
      `as of 2023-06-30 · planned 49.59% · ${english}`,
    );
  });

  it('says "not before" where nobody can say the latest day', () => {
    const finish = {
      forecast: '2023-07-21',
      earliest: '2023-07-21',
      latest: null,
      daysLate: -163,
      isFinished: false,
    };
    expect(textsOf(sCurve({ ...yueping, finish }))).toContain('预计不早于2023-07-21完成');
    expect(textsOf(sCurve({ ...yueping, locale: 'en', finish }))).toContain(
      'forecast finish not before 2023-07-21',
    );
  });

  it('says of what is finished that it is, and does not foretell it', () => {
    const finish = {
      forecast: '2023-06-30',
      earliest: '2023-06-30',
      latest: '2023-06-30',
      daysLate: -184,
      isFinished: true,
    };
    const finished = { ...typical, actual: [said('2023-06-30', 100)], forecast: [], finish };
    expect(textsOf(sCurve(finished))).toContain('已于2023-06-30完成，早184天');
    expect(textsOf(sCurve({ ...finished, locale: 'en' }))).toContain('finished 2023-06-30, 184 days early');
  });

  it('where nothing is planned or reported, reaches as far as the milestones', () => {
    const milestones = [
      { title: '签订框架协议', dueDate: null, dateMet: '2021-06-30' },
      { title: '竣工', dueDate: '2024-12-31', dateMet: null },
    ];
    const texts = textsOf(sCurve({ ...nothing, milestones }));
    expect(texts).toEqual(expect.arrayContaining(['2021-07', '2024-07']));
  });

  it('shows milestones met, slipped, due and overdue, and names those that have no day', () => {
    const svg = sCurve(typical);
    expect(svg).toContain('<title>开工：应于2023-03-15，2023-03-25完成，晚10天</title>');
    expect(svg).toContain('<title>主体完工：应于2023-06-15，晚15天</title>');
    expect(svg).toContain('<title>验收：应于2023-11-30</title>');
    expect(textsOf(svg)).toEqual(
      expect.arrayContaining([
        '开工',
        '主体完工',
        '验收',
        '!',
        '里程碑，已完成',
        '里程碑，未完成',
        '里程碑，已逾期',
      ]),
    );
    expect(textsOf(svg)).not.toContain('未定');
    expect(descriptionOf(svg)).toContain('里程碑4个，已完成1个，逾期1个，1个没有日期，未画出');
  });

  it('does not let one day far off press all else together', () => {
    const far = { date: '2099-03-01', percent: 100 };
    const svg = sCurve({
      ...typical,
      forecast: [{ date: '2023-06-30', percent: 40 }, far],
      milestones: [{ title: '移交', dueDate: '2150-01-01', dateMet: null }],
    });
    expect(textsOf(svg)).toContain('100% 2099-03-01');
    expect(textsOf(svg)).toContain('2023-07');
    expect(pathsOf(svg, 'paper mark')[0]).toContain('d="M760 ');
  });

  it('describes itself and holds its figures as a table', () => {
    const svg = sCurve(typical);
    expect(descriptionOf(svg)).toBe(
      '截至2023-06-30 · 计划49.59% · 落后9.59个百分点，实际 40%。预计2024-03-28完成，晚88天。' +
        '计划2023-01-01至2023-12-31。报告3次：2023-02-28至2023-06-30。' +
        '里程碑4个，已完成1个，逾期1个，1个没有日期，未画出',
    );
    expect(rowsOf(svg)).toEqual([
      'date="2023-01-01" planned="0"',
      'date="2023-02-28" actual="3" qualifier="exact" low="3" high="3"',
      'date="2023-04-30" actual="18" qualifier="about" low="18" high="18"',
      'date="2023-06-30" actual="40" qualifier="exact" low="40" high="40" forecast="40"',
      'date="2023-12-31" planned="100"',
      'date="2024-03-28" forecast="100"',
      'title="开工" dueDate="2023-03-15" dateMet="2023-03-25"',
      'title="主体完工" dueDate="2023-06-15"',
      'title="验收" dueDate="2023-11-30"',
      'title="未定"',
    ]);
    const english = descriptionOf(sCurve({ ...typical, locale: 'en', milestones: [] }));
    expect(english).toContain('. plan 2023-01-01 to 2023-12-31. 3 reports, 2023-02-28 to 2023-06-30');
  });

  it('shortens a long title and keeps the whole of it in its name', () => {
    const title = '天马山街道岳屏社区老旧小区改造项目'.repeat(5);
    const svg = sCurve({ ...yueping, title });
    expect(textsOf(svg)[0]).toMatch(/^天马山街道岳屏社区.{20,35}…$/u);
    expect(svg).toContain(`>${title}</title>`);
  });

  it('follows the dark choice of the reader on a screen and is light in print', () => {
    expect(sCurve(typical)).toContain('@media screen and (prefers-color-scheme:dark)');
  });

  it('does not share ids with another, and has the same text for the same curve', () => {
    expect(sCurve({ ...typical })).toBe(sCurve({ ...typical }));
    const idOf = (svg: string) => /<svg [^>]*id="([^"]+)"/.exec(svg)?.[1];
    expect(idOf(sCurve(typical))).not.toBe(idOf(sCurve(yueping)));
  });

  it('of a hundred points takes less than 5 ms', () => {
    const actual = Array.from({ length: 100 }, (_, index) =>
      said(addDays('2022-01-03', index * 7), index, { high: Math.min(index + 4, 100), qualifier: 'between' }),
    );
    const curve = { ...typical, actual };
    const times = Array.from({ length: 41 }, () => {
      const start = performance.now();
      sCurve(curve);
      return performance.now() - start;
    });
    expect(times.sort((one, other) => one - other)[20]).toBeLessThan(5);
  });

  it('is well-formed and self-contained whatever it is given', () => {
    const dates = fc.oneof(
      fc.nat({ max: 3_652_058 }).map((days) => addDays('0001-01-01', days)),
      fc.nat({ max: 900 }).map((days) => addDays('2022-12-01', days)),
    );
    const percents = fc.integer({ min: 0, max: 10_000 }).map((hundredths) => hundredths / 100);
    const texts = fc.string({ unit: 'binary', maxLength: 40 });
    const byDate = <T extends { date: string }>(points: fc.Arbitrary<T>) =>
      fc
        .uniqueArray(points, { maxLength: 6, selector: ({ date }) => date })
        .map((all) => all.sort((one, other) => (one.date < other.date ? -1 : 1)));
    const actual = fc
      .record({
        date: dates,
        bounds: fc
          .tuple(percents, percents, percents)
          .map((three) => three.sort((one, other) => one - other)),
        isKnown: fc.boolean(),
        qualifier: fc.constantFrom('exact' as const, 'about' as const, 'between' as const, 'nearly' as const),
        stated: fc.option(texts),
      })
      .map(({ bounds: [low = 0, percent = 0, high = 0], isKnown, ...rest }) => ({
        ...rest,
        low,
        high,
        percent: isKnown ? percent : null,
      }));
    const planned = fc.record({ date: dates, percent: percents });
    const gaps = fc.integer({ min: -10_000, max: 10_000 });
    const curves = fc.record({
      title: texts,
      locale: fc.constantFrom('zh' as const, 'en' as const),
      asOf: dates,
      planned: byDate(planned),
      plannedBy: fc.constantFrom(
        'plan' as const,
        'period' as const,
        'children' as const,
        'assumedChildren' as const,
      ),
      actual: byDate(actual),
      forecast: byDate(planned),
      comparison: fc.option(
        fc.record({
          planned: percents,
          gap: fc.option(fc.record({ points: gaps, low: gaps, high: gaps })),
        }),
      ),
      finish: fc.option(
        fc.record({
          forecast: fc.option(dates),
          earliest: fc.option(dates),
          latest: fc.option(dates),
          daysLate: fc.option(fc.integer({ min: -9_999, max: 9_999 })),
          isFinished: fc.boolean(),
        }),
      ),
      milestones: fc.array(
        fc.record({ title: texts, dueDate: fc.option(dates), dateMet: fc.option(dates) }),
        { maxLength: 6 },
      ),
      note: fc.option(texts),
    });
    fc.assert(
      fc.property(curves, (curve) => {
        const svg = sCurve(curve);
        expectWellFormed(svg);
        expectSelfContained(svg);
      }),
      { numRuns: 150 },
    );
  });
});
