import { type Conversion, conversion } from '../../formulas/conversion.ts';
import { medianAge } from '../../formulas/median-age.ts';
import { type Addend, type MoneySum, moneySum } from '../../formulas/money-sum.ts';
import { type CalendarDate, daysBetween } from '../../shared/calendar-date.ts';
import { type DealStage, dealStages } from '../parties/index.ts';
import type { DealFacts, DealOn, OpenStage } from './deal.ts';
import { dealOn } from './deal-on.ts';
import { type CurrencyMoney, type LineTotal, lineTotalsOn, moneyByCurrency, moneyIn } from './money.ts';
import { partiesOn } from './parties-on.ts';
import { openStages, rankOf } from './rules.ts';
import { addendOf, signedValuesOn, signingWithin, type Values } from './signings.ts';

/** Deals and parties in one stage on a day. */
export interface FunnelStage {
  stage: DealStage;
  deals: number;
  /** How many of the deals are here only because somebody set it, no fact giving a stage. */
  setDeals: number;
  parties: number;
  /** Deals that are or ever were in this stage or a farther one; null of what is no step on the way. */
  reached: number | null;
  /** To the next stage; null where there is none. */
  conversion: Conversion | null;
  /** How long the deals have been here: the median of the ages that are known; null where none is. */
  medianDays: number | null;
  unknownAges: number;
  /** What the deals here have signed is worth. */
  amount: MoneySum | null;
  amountByCurrency: CurrencySum[];
}

export interface CurrencySum extends MoneySum {
  currency: string;
}

/** What was signed within a span of days. */
export interface Signings {
  /** The day after which they are counted; null: from the beginning. */
  after: CalendarDate | null;
  /** Deals whose first signing lies within. */
  deals: number;
  /** Of those, how many of which only the day is known by which they had signed. */
  daysUnknown: number;
  /** Of those, how many of which no value is known. */
  withoutValue: number;
  values: CurrencySum[];
  /** By how much deals are worth more than at their first signing, or than at the beginning of the span. */
  increments: CurrencySum[];
}

export interface Movement {
  projectId: string;
  /** Null: it had no stage, or was no deal. */
  from: DealStage | null;
  to: DealStage | null;
}

export interface Funnel {
  asOf: CalendarDate;
  compareTo: CalendarDate | null;
  deals: number;
  stages: FunnelStage[];
  withoutStage: { deals: number; parties: number };
  money: CurrencyMoney | null;
  /** Why there is no `money`. */
  moneyReason: 'noMoney' | 'severalCurrencies' | null;
  moneyByCurrency: CurrencyMoney[];
  signings: Signings;
  /** Those that are in another stage than on the earlier day, the farthest now first; null where none is asked about. */
  movements: Movement[] | null;
}

/** What is asked of a funnel. */
export interface FunnelDays {
  asOf: CalendarDate;
  compareTo: CalendarDate | null;
  /** Null: the one that there is. */
  currency: string | null;
}

interface Counts {
  deals: number;
  setDeals: number;
  parties: number;
  ages: number[];
  unknownAges: number;
  values: Values[];
}

/** Counts deals as they are told one after the other. A project counts once, in one stage. */
export class FunnelTally {
  readonly #days: FunnelDays;
  readonly #counts = new Map<DealStage | null, Counts>();
  readonly #reached = new Map<OpenStage, number>(openStages.map((stage) => [stage, 0]));
  readonly #totals: LineTotal[] = [];
  readonly #signed: { first: Values[]; increments: Values[]; daysUnknown: number } = {
    first: [],
    increments: [],
    daysUnknown: 0,
  };
  readonly #movements: Movement[] = [];
  #deals = 0;

  constructor(days: FunnelDays) {
    this.#days = days;
  }

  /** What is no deal on the day is passed over: false. */
  add(facts: DealFacts): boolean {
    const { asOf, compareTo } = this.#days;
    const deal = dealOn(facts, asOf);
    if (!deal.isDeal) return false;
    this.#deals += 1;
    this.#countIn(deal, facts);
    for (const { stage, named, unnamed } of partiesOn(facts, asOf))
      this.#of(stage).parties += named + unnamed;
    for (const total of lineTotalsOn(facts, asOf)) this.#totals.push(total);
    this.#sign(facts);
    if (compareTo !== null) this.#compare(facts.projectId, deal, dealOn(facts, compareTo));
    return true;
  }

  funnel(): Funnel {
    const { asOf, compareTo } = this.#days;
    const { money, reason } = this.#money();
    const currency = money?.currency ?? null;
    const none = this.#of(null);
    return {
      ...{ asOf, compareTo, deals: this.#deals },
      stages: dealStages.map((stage) => this.#stage(stage, currency)),
      withoutStage: { deals: none.deals, parties: none.parties },
      ...{ money, moneyReason: reason, moneyByCurrency: moneyByCurrency(this.#totals) },
      signings: this.#signings(),
      movements: compareTo === null ? null : this.#movements.sort(farthestFirst),
    };
  }

  #countIn({ counted }: DealOn, facts: DealFacts): void {
    const { asOf } = this.#days;
    const counts = this.#of(counted.stage);
    counts.deals += 1;
    if (counted.by === 'set') counts.setDeals += 1;
    if (counted.since === null) counts.unknownAges += 1;
    else counts.ages.push(daysBetween(counted.since, asOf));
    const values = signedValuesOn(facts, asOf);
    if (values !== null) counts.values.push(values);
    if (counted.reached === null) return;
    for (const stage of openStages.slice(0, rankOf(counted.reached) + 1))
      this.#reached.set(stage, this.#reachedBy(stage) + 1);
  }

  #sign(facts: DealFacts): void {
    const signing = signingWithin(facts, this.#days.compareTo, this.#days.asOf);
    if (signing === null) return;
    this.#signed.increments.push(signing.increments);
    if (!signing.isFirst) return;
    this.#signed.first.push(signing.first);
    if (!signing.isDayKnown) this.#signed.daysUnknown += 1;
  }

  #compare(projectId: string, { counted: now }: DealOn, { counted: then }: DealOn): void {
    if (now.stage !== then.stage) this.#movements.push({ projectId, from: then.stage, to: now.stage });
  }

  #of(stage: DealStage | null): Counts {
    const found = this.#counts.get(stage);
    if (found !== undefined) return found;
    const made = { deals: 0, setDeals: 0, parties: 0, ages: [], unknownAges: 0, values: [] };
    this.#counts.set(stage, made);
    return made;
  }

  #reachedBy(stage: OpenStage): number {
    return this.#reached.get(stage) ?? 0;
  }

  #stage(stage: DealStage, currency: string | null): FunnelStage {
    const { deals, setDeals, parties, ages, unknownAges, values } = this.#of(stage);
    const next = openStages[rankOf(stage) + 1];
    const reached = stage === 'lapsed' ? null : this.#reachedBy(stage);
    return {
      ...{ stage, deals, setDeals, parties, reached },
      conversion: reached === null || next === undefined ? null : conversion(reached, this.#reachedBy(next)),
      medianDays: medianAge(ages),
      unknownAges,
      amount: currency === null ? null : valueIn(currency, values),
      amountByCurrency: valuesByCurrency(values),
    };
  }

  #money(): { money: CurrencyMoney | null; reason: Funnel['moneyReason'] } {
    const asked = this.#days.currency;
    const values = [...this.#counts.values()].flatMap((counts) => counts.values);
    const currencies = new Set([
      ...this.#totals.map(({ currency }) => currency),
      ...values.flatMap((each) => [...each.keys()]),
    ]);
    const [only] = currencies;
    if (asked === null && only === undefined) return { money: null, reason: 'noMoney' };
    if (asked === null && currencies.size > 1) return { money: null, reason: 'severalCurrencies' };
    const currency = asked ?? (only as string);
    const totals = this.#totals.filter((total) => total.currency === currency);
    return { money: moneyIn(currency, totals), reason: null };
  }

  #signings(): Signings {
    const { first, increments, daysUnknown } = this.#signed;
    return {
      after: this.#days.compareTo,
      deals: first.length,
      daysUnknown,
      withoutValue: first.filter((values) => values.size === 0).length,
      values: valuesByCurrency(first),
      increments: valuesByCurrency(increments.filter((values) => values.size > 0)),
    };
  }
}

/** What is worth something in each currency; what is of no known value may be worth something in any. */
function valuesByCurrency(values: readonly Values[]): CurrencySum[] {
  const currencies = new Set(values.flatMap((each) => [...each.keys()]));
  return [...currencies].sort().map((currency) => ({ currency, ...valueIn(currency, values) }));
}

function valueIn(currency: string, values: readonly Values[]): MoneySum {
  return moneySum(
    values.flatMap((each): Addend[] => {
      const value = each.get(currency);
      if (value !== undefined) return [addendOf(value)];
      return each.size === 0 ? [unknownAddend] : [];
    }),
  );
}

const unknownAddend: Addend = { amountMinor: null, lowMinor: 0, highMinor: null, qualifier: null };

/** What has lapsed, and what has no stage any more, come last. */
function farthestFirst(one: Movement, other: Movement): number {
  const [a, b] = [one, other].map(({ to }) => (to === null || to === 'lapsed' ? -1 : rankOf(to))) as [
    number,
    number,
  ];
  if (a !== b) return b - a;
  return one.projectId < other.projectId ? -1 : 1;
}
