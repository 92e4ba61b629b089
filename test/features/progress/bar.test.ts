import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ProgressBar, progressBar } from '../../../src/features/progress/bar.ts';
import { qualifiers } from '../../../src/shared/qualified-value.ts';

const exact: ProgressBar = {
  title: '岳屏社区老旧小区改造项目',
  percent: 85,
  low: 85,
  high: 85,
  qualifier: 'exact',
  stated: null,
  asOf: '2023-06-30',
  locale: 'zh',
  basis: 'report',
  coverage: 1,
  disagreement: null,
};
const atLeast: ProgressBar = { ...exact, high: 100, qualifier: 'atLeast', stated: '85%以上' };
const between: ProgressBar = {
  ...exact,
  low: 56.67,
  high: 90,
  qualifier: 'between',
  basis: 'children',
  coverage: 0.6667,
};
const unknown: ProgressBar = {
  ...exact,
  percent: null,
  low: 0,
  high: 100,
  qualifier: 'between',
  basis: null,
  coverage: 0,
};

/** The texts that are seen: title, label, caption. */
function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map((match) => match[1] ?? '');
}

function labelOf(bar: ProgressBar): string | undefined {
  return textsOf(progressBar(bar))[1];
}

function widthOf(svg: string, fill: RegExp): number {
  const rect = [...svg.matchAll(/<rect [^>]*>/g)]
    .map(([tag]) => tag)
    .find((tag) => fill.test(tag) && / y="44"/.test(tag));
  return Number(/ width="([\d.]+)"/.exec(rect ?? '')?.[1] ?? 0);
}

const solid = /class="solid"/;
const hatched = /fill="url\(#[^)]*-hatch\)"/;

describe('the progress bar', () => {
  it('draws 85%以上 solid to 85, hatched from there to 100, unlike exactly 85', () => {
    expect(widthOf(progressBar(atLeast), solid)).toBe(516.8);
    expect(widthOf(progressBar(atLeast), hatched)).toBe(91.2);
    expect(widthOf(progressBar(exact), solid)).toBe(516.8);
    expect(widthOf(progressBar(exact), hatched)).toBe(0);
  });

  it('draws "nearly 90" with nothing solid, for nothing below 90 is vouched for', () => {
    const svg = progressBar({ ...exact, percent: 90, low: 0, high: 90, qualifier: 'nearly' });
    expect(widthOf(svg, solid)).toBe(0);
    expect(widthOf(svg, hatched)).toBe(547.2);
  });

  it('marks "about" with a dashed line', () => {
    expect(progressBar({ ...exact, qualifier: 'about' })).toContain('stroke-dasharray');
    expect(progressBar(exact)).not.toContain('stroke-dasharray');
  });

  it('draws silence hatched from end to end, without a mark, and not as 0', () => {
    const svg = progressBar(unknown);
    expect(widthOf(svg, hatched)).toBe(608);
    expect(widthOf(svg, solid)).toBe(0);
    expect(svg).not.toContain('class="mark"');
    expect(textsOf(svg)[1]).toBe('暂无报告');
    const zero = progressBar({ ...exact, percent: 0, low: 0, high: 0 });
    expect(zero).toContain('class="mark"');
    expect(widthOf(zero, hatched)).toBe(0);
    expect(textsOf(zero)[1]).toBe('0%');
  });

  it('is full at exactly 100 and never below', () => {
    expect(widthOf(progressBar({ ...exact, percent: 100, low: 100, high: 100 }), solid)).toBe(608);
    const almost = { ...exact, percent: 99.99, low: 99.99, high: 99.99 };
    expect(widthOf(progressBar(almost), solid)).toBeLessThan(608);
    expect(labelOf(almost)).toBe('99.99%');
  });

  it.each([
    ['exact', '85%', '85%'],
    ['atLeast', '85%以上', 'at least 85%'],
    ['moreThan', '超85%', 'over 85%'],
    ['atMost', '不超过85%', 'at most 85%'],
    ['lessThan', '不足85%', 'under 85%'],
    ['nearly', '近85%', 'nearly 85%'],
    ['about', '约85%', 'about 85%'],
    ['between', '85%（85%～85%）', '85% (85–85%)'],
  ] as const)('says %s as %s and %s', (qualifier, chinese, english) => {
    expect(labelOf({ ...exact, qualifier })).toBe(chinese);
    expect(labelOf({ ...exact, qualifier, locale: 'en' })).toBe(english);
  });

  it('says the figure as it was said, in the language it was said in', () => {
    expect(labelOf({ ...atLeast, stated: '八成五以上' })).toBe('八成五以上');
    expect(labelOf({ ...atLeast, stated: '八成五以上', locale: 'en' })).toBe('at least 85%');
    expect(labelOf({ ...atLeast, stated: '>= 85 %', locale: 'en' })).toBe('&gt;= 85 %');
    expect(labelOf({ ...between, stated: '85%以上' })).toBe('85%（56.67%～90%）');
  });

  it('tells the day, the source and what is not covered', () => {
    expect(textsOf(progressBar(between))[2]).toBe('截至2023-06-30 · 依据下级汇总 · 覆盖66.67%');
    expect(textsOf(progressBar({ ...atLeast, locale: 'en' }))[2]).toBe(
      'as of 2023-06-30 · from its own report',
    );
    expect(textsOf(progressBar({ ...unknown, asOf: null }))[2]).toBe('');
    expect(textsOf(progressBar({ ...between, disagreement: 35 }))[2]).toContain('各来源相差 35 个百分点');
  });

  it('has a name and a description for those who do not see it', () => {
    const svg = progressBar(atLeast);
    const id = /<svg [^>]*id="([^"]+)"/.exec(svg)?.[1];
    expect(svg).toContain(`role="img" aria-labelledby="${id}-title ${id}-desc"`);
    expect(svg).toContain(`<title id="${id}-title">岳屏社区老旧小区改造项目</title>`);
    expect(svg).toContain(`<desc id="${id}-desc">进度：85%以上。截至2023-06-30 · 依据本级填报</desc>`);
  });

  it('shortens a long title and keeps the whole of it in its name', () => {
    const title = '天马山街道岳屏社区老旧小区改造项目'.repeat(4);
    const svg = progressBar({ ...atLeast, title });
    expect(textsOf(svg)[0]).toMatch(/^天马山街道岳屏社区.{15,25}…$/u);
    expect(svg).toContain(`>${title}</title>`);
    expect(textsOf(progressBar({ ...exact, title: '👨‍👩‍👧‍👦'.repeat(60) }))[0]).toMatch(/^(?:👨‍👩‍👧‍👦)+…$/u);
  });

  it('loads nothing and runs nothing', () => {
    const svg = progressBar({ ...atLeast, title: '<script>alert(1)</script>"\'&' });
    expect(svg).not.toMatch(/<script|<image|<foreignObject|href|@import|url\((?!#)/);
    expect(svg).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;');
  });

  it('follows the dark choice of the reader on a screen and is light in print', () => {
    expect(progressBar(exact)).toContain('@media screen and (prefers-color-scheme:dark)');
  });

  it('keeps text at a contrast of at least 4.5 to its paper, light and dark', () => {
    const svg = progressBar(exact);
    const light = (name: string) =>
      new RegExp(`class="${name}"[^>]*fill="(#[0-9a-f]{6})"`).exec(svg)?.[1] ?? '';
    const dark = (name: string) => new RegExp(`\\.${name}\\{fill:(#[0-9a-f]{6})`).exec(svg)?.[1] ?? '';
    for (const colour of [light, dark]) {
      for (const name of ['ink', 'quiet']) {
        expect(contrast(colour(name), colour('paper'))).toBeGreaterThanOrEqual(4.5);
      }
      expect(contrast(colour('solid'), colour('track'))).toBeGreaterThanOrEqual(3);
    }
  });

  it('does not share ids with another bar, and has the same text for the same bar', () => {
    expect(progressBar({ ...exact })).toBe(progressBar({ ...exact }));
    const idsOf = (bar: ProgressBar) =>
      [...progressBar(bar).matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
    expect(new Set([...idsOf(exact), ...idsOf(atLeast)]).size).toBe(12);
  });

  it('is well-formed whatever the title holds', () => {
    const bars = fc.record({
      title: fc.string({ unit: 'binary', maxLength: 80 }),
      percent: fc.option(fc.integer({ min: 0, max: 10_000 }).map((hundredths) => hundredths / 100)),
      qualifier: fc.constantFrom(...qualifiers, 'between' as const),
      stated: fc.option(fc.string({ unit: 'binary', maxLength: 30 })),
      locale: fc.constantFrom('zh' as const, 'en' as const),
    });
    fc.assert(
      fc.property(bars, (bar) => {
        const svg = progressBar({ ...exact, ...bar });
        expect(svg.isWellFormed()).toBe(true);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML forbids
        expect(svg).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
        expect(svg.replace(/<[a-zA-Z/][^<>]*>/g, '').replace(/&(?:amp|lt|gt|quot|#39);/g, '')).not.toMatch(
          /[<>&]/,
        );
      }),
    );
  });
});

function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Relative luminance as in WCAG 2.2. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const channel = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
