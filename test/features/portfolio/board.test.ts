import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Board,
  type BoardRow,
  boardRowsAtMost,
  portfolioBoard,
} from '../../../src/features/portfolio/board.ts';
import { lights } from '../../../src/formulas/traffic-light.ts';
import { qualifiers } from '../../../src/shared/qualified-value.ts';
import { descriptionOf, expectSelfContained, expectWellFormed, rowsOf, textsOf } from '../pictures/svg.ts';

function row(title: string, percent: number | null, more: Partial<BoardRow> = {}): BoardRow {
  return {
    title,
    percent,
    low: percent ?? 0,
    high: percent ?? 100,
    qualifier: percent === null ? 'between' : 'exact',
    stated: null,
    light: null,
    planned: null,
    gap: null,
    silentDays: 3,
    ...more,
  };
}

const yueping = row('岳屏社区老旧小区改造项目', 85, {
  high: 100,
  qualifier: 'atLeast',
  stated: '85%以上',
  light: 'green',
  planned: 49.59,
  gap: 35.41,
});

const board: Board = {
  title: '天马山街道重点项目',
  locale: 'zh',
  asOf: '2023-06-30',
  counts: { green: 1, yellow: 1, red: 0, grey: 2, none: 1 },
  projects: 5,
  whole: { percent: 85, low: 56.67, high: 90, qualifier: 'between', coverage: 0.6667 },
  rows: [
    yueping,
    row('湘核建城市更新项目', 70.41, { light: 'yellow', planned: 83.33, gap: -12.92 }),
    row('达春洗浴中心项目', 20, { light: 'grey', planned: 60, gap: -40, silentDays: 40 }),
    row('鑫乐途汽车修配中心项目', null, { light: 'grey', silentDays: null }),
    row('岳屏社区食堂', 100),
  ],
  note: null,
};

/** What belongs to one project. */
function rowGroups(svg: string): string[] {
  return [...svg.matchAll(/<g><title>[\s\S]*?<\/g>/g)].map(([group]) => group);
}

describe('the portfolio board', () => {
  it('has a row for each project with its figure and its gap', () => {
    expect(rowGroups(portfolioBoard(board)).map(textsOf)).toEqual([
      ['岳屏社区老旧小区改造项目', '85%以上', '≥ +35.41'],
      ['湘核建城市更新项目', '70.41%', '−12.92'],
      ['达春洗浴中心项目', '20%', '40天未报告'],
      ['鑫乐途汽车修配中心项目', '暂无报告', '从未报告'],
      ['岳屏社区食堂', '100%'],
    ]);
    expect(rowGroups(portfolioBoard({ ...board, locale: 'en' })).map(textsOf)).toEqual([
      ['岳屏社区老旧小区改造项目', 'at least 85%', '≥ +35.41'],
      ['湘核建城市更新项目', '70.41%', '−12.92'],
      ['达春洗浴中心项目', '20%', 'silent 40 days'],
      ['鑫乐途汽车修配中心项目', 'not yet reported', 'never reported'],
      ['岳屏社区食堂', '100%'],
    ]);
  });

  it('says of a gap that is a bound that it is one', () => {
    const rows = [
      row('甲', 85, { high: 100, qualifier: 'atLeast', planned: 100, gap: -15 }),
      row('乙', 50, { low: 0, qualifier: 'nearly', planned: 87.4, gap: -37.4 }),
      row('丙', 80, { high: 100, qualifier: 'atLeast', planned: 80, gap: 0 }),
    ];
    const gaps = rowGroups(portfolioBoard({ ...board, rows })).map((group) => textsOf(group).at(-1));
    expect(gaps).toEqual(['≥ −15', '≤ −37.4', '≥ 0']);
  });

  it('counts the lights, and all together', () => {
    const texts = textsOf(portfolioBoard(board));
    expect(texts.slice(0, 7)).toEqual([
      '天马山街道重点项目',
      '截至2023-06-30 · 共5个项目',
      '正常 1',
      '滞后 1',
      '严重滞后 0',
      '未按时报告 2',
      '无灯 1',
    ]);
    expect(texts).toEqual(expect.arrayContaining(['总体', '85%（56.67%～90%）', '覆盖66.67%']));
    expect(textsOf(portfolioBoard({ ...board, whole: null }))).not.toContain('总体');
  });

  it('tells each light by a shape of its own, not by its colour alone', () => {
    const shapes = [...lights, null].map((light) => {
      const [group = ''] = rowGroups(portfolioBoard({ ...board, rows: [{ ...yueping, light }] }));
      const sign = group.split('\n')[1] ?? '';
      return sign.replace(/ (?:class|fill|stroke)="[^"]*"/g, '');
    });
    expect(new Set(shapes).size).toBe(5);
  });

  it('draws a bound as a bound and silence as silence', () => {
    const [bound = '', , , silent = ''] = rowGroups(portfolioBoard(board));
    expect(bound).toMatch(/<rect class="solid" x="322" y="180" height="14" width="170"/);
    expect(bound).toMatch(/<rect x="492" y="180" height="14" width="30" fill="url\(#[^)]*-hatch\)"/);
    expect(silent).toMatch(/<rect x="322" y="282" height="14" width="200" fill="url\(#[^)]*-silence\)"/);
    expect(silent).not.toContain('class="mark"');
  });

  it('points to what was planned where there is a plan', () => {
    const pointers = rowGroups(portfolioBoard(board)).map((group) => /class="quiet" d="M/.test(group));
    expect(pointers).toEqual([true, true, true, false, false]);
    expect(textsOf(portfolioBoard(board))).toContain('计划');
    expect(textsOf(portfolioBoard({ ...board, rows: [row('食堂', 100)] }))).not.toContain('计划');
  });

  it('never cuts a figure short', () => {
    const longest = { percent: 56.66, low: 33.33, high: 66.66, qualifier: 'between' as const };
    const rows = [row('甲', 56.66, longest), row('乙', 85, { stated: '基本完成百分之八十五以上' })];
    for (const locale of ['zh', 'en'] as const) {
      expect(textsOf(portfolioBoard({ ...board, locale, rows })).join()).not.toContain('…');
    }
  });

  it('counts the rows that a page does not hold', () => {
    const rows = Array.from({ length: boardRowsAtMost + 3 }, (_, index) => row(`第${index + 1}号`, index));
    const svg = portfolioBoard({ ...board, rows, projects: 1_234 });
    expect(rowGroups(svg)).toHaveLength(boardRowsAtMost);
    expect(textsOf(svg).at(-1)).toBe(`另有${1_234 - boardRowsAtMost}个项目未列出`);
    expect(textsOf(portfolioBoard({ ...board, rows, projects: 1_234, locale: 'en' })).at(-1)).toBe(
      `and ${1_234 - boardRowsAtMost} more`,
    );
    expect(textsOf(portfolioBoard(board)).at(-1)).toBe('100%');
  });

  it('without projects says so', () => {
    expect(textsOf(portfolioBoard({ ...board, rows: [], projects: 0, whole: null })).at(-1)).toBe('没有项目');
  });

  it('shortens long titles and keeps the whole of them for whoever asks', () => {
    const title = '天马山街道岳屏社区老旧小区改造项目'.repeat(5);
    const svg = portfolioBoard({ ...board, title, rows: [{ ...yueping, title }] });
    expect(textsOf(svg)[0]).toMatch(/…$/u);
    expect(textsOf(rowGroups(svg)[0] ?? '')[0]).toMatch(/^天马山街道岳屏社区.{3,9}…$/u);
    expect(svg).toContain(`<title>${title}，正常，85%以上，≥ +35.41</title>`);
  });

  it('describes itself and holds its figures as a table', () => {
    const svg = portfolioBoard({ ...board, note: '示例数据' });
    expect(descriptionOf(svg)).toBe(
      '截至2023-06-30，共5个项目，正常 1，滞后 1，严重滞后 0，未按时报告 2，无灯 1。总体 85%（56.67%～90%）。示例数据',
    );
    expect(rowsOf(svg)[0]).toBe(
      'title="岳屏社区老旧小区改造项目" light="green" percent="85" low="85" high="100" qualifier="atLeast" ' +
        'stated="85%以上" planned="49.59" gap="35.41" silentDays="3"',
    );
    expect(rowsOf(svg)[3]).toBe(
      'title="鑫乐途汽车修配中心项目" light="grey" low="0" high="100" qualifier="between"',
    );
  });

  it('has the same text for the same board', () => {
    expect(portfolioBoard({ ...board })).toBe(portfolioBoard({ ...board }));
  });

  it('is well-formed and self-contained whatever the titles hold', () => {
    const percents = fc.integer({ min: 0, max: 10_000 }).map((hundredths) => hundredths / 100);
    const texts = fc.string({ unit: 'binary', maxLength: 40 });
    const rows = fc.record({
      title: texts,
      percent: fc.option(percents),
      qualifier: fc.constantFrom(...qualifiers, 'between' as const),
      stated: fc.option(texts),
      light: fc.option(fc.constantFrom(...lights)),
      planned: fc.option(percents),
      gap: fc.option(percents),
      silentDays: fc.option(fc.nat()),
    });
    const boards = fc.record({
      title: texts,
      note: fc.option(texts),
      locale: fc.constantFrom('zh' as const, 'en' as const),
      rows: fc.array(rows, { maxLength: 4 }),
    });
    fc.assert(
      fc.property(boards, ({ rows: told, ...more }) => {
        const svg = portfolioBoard({
          ...board,
          ...more,
          rows: told.map((each) => ({ ...yueping, ...each })),
        });
        expectWellFormed(svg);
        expectSelfContained(svg);
      }),
      { numRuns: 100 },
    );
  });
});
