import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Qualifier, qualifiers } from '../../src/shared/qualified-value.ts';
import { readStatedAmount, readStatedPercent } from '../../src/shared/stated.ts';

function percentOf(text: string): [number, Qualifier] | string {
  const read = readStatedPercent(text);
  return read.ok ? [read.percentHundredths, read.qualifier] : read.reason;
}

function amountOf(text: string): [bigint, number, string | null, Qualifier] | string {
  const read = readStatedAmount(text);
  return read.ok ? [read.digits, read.decimals, read.unit, read.qualifier] : read.reason;
}

describe('a stated percent', () => {
  it.each([
    ['85%', 8500, 'exact'],
    ['85％', 8500, 'exact'],
    ['８５％', 8500, 'exact'],
    ['８５．５％', 8550, 'exact'],
    [' 85 % ', 8500, 'exact'],
    ['85.25%', 8525, 'exact'],
    ['85.500%', 8550, 'exact'],
    ['0%', 0, 'exact'],
    ['100%', 10000, 'exact'],
    ['99.99%', 9999, 'exact'],
    ['85%以上', 8500, 'atLeast'],
    ['85%及以上', 8500, 'atLeast'],
    ['85%（含）以上', 8500, 'atLeast'],
    ['85％ 以上', 8500, 'atLeast'],
    ['85 %　以 上', 8500, 'atLeast'],
    ['不少于85%', 8500, 'atLeast'],
    ['不低于85%', 8500, 'atLeast'],
    ['至少85%', 8500, 'atLeast'],
    ['超85%', 8500, 'moreThan'],
    ['超过85%', 8500, 'moreThan'],
    ['突破85%', 8500, 'moreThan'],
    ['85%多', 8500, 'moreThan'],
    ['85%余', 8500, 'moreThan'],
    ['80多%', 8000, 'moreThan'],
    ['近90%', 9000, 'nearly'],
    ['接近90%', 9000, 'nearly'],
    ['将近九成', 9000, 'nearly'],
    ['约85%', 8500, 'about'],
    ['約85%', 8500, 'about'],
    ['大约85%', 8500, 'about'],
    ['85%左右', 8500, 'about'],
    ['85%上下', 8500, 'about'],
    ['不足85%', 8500, 'lessThan'],
    ['不到85%', 8500, 'lessThan'],
    ['85%不到', 8500, 'lessThan'],
    ['不超过85%', 8500, 'atMost'],
    ['至多85%', 8500, 'atMost'],
    ['最多85%', 8500, 'atMost'],
    ['85%以下', 8500, 'atMost'],
    ['85%以内', 8500, 'atMost'],
    ['百分之八十五', 8500, 'exact'],
    ['百分之八十五以上', 8500, 'atLeast'],
    ['百分之八十五点五', 8550, 'exact'],
    ['超过百分之八十', 8000, 'moreThan'],
    ['百分之85', 8500, 'exact'],
    ['百分之 八十五', 8500, 'exact'],
    ['百分之百', 10000, 'exact'],
    ['百分之一百', 10000, 'exact'],
    ['百分之零点五', 50, 'exact'],
    ['百分之十', 1000, 'exact'],
    ['八成', 8000, 'exact'],
    ['8成', 8000, 'exact'],
    ['八成五', 8500, 'exact'],
    ['8成5', 8500, 'exact'],
    ['八成半', 8500, 'exact'],
    ['8.5成', 8500, 'exact'],
    ['八点五成', 8500, 'exact'],
    ['两成', 2000, 'exact'],
    ['十成', 10000, 'exact'],
    ['八成以上', 8000, 'atLeast'],
    ['超八成', 8000, 'moreThan'],
    ['八成五以上', 8500, 'atLeast'],
    ['八成多', 8000, 'moreThan'],
    ['八成左右', 8000, 'about'],
    ['完成85%', 8500, 'exact'],
    ['已完成85%以上', 8500, 'atLeast'],
    ['达到85%', 8500, 'exact'],
    ['约完成85%', 8500, 'about'],
    ['at least 85%', 8500, 'atLeast'],
    ['At Least 85 %', 8500, 'atLeast'],
    ['no less than 85%', 8500, 'atLeast'],
    ['85% or more', 8500, 'atLeast'],
    ['about 85 %', 8500, 'about'],
    ['approx. 85%', 8500, 'about'],
    ['over 85%', 8500, 'moreThan'],
    ['more than 85 percent', 8500, 'moreThan'],
    ['less than 85 per cent', 8500, 'lessThan'],
    ['nearly 90%', 9000, 'nearly'],
    ['at most 85%', 8500, 'atMost'],
    ['up to 85%', 8500, 'atMost'],
    ['85% complete', 8500, 'exact'],
    ['85% at least', 8500, 'atLeast'],
    ['85%以上。', 8500, 'atLeast'],
    ['>=85%', 8500, 'atLeast'],
    ['>= 85%', 8500, 'atLeast'],
    ['≥85%', 8500, 'atLeast'],
    ['＞85%', 8500, 'moreThan'],
    ['<=85%', 8500, 'atMost'],
    ['≤85%', 8500, 'atMost'],
    ['<85%', 8500, 'lessThan'],
    ['~85%', 8500, 'about'],
    ['～85%', 8500, 'about'],
    ['≈85%', 8500, 'about'],
    ['100%以上', 10000, 'atLeast'],
    ['不足100%', 10000, 'lessThan'],
  ] as const)('reads %j', (text, percentHundredths, qualifier) => {
    expect(percentOf(text)).toEqual([percentHundredths, qualifier]);
  });

  it.each([
    ['', /nothing is said/],
    ['   ', /nothing is said/],
    ['完成', /holds no number.*100%/],
    ['全部完成', /holds no number.*100%/],
    ['85', /no percent sign.*85%/],
    ['0.85', /no percent sign/],
    ['八十五', /no percent sign/],
    ['85以上', /no percent sign/],
    ['563户', /is in 户, not a percent/],
    ['1.29亿元', /is in 元, not a percent/],
    ['85.123%', /at most two decimals/],
    ['百分之八十五点一二三', /at most two decimals/],
    ['101%', /at most 100%/],
    ['100.01%', /at most 100%/],
    ['十二成', /at most 100%/],
    ['85万%', /at most 100%/],
    ['百分之二百', /at most 100%/],
    ['超100%', /cannot be more than 100%/],
    ['不足0%', /cannot be less than 0%/],
    ['-5%', /negative/],
    ['−5%', /negative/],
    ['－5％', /negative/],
    ['负5%', /negative/],
    ['minus 5%', /negative/],
    ['约-5%', /negative/],
    ['80%-90%', /range/],
    ['80-90%', /range/],
    ['80％～90％', /range/],
    ['80%—90%', /range/],
    ['80%至90%', /range/],
    ['80到90%', /range/],
    ['八成到九成', /range/],
    ['between 80 and 90%', /range/],
    ['80 to 90%', /range/],
    ['七八成', /certainty/],
    ['85%、90%', /more than one number/],
    ['85%,90%', /more than one number/],
    ['A区85%B区90%', /more than one number/],
    ['8 5%', /space between two digits/],
    ['八 五%', /space between two digits/],
    ['约80%以上', /more than once \(约, 以上\)/],
    ['超过85%以上', /more than once/],
    ['至少85%以上', /more than once/],
    ['近85%左右', /more than once/],
    ['约85%左右', /more than once/],
    ['about over 85%', /more than once/],
    ['80多%以上', /more than once/],
    ['85%以上以上', /more than once/],
    ['三分之二', /fraction/],
    ['2/3', /fraction/],
    ['½', /fraction/],
    ['千分之五', /fraction/],
    ['5‰', /per mille/],
    ['85个百分点', /points/],
    ['085%', /certainty/],
    ['.5%', /certainty/],
    ['5.%', /certainty/],
    ['85,5%', /certainty/],
    ['1,00%', /certainty/],
    ['8.5.0%', /certainty/],
    ['85²%', /./],
    ['①%', /./],
    ['百分之八五', /certainty/],
    ['百分之85%', /certainty/],
    ['八十五成五', /at most 100%/],
    ['8.5成5', /more than one number/],
    ['85%%', /certainty/],
    ['未完成85%', /certainty/],
    ['还剩15%', /certainty/],
    ['剩余15%', /certainty/],
    ['超额完成85%', /certainty/],
    ['预计完成85%', /certainty/],
    ['增长19.2%', /certainty/],
    ['85%的工程量', /certainty/],
    ['85%未完成', /certainty/],
    ['85% of nothing', /certainty/],
    ['85+%', /certainty/],
    ['85%?', /certainty/],
    ['=85%', /certainty/],
    ['大半', /holds no number/],
    ['几成', /holds no number/],
    ['八成几', /certainty/],
    ['\u202e58%', /certainty/],
    ['٨٥%', /holds no number/],
    ['NaN%', /holds no number/],
    [`${'9'.repeat(70)}%`, /at most 64 characters/],
  ])('refuses %j with the reason', (text, reason) => {
    expect(percentOf(text)).toMatch(reason);
  });
});

describe('a stated amount', () => {
  it.each([
    ['1.29亿元', 129_000_000n, 0, '元', 'exact'],
    ['1.29 亿元', 129_000_000n, 0, '元', 'exact'],
    ['1．29億元', 129_000_000n, 0, '元', 'exact'],
    ['2.94亿', 294_000_000n, 0, null, 'exact'],
    ['7092万', 70_920_000n, 0, null, 'exact'],
    ['4258.4万元', 42_584_000n, 0, '元', 'exact'],
    ['9000万以上', 90_000_000n, 0, null, 'atLeast'],
    ['9000万元以上', 90_000_000n, 0, '元', 'atLeast'],
    ['9000万元整', 90_000_000n, 0, '元', 'exact'],
    ['1亿2900万元', 129_000_000n, 0, '元', 'exact'],
    ['1亿500万', 105_000_000n, 0, null, 'exact'],
    ['3千万', 30_000_000n, 0, null, 'exact'],
    ['3 百万', 3_000_000n, 0, null, 'exact'],
    ['2万亿元', 2_000_000_000_000n, 0, '元', 'exact'],
    ['1.2万多户', 12_000n, 0, '户', 'moreThan'],
    ['20多万元', 200_000n, 0, '元', 'moreThan'],
    ['2000余人次', 2000n, 0, '人次', 'moreThan'],
    ['2000人次以上', 2000n, 0, '人次', 'atLeast'],
    ['超7000人', 7000n, 0, '人', 'moreThan'],
    ['约563户', 563n, 0, '户', 'about'],
    ['563户左右', 563n, 0, '户', 'about'],
    ['563户', 563n, 0, '户', 'exact'],
    ['563 户', 563n, 0, '户', 'exact'],
    ['316', 316n, 0, null, 'exact'],
    ['1,290', 1290n, 0, null, 'exact'],
    ['1，290', 1290n, 0, null, 'exact'],
    ['12,900,000.50元', 129_000_005n, 1, '元', 'exact'],
    ['3.25', 325n, 2, null, 'exact'],
    ['3.50小时', 35n, 1, '小时', 'exact'],
    ['0', 0n, 0, null, 'exact'],
    ['0.000', 0n, 0, null, 'exact'],
    ['3万平方米', 30_000n, 0, '平方米', 'exact'],
    ['30000m²', 30_000n, 0, 'm²', 'exact'],
    ['30000㎡', 30_000n, 0, 'm²', 'exact'],
    ['30000 m2', 30_000n, 0, 'm2', 'exact'],
    ['1.29亿元人民币', 129_000_000n, 0, '元人民币', 'exact'],
    ['500千瓦', 500n, 0, '千瓦', 'exact'],
    ['1.2亿千瓦时', 120_000_000n, 0, '千瓦时', 'exact'],
    ['3千户', 3000n, 0, '户', 'exact'],
    ['20 kW', 20n, 0, 'kW', 'exact'],
    ['十二个', 12n, 0, '个', 'exact'],
    ['两个', 2n, 0, '个', 'exact'],
    ['十余个', 10n, 0, '个', 'moreThan'],
    ['二十多万', 200_000n, 0, null, 'moreThan'],
    ['三百多户', 300n, 0, '户', 'moreThan'],
    ['一百零二人', 102n, 0, '人', 'exact'],
    ['二百五十', 250n, 0, null, 'exact'],
    ['两万五千', 25_000n, 0, null, 'exact'],
    ['一亿二千九百万元', 129_000_000n, 0, '元', 'exact'],
    ['十万零一十', 100_010n, 0, null, 'exact'],
    ['三万亿', 3_000_000_000_000n, 0, null, 'exact'],
    ['三点五亿', 350_000_000n, 0, null, 'exact'],
    ['二点九四千万', 29_400_000n, 0, null, 'exact'],
    ['零', 0n, 0, null, 'exact'],
    ['近28%', 28n, 0, '%', 'nearly'],
    ['19.2%', 192n, 1, '%', 'exact'],
    ['125.64%', 12_564n, 2, '%', 'exact'],
    ['at least 7,000 residents', 7000n, 0, 'residents', 'atLeast'],
    ['1.29 million yuan', 1_290_000n, 0, 'yuan', 'exact'],
    ['30000 square metres', 30_000n, 0, 'square metres', 'exact'],
    ['999999999999999', 999_999_999_999_999n, 0, null, 'exact'],
  ] as const)('reads %j', (text, digits, decimals, unit, qualifier) => {
    expect(amountOf(text)).toEqual([digits, decimals, unit, qualifier]);
  });

  it.each([
    ['1000000000000000', /more than 15 digits/],
    ['0.000000000000001', /more than 15 digits/],
    ['9999万亿', /more than 15 digits/],
    ['-316人', /negative/],
    ['100-200户', /range/],
    ['八十至九十户', /range/],
    ['316人93人', /more than one number/],
    ['316、93', /more than one number/],
    ['12,9', /certainty/],
    ['1,2900', /certainty/],
    ['1,290,5', /certainty/],
    ['1 290', /space between two digits/],
    ['万元', /holds no number/],
    ['千万', /holds no number/],
    ['百户', /certainty/],
    ['十几个', /certainty/],
    ['数十个', /certainty/],
    ['几百户', /certainty/],
    ['20来户', /certainty/],
    ['两三个', /certainty/],
    ['一百二', /certainty/],
    ['三万五', /certainty/],
    ['2万5', /certainty/],
    ['八五', /certainty/],
    ['十两', /certainty/],
    ['五千米', /certainty/],
    ['3十', /certainty/],
    ['5仟元', /certainty/],
    ['1.2兆元', /certainty/],
    ['3w', /certainty/],
    ['5k', /certainty/],
    ['3 dozen', /certainty/],
    ['3 thousands', /certainty/],
    ['129m yuan', /certainty/],
    ['¥129', /certainty/],
    ['1.29亿元(不含税)', /certainty/],
    ['85户未完', /certainty/],
    ['85 buildings not completed', /certainty/],
    ['八折', /certainty/],
    ['超千万元', /no number in digits/],
    ['1万2千', /certainty/],
    ['9000万以上元', /certainty/],
    ['1e5', /certainty|number/],
    ['0x1F', /certainty|number/],
    ['第3', /certainty/],
  ])('refuses %j with the reason', (text, reason) => {
    expect(amountOf(text)).toMatch(reason);
  });

  it('reads back every whole number spelt out in Chinese', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9999 }), (value) => {
        expect(amountOf(`${spelt(value)}户`)).toEqual([BigInt(value), 0, '户', 'exact']);
        expect(amountOf(`${spelt(value || 1)}亿`)).toEqual([
          BigInt(value || 1) * 100_000_000n,
          0,
          null,
          'exact',
        ]);
      }),
    );
  });
});

describe('any text', () => {
  const pieces = fc.constantFrom(
    ...[
      '超',
      '近',
      '约',
      '不足',
      '85',
      '9.5',
      '1,290',
      '%',
      '成',
      '五',
      '十',
      '百分之',
      '万',
      '亿',
      '多',
      '以上',
    ],
    ...[
      '左右',
      '户',
      ' ',
      '-',
      '至',
      '.',
      ',',
      '完成',
      'at least ',
      'over ',
      'million',
      '千',
      '瓦',
      '两',
      '点',
      '半',
    ],
  );
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces, { maxLength: 8 }).map((each) => each.join('')),
  );

  it('is read or refused, and a refusal has a reason', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const [percent, amount] = [readStatedPercent(text), readStatedAmount(text)];
        if (percent.ok) {
          expect(percent.percentHundredths).toBeGreaterThanOrEqual(0);
          expect(percent.percentHundredths).toBeLessThanOrEqual(10_000);
          expect(qualifiers).toContain(percent.qualifier);
        } else {
          expect(percent.reason.length).toBeGreaterThan(20);
        }
        if (amount.ok) expect(amount.digits >= 0n && amount.decimals >= 0 && amount.unit !== '').toBe(true);
        else expect(amount.reason.length).toBeGreaterThan(20);
      }),
      { numRuns: 5_000 },
    );
  });

  it('that is a percent is the same percent as an amount', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const [percent, amount] = [readStatedPercent(text), readStatedAmount(text)];
        if (!percent.ok || !amount.ok) return;
        expect(amount.unit).toBe('%');
        expect(amount.digits * 10n ** BigInt(2 - amount.decimals)).toBe(BigInt(percent.percentHundredths));
        expect(amount.qualifier).toBe(percent.qualifier);
      }),
      { numRuns: 5_000 },
    );
  });

  it('holds exactly the number that was composed into it', () => {
    const words = fc.constantFrom<readonly [string, string, Qualifier]>(
      ['', '', 'exact'],
      ['', '以上', 'atLeast'],
      ['超', '', 'moreThan'],
      ['不超过', '', 'atMost'],
      ['不足', '', 'lessThan'],
      ['接近', '', 'nearly'],
      ['', '左右', 'about'],
    );
    const scales = fc.constantFrom<readonly [string, bigint]>(
      ['', 1n],
      ['万', 10_000n],
      ['亿', 100_000_000n],
    );
    const hundredths = fc.integer({ min: 0, max: 9_999_99 });
    fc.assert(
      fc.property(hundredths, words, scales, (value, [before, after, qualifier], [name, factor]) => {
        const read = readStatedAmount(`${before}${(value / 100).toFixed(2)}${name}元${after}`);
        if (!read.ok) throw new Error(read.reason);
        expect(read.digits * 100n).toBe(BigInt(value) * factor * 10n ** BigInt(read.decimals));
        expect([read.unit, read.qualifier]).toEqual(['元', qualifier]);
      }),
    );
  });
});

/** 0 to 9,999 as it is spelt: a plain table, so that it shares nothing with what it tests. */
function spelt(value: number): string {
  if (value === 0) return '零';
  const digits = [...String(value).padStart(4, '0')].map((digit) => '零一二三四五六七八九'[Number(digit)]);
  return ['千', '百', '十', '']
    .map((unit, index) => (digits[index] === '零' ? '零' : digits[index] + unit))
    .join('')
    .replace(/零+/g, '零')
    .replace(/^零|零$/g, '')
    .replace(/^一十/, '十');
}
