import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CostQuestion, costOf } from '../../src/formulas/earned-value.ts';
import { maximumMinor } from '../../src/shared/money.ts';
import { FULL, toFine } from '../../src/shared/percent.ts';

const question: CostQuestion = {
  budget: { amountMinor: 100_000_000, currency: 'CNY' },
  planned: toFine(5_000),
  earned: toFine(4_000),
  spent: { amountMinor: 50_000_000, currency: 'CNY' },
};

function cost(more: Partial<CostQuestion> = {}) {
  return costOf({ ...question, ...more });
}

function spent(amountMinor: number, currency = 'CNY') {
  return { spent: { amountMinor, currency } };
}

const figures = [
  'budgetAtCompletionMinor',
  'plannedValueMinor',
  'earnedValueMinor',
  'actualCostMinor',
  'scheduleVarianceMinor',
  'costVarianceMinor',
  'schedulePerformanceIndex',
  'costPerformanceIndex',
  'estimateAtCompletionMinor',
  'estimateToCompleteMinor',
  'varianceAtCompletionMinor',
  'toCompletePerformanceIndex',
] as const;

describe('earned value', () => {
  it('of half planned, 40 done and half spent of 1,000,000.00 will cost 1,250,000.00', () => {
    expect(cost()).toEqual({
      budgetAtCompletionMinor: 100_000_000,
      plannedValueMinor: 50_000_000,
      earnedValueMinor: 40_000_000,
      actualCostMinor: 50_000_000,
      scheduleVarianceMinor: -10_000_000,
      costVarianceMinor: -10_000_000,
      schedulePerformanceIndex: 0.8,
      costPerformanceIndex: 0.8,
      estimateAtCompletionMinor: 125_000_000,
      estimateToCompleteMinor: 75_000_000,
      varianceAtCompletionMinor: -25_000_000,
      toCompletePerformanceIndex: 1.2,
      reason: null,
      reasons: {},
    });
  });

  it('rounds money half up to whole minor units, and adds up as it is shown', () => {
    const odd = cost({ budget: { amountMinor: 333, currency: 'CNY' }, ...spent(7) });
    expect(odd).toMatchObject({
      plannedValueMinor: 167,
      earnedValueMinor: 133,
      scheduleVarianceMinor: -34,
      costVarianceMinor: 126,
      costPerformanceIndex: 19.0286,
      estimateAtCompletionMinor: 18,
      estimateToCompleteMinor: 11,
      varianceAtCompletionMinor: 315,
    });
  });

  it('without a budget has its schedule index and nothing that is money', () => {
    for (const budget of [null, { amountMinor: 0, currency: 'CNY' }]) {
      expect(cost({ budget })).toMatchObject({
        schedulePerformanceIndex: 0.8,
        actualCostMinor: 50_000_000,
        budgetAtCompletionMinor: null,
        plannedValueMinor: null,
        costPerformanceIndex: null,
        estimateAtCompletionMinor: null,
        toCompletePerformanceIndex: null,
        reason: 'noBudget',
        reasons: { estimateAtCompletionMinor: 'noBudget', costPerformanceIndex: 'noBudget' },
      });
    }
  });

  it('without spending has what does not need it', () => {
    expect(cost({ spent: null })).toMatchObject({
      earnedValueMinor: 40_000_000,
      schedulePerformanceIndex: 0.8,
      actualCostMinor: null,
      costVarianceMinor: null,
      costPerformanceIndex: null,
      estimateAtCompletionMinor: null,
      reason: 'noSpending',
    });
  });

  it('never compares two currencies', () => {
    expect(cost(spent(1, 'USD'))).toMatchObject({
      actualCostMinor: 1,
      costVarianceMinor: null,
      costPerformanceIndex: null,
      estimateAtCompletionMinor: null,
      varianceAtCompletionMinor: null,
      toCompletePerformanceIndex: null,
      reason: 'otherCurrency',
    });
  });

  it('without a plan, without progress, and where nothing is planned, says which', () => {
    expect(cost({ planned: null })).toMatchObject({ costPerformanceIndex: 0.8, reason: 'noPlan' });
    expect(cost({ earned: null })).toMatchObject({
      plannedValueMinor: 50_000_000,
      costPerformanceIndex: null,
      reason: 'noProgress',
    });
    expect(cost({ planned: 0 })).toMatchObject({
      plannedValueMinor: 0,
      schedulePerformanceIndex: null,
      reason: 'nothingPlanned',
    });
  });

  it('with nothing spent has no cost index and no estimate', () => {
    expect(cost(spent(0))).toMatchObject({
      costVarianceMinor: 40_000_000,
      costPerformanceIndex: null,
      estimateAtCompletionMinor: null,
      toCompletePerformanceIndex: 0.6,
      reasons: { costPerformanceIndex: 'nothingSpent', estimateAtCompletionMinor: 'nothingSpent' },
    });
  });

  it('with nothing done has a cost index of 0 and no estimate', () => {
    expect(cost({ earned: 0 })).toMatchObject({
      costPerformanceIndex: 0,
      estimateAtCompletionMinor: null,
      reasons: { estimateAtCompletionMinor: 'nothingEarned' },
    });
  });

  it('with the budget spent has no pace that would do, unless nothing is left to do', () => {
    for (const amount of [100_000_000, 100_000_001]) {
      expect(cost(spent(amount))).toMatchObject({
        toCompletePerformanceIndex: null,
        reasons: { toCompletePerformanceIndex: 'budgetSpent' },
      });
      expect(cost({ earned: FULL, ...spent(amount) }).toCompletePerformanceIndex).toBe(0);
    }
  });

  it('refuses an estimate of more money than is carried', () => {
    expect(cost({ earned: 1, ...spent(maximumMinor) })).toMatchObject({
      estimateAtCompletionMinor: null,
      varianceAtCompletionMinor: null,
      reasons: { estimateAtCompletionMinor: 'outOfRange' },
    });
  });

  it('exists or has a reason, is finite, and adds up, whatever is asked', () => {
    const money = fc.option(
      fc.record({
        amountMinor: fc.oneof(fc.integer({ min: 0, max: maximumMinor }), fc.constantFrom(0, 1, maximumMinor)),
        currency: fc.constantFrom('CNY', 'JPY'),
      }),
    );
    const percent = fc.option(fc.oneof(fc.integer({ min: 0, max: FULL }), fc.constantFrom(0, 1, FULL)));
    const questions = fc.record({ budget: money, planned: percent, earned: percent, spent: money });
    fc.assert(
      fc.property(questions, (asked) => {
        const answer = costOf(asked);
        for (const name of figures) {
          expect(answer[name] === null).toBe(answer.reasons[name] !== undefined);
          expect(Number.isFinite(answer[name] ?? 0)).toBe(true);
          if (name.endsWith('Minor')) expect(Number.isSafeInteger(answer[name] ?? 0)).toBe(true);
        }
        const { estimateAtCompletionMinor, estimateToCompleteMinor, actualCostMinor } = answer;
        if (estimateToCompleteMinor !== null && estimateAtCompletionMinor !== null) {
          expect(estimateToCompleteMinor + (actualCostMinor ?? 0)).toBe(estimateAtCompletionMinor);
        }
      }),
      { numRuns: 500 },
    );
  });
});
