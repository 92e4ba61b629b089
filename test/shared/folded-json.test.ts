import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fold, unfold } from '../../src/shared/folded-json.ts';

const folded = (answer: unknown) => fold(Buffer.from(JSON.stringify(answer)));
const unfolded = (answer: unknown) => unfold(folded(answer)).toString();

describe('an answer that is kept folded', () => {
  test('is sent as it was written, whatever is in it', () => {
    const anything = fc.anything({
      key: fc.string({ unit: 'binary' }),
      values: [fc.string({ unit: 'binary' }), fc.double(), fc.integer(), fc.boolean(), fc.constant(null)],
      maxDepth: 4,
    });
    fc.assert(
      fc.property(anything, (answer) => {
        fc.pre(answer !== undefined);
        expect(unfolded(answer)).toBe(JSON.stringify(answer));
      }),
      { numRuns: 1_000 },
    );
  });

  test.each([
    [{ 'say "85%以上",': 'a:"b",\n\0\u2028', '[': ['{', '"', '\\', ''], 户: -1.5e-7 }],
    ['85%以上'],
    [563],
    [null],
    [{}],
    [[]],
  ])('is sent as it was written: %j', (answer) => {
    expect(unfolded(answer)).toBe(JSON.stringify(answer));
  });

  test('has its outline in common with others that differ in texts and numbers only', () => {
    const zones = ['A', 'B'].map((zone) => folded({ zone: `岳屏 ${zone}`, percent: null, done: 85 }));
    expect(zones[0]?.outline).toBe(zones[1]?.outline);
    expect(zones.map(({ values }) => Buffer.from(values, 'latin1').toString())).toEqual([
      '"岳屏 A"\n85',
      '"岳屏 B"\n85',
    ]);
    expect(folded({ zone: '岳屏 C', percent: 70, done: 85 }).outline).not.toBe(zones[0]?.outline);
  });
});
