/**
 * Reads a figure as people type it: 85%以上, 八成五, 百分之八十五, 1.29亿元, 1.2万多户, at least 85%. Exactly
 * or not at all: what has more than one meaning is refused with a reason that says what would be right. No
 * float is involved.
 *
 * Text is read after Unicode NFKC (８５％ is 85%). 万 is 10⁴ and 亿 is 10⁸. 以上, 以下 and 以内 include the
 * figure they follow, 超过 and 不满 do not (Civil Code of China, Article 1259).
 */
import type { PercentHundredths } from './percent.ts';
import type { Qualifier } from './qualified-value.ts';

export interface StatedPercent {
  ok: true;
  percentHundredths: PercentHundredths;
  qualifier: Qualifier;
}

/** The value is `digits` × 10^−`decimals`, with no more decimals than it takes. */
export interface StatedAmount {
  ok: true;
  digits: bigint;
  decimals: number;
  /**
   * As typed, 户 or 元 or m²; `%` for every way to say percent; null if none. Compare it before using the
   * value.
   */
  unit: string | null;
  qualifier: Qualifier;
}

export interface StatedRefusal {
  ok: false;
  /** A sentence for the person who typed it. */
  reason: string;
}

/**
 * Reads a percent of completion, 0 to 100 with at most two decimals. It must say percent: %, 成, 百分之 or
 * "percent". 85%以上 is 8,500 atLeast; 八成五 is 8,500 exact; a bare 85 is refused.
 */
export function readStatedPercent(text: string): StatedPercent | StatedRefusal {
  const figure = readFigure(text);
  if (!figure.ok) return { ...figure, reason: figure.reason.replace(/1000万元|1\.29亿元/g, '85%') };
  const { digits, decimals, unit, qualifier } = figure;
  const quoted = `“${shortened(text)}”`;
  if (unit === null) return refused(`${quoted} has no percent sign: write it, as in 85% or 85%以上`);
  if (unit !== '%') return refused(`${quoted} is in ${unit}, not a percent: write it as in 85%`);
  if (decimals > 2) return refused('a percent has at most two decimals: write it as in 85.25%');
  const hundredths = digits * 10n ** BigInt(2 - decimals);
  if (hundredths > 10_000n) return refused('progress is at most 100%: write a percent from 0% to 100%');
  if (hundredths === 10_000n && qualifier === 'moreThan') {
    return refused('progress cannot be more than 100%: write 100%');
  }
  if (hundredths === 0n && (qualifier === 'lessThan' || qualifier === 'nearly')) {
    return refused('progress cannot be less than 0%: write 0%');
  }
  return { ok: true, percentHundredths: Number(hundredths), qualifier };
}

/**
 * Reads an amount of anything, with or without a unit, not negative, of at most fifteen digits when written
 * out. 1.29亿元 is 129000000 元; 1.2万多户 is 12000 户 moreThan; 近28% is 28 % nearly.
 */
export function readStatedAmount(text: string): StatedAmount | StatedRefusal {
  const figure = readFigure(text);
  if (figure.ok && writtenOutLength(figure) > longestWrittenOut) {
    return refused(`the amount has more than ${longestWrittenOut} digits: write fewer, as in 1.29亿元`);
  }
  return figure;
}

const chineseOnes = '零〇一二两三四五六七八九';
const chineseNumerals = `${chineseOnes}十百千万亿`;

const longestText = 64;
const tooLong = `a figure has at most ${longestText} characters: write the figure alone, as in 85%以上`;
const spaceInNumber = 'there is a space between two digits: write one number, without spaces in it';
const longestWrittenOut = 15;

type Word = readonly [text: string, qualifier: Qualifier | null];

/** Words that may stand before the number. Those without a qualifier add nothing to it. */
const wordsBefore = vocabulary({
  atLeast:
    '不少于 不低于 不小于 不下于 至少 最少 起码 ≥ ≧ >= at_least no_less_than not_less_than no_fewer_than',
  moreThan: '超过了 超过 超出 超 过 突破了 突破 多于 大于 高于 逾 > more_than over above exceeding',
  atMost: '不超过 不多于 不大于 不高于 至多 最多 ≤ ≦ <= at_most no_more_than not_more_than up_to',
  lessThan: '不足 不到 不满 未满 未达到 未达 未到 少于 小于 低于 < less_than fewer_than under below',
  nearly: '接近于 接近 将近 逼近 近 nearly almost close_to',
  about: '大约 约为 约 大概 大致 ~ ≈ about around approximately approx. approx roughly circa ca.',
  neutral: '目前 累计 现已 已经 已 完成了 完成 达到了 达到 达',
});

/** Words that may stand after the number and its unit. */
const wordsAfter = vocabulary({
  atLeast: '(含)以上 及以上 或以上 以上 or_more or_above and_above or_higher at_least',
  moreThan: '有余 出头 多 余',
  atMost: '(含)以下 及以下 或以下 以下 以内 or_less or_below and_below or_lower or_fewer at_most',
  lessThan: '不到',
  about: '左右 上下 or_so',
  neutral: '整',
});

interface Numeral {
  digits: bigint;
  decimals: number;
}

interface Taken {
  words: Word[];
  rest: string;
}

interface Measured extends Numeral {
  unit: '%' | null;
  words: Word[];
  rest: string;
}

function readFigure(text: string): StatedAmount | StatedRefusal {
  if (text.length > longestText) return refused(tooLong);
  const said = normalized(text);
  if (numeralSpaceDigit.test(said)) return refused(spaceInNumber);
  const compact = said.replace(spaceInsideChinese, '');

  const before = takeWordsBefore(compact);
  const measured = measure(before.rest);
  if (measured === null) return refused(faultOf(compact));
  const after = takeWordsAfter(measured.rest);
  if (after.rest !== '' && (measured.unit === '%' || !isUnit(after.rest))) return refused(faultOf(compact));

  const words = [...before.words, ...measured.words, ...after.words].filter(isQualifying);
  if (words.length > 1) {
    const listed = words.map(([word]) => word).join(', ');
    return refused(`the figure is qualified more than once (${listed}): keep one, as in 85%以上`);
  }
  return {
    ok: true,
    ...withoutTrailingZeros(measured),
    unit: measured.unit ?? (after.rest || null),
    qualifier: words[0]?.[1] ?? 'exact',
  };
}

/** Numerals that NFKC would turn into plain digits (the ² of m², ½, ①) are left as they are. */
function normalized(text: string): string {
  return text
    .replace(/[㎡㎢㎥]/g, (square) => squareUnits[square] ?? square)
    .replace(/\P{No}+/gu, (run) => run.normalize('NFKC'))
    .replace(/[\u200b\u2060\ufeff]/g, '')
    .replace(/[萬億餘兩約過點內達]/g, (character) => simplified[character] ?? character)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/。$/, '');
}

const squareUnits: Record<string, string> = { '㎡': 'm²', '㎢': 'km²', '㎥': 'm³' };

const simplified: Record<string, string> = {
  萬: '万',
  億: '亿',
  餘: '余',
  兩: '两',
  約: '约',
  過: '过',
  點: '点',
  內: '内',
  達: '达',
};

const spaceInsideChinese = /(?<=\p{Script=Han}) (?=\p{Script=Han})/gu;

const numeralSpaceDigit = new RegExp(`[\\d点${chineseNumerals}] [\\d.,${chineseOnes}]`);

function shortened(text: string): string {
  const characters = [...text.trim()];
  return characters.length > 24 ? `${characters.slice(0, 24).join('')}…` : characters.join('');
}

/** Longest first, so that 不超过 is not taken for 超过. */
function vocabulary(byQualifier: Partial<Record<Qualifier | 'neutral', string>>): readonly Word[] {
  return Object.entries(byQualifier)
    .flatMap(([qualifier, words]) =>
      words.split(' ').map((word): Word => {
        return [word.replaceAll('_', ' '), qualifier === 'neutral' ? null : (qualifier as Qualifier)];
      }),
    )
    .sort(([one], [other]) => other.length - one.length);
}

function takeWordsBefore(text: string): Taken {
  const words: Word[] = [];
  let rest = text;
  for (;;) {
    const next = wordsBefore.find(([word]) => rest.slice(0, word.length).toLowerCase() === word);
    if (!next) return { words, rest };
    words.push(next);
    rest = rest.slice(next[0].length).trimStart();
  }
}

function takeWordsAfter(text: string): Taken {
  const words: Word[] = [];
  let rest = text.trim();
  for (;;) {
    const next = wordsAfter.find(([word]) => rest.slice(-word.length).toLowerCase() === word);
    if (!next) return { words, rest };
    words.unshift(next);
    rest = rest.slice(0, -next[0].length).trimEnd();
  }
}

function isQualifying([, qualifier]: Word): boolean {
  return qualifier !== null;
}

/** 多 and 余 may also stand before 万 or before the unit: 20多万, 1.2万多户. */
function takeMore(text: string): Taken {
  const rest = text.trimStart();
  if (!/^[多余]/.test(rest)) return { words: [], rest };
  return { words: [[rest.charAt(0), 'moreThan']], rest: rest.slice(1) };
}

/** The number at the start of the text, with what makes it larger or a percent. Null if it cannot be read. */
function measure(text: string): Measured | null {
  if (text.startsWith('百分之')) {
    const hundredths = text.slice('百分之'.length).trimStart();
    const taken = takeNumeral(hundredths.replace(/^百(?![零一二三四五六七八九])/, '一百'));
    return taken && { ...taken.numeral, unit: '%', words: [], rest: taken.rest };
  }
  const taken = takeNumeral(text);
  if (taken === null) return null;
  const tenths = tenthsOf(taken.numeral, taken.rest.trimStart());
  if (tenths) return tenths;

  const beforeMultiplier = takeMore(taken.rest);
  const { exponent, rest } = takeMultiplier(beforeMultiplier.rest);
  const afterMultiplier = takeMore(rest);
  const percentSign = percent.exec(afterMultiplier.rest)?.[0];
  return {
    ...scaled(taken.numeral, exponent),
    unit: percentSign ? '%' : null,
    words: [...beforeMultiplier.words, ...afterMultiplier.words],
    rest: afterMultiplier.rest.slice(percentSign?.length ?? 0),
  };
}

const percent = /^(?:%|per ?cent(?![a-z]))(?: ?(?:completed?|done)(?![a-z]))?/i;

/** 八成 is 80 %, 八成五 and 八成半 are 85 %. */
function tenthsOf({ digits, decimals }: Numeral, rest: string): Measured | null {
  const match = /^成([\d一二三四五六七八九半])?/.exec(rest);
  if (!match) return null;
  const measured = { unit: '%' as const, words: [], rest: rest.slice(match[0].length) };
  const last = match[1];
  if (last === undefined) return { ...scaled({ digits, decimals }, 1), ...measured };
  if (decimals > 0) return null;
  const percents = last === '半' ? 5 : /\d/.test(last) ? Number(last) : chineseDigits.indexOf(last);
  return { digits: digits * 10n + BigInt(percents), decimals: 0, ...measured };
}

/** Written in digits, in Chinese, or in digits twice: 1亿2900万. */
function takeNumeral(text: string): { numeral: Numeral; rest: string } | null {
  const [compound, hundredMillions, tenThousands] =
    /^([1-9]\d{0,3})亿([1-9]\d{0,3})万(?!亿)/.exec(text) ?? [];
  if (compound && hundredMillions && tenThousands) {
    const digits = BigInt(hundredMillions + tenThousands.padStart(4, '0')) * 10_000n;
    return { numeral: { digits, decimals: 0 }, rest: text.slice(compound.length) };
  }
  const run = numeralRun.exec(text)?.[0];
  if (!run) return null;
  const rest = text.slice(run.length);
  // 五千米 may be 5000 米 or 5 千米; written in digits the unit is plain.
  if (run.endsWith('千') && thousandfoldUnit.test(`千${rest}`)) return null;
  const numeral = /^[\d.,]/.test(run) ? arabicNumeral(run) : chineseNumeral(run);
  return numeral && { numeral, rest };
}

const numeralRun = new RegExp(`^(?:[\\d.,]+|[点${chineseNumerals}]+)`);

function arabicNumeral(run: string): Numeral | null {
  const match = /^(0|[1-9]\d*|[1-9]\d{0,2}(?:,\d{3})+)(?:\.(\d+))?$/.exec(run);
  if (!match) return null;
  const [, whole = '', fraction = ''] = match;
  return { digits: BigInt(whole.replaceAll(',', '') + fraction), decimals: fraction.length };
}

const chineseDigits = '零一二三四五六七八九';

function chineseNumeral(run: string): Numeral | null {
  const match = /^([^点]+)(?:点([零〇一二三四五六七八九]+)(万亿|[百千]?[万亿])?)?$/.exec(run);
  if (!match) return null;
  const [, whole = '', fraction = '', larger = ''] = match;
  const value = chineseInteger(whole);
  if (value === null) return null;
  const fractionDigits = fraction
    .replaceAll('〇', '零')
    .replace(/./g, (digit) => `${chineseDigits.indexOf(digit)}`);
  const numeral = { digits: BigInt(value + fractionDigits), decimals: fractionDigits.length };
  return scaled(numeral, takeMultiplier(larger).exponent);
}

/**
 * Only what is spelt out in full: it must be the very spelling of the value it adds up to. So 一百二, which
 * is 120 to some and 102 to others, is none.
 */
function chineseInteger(text: string): number | null {
  const spelling = text
    .replaceAll('〇', '零')
    .replace(/两(?=[百千万亿])|^两$/g, '二')
    .replace(/^一十/, '十');
  let [total, section, digit] = [0, 0, 0];
  for (const character of spelling) {
    const unit = chineseUnits.find(([name]) => name === character)?.[1];
    if (unit === undefined) {
      digit = chineseDigits.indexOf(character);
      continue;
    }
    if (unit === 100_000_000) total = (total + section + digit) * unit;
    else if (unit === 10_000) total += (section + digit) * unit;
    else section += (digit || 1) * unit;
    if (unit >= 10_000) section = 0;
    digit = 0;
  }
  const value = total + section + digit;
  return Number.isSafeInteger(value) && value >= 0 && chineseSpelling(value) === spelling ? value : null;
}

const chineseUnits = [
  ['亿', 100_000_000],
  ['万', 10_000],
  ['千', 1_000],
  ['百', 100],
  ['十', 10],
] as const;

function chineseSpelling(value: number): string {
  return value === 0 ? '零' : spelt(value).replace(/^一十/, '十');
}

function spelt(value: number): string {
  const largest = chineseUnits.find(([, unit]) => value >= unit);
  if (!largest) return chineseDigits.charAt(value);
  const [name, unit] = largest;
  const rest = value % unit;
  const head = spelt(Math.floor(value / unit)) + name;
  return rest === 0 ? head : `${head}${rest < unit / 10 ? '零' : ''}${spelt(rest)}`;
}

const exponents: Record<string, number> = {
  万亿: 12,
  千亿: 11,
  百亿: 10,
  亿: 8,
  千万: 7,
  百万: 6,
  万: 4,
  千: 3,
  百: 2,
  thousand: 3,
  million: 6,
  billion: 9,
};

const multiplier = /^(?:万亿|[千百]?[亿万]|[千百]|(?:thousand|million|billion)(?![a-z]))/i;

/** 千 that belongs to the unit: 5千瓦 is 5 千瓦. */
const thousandfoldUnit = /^千(?:瓦|米|克|卡|帕|伏|安|赫|焦|牛|升|字节|比特)/;

function takeMultiplier(text: string): { exponent: number; rest: string } {
  const rest = text.trimStart();
  const word = multiplier.exec(rest)?.[0];
  if (!word || (word === '千' && thousandfoldUnit.test(rest))) return { exponent: 0, rest };
  return { exponent: exponents[word.toLowerCase()] ?? 0, rest: rest.slice(word.length).trimStart() };
}

const unitShape = /^[\p{L}°][\p{L}\p{M}° ]{0,19}[²³23]?(?:[/·]\p{L}{1,12}[²³23]?)?$/u;

/** Characters that would change the number rather than name what is counted: 十几个, 20来户, 85户未完. */
const characterOfQuantity = new RegExp(
  `[${chineseNumerals}兆点半几幾数數来來多余约近超足到满上下内外左右不未以之至或和与及成折` +
    '壹贰叁肆伍陆柒捌玖拾佰仟]',
);

const wordOfQuantity = new RegExp(
  `\\b(?:${[
    'or and at least most more less than over under about around to of not no nearly almost few some',
    'plus minus up hundreds? dozens? thousands millions billions trillions? k b w bn mn mio',
  ]
    .join(' ')
    .replaceAll(' ', '|')}|m [a-z]+)\\b`,
);

function isUnit(text: string): boolean {
  const counted = thousandfoldUnit.test(text) ? text.slice(1) : text;
  const english = text === 'W' ? '' : text.toLowerCase();
  return unitShape.test(text) && !characterOfQuantity.test(counted) && !wordOfQuantity.test(english);
}

function scaled({ digits, decimals }: Numeral, exponent: number): Numeral {
  return exponent > decimals
    ? { digits: digits * 10n ** BigInt(exponent - decimals), decimals: 0 }
    : { digits, decimals: decimals - exponent };
}

function withoutTrailingZeros({ digits, decimals }: Numeral): Numeral {
  let [shorter, places] = [digits, decimals];
  while (places > 0 && shorter % 10n === 0n) {
    shorter /= 10n;
    places -= 1;
  }
  return { digits: shorter, decimals: places };
}

function writtenOutLength({ digits, decimals }: Numeral): number {
  return Math.max(digits.toString().length, decimals + 1);
}

function refused(reason: string): StatedRefusal {
  return { ok: false, reason };
}

/** Why a text cannot be read, for one that could not be. The first that fits is told. */
function faultOf(said: string): string {
  if (said === '') return 'nothing is said: write a figure, as in 85% or 85%以上';
  const [, fault] = faults.find(([pattern]) => pattern.test(said.replace('百分之', ''))) ?? [
    null,
    'cannot be read with certainty: write one number, as in 85%, 85%以上 or 1.29亿元',
  ];
  return `“${shortened(said)}” ${fault}`;
}

const faults: readonly (readonly [RegExp, string])[] = [
  [/分之|\d\s*\/\s*\d|\p{No}/u, 'is a fraction: write it in percent, as in 66.67%'],
  [
    /^[^\d零〇一二两三四五六七八九十百]+$/,
    'holds no number in digits: write one, as in 1000万元, or 100% if all of it is done',
  ],
  [new RegExp(`^[^\\d${chineseOnes}十]*[-−]\\s*\\d|负|minus`, 'i'), 'is negative: write a figure from 0 up'],
  [/百分点|percentage points?/i, 'is a difference in points: write the percent itself, as in 85%'],
  [/‰/, 'is per mille: write it in percent, as in 0.5%'],
  [
    new RegExp(`[\\d%成万亿十]\\s*(?:[-–—~〜至到]|to)\\s*[\\d${chineseNumerals}]|between`, 'i'),
    'is a range: write one bound of it, as in 80%以上 or 90%以下',
  ],
  [
    new RegExp(
      `[\\d${chineseNumerals}][^\\d.,点${chineseNumerals}][^\\d${chineseOnes}十]*[\\d${chineseOnes}十]`,
    ),
    'holds more than one number: write one figure, as in 85% or 1.29亿元',
  ],
];
