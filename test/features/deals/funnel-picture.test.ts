import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DealFacts } from '../../../src/features/deals/deal.ts';
import { FunnelTally } from '../../../src/features/deals/funnel.ts';
import { dealFunnel, drawnCurrencies } from '../../../src/features/deals/funnel-picture.ts';
import { pictureOf } from '../../../src/features/deals/picture.ts';
import type { PictureLocale } from '../../../src/features/pictures/index.ts';
import { descriptionOf, expectSelfContained, expectWellFormed, rowsOf, textsOf } from '../pictures/svg.ts';
import { deals } from './arbitrary.ts';
import { agreement, facts, line, party, setTo, unnamed, worth } from './facts.ts';

const asOf = '2023-06-30';

function drawn(
  all: readonly DealFacts[],
  locale: PictureLocale = 'zh',
  { title = '天马山街道', isIllustrative = false } = {},
): string {
  const tally = new FunnelTally({ asOf, compareTo: null, currency: null });
  for (const each of all) tally.add(each);
  const name = { title, translations: { en: { title: 'Tianmashan' } } };
  const clocks = { today: asOf, asOf, knownAt: null };
  const found = { within: null, withinProject: null, name, clocks, funnel: tally.funnel(), isIllustrative };
  return dealFunnel(pictureOf(found, locale));
}

/** What belongs to one stage, or to one sum of money. */
function groups(svg: string): string[] {
  return [...svg.matchAll(/<g><title>[\s\S]*?<\/g>/g)].map(([group]) => group);
}

const reference = [
  facts(
    unnamed('in-talks', 6, [{ stage: 'inTalks', asOf }]),
    party('xianghejian', [{ stage: 'frameworkSigned', asOf }]),
    agreement('framework', 'framework', { by: asOf }),
    line('start-up', [{ status: 'sought', asOf }]),
  ),
  facts(party('dayang'), party('yuyuan')),
];

describe('the picture of a funnel', () => {
  test('has a row for each stage with who is there, who ever was and who went on, and says what is unknown', () => {
    expect(groups(drawn(reference)).map(textsOf)).toEqual([
      ['线索', '0', '1', '100%', '0'],
      ['洽谈中', '0', '1', '100%', '6'],
      ['已签框架协议', '1', '1', '0%', '1', '1', '金额未知'],
      ['已签合同', '0', '0', '0'],
      ['资金到位', '0', '0', '0'],
      ['已开工', '0', '0', '0'],
      ['已运营', '0', '0', '0'],
      ['已中止', '0', '0'],
      ['争取中', '金额未知'],
      ['已承诺', '未提及'],
      ['已到位', '未提及'],
    ]);
    expect(textsOf(drawn(reference))).toEqual(expect.arrayContaining(['阶段未知', '资金（人民币）']));
  });

  test('draws an unknown amount as unknown, a bound as a bound and nothing said as nothing', () => {
    const money = facts(
      line('a', [
        { status: 'sought', asOf, amountMinor: 9_000_000_000, qualifier: 'atLeast' },
        { status: 'arrived', asOf, amountMinor: 9_000_000_000 },
      ]),
    );
    const [sought = '', committed = '', arrived = ''] = groups(drawn([money], 'en')).slice(-3);
    expect(textsOf(sought)).toEqual(['sought', '≥ CNY 90 million']);
    expect(sought).toMatch(/class="solid"[^>]* width="145.6"/);
    expect(sought).toMatch(/width="36.4" fill="url\(#[^)]*-hatch\)"/);
    expect(committed).not.toMatch(/solid|url/);
    expect(textsOf(arrived)).toEqual(['arrived', 'CNY 90 million']);
    expect(arrived).not.toContain('url');
    const [unknown = ''] = groups(drawn(reference)).slice(-3);
    expect(unknown).toMatch(/width="182" fill="url\(#[^)]*-silence\)"/);
  });

  test('marks deals that are in a stage because somebody set it', () => {
    const texts = textsOf(drawn([...reference, facts(party('a'), setTo('started', asOf))], 'en'));
    expect(texts).toEqual(
      expect.arrayContaining(['1*', '* with deals whose stage was set by hand, 1 in all.']),
    );
  });

  test('adds no currencies up, and counts those for which there is no room', () => {
    const many = ['CNY', 'EUR', 'GBP', 'JPY', 'USD'].map((currency, index) =>
      line(`l${index}`, [{ status: 'committed', asOf, amountMinor: 100 }], currency),
    );
    const signed = agreement('a', 'lease', { on: asOf }, worth(123_456_789.12));
    const dollars = agreement('b', 'lease', { on: asOf }, { ...worth(123_456_789.12), valueCurrency: 'USD' });
    const texts = textsOf(drawn([facts(...many, signed, dollars)], 'en'));
    expect(texts.filter((text) => text.startsWith('money ('))).toHaveLength(drawnCurrencies);
    expect(texts).toContain('and 2 more currencies');
    expect(texts).toContain('2 currencies');
  });

  test('without deals says so', () => {
    expect(textsOf(drawn([])).slice(1)).toEqual(['截至2023-06-30 · 共0个合作项目', '没有合作项目']);
    expect(textsOf(drawn([], 'en')).at(-1)).toBe('no deals');
  });

  test('describes itself, and holds its figures as a table', () => {
    const svg = drawn(reference, 'en', { isIllustrative: true });
    expect(descriptionOf(svg)).toBe(
      'as of 2023-06-30, 2 deals. framework signed 1. sought amount unknown. illustrative data, not published',
    );
    expect(rowsOf(svg)[2]).toBe(
      'stage="frameworkSigned" deals="1" setDeals="0" parties="1" reached="1" unknownAges="1" share="0" low="0"',
    );
    expect(rowsOf(svg).at(-1)).toBe('money="sought" currency="CNY" low="0" unknown="1"');
  });

  test('does not grow with the deals, and is the same for the same', () => {
    const many = Array.from({ length: 200 }, () => reference).flat();
    expect(drawn(many).length).toBeLessThan(drawn(reference).length + 200);
    expect(drawn(many)).toBe(drawn(many));
  });

  test('is well-formed, self-contained and shows no figure in part, whatever the deals', () => {
    const some = fc.array(deals, { maxLength: 5 });
    const titles = fc.string({ unit: 'binary', maxLength: 40 });
    fc.assert(
      fc.property(some, titles, fc.constantFrom('zh' as const, 'en' as const), (all, title, locale) => {
        const svg = drawn(all, locale, { title });
        expectWellFormed(svg);
        expectSelfContained(svg);
        expect(textsOf(svg).slice(2).join()).not.toContain('…');
      }),
      { numRuns: 50 },
    );
  });
});
