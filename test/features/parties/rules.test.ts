import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dealStages } from '../../../src/features/parties/party.ts';
import { assertDoesNotGoBack, inStageOn, stageOn, unnamedOn } from '../../../src/features/parties/rules.ts';
import { addDays } from '../../../src/shared/calendar-date.ts';

const dayAt = (number: number) => addDays('2023-06-01', number);
const number = fc.integer({ min: 0, max: 20 });
const day = number.map(dayAt);
const statement = fc
  .record({ asOf: number, before: fc.option(number), stage: fc.constantFrom(...dealStages) })
  .map(({ asOf, before, stage }) => ({
    asOf: dayAt(asOf),
    since: before === null ? null : dayAt(asOf - before),
    stage,
    reason: null as string | null,
  }));
const statements = fc.uniqueArray(statement, { selector: ({ asOf }) => asOf, maxLength: 8 });

describe('the stage on a day', () => {
  test('is, on the day that a statement speaks of, what it says, unless the party went on that very day', () => {
    fc.assert(
      fc.property(statements, (said) => {
        for (const each of said) {
          const wentOn = said.some(({ since, asOf }) => since === each.asOf && asOf > each.asOf);
          if (!wentOn) expect(stageOn(said, each.asOf)).toBe(each);
        }
      }),
    );
  });

  test('does not hang on the order in which things were told', () => {
    fc.assert(
      fc.property(statements, day, (said, on) => {
        expect(stageOn(said.toReversed(), on)).toBe(stageOn(said, on));
      }),
    );
  });

  test('is there from the first day on that anything says, and not before', () => {
    fc.assert(
      fc.property(statements, day, (said, on) => {
        const isSaid = said.some(({ since, asOf }) => (since ?? asOf) <= on);
        expect(stageOn(said, on) !== null).toBe(isSaid);
      }),
    );
  });

  test('comes with a day by which it was so, since when nothing else was in force', () => {
    fc.assert(
      fc.property(statements, day, (said, on) => {
        const found = inStageOn(said, on);
        expect(found?.stage ?? null).toBe(stageOn(said, on)?.stage ?? null);
        if (found === null) return;
        expect(found.by <= on).toBe(true);
        if (found.since === null)
          for (let each = found.by; each <= on; each = addDays(each, 1))
            expect(stageOn(said, each)?.stage).toBe(found.stage);
      }),
    );
  });

  test('is still since the day that was said once, where it is repeated without one', () => {
    const told = [
      { asOf: '2023-06-10', since: '2023-05-01', stage: 'inTalks' },
      { asOf: '2023-06-17', since: null, stage: 'inTalks' },
    ] as const;
    expect(inStageOn(told, '2023-06-20')).toEqual({
      stage: 'inTalks',
      since: '2023-05-01',
      by: '2023-05-01',
    });
  });

  test('of what was taken in without a reason never goes back', () => {
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 12 }), (told) => {
        let kept: typeof told = [];
        for (const said of told) {
          const others = kept.filter(({ asOf }) => asOf !== said.asOf);
          try {
            assertDoesNotGoBack(said, others);
            kept = [...others, said];
          } catch {
            // Refused: what was kept stays.
          }
        }
        const line = Array.from({ length: 45 }, (_, index) => stageOn(kept, dayAt(index - 21))?.stage);
        const places = line.filter((stage) => stage !== undefined).map((stage) => dealStages.indexOf(stage));
        expect(places).toEqual(places.toSorted((a, b) => a - b));
      }),
    );
  });
});

test('so many are unnamed as were counted on the day, but for those told apart by then', () => {
  const party = { id: 'in-talks', organizationId: null, name: null };
  fc.assert(
    fc.property(
      fc.integer({ min: 10, max: 50 }),
      fc.array(fc.record({ splitFrom: fc.constantFrom('in-talks', 'others', null), splitOn: day }), {
        maxLength: 9,
      }),
      day,
      (count, others, on) => {
        const told = [{ asOf: dayAt(0), since: null, stage: 'inTalks' as const, count }];
        const apart = others.filter(({ splitFrom, splitOn }) => splitFrom === 'in-talks' && splitOn <= on);
        expect(unnamedOn(party, others, told, on)).toBe(count - apart.length);
        expect(unnamedOn(party, others, told, '2023-05-31')).toBeNull();
        expect(unnamedOn({ ...party, name: '湘核建' }, others, told, on)).toBeNull();
      },
    ),
  );
});
