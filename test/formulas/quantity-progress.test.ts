import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantityProgress } from '../../src/formulas/quantity-progress.ts';
import { FULL, shownPercent } from '../../src/shared/percent.ts';

describe('progress by quantity', () => {
  it('of 478 out of 563 households is 84.9 %', () => {
    const standing = quantityProgress(478n, 563n);
    expect(shownPercent(standing?.percent ?? 0)).toBe(84.9);
    expect(standing).toMatchObject({ approximate: false, coverage: FULL });
    expect(standing?.low).toBe(standing?.high);
  });

  it('is unknown when the total is 0, or either is unknown', () => {
    expect(quantityProgress(0n, 0n)).toBeNull();
    expect(quantityProgress(5n, 0n)).toBeNull();
    expect(quantityProgress(5n, -1n)).toBeNull();
    expect(quantityProgress(null, 563n)).toBeNull();
    expect(quantityProgress(5n, null)).toBeNull();
  });

  it('is 100 when more is done than there is, and 0 when less than nothing is', () => {
    expect(quantityProgress(600n, 563n)?.percent).toBe(FULL);
    expect(quantityProgress(-1n, 563n)?.percent).toBe(0);
  });

  it('carries the bound that was stated', () => {
    expect(quantityProgress(1n, 2n, 'moreThan')).toMatchObject({
      low: FULL / 2,
      percent: FULL / 2,
      high: FULL,
    });
    expect(quantityProgress(1n, 2n, 'nearly')).toMatchObject({ low: 0, percent: FULL / 2, high: FULL / 2 });
    expect(quantityProgress(1n, 2n, 'about')).toMatchObject({
      approximate: true,
      low: FULL / 2,
      high: FULL / 2,
    });
  });

  it('is 100 only when all is done', () => {
    const totals = fc.bigInt({ min: 1n, max: 10n ** 18n });
    fc.assert(
      fc.property(totals, totals, (done, total) => {
        const percent = quantityProgress(done, total)?.percent ?? 0;
        expect(percent === FULL).toBe(done >= total);
        expect(percent >= 0 && percent <= FULL).toBe(true);
      }),
    );
    expect(quantityProgress(10n ** 18n - 1n, 10n ** 18n)?.percent).toBe(FULL - 1);
  });
});
