/**
 * What the work done is worth against what was planned and what was spent.
 *
 *     PV = planned % × BAC      EV = done % × BAC       AC = money spent
 *     SV = EV − PV              CV = EV − AC
 *     SPI = EV ÷ PV             CPI = EV ÷ AC
 *     EAC = BAC ÷ CPI           ETC = EAC − AC          VAC = BAC − EAC
 *     TCPI = (BAC − EV) ÷ (BAC − AC)
 *
 * Worked figure: of 1,000,000.00 元, 50 % planned, 40 % done, 500,000.00 spent: PV 500,000.00, EV 400,000.00, SPI 0.8,
 * CPI 0.8, EAC 1,250,000.00, ETC 750,000.00, VAC −250,000.00, TCPI 1.2.
 *
 * Source: the Practice Standard for Earned Value Management of the Project Management Institute. Money is rounded half
 * up to whole minor units, once, and differences are those of the rounded figures, so that a table of them adds up;
 * indices are of the exact values, to four decimals.
 */
import { maximumMinor } from '../shared/money.ts';
import { FULL, type PercentFine } from '../shared/percent.ts';
import { derived, type Figure, known, missing, type Settled, settled } from './figure.ts';
import { decimal, halfUp } from './ratio.ts';

/** Whole minor units (分) of a currency. */
export interface MinorMoney {
  amountMinor: number;
  currency: string;
}

export interface CostQuestion {
  /** Null if there is none; one of 0 or less is none. */
  budget: MinorMoney | null;
  planned: PercentFine | null;
  /** What is done, as `percent` says; the same may be asked of its bounds. */
  earned: PercentFine | null;
  /** Spent from the beginning; null if nobody said. */
  spent: MinorMoney | null;
}

/** Money is in minor units of the budget's currency; `actualCostMinor` is in the currency of the spending. */
export interface CostFigures {
  budgetAtCompletionMinor: number;
  plannedValueMinor: number;
  earnedValueMinor: number;
  actualCostMinor: number;
  scheduleVarianceMinor: number;
  costVarianceMinor: number;
  /** SPI. It needs no budget: without one, BAC is 100. */
  schedulePerformanceIndex: number;
  /** CPI. */
  costPerformanceIndex: number;
  estimateAtCompletionMinor: number;
  estimateToCompleteMinor: number;
  varianceAtCompletionMinor: number;
  /** TCPI: the pace that is needed to end within the budget. 0 when nothing is left to do. */
  toCompletePerformanceIndex: number;
}

export type Cost = Settled<CostFigures>;

/** Every figure exists or has a reason. Money in two currencies is never compared. */
export function costOf(question: CostQuestion): Cost {
  const budget: Figure<bigint> =
    question.budget && question.budget.amountMinor > 0
      ? known(BigInt(question.budget.amountMinor))
      : missing('noBudget');
  const planned = percentOr(question.planned, 'noPlan');
  const earned = percentOr(question.earned, 'noProgress');
  const spent: Figure<bigint> = question.spent
    ? known(BigInt(question.spent.amountMinor))
    : missing('noSpending');
  const comparable = derived(budget, () =>
    derived(spent, (money) =>
      question.spent?.currency === question.budget?.currency ? known(money) : missing('otherCurrency'),
    ),
  );
  const valueAt = (percent: Figure<bigint>) =>
    derived(budget, (whole) => derived(percent, (fine) => known(halfUp(whole * fine, full))));
  const plannedValue = valueAt(planned);
  const earnedValue = valueAt(earned);
  const estimate = derived(comparable, (money) =>
    derived(earned, (fine) => {
      if (money <= 0n) return missing('nothingSpent');
      return fine === 0n ? missing('nothingEarned') : known(halfUp(money * full, fine));
    }),
  );
  return settled<CostFigures>({
    budgetAtCompletionMinor: minor(budget),
    plannedValueMinor: minor(plannedValue),
    earnedValueMinor: minor(earnedValue),
    actualCostMinor: minor(spent),
    scheduleVarianceMinor: minor(difference(earnedValue, plannedValue)),
    costVarianceMinor: minor(difference(earnedValue, comparable)),
    schedulePerformanceIndex: derived(planned, (due) =>
      derived(earned, (fine) => (due === 0n ? missing('nothingPlanned') : known(decimal(fine, due, 4)))),
    ),
    costPerformanceIndex: derived(budget, (whole) =>
      derived(comparable, (money) =>
        derived(earned, (fine) =>
          money <= 0n ? missing('nothingSpent') : known(decimal(whole * fine, money * full, 4)),
        ),
      ),
    ),
    estimateAtCompletionMinor: minor(estimate),
    estimateToCompleteMinor: minor(difference(estimate, comparable)),
    varianceAtCompletionMinor: minor(difference(budget, estimate)),
    toCompletePerformanceIndex: derived(budget, (whole) =>
      derived(comparable, (money) =>
        derived(earned, (fine) => {
          if (fine === full) return known(0);
          const left = whole - money;
          return left <= 0n ? missing('budgetSpent') : known(decimal(whole * (full - fine), left * full, 4));
        }),
      ),
    ),
  });
}

const full = BigInt(FULL);

function percentOr(percent: PercentFine | null, reason: 'noPlan' | 'noProgress'): Figure<bigint> {
  return percent === null ? missing(reason) : known(BigInt(percent));
}

function difference(one: Figure<bigint>, other: Figure<bigint>): Figure<bigint> {
  return derived(one, (from) => derived(other, (amount) => known(from - amount)));
}

/** As a number, where a number carries it. */
function minor(figure: Figure<bigint>): Figure<number> {
  return derived(figure, (amount) => {
    const isCarried = amount <= BigInt(maximumMinor) && amount >= -BigInt(maximumMinor);
    return isCarried ? known(Number(amount)) : missing('outOfRange');
  });
}
