import {
  dividedBy,
  type Fraction,
  fraction,
  isSame,
  one,
  plus,
  shownSteps,
  times,
  zero,
} from './fraction.ts';
import type { Facts, History, MilestoneSaid, Said } from './history.ts';
import { plainLights } from './plain-light.ts';
import { type PlainPlan, plainPlan } from './plain-plan.ts';

/** How far something is, as shares of 1. */
interface Standing {
  percent: Fraction | null;
  low: Fraction;
  high: Fraction;
  isAbout: boolean;
  coverage: Fraction;
  /** The day that the figure speaks of. */
  day: string | null;
}

interface Children extends Standing {
  count: number;
  missing: string[];
  unweighted: string[];
}

/** Where a project stands, counted from the whole history with nothing kept and nothing clever. */
export interface PlainProgress extends Standing {
  basis: string | null;
  /** Null where figures lie so near an edge that either answer is right. */
  consistent: boolean | null;
  report: Standing | null;
  children: Children | null;
  milestones: Standing | null;
  quantities: Standing | null;
  /** The newest day on which anything was said of it or of a part that counts. */
  newestDay: string | null;
  /** The first day by which surely all was done, if it still is. */
  finishedOn: string | null;
  plan: PlainPlan | null;
  /** Its light; both where the gap lies so near an edge that either answer is right. Empty: it was not known. */
  lights: (string | null)[];
  /** The newest that says money spent. */
  spent: { day: string; amount: number } | null;
}

const unknown: Standing = { percent: null, low: zero, high: one, isAbout: false, coverage: zero, day: null };

/** @param momentMs whose knowledge is asked for */
export function plainProgress(history: History, id: string, day: string, momentMs: number): PlainProgress {
  const facts = history.factsAt(id, momentMs);
  if (facts === null) {
    return {
      ...unknown,
      basis: null,
      consistent: true,
      report: null,
      children: null,
      milestones: null,
      quantities: null,
      newestDay: null,
      finishedOn: null,
      plan: null,
      lights: [null],
      spent: null,
    };
  }
  const reports = history.reportsAt(id, momentMs).filter((report) => report.day <= day);
  const parts = history
    .projectsAt(momentMs)
    .filter((other) => {
      const otherFacts = history.factsAt(other, momentMs);
      return otherFacts?.parentId === id && !otherFacts.isArchived;
    })
    .filter((other) => history.statusAt(other, day, momentMs) !== 'cancelled')
    .map((other) => ({
      id: other,
      weight: weightIn(facts, history.factsAt(other, momentMs) as Facts),
      progress: plainProgress(history, other, day, momentMs),
    }));
  const report = reportOf(reports.findLast(({ value }) => value.percent !== null));
  const quantities = quantitiesOf(facts, reports);
  const children = parts.length === 0 ? null : rollUp(parts);
  const milestones = milestonesOf([...history.milestonesAt(id, momentMs).values()], day);
  const sources = { report, children, milestones, quantities };
  const basis = basisOf(facts.progressBasis, sources);
  const effective = basis === null ? unknown : pick(sources[basis as keyof typeof sources]);
  const days = {
    report: doneSince(reports),
    children: newest(parts.map(({ progress }) => progress.finishedOn)),
    milestones: effective.day,
    quantities: effective.day,
  };
  const isFinished = effective.percent !== null && isSame(effective.low, one);
  const plan = plainPlan(
    history.planAt(id, momentMs),
    facts.period,
    parts.map(({ weight, progress }) => ({ weight, plan: progress.plan })),
  );
  const newestDay = newest([
    ...reports.map((each) => each.day),
    ...parts.map(({ progress }) => progress.newestDay),
  ]);
  const money = reports.findLast(({ value }) => value.spent !== null);
  return {
    ...effective,
    basis,
    finishedOn: isFinished ? days[basis as keyof typeof days] : null,
    plan,
    lights: plainLights({
      status: history.statusAt(id, day, momentMs),
      cadence: facts.cadence,
      rules: history.rulesAt(momentMs),
      day,
      newestDay,
      percent: effective.percent,
      isFinished,
      planned: plan === null ? null : plan.on(day),
    }),
    spent: money === undefined ? null : { day: money.day, amount: money.value.spent?.amount ?? 0 },
    consistent: doMeet(Object.values(sources)),
    ...sources,
    newestDay,
  };
}

/** The first of the last reports that all say that surely all is done. */
function doneSince(reports: readonly { day: string; value: Said }[]): string | null {
  const told = reports.filter(({ value }) => value.percent !== null);
  const last = told.findLastIndex(
    ({ value }) => value.percent !== 100 || !['exact', 'atLeast', 'about'].includes(value.qualifier),
  );
  return told[last + 1]?.day ?? null;
}

function pick(source: Standing | null): Standing {
  if (source === null) return unknown;
  const { percent, low, high, isAbout, coverage, day } = source;
  return { percent, low, high, isAbout, coverage, day };
}

function newest(days: readonly (string | null)[]): string | null {
  return (
    days
      .filter((day) => day !== null)
      .sort()
      .at(-1) ?? null
  );
}

/** Null: it has no weight on the parent's basis. Money of another currency and quantities of another unit are none. */
function weightIn(parent: Facts, child: Facts): Fraction | null {
  if (parent.weightBasis === 'equal') return one;
  if (parent.weightBasis === 'weight') return child.weight === null ? null : decimal(child.weight);
  if (parent.weightBasis === 'budget') {
    if (child.budget === null) return null;
    if (child.budget.currency !== (parent.budget?.currency ?? 'CNY')) return null;
    return decimal(child.budget.amount);
  }
  const code = parent.weightBasis.replace('quantity:', '');
  const own = child.quantities.find((quantity) => quantity.code === code);
  const whole = parent.quantities.find((quantity) => quantity.code === code);
  if (own === undefined) return null;
  if (whole !== undefined && whole.unit !== own.unit) return null;
  return decimal(own.value);
}

function decimal(value: number): Fraction {
  return fraction(Math.round(value * 10_000), 10_000);
}

type OfDay = { day: string; value: Said };

function reportOf(report: OfDay | undefined): Standing | null {
  if (report === undefined || report.value.percent === null) return null;
  const said = { ...report.value, percent: report.value.percent };
  const percent = fraction(Math.round(said.percent * 100), 10_000);
  const isLeast = said.qualifier === 'atLeast' || said.qualifier === 'moreThan';
  const isMost = ['atMost', 'lessThan', 'nearly'].includes(said.qualifier);
  return {
    percent,
    low: isMost ? zero : percent,
    high: isLeast ? one : percent,
    isAbout: said.qualifier === 'about',
    coverage: one,
    day: report.day,
  };
}

/** The weight of those met ÷ the weight of all; nothing as long as none that weighs anything is met, even in part. */
function milestonesOf(all: readonly MilestoneSaid[], asOf: string): Standing | null {
  const weighed = all.flatMap(({ weight, isArchived, ...said }) =>
    isArchived || weight === null || weight === 0 ? [] : [{ ...said, weight: decimal(weight) }],
  );
  const reached = weighed.filter(({ day }) => day !== null && day <= asOf);
  if (reached.length === 0) return null;
  const whole = sum(weighed.map(({ weight }) => weight));
  const percent = dividedBy(sum(reached.filter(({ isMet }) => isMet).map(({ weight }) => weight)), whole);
  const high = dividedBy(sum(reached.map(({ weight }) => weight)), whole);
  return {
    percent,
    low: percent,
    high,
    isAbout: false,
    coverage: one,
    day: newest(reached.map(({ day }) => day)),
  };
}

/** The first of the project's quantities of which a done part was told, by the last report that tells of this one. */
function quantitiesOf(facts: Facts, reports: readonly OfDay[]): Standing | null {
  for (const { code, value } of facts.quantities) {
    const telling = reports.findLast((report) => report.value.quantities.some((each) => each.code === code));
    const done = telling?.value.quantities.find((quantity) => quantity.code === code);
    if (telling === undefined || done === undefined || value === 0) continue;
    const percent = done.value > value ? one : dividedBy(decimal(done.value), decimal(value));
    return { percent, low: percent, high: percent, isAbout: false, coverage: one, day: telling.day };
  }
  return null;
}

interface Part {
  id: string;
  weight: Fraction | null;
  progress: PlainProgress;
}

function rollUp(parts: readonly Part[]): Children {
  const named = {
    count: parts.length,
    missing: parts.filter(({ progress }) => progress.percent === null).map(({ id }) => id),
    unweighted: parts.filter(({ weight }) => weight === null).map(({ id }) => id),
  };
  const weighted = parts.flatMap(({ weight, progress }) =>
    weight === null ? [] : [{ weight, ...progress }],
  );
  const whole = sum(weighted.map(({ weight }) => weight));
  const day = newest(parts.map(({ progress }) => progress.day));
  if (isSame(whole, zero)) return { ...unknown, ...named, day };
  const told = weighted.flatMap((part) =>
    part.percent === null ? [] : [{ ...part, percent: part.percent }],
  );
  const heard = sum(told.map(({ weight }) => weight));
  return {
    percent: isSame(heard, zero)
      ? null
      : dividedBy(sum(told.map(({ weight, percent }) => times(weight, percent))), heard),
    low: dividedBy(sum(weighted.map(({ weight, low }) => times(weight, low))), whole),
    high: dividedBy(sum(weighted.map(({ weight, high }) => times(weight, high))), whole),
    isAbout: told.some(({ weight, isAbout }) => isAbout && !isSame(weight, zero)),
    coverage: dividedBy(sum(weighted.map(({ weight, coverage }) => times(weight, coverage))), whole),
    day,
    ...named,
  };
}

function sum(all: readonly Fraction[]): Fraction {
  return all.reduce(plus, zero);
}

function basisOf(
  chosen: string,
  {
    report,
    children,
    milestones,
    quantities,
  }: Pick<PlainProgress, 'report' | 'children' | 'milestones' | 'quantities'>,
): string | null {
  const has = (source: Standing | null) => source !== null && source.percent !== null;
  if (chosen === 'report') return has(report) ? 'report' : null;
  if (chosen === 'children') return has(children) ? 'children' : null;
  if (chosen === 'quantities') return has(quantities) ? 'quantities' : null;
  if (chosen === 'milestones') return has(milestones) ? 'milestones' : null;
  const isWhole = children !== null && isSame(children.coverage, one) && children.unweighted.length === 0;
  if (isWhole && has(children)) return 'children';
  if (has(report)) return 'report';
  if (has(milestones)) return 'milestones';
  if (has(quantities)) return 'quantities';
  return has(children) ? 'children' : null;
}

/**
 * Whether all intervals meet, as they are shown. One that says less and speaks of an earlier day than the other has
 * nothing against it: progress has gone on since.
 */
function doMeet(sources: readonly (Standing | null)[]): boolean | null {
  const told = sources.filter((source) => source !== null && source.percent !== null) as Standing[];
  const answers = new Set<boolean>();
  for (const lows of choices(told.map(({ low }) => shownSteps(low)))) {
    for (const highs of choices(told.map(({ high }) => shownSteps(high)))) {
      const clashes = told.some((more, m) =>
        told.some((less, l) => {
          const isEarlier = less.day !== null && more.day !== null && less.day < more.day;
          return !isEarlier && (lows[m] ?? 0) > (highs[l] ?? 0);
        }),
      );
      answers.add(!clashes);
    }
  }
  return answers.size === 1 ? ([...answers][0] ?? null) : null;
}

function choices(all: readonly number[][]): number[][] {
  return all.reduce<number[][]>(
    (chosen, next) => chosen.flatMap((some) => next.map((each) => [...some, each])),
    [[]],
  );
}
