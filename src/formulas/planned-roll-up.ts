/**
 * The plan of a whole from the plans of its parts: the same weighted mean as its progress.
 *
 *     planned = Σ wᵢ plannedᵢ ÷ Σ wᵢ      over the parts that have a plan
 *
 * Worked figure, weights 563 and 437, the one planned to 80 % and the other to 20 %: 53.78 %.
 *
 * Source: as {@link rollUp}, with its rule of truncation. Parts without a plan or without a weight are counted and left
 * out, never imputed.
 *
 * The sums are whole numbers, as those of progress are: what each part rises by from one day to the next, times its
 * weight. So a part is added and taken away without a trace, the order never matters, and a part that changes costs the
 * same among ten thousand as among ten. At most {@link cellsAtMost} such sums are kept: a whole that takes longer has
 * one for every 2, 4, 8 … days, its beginning and its finish to the day all the same.
 */
import { addDays, type CalendarDate, daysBetween } from '../shared/calendar-date.ts';
import { FULL, type PercentFine } from '../shared/percent.ts';
import { type Baseline, type Knot, percentBetween, throughKnots } from './planned-percent.ts';
import type { Standing } from './roll-up.ts';

/** One part that counts. `weight` as in a roll-up of progress: null if it has none on the chosen basis. */
export interface PlannedPart {
  weight: bigint | null;
  baseline: Baseline | null;
  /** How much of the part its plan speaks for: all of it, or what its own roll-up covers. */
  coverage: PercentFine;
  /** Its plan is the straight line of a period, or made of such. */
  isAssumed: boolean;
}

/** What the plan of a whole needs to know of its parts. Days are numbered from 1970-01-01. */
export interface PlannedSums {
  /** Parts that have a plan, whatever they weigh. */
  planned: number;
  /** Of those, the ones that weigh something: of them are all the sums below. */
  weighed: number;
  assumed: number;
  weight: bigint;
  /** Weight times coverage. */
  covered: bigint;
  /** The earliest first day and the latest last one, and how many parts share it. Null without parts. */
  start: SharedDay | null;
  end: SharedDay | null;
  /** Cell `c` is the `step` days up to day `c × step`. */
  step: number;
  firstCell: number;
  /** Weight times fine percent, cell by cell, from that of `start` to that of `end`. */
  rises: readonly bigint[];
}

export interface SharedDay {
  day: number;
  parts: number;
}

export interface RolledUpPlan {
  baseline: Baseline;
  /** Share of the weight that has a plan, above 0. */
  coverage: PercentFine;
  /** Some of it is assumed. */
  isAssumed: boolean;
}

/** Up to so many days the planned curve of a whole is known day by day: not quite three years. */
export const cellsAtMost = 1024;

export const noPlans: PlannedSums = Object.freeze({
  planned: 0,
  weighed: 0,
  assumed: 0,
  weight: 0n,
  covered: 0n,
  start: null,
  end: null,
  step: 1,
  firstCell: 0,
  rises: Object.freeze([]),
});

/**
 * A part's plan on one day, in the form in which a roll-up takes it, so that a parent's planned percent on that day is
 * `rollUp` of it: exact, and kept by differences like its progress.
 */
export function plannedStanding(planned: PercentFine | null): Standing {
  return planned === null
    ? { percent: null, low: 0, high: FULL, approximate: false, coverage: 0 }
    : { percent: planned, low: planned, high: planned, approximate: false, coverage: FULL };
}

/**
 * The sums once a part has gone from one state to another; null where it was not there before, or is not any more.
 * Null if they cannot be told from the sums alone, because no other part begins as early or ends as late as this one
 * did: then all parts are to be added anew.
 */
export function withPlanChanged(
  sums: PlannedSums,
  before: PlannedPart | null,
  after: PlannedPart | null,
): PlannedSums | null {
  const planned = sums.planned - (before?.baseline ? 1 : 0) + (after?.baseline ? 1 : 0);
  const [taken, given] = [weighedOf(before), weighedOf(after)];
  const weighed = sums.weighed - (taken ? 1 : 0) + (given ? 1 : 0);
  if (weighed === 0) return { ...noPlans, planned };
  if (taken === null && given === null) return { ...sums, planned };
  const start = sharedAfter(sums.start, taken?.start, given?.start, isEarlier);
  const end = sharedAfter(sums.end, taken?.end, given?.end, isLater);
  if (start === null || end === null) return null;
  const step = stepOf(start.day, end.day);
  if (step < sums.step && sums.weighed > 0) return null;
  const firstCell = cellOf(start.day, step);
  const rises = noRises(firstCell, cellOf(end.day, step));
  const factor = step / sums.step;
  for (const [index, rise] of sums.rises.entries()) {
    const cell = Math.ceil((sums.firstCell + index) / factor) - firstCell;
    rises[cell] = (rises[cell] ?? 0n) + rise;
  }
  const add = ({ weight }: Weighed, sign: bigint) => {
    return (cell: number, rise: number) => {
      rises[cell - firstCell] = (rises[cell - firstCell] ?? 0n) + sign * weight * BigInt(rise);
    };
  };
  if (taken !== null) eachRise(taken, step, add(taken, -1n));
  if (given !== null) eachRise(given, step, add(given, 1n));
  return {
    planned,
    weighed,
    assumed: sums.assumed - (taken?.isAssumed ? 1 : 0) + (given?.isAssumed ? 1 : 0),
    weight: sums.weight - (taken?.weight ?? 0n) + (given?.weight ?? 0n),
    covered: sums.covered - (taken?.covered ?? 0n) + (given?.covered ?? 0n),
    ...{ start, end, step, firstCell, rises },
  };
}

/** The sums over all these parts: what adding one after the other comes to, in less time. */
export function plannedSumsOf(parts: readonly PlannedPart[]): PlannedSums {
  const planned = parts.filter(({ baseline }) => baseline !== null).length;
  const all = parts.map(weighedOf).filter((part) => part !== null);
  let [start, end]: [SharedDay | null, SharedDay | null] = [null, null];
  for (const part of all) {
    start = sharedAfter(start, undefined, part.start, isEarlier);
    end = sharedAfter(end, undefined, part.end, isLater);
  }
  if (start === null || end === null) return { ...noPlans, planned };
  const sum = (of: (part: Weighed) => bigint) => all.reduce((total, part) => total + of(part), 0n);
  const weight = sum((part) => part.weight);
  const step = stepOf(start.day, end.day);
  const [firstCell, lastCell] = [cellOf(start.day, step), cellOf(end.day, step)];
  return {
    planned,
    weighed: all.length,
    assumed: all.filter(({ isAssumed }) => isAssumed).length,
    weight,
    covered: sum((part) => part.covered),
    ...{ start, end, step, firstCell },
    rises:
      weight * BigInt(FULL) <= BigInt(Number.MAX_SAFE_INTEGER)
        ? summedAsNumbers(all, step, firstCell, lastCell)
        : summed(all, step, firstCell, lastCell),
  };
}

/**
 * The whole curve. Null if no part with a weight above 0 has a plan. It is the exact mean, cut off at 10⁻⁸ %, at each of
 * its knots; days on which it bends by less than 10⁻⁷ % are none.
 * @param wholeWeight that of all parts that count, with a plan or without
 */
export function rolledUpPlan(sums: PlannedSums, wholeWeight: bigint): RolledUpPlan | null {
  const { start, end, step, firstCell, rises, weight, covered, assumed } = sums;
  if (start === null || end === null || wholeWeight <= 0n) return null;
  const knots: Knot[] = [{ day: 0, percent: 0 }];
  let sum = 0n;
  for (const [index, rise] of rises.entries()) {
    sum += rise;
    const percent = Number(sum / weight);
    knots.push({ day: Math.min((firstCell + index) * step, end.day) - start.day + 1, percent });
    if (percent === FULL) break;
  }
  return {
    baseline: throughKnots(addDays(epoch, start.day), straightened(knots)),
    coverage: Number(covered / wholeWeight),
    isAssumed: assumed > 0,
  };
}

/** The sums as text: whole decimal numbers with a space between. */
export function encodePlannedSums(sums: PlannedSums): string {
  const { planned, weighed, assumed, weight, covered, start, end, step, firstCell, rises } = sums;
  const ends = [start?.day ?? 0, start?.parts ?? 0, end?.day ?? 0, end?.parts ?? 0];
  return [planned, weighed, assumed, weight, covered, ...ends, step, firstCell, ...rises].join(' ');
}

/**
 * The sums that {@link encodePlannedSums} wrote.
 * @throws SyntaxError if the text is not what it wrote.
 */
export function decodePlannedSums(text: string): PlannedSums {
  const words = text.split(' ');
  if (words.length < 11) throw new SyntaxError(`Not the sums of plans: ${text}`);
  const [planned, weighed, assumed] = words.map(Number);
  const [startDay, startParts, endDay, endParts, step, firstCell] = words.slice(5, 11).map(Number);
  return {
    planned: planned as number,
    weighed: weighed as number,
    assumed: assumed as number,
    weight: BigInt(words[3] as string),
    covered: BigInt(words[4] as string),
    start: startParts === 0 ? null : { day: startDay as number, parts: startParts as number },
    end: endParts === 0 ? null : { day: endDay as number, parts: endParts as number },
    step: step as number,
    firstCell: firstCell as number,
    rises: words.slice(11).map(BigInt),
  };
}

const epoch: CalendarDate = '1970-01-01';

interface Weighed {
  weight: bigint;
  covered: bigint;
  isAssumed: boolean;
  knots: readonly Knot[];
  start: number;
  /** The day on which it reaches its last percent. */
  end: number;
}

function weighedOf(part: PlannedPart | null): Weighed | null {
  if (part === null || part.baseline === null || !part.weight) return null;
  const { weight, baseline, coverage, isAssumed } = part;
  const start = daysBetween(epoch, baseline.startDate);
  const last = baseline.knots.at(-1)?.percent ?? 0;
  const through = baseline.knots.find(({ percent }) => percent === last)?.day ?? 0;
  const end = start + Math.max(through, 1) - 1;
  return { weight, covered: weight * BigInt(coverage), isAssumed, knots: baseline.knots, start, end };
}

/** No sum of rises is more than the weight times 100 %: where that is a whole number that a number carries, numbers do. */
function summedAsNumbers(
  parts: readonly Weighed[],
  step: number,
  firstCell: number,
  lastCell: number,
): bigint[] {
  const rises = new Float64Array(lastCell - firstCell + 1);
  for (const part of parts) {
    const weight = Number(part.weight);
    eachRise(part, step, (cell, rise) => {
      rises[cell - firstCell] = (rises[cell - firstCell] ?? 0) + weight * rise;
    });
  }
  return Array.from(rises, BigInt);
}

function summed(parts: readonly Weighed[], step: number, firstCell: number, lastCell: number): bigint[] {
  const rises = noRises(firstCell, lastCell);
  for (const part of parts) {
    eachRise(part, step, (cell, rise) => {
      rises[cell - firstCell] = (rises[cell - firstCell] ?? 0n) + part.weight * BigInt(rise);
    });
  }
  return rises;
}

/** The farthest day once a part has gone `from` a day `to` another; null if nobody is known to be there. */
function sharedAfter(
  present: SharedDay | null,
  from: number | undefined,
  to: number | undefined,
  isBeyond: (one: number, other: number) => boolean,
): SharedDay | null {
  let { day, parts } = present ?? { day: to ?? 0, parts: 0 };
  if (to !== undefined && isBeyond(to, day)) [day, parts] = [to, 0];
  if (to === day) parts += 1;
  if (from === day) parts -= 1;
  return parts > 0 ? { day, parts } : null;
}

const isEarlier = (one: number, other: number) => one < other;
const isLater = (one: number, other: number) => one > other;

/** The least power of 2 by which there are not too many cells. */
function stepOf(start: number, end: number): number {
  let step = 1;
  while (cellOf(end, step) - cellOf(start, step) >= cellsAtMost) step *= 2;
  return step;
}

function cellOf(day: number, step: number): number {
  return Math.ceil(day / step) + 0;
}

function noRises(firstCell: number, lastCell: number): bigint[] {
  return new Array<bigint>(lastCell - firstCell + 1).fill(0n);
}

/** Tells by how much fine percent a part rises in each cell in which it does. */
function eachRise({ knots, start, end }: Weighed, step: number, tell: (cell: number, rise: number) => void) {
  let [next, reached] = [1, 0];
  for (let cell = cellOf(start, step); cell <= cellOf(end, step); cell += 1) {
    const day = cell * step - start + 1;
    while (next < knots.length && (knots[next]?.day ?? day) < day) next += 1;
    const [before, after] = [knots[next - 1], knots[next]];
    const percent = before && after ? percentBetween(before, after, day) : (knots.at(-1)?.percent ?? 0);
    if (percent !== reached) tell(cell, percent - reached);
    reached = percent;
  }
}

/** What a curve may be off where a knot is left out: 10⁻⁷ %. */
const tolerance = 10;

/**
 * The knots without those that lie between two others. From each that stays, the next is the farthest one to which a
 * straight line passes all between; so it goes through them once.
 */
function straightened(knots: readonly Knot[]): Knot[] {
  const [first, last] = [knots[0], knots.at(-1)];
  if (!first || !last || knots.length < 3) return [...knots];
  const kept = [first];
  let [anchor, before] = [first, first];
  let [least, most] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const knot of knots.slice(1)) {
    const slope = (knot.percent - anchor.percent) / (knot.day - anchor.day);
    if (slope < least || slope > most) {
      kept.push(before);
      anchor = before;
      [least, most] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    }
    const run = knot.day - anchor.day;
    least = Math.max(least, (knot.percent - tolerance - anchor.percent) / run);
    most = Math.min(most, (knot.percent + tolerance - anchor.percent) / run);
    before = knot;
  }
  return [...kept, last];
}
