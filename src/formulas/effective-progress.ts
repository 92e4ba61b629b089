/**
 * Which of several sources says where a project stands, and whether they agree.
 *
 * A project's progress may come from its own report, from its children, from milestones met and from
 * quantities done. All are kept and shown; one is effective. `auto` takes the first of these that has a
 * percent:
 *
 * 1. children, if they cover all of it
 * 2. its own report
 * 3. milestones
 * 4. quantities
 * 5. children, in part
 *
 * Worked figure: 85%以上 is reported for the whole and its three zones are silent: effective is the report,
 * at least 85 %, and nothing contradicts it. When the zones come to report 70 % on the whole, the children
 * are effective, and the 15 points between 70 and 85 are named.
 *
 * Source: manual and computed percent kept side by side, as users of OpenProject asked for (14.0 took the
 * manual one away, 14.6 gave it back); two figures disagree when their intervals do not meet.
 */
import type { CalendarDate } from '../shared/calendar-date.ts';
import { FULL, numberFromHundredths, type PercentHundredths, shownHundredths } from '../shared/percent.ts';
import type { Standing } from './roll-up.ts';

/** In the order in which they are named. */
export const sourceNames = ['report', 'children', 'milestones', 'quantities'] as const;

export type SourceName = (typeof sourceNames)[number];

export type ProgressBasis = 'auto' | SourceName;

/** Qualifier of a computed value. `between`: what is known is a span, or nothing. */
export const computedQualifiers = ['exact', 'about', 'atLeast', 'atMost', 'between'] as const;

export type ComputedQualifier = (typeof computedQualifiers)[number];

/**
 * `complete` false: part of it has no weight, so full coverage does not mean all of it. `asOf`: the day that it speaks
 * of, if that is known.
 */
export type Source = Standing & { complete?: boolean; asOf?: CalendarDate | null };

export type Sources = { readonly [Name in SourceName]?: Source | null | undefined };

/**
 * Two sources whose intervals do not meet, the farthest apart if there are several. Progress does not fall, so a source
 * that says less but speaks of an earlier day than the other one contradicts nothing.
 */
export interface Inconsistency {
  /** The one that says more, then the one that says less. */
  sources: [SourceName, SourceName];
  /** Percentage points between them, above 0. */
  gap: number;
  message: string;
}

export interface EffectiveStanding {
  standing: Standing;
  /** Null if nothing is known. */
  basis: SourceName | null;
}

export interface EffectiveProgress extends EffectiveStanding {
  qualifier: ComputedQualifier;
  inconsistency: Inconsistency | null;
}

/** Nothing was said. */
export const unknownStanding: Standing = Object.freeze({
  percent: null,
  low: 0,
  high: FULL,
  approximate: false,
  coverage: 0,
});

/**
 * The effective standing. A fixed basis uses that source only; if it has no percent, the standing is unknown
 * and the basis null, whatever the others say.
 */
export function effectiveStanding(basis: ProgressBasis, sources: Sources): EffectiveStanding {
  const chosen = basis === 'auto' ? automaticBasis(sources) : basis;
  const source = chosen && sources[chosen];
  const isKnown = source != null && source.percent !== null;
  return isKnown
    ? { standing: standingOf(source), basis: chosen }
    : { standing: unknownStanding, basis: null };
}

/**
 * The effective standing with what it amounts to. Consistency is judged over every source that has a percent, on the
 * figures as they are shown, whichever is effective.
 */
export function effectiveProgress(basis: ProgressBasis, sources: Sources): EffectiveProgress {
  const effective = effectiveStanding(basis, sources);
  return {
    ...effective,
    qualifier: computedQualifier(effective.standing),
    inconsistency: widestDisagreement(sources),
  };
}

/**
 * What a standing's interval amounts to: [85, 100] around 85 is atLeast, [56.67, 90] around 85 is between.
 */
export function computedQualifier({ percent, low, high, approximate }: Standing): ComputedQualifier {
  if (percent === null) return 'between';
  if (low === percent && percent === high) return approximate ? 'about' : 'exact';
  if (low === percent) return 'atLeast';
  if (percent === high) return 'atMost';
  return 'between';
}

function automaticBasis(sources: Sources): SourceName | null {
  const { children } = sources;
  if (children?.coverage === FULL && children.complete !== false && isTold(children)) return 'children';
  const order = ['report', 'milestones', 'quantities', 'children'] as const;
  return order.find((name) => isTold(sources[name])) ?? null;
}

function isTold(source: Source | null | undefined): source is Source {
  return source != null && source.percent !== null;
}

function standingOf({ percent, low, high, approximate, coverage }: Source): Standing {
  return { percent, low, high, approximate, coverage };
}

function widestDisagreement(sources: Sources): Inconsistency | null {
  const told = sourceNames.flatMap((name) => {
    const source = sources[name];
    if (!isTold(source)) return [];
    const [low, high] = [shownHundredths(source.low), shownHundredths(source.high)];
    return [{ name, low, high, asOf: source.asOf ?? null }];
  });
  let widest: { more: Shown; less: Shown } | null = null;
  for (const more of told) {
    for (const less of told) {
      if (more.low <= less.high || isEarlier(less, more)) continue;
      if (widest === null || more.low - less.high > widest.more.low - widest.less.high)
        widest = { more, less };
    }
  }
  if (widest === null) return null;
  const { more, less } = widest;
  const gap = numberFromHundredths(more.low - less.high);
  return {
    sources: [more.name, less.name],
    gap,
    message: `${saying(more)}, ${saying(less)}: ${gap} percentage points apart`,
  };
}

function isEarlier(one: Shown, other: Shown): boolean {
  return one.asOf !== null && other.asOf !== null && one.asOf < other.asOf;
}

/** A source's interval as it is shown, in hundredths of a percent. */
interface Shown {
  name: SourceName;
  low: PercentHundredths;
  high: PercentHundredths;
  asOf: CalendarDate | null;
}

function saying({ name, low, high }: Shown): string {
  const [from, to] = [numberFromHundredths(low), numberFromHundredths(high)];
  return `${name} says ${from === to ? from : `${from} to ${to}`} %`;
}
