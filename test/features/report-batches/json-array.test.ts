import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arrayItems, beginsArray } from '../../../src/features/report-batches/json-array.ts';

/** What comes of reading an array item by item; undefined if it is not valid. */
function read(text: string): unknown[] | undefined {
  const bytes = Buffer.from(text);
  if (!beginsArray(bytes)) return undefined;
  const items = arrayItems(bytes);
  const values: unknown[] = [];
  for (;;) {
    const { value, done } = items.next();
    if (done) return value ? values : undefined;
    try {
      values.push(JSON.parse(value.toString()));
    } catch {
      return undefined;
    }
  }
}

function parsed(text: string): unknown[] | undefined {
  try {
    const value = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

test('an array is the same whether it is read item by item or at once, however it is written', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.constantFrom('', ' ', '\n\t'), (values, space) => {
      const text = `${space}${JSON.stringify(values, null, space)}${space}`;
      expect(read(text)).toEqual(parsed(text));
    }),
  );
});

test('what is no array at once is none item by item', () => {
  const pieces = [
    '[',
    ']',
    '{',
    '}',
    ',',
    ':',
    '"',
    '\\',
    ' ',
    '1',
    '"a"',
    'null',
    '[]',
    '{}',
    '"\\""',
    '岳',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), (written) => {
      const text = written.join('');
      for (const each of [text, `[${text}]`, `[1,${text}]`, `[${text}`]) {
        expect(read(each), each).toEqual(parsed(each));
      }
    }),
    { numRuns: 2_000 },
  );
});
