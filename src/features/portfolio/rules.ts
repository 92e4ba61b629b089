import { gapOfShown } from '../../formulas/plan-gap.ts';
import { ManyChildren, noChildren, type RollUpSums, rollUp } from '../../formulas/roll-up.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import { fieldError, JinduError } from '../../shared/errors.ts';
import { askedDay, assertCompared } from '../../shared/known-moment.ts';
import { shownHundredths } from '../../shared/percent.ts';
import {
  counts,
  projectStatuses,
  type ShownLight,
  shownLights,
  type WeightBasis,
  weightOf,
} from '../projects/index.ts';
import type { Bounds, Counted, CountedRow, Moved } from './portfolio.ts';
import type { ProjectSums } from './store.ts';

/**
 * The two days of a question.
 * @throws JinduError `future_date`, `unprocessable`
 */
export function daysAsked(
  { asOf, compareTo }: { asOf: CalendarDate | null; compareTo: CalendarDate | null },
  today: CalendarDate,
): { asOf: CalendarDate; compareTo: CalendarDate | null } {
  const day = askedDay(asOf, today);
  assertCompared(compareTo, day);
  return { asOf: day, compareTo };
}

/** From what has to be looked at first to what has not. */
const urgency: readonly ShownLight[] = ['red', 'grey', 'yellow', 'green', 'none'];

/** The day since which a project has its light, or on which a green one turns; null where there is none. */
function turnOf({ light, lights }: CountedRow): CalendarDate | null {
  if (light === 'red') return lights.redFrom;
  if (light === 'grey') return lights.greyFrom;
  return light === 'none' ? null : lights.yellowFrom;
}

/**
 * The order in which projects are to be read: by light, and within one, who has it the longest before the others; of
 * the green ones, who turns yellow first.
 */
export function inOrderOfUrgency(one: CountedRow, other: CountedRow): number {
  if (one.light !== other.light) return urgency.indexOf(one.light) - urgency.indexOf(other.light);
  const [a, b] = [turnOf(one) ?? '9999-12-31', turnOf(other) ?? '9999-12-31'];
  if (a !== b) return a < b ? -1 : 1;
  return one.id < other.id ? -1 : 1;
}

/** What a whole that is no project weighs its parts by. Of several units or currencies, that of most of them. */
interface Whole {
  weightBasis: WeightBasis;
  budgetCurrency: string | null;
  quantities: { code: string; valueScaled: number; unit: string }[];
}

/**
 * Counts projects as they are told one after the other. What is cancelled is counted by its status and has no part in
 * the roll-up.
 */
export class Tally {
  readonly #basis: WeightBasis;
  readonly #byStatus = noneOf(projectStatuses);
  readonly #byLight = noneOf(shownLights);
  /** By the unit or the currency that their weights are in. */
  readonly #sums = new Map<string, ManyChildren>();
  #projects = 0;

  constructor(basis: WeightBasis) {
    this.#basis = basis;
  }

  add(row: CountedRow): void {
    this.#projects += 1;
    this.#byStatus[row.status] += 1;
    this.#byLight[row.light] += 1;
    if (!counts({ status: row.status, archivedAt: null })) return;
    const unit = this.#unitOf(row);
    const weight = weightOf(row, this.#wholeIn(unit));
    let sums = this.#sums.get(unit);
    if (sums === undefined) {
      sums = new ManyChildren();
      this.#sums.set(unit, sums);
    }
    sums.add({ weight, standing: row.standing });
  }

  counted(): Counted {
    return {
      projects: this.#projects,
      byStatus: this.#byStatus,
      byLight: this.#byLight,
      rollUp: rollUp(this.#whole()),
    };
  }

  /** The sums in the unit of most; what is in another has no weight in it. */
  #whole(): RollUpSums {
    const sums = [...this.#sums].map(([unit, children]) => [unit, children.sums] as const);
    const byUnit = sums.sort(([a], [b]) => (a < b ? -1 : 1));
    const all = byUnit.sort(([, one], [, other]) => weighedIn(other) - weighedIn(one));
    const [main = noChildren, ...others] = all.map(([, each]) => each);
    const count = (each: (sums: RollUpSums) => number) => others.reduce((sum, one) => sum + each(one), 0);
    const strange = count(({ children }) => children);
    return {
      ...main,
      children: main.children + strange,
      silent: main.silent + count(({ silent }) => silent),
      unweighted: main.unweighted + strange,
    };
  }

  #unitOf({ quantities, budgetCurrency }: CountedRow): string {
    if (this.#basis === 'budget') return budgetCurrency ?? '';
    if (!this.#basis.startsWith('quantity:')) return '';
    const code = quantityCodeOf(this.#basis);
    return quantities.find((quantity) => quantity.code === code)?.unit ?? '';
  }

  #wholeIn(unit: string): Whole {
    return { weightBasis: this.#basis, budgetCurrency: unit === '' ? null : unit, quantities: [] };
  }
}

function noneOf<Name extends string>(names: readonly Name[]): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
}

/** What {@link Tally} comes to for projects that weigh alike, from the sums over some of them each. */
export function countedFrom(groups: readonly ProjectSums[]): Counted {
  const byStatus = noneOf(projectStatuses);
  const byLight = noneOf(shownLights);
  const whole = { ...noChildren };
  let projects = 0;
  for (const { status, projects: some, red, yellow, green, grey, ...sums } of groups) {
    projects += some;
    byStatus[status] += some;
    byLight.red += red;
    byLight.yellow += yellow;
    byLight.green += green;
    byLight.grey += grey;
    byLight.none += some - red - yellow - green - grey;
    if (!counts({ status, archivedAt: null })) continue;
    whole.children += some;
    whole.silent += some - sums.known;
    whole.approximate += sums.approximate;
    whole.weight += BigInt(some);
    whole.weightKnown += BigInt(sums.known);
    whole.percent += BigInt(sums.percent);
    whole.low += BigInt(sums.low);
    whole.high += BigInt(sums.high);
    whole.covered += BigInt(sums.covered);
  }
  return { projects, byStatus, byLight, rollUp: rollUp(whole) };
}

const bounded = { shown: 'a portfolio counts', counted: 'a past day is counted, with those below them, for' };

/** @throws JinduError `unprocessable` */
export function assertNotTooWide(what: keyof Bounds, projects: number, bounds: Bounds): void {
  if (projects <= bounds[what]) return;
  const message = `must name less: ${bounded[what]} at most ${bounds[what].toLocaleString('en')} projects`;
  throw fieldError('unprocessable', '?within', 'too_wide', message);
}

function weighedIn({ children, unweighted }: RollUpSums): number {
  return children - unweighted;
}

function quantityCodeOf(basis: WeightBasis): string {
  return basis.slice('quantity:'.length);
}

/**
 * A quantity by which nothing can be weighed is a slip of the pen, as long as there is something to be weighed.
 * @param codes of the quantities that there are
 * @throws JinduError `unprocessable`
 */
export function assertWeighs(basis: WeightBasis, codes: ReadonlySet<string>, projects: number): void {
  if (!basis.startsWith('quantity:') || projects === 0 || codes.has(quantityCodeOf(basis))) return;
  const some = [...codes].sort().slice(0, 20);
  const right =
    some.length === 0
      ? 'must be equal, weight or budget: no project here has a quantity'
      : `must name a quantity that a project here has: ${some.map((code) => `quantity:${code}`).join(', ')}`;
  throw new JinduError('unprocessable', `no project here has the quantity ${quantityCodeOf(basis)}`, [
    { pointer: '?weightBasis', code: 'unknown_quantity', message: right },
  ]);
}

/** How a project moved from one day to another; null if it shows the same. */
export function movedBetween(before: CountedRow | undefined, now: CountedRow): Moved | null {
  const from = shownOf(before);
  const to = shownOf(now);
  if (from === to) return null;
  return {
    projectId: now.id,
    from,
    to,
    points: from === null || to === null ? null : gapOfShown(to, from),
    lightBefore: before?.light ?? 'none',
    light: now.light,
  };
}

/** By how far, whichever way; what had no figure before, or has none now, comes last. */
export function furthestFirst(one: Moved, other: Moved): number {
  const [a, b] = [one, other].map(({ points }) => (points === null ? -1 : Math.abs(points))) as [
    number,
    number,
  ];
  if (a !== b) return b - a;
  return one.projectId < other.projectId ? -1 : 1;
}

function shownOf(row: CountedRow | undefined): number | null {
  const percent = row?.standing.percent ?? null;
  return percent === null ? null : shownHundredths(percent);
}
