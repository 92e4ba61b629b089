import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lightDaysOf, lightOn } from '../../src/formulas/light-days.ts';
import { baselineOf, plannedPercent, straightLine } from '../../src/formulas/planned-percent.ts';
import { trafficLight } from '../../src/formulas/traffic-light.ts';
import { addDays, daysBetween } from '../../src/shared/calendar-date.ts';
import { FULL, toFine } from '../../src/shared/percent.ts';

const rules = { yellowBehindHundredths: 1_000, redBehindHundredths: 3_000, silentAfterDays: null };
const year = straightLine('2023-01-01', '2023-12-31');
const forty = { course: 'open', percent: toFine(4_000), low: toFine(4_000) } as const;

const aDay = fc.integer({ min: -40, max: 120 }).map((days) => addDays('2023-06-30', days));
const aPercent = fc.oneof(
  fc.constantFrom(0, 1, 9_999, 10_000).map(toFine),
  fc.integer({ min: 0, max: 10_000 }).map(toFine),
  fc.maxSafeNat().map((number) => number % (FULL + 1)),
);
const aBaseline = fc
  .array(fc.record({ date: aDay, percentHundredths: fc.integer({ min: 0, max: 10_000 }) }), {
    minLength: 1,
    maxLength: 5,
  })
  .map((points) => {
    const dates = [...new Set(points.map(({ date }) => date))].sort();
    const percents = points.map(({ percentHundredths }) => percentHundredths).sort((a, b) => a - b);
    return baselineOf(dates.map((date, index) => ({ date, percentHundredths: percents[index] ?? 0 })));
  });
const someRules = fc
  .record({
    yellow: fc.constantFrom(0, 1, 500, 1_000, 10_000),
    more: fc.constantFrom(0, 1, 2_000),
    silentAfterDays: fc.option(fc.integer({ min: 1, max: 60 })),
  })
  .map(({ yellow, more, silentAfterDays }) => ({
    yellowBehindHundredths: yellow,
    redBehindHundredths: yellow + more,
    silentAfterDays,
  }));

describe('the days from which a project has a light', () => {
  it('of 40 % done of a straight plan over 2023 are 2 July for yellow and 13 September for red', () => {
    expect(lightDaysOf({ ...forty, baseline: year, saidAsOf: '2023-06-30' }, rules)).toEqual({
      isCompared: true,
      yellowFrom: '2023-07-02',
      redFrom: '2023-09-13',
      greyFrom: null,
    });
  });

  it('give on every day the light that the rule gives', () => {
    fc.assert(
      fc.property(
        fc.record({
          course: fc.constantFrom('open', 'completed', 'stopped'),
          percent: fc.option(aPercent, { freq: 6 }),
          bound: fc.constantFrom('exact', 'none', 'full'),
          baseline: fc.option(aBaseline, { freq: 8 }),
          saidAsOf: fc.option(aDay, { freq: 8 }),
        }),
        someRules,
        ({ course, percent, bound, baseline, saidAsOf }, given) => {
          const low = percent === null || bound === 'none' ? 0 : bound === 'full' ? FULL : percent;
          const days = lightDaysOf({ course, percent, low, baseline, saidAsOf }, given);
          for (let ahead = -45; ahead <= 200; ahead += 1) {
            const day = addDays('2023-06-30', ahead);
            if (saidAsOf !== null && day < saidAsOf) continue;
            const planned = baseline === null ? null : plannedPercent(baseline, day);
            const silentDays = saidAsOf === null ? null : daysBetween(saidAsOf, day);
            const { light } = trafficLight({ course, percent, low, planned, silentDays }, given);
            expect(lightOn(days, day), day).toBe(light);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('do not lie beyond the calendar', () => {
    const late = { ...forty, baseline: null, saidAsOf: '9999-12-30' };
    expect(lightDaysOf(late, { ...rules, silentAfterDays: 1 }).greyFrom).toBeNull();
    expect(lightDaysOf({ ...late, saidAsOf: '9999-12-29' }, { ...rules, silentAfterDays: 1 }).greyFrom).toBe(
      '9999-12-31',
    );
  });
});
