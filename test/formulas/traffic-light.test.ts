import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cadences,
  courseOf,
  defaultLightRules,
  isSilent,
  type LightQuestion,
  silentAfterDaysOf,
  trafficLight,
} from '../../src/formulas/traffic-light.ts';
import { FULL, toFine } from '../../src/shared/percent.ts';

const rules = { yellowBehindHundredths: 1_000, redBehindHundredths: 3_000, silentAfterDays: 10 };

function question(more: Partial<LightQuestion> = {}): LightQuestion {
  const percent = toFine(5_000);
  return { course: 'open', percent, low: percent, planned: percent, silentDays: 0, ...more };
}

function lightOf(more: Partial<LightQuestion> = {}) {
  return trafficLight(question(more), rules).light;
}

function behind(points: number) {
  return lightOf({ planned: toFine(5_000 + Math.round(points * 100)) });
}

describe('the light', () => {
  it('is yellow from 10 points behind, and red beyond 30', () => {
    expect([-20, 0, 9.99].map(behind)).toEqual(['green', 'green', 'green']);
    expect([10, 12.92, 30].map(behind)).toEqual(['yellow', 'yellow', 'yellow']);
    expect([30.01, 50].map(behind)).toEqual(['red', 'red']);
  });

  it('of 70.41 done and 83.33 planned is yellow', () => {
    expect(lightOf({ percent: toFine(7_041), low: toFine(7_041), planned: toFine(8_333) })).toBe('yellow');
  });

  it('judges the gap as it is shown', () => {
    expect(lightOf({ planned: toFine(6_000) - 1 })).toBe('yellow');
    expect(lightOf({ planned: toFine(6_000) - 600_000 })).toBe('green');
    expect(lightOf({ planned: toFine(8_000) + 499_999 })).toBe('yellow');
  });

  it('is grey from the first day after the cadence, however late it is', () => {
    expect(lightOf({ silentDays: 10 })).toBe('green');
    expect(lightOf({ silentDays: 11 })).toBe('grey');
    expect(lightOf({ silentDays: 11, planned: FULL })).toBe('grey');
    expect(lightOf({ silentDays: 11, planned: null })).toBe('grey');
  });

  it('is grey where nothing was ever reported, unless no report is awaited', () => {
    const never = question({ percent: null, low: 0, silentDays: null });
    expect(trafficLight(never, rules)).toEqual({ light: 'grey', reason: 'silent' });
    expect(trafficLight(never, { ...rules, silentAfterDays: null })).toEqual({
      light: null,
      reason: 'noProgress',
    });
  });

  it('is never grey for what is completed, or surely at 100', () => {
    expect(lightOf({ course: 'completed', silentDays: 4_000 })).toBe('green');
    expect(lightOf({ course: 'completed', percent: null, silentDays: null })).toBeNull();
    expect(lightOf({ percent: FULL, low: FULL, silentDays: 4_000 })).toBe('green');
    expect(lightOf({ percent: FULL, low: 0, silentDays: 4_000 })).toBe('grey');
  });

  it('is off for what is cancelled or suspended', () => {
    expect(trafficLight(question({ course: courseOf('cancelled'), silentDays: 99 }), rules)).toEqual({
      light: null,
      reason: 'stopped',
    });
    expect(courseOf('suspended')).toBe('stopped');
  });

  it('is off where there is no plan', () => {
    expect(trafficLight(question({ planned: null }), rules)).toEqual({ light: null, reason: 'noPlan' });
  });

  it('takes 85 of 85%以上', () => {
    const atLeast = { percent: toFine(8_500), low: toFine(8_500) };
    expect(lightOf({ ...atLeast, planned: toFine(9_600) })).toBe('yellow');
    const nearly = { percent: toFine(9_000), low: 0 };
    expect(lightOf({ ...nearly, planned: toFine(9_600) })).toBe('green');
  });

  it('with thresholds of 0 calls what is behind yellow or red and what is as planned green', () => {
    const strict = { ...rules, yellowBehindHundredths: 0, redBehindHundredths: 0 };
    expect(trafficLight(question(), strict).light).toBe('green');
    expect(trafficLight(question({ planned: toFine(5_001) }), strict).light).toBe('red');
  });

  it('follows the stages of a project', () => {
    expect(
      ['identification', 'preparation', 'implementation'].map((s) => courseOf(s as 'preparation')),
    ).toEqual(['open', 'open', 'open']);
    expect(
      ['completion', 'maintenance', 'decommissioning', 'decommissioned'].map((s) =>
        courseOf(s as 'completion'),
      ),
    ).toEqual(Array.from({ length: 4 }, () => 'completed'));
  });

  it('gets no better by more delay', () => {
    const order = { green: 0, yellow: 1, red: 2 };
    const gaps = fc.nat({ max: 5_000 });
    fc.assert(
      fc.property(gaps, gaps, fc.nat({ max: 3_000 }), fc.nat({ max: 3_000 }), (one, other, yellow, more) => {
        const thresholds = { ...rules, yellowBehindHundredths: yellow, redBehindHundredths: yellow + more };
        const [less, most] = [Math.min(one, other), Math.max(one, other)].map((gap) =>
          trafficLight(question({ planned: toFine(5_000 + gap) }), thresholds),
        );
        expect(order[less?.light as 'red']).toBeLessThanOrEqual(order[most?.light as 'red']);
      }),
    );
  });
});

describe('a cadence', () => {
  it('is longer than its longest period, and in order', () => {
    const days = cadences.map((cadence) => silentAfterDaysOf[cadence]);
    expect(days).toEqual([3, 10, 38, 107, 214, 411]);
    expect(defaultLightRules.silentAfterDays).toBe(38);
  });

  it('of a day does not call the weekend silent', () => {
    const daily = { silentAfterDays: silentAfterDaysOf.daily };
    expect(isSilent(question({ silentDays: 3 }), daily)).toBe(false);
    expect(isSilent(question({ silentDays: 4 }), daily)).toBe(true);
  });
});
