import fc from 'fast-check';
import type { Description, Schema } from './description.ts';
import { placesIn, RawJson, valueAt, withAt } from './json-text.ts';

/** Values that mean something on the database of the search, by the names of the fields and parameters they stand in. */
export type KnownValues = Readonly<Record<string, readonly string[]>>;

/** Values that a schema of the description allows, and values that are broken somewhere. */
export class Values {
  readonly #description: Description;
  readonly #known: KnownValues;
  /** Made once for each kind of text: making them takes longer than taking a thousand values from them. */
  readonly #texts = new Map<string, fc.Arbitrary<string>>();

  constructor(description: Description, known: KnownValues) {
    this.#description = description;
    this.#known = known;
  }

  /** What the schema allows. The name of the field decides which words are likely to mean something. */
  allowed(given: Schema, name = ''): fc.Arbitrary<unknown> {
    const schema = this.#description.resolved(given);
    if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
    if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((each) => this.allowed(each, name)));
    const types = [schema.type ?? 'null'].flat();
    return fc.oneof(
      ...types.map((type) => ({
        weight: type === 'null' ? 1 : 4,
        arbitrary: this.#ofType(type, schema, name),
      })),
    );
  }

  /** What the schema allows, but for one place, at which there may be anything. */
  broken(schema: Schema, name = ''): fc.Arbitrary<unknown> {
    return fc
      .record({ value: this.allowed(schema, name), place: fc.nat(1_000), change: aChange })
      .map(({ value, place, change }) => {
        const places = placesIn(value);
        return change(value, places[place % places.length] ?? []);
      });
  }

  /** Words that mean something under this name; none where nothing is known of it. */
  known(name: string): readonly string[] {
    return this.#known[name] ?? [];
  }

  #ofType(type: string, schema: Schema, name: string): fc.Arbitrary<unknown> {
    switch (type) {
      case 'string':
        return this.#text(schema, name);
      case 'number':
        return aNumber(schema);
      case 'integer':
        return fc.integer({ min: schema.minimum ?? -1_000, max: schema.maximum ?? 1_000 });
      case 'boolean':
        return fc.boolean();
      case 'array':
        return this.#list(schema, name);
      case 'object':
        return this.#object(schema);
      default:
        return fc.constant(null);
    }
  }

  #text(schema: Schema, name: string): fc.Arbitrary<string> {
    const { pattern = '', format = '', maxLength = 200, minLength = 0 } = schema;
    const key = `${name} ${pattern} ${format} ${minLength} ${maxLength}`;
    let text = this.#texts.get(key);
    if (text === undefined) {
      const free = freeText(pattern, format, minLength, maxLength);
      const known = this.known(name);
      text = known.length === 0 ? free : fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...known) }, free);
      this.#texts.set(key, text);
    }
    return text;
  }

  #list(
    { items = {}, minItems = 0, maxItems = 20, uniqueItems = false }: Schema,
    name: string,
  ): fc.Arbitrary<unknown[]> {
    const item = this.allowed(items, name);
    // A list as long as it may be is rare, and a longer one is made by breaking it.
    const range = { minLength: minItems, maxLength: Math.min(maxItems, Math.max(minItems, 4)) };
    return uniqueItems ? fc.uniqueArray(item, range) : fc.array(item, range);
  }

  #object(schema: Schema): fc.Arbitrary<Record<string, unknown>> {
    const { properties = {}, required = [], additionalProperties, propertyNames, minProperties = 0 } = schema;
    const fields = Object.fromEntries(
      Object.entries(properties).map(([name, inner]) => [name, this.allowed(inner, name)]),
    );
    const named = fc
      .record(fields, { requiredKeys: required })
      .filter((object) => Object.keys(object).length >= minProperties);
    if (typeof additionalProperties !== 'object') return named;
    const key =
      propertyNames === undefined ? fc.constantFrom('en', 'zh-Hans', 'yue') : this.#text(propertyNames, '');
    return fc.dictionary(key, this.allowed(additionalProperties), { maxKeys: 2, noNullPrototype: true });
  }
}

function freeText(
  pattern: string,
  format: string,
  minLength: number,
  maxLength: number,
): fc.Arbitrary<string> {
  if (format !== '') return textOfFormat(format);
  const matching = new RegExp(pattern, 'u');
  if (!pattern.startsWith('^')) return someText(minLength, maxLength).filter((text) => matching.test(text));
  return fc.stringMatching(matching).filter((text) => text.length >= minLength && text.length <= maxLength);
}

function aNumber({ minimum = -1e6, maximum = 1e6, multipleOf }: Schema): fc.Arbitrary<number> {
  const ends = fc.constantFrom(minimum, maximum);
  if (multipleOf === undefined) {
    const whole = fc.integer({ min: Math.ceil(minimum), max: Math.floor(maximum) });
    return fc.oneof(
      { weight: 3, arbitrary: whole },
      ends,
      fc.double({ min: minimum, max: maximum, noNaN: true }),
    );
  }
  const perUnit = Math.round(1 / multipleOf);
  const steps = fc.integer({ min: minimum * perUnit, max: maximum * perUnit });
  const few = fc.integer({ min: 0, max: Math.min(100, maximum) * perUnit });
  return fc.oneof(
    { weight: 3, arbitrary: few.map((count) => count / perUnit) },
    ends,
    steps.map((count) => count / perUnit),
  );
}

const someDays = [
  '2023-06-30',
  '2023-05-31',
  '2023-07-03',
  '2024-02-29',
  '2023-07-04',
  '0001-01-01',
  '9999-12-31',
];
const someInstants = [
  '2023-07-03T01:02:03.004Z',
  '2023-07-03T09:02:03.004+08:00',
  '2023-07-03t01:02:03z',
  '2030-01-01T00:00:00Z',
  '2016-12-31T23:59:60Z',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999999999Z',
  '0000-01-01T00:00:00+23:59',
  '9999-12-31T23:59:59-23:59',
];
const someAddresses = [
  'https://example.org/',
  'urn:isbn:9787',
  'mailto:a@example.org',
  'http://[::1]:8080/?q=%E5%B2%B3#x',
];

function textOfFormat(format: string): fc.Arbitrary<string> {
  if (format === 'date') {
    return fc.oneof(
      fc.constantFrom(...someDays),
      fc
        .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
        .map((date) => date.toISOString().slice(0, 10)),
    );
  }
  if (format === 'date-time') {
    return fc.oneof(
      fc.constantFrom(...someInstants),
      fc
        .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
        .map((date) => date.toISOString()),
    );
  }
  if (format === 'uri') return fc.oneof(fc.constantFrom(...someAddresses), fc.webUrl());
  throw new Error(`nothing is known of the format ${format}`);
}

/** Text that is right, and that something may trip over: markup, formulas, direction marks, all of Unicode. */
const awkwardTexts = [
  '85%以上',
  '８５％',
  '约1.29亿元',
  '<script>alert(1)</script> & "\'',
  ']]>',
  '=1+1',
  "'=1+1",
  '\u0001\u001b[31m',
  '\u202e右到左\u2066',
  '\ufeff',
  '\ufffe\uffff',
  'a\r\nb,c;"d"\t',
  '👨‍👩‍👧‍👦',
  '\u{20000}\u{10ffff}',
  'a%00b',
  ' ',
];

function someText(minLength: number, maxLength: number): fc.Arbitrary<string> {
  const fits = (text: string) => [...text].length >= minLength && [...text].length <= maxLength;
  return fc.oneof(
    { withCrossShrink: true },
    fc
      .string({ unit: 'grapheme', minLength: Math.min(minLength, 20), maxLength: Math.min(maxLength, 20) })
      .filter(fits),
    fc.constantFrom(...awkwardTexts.filter(fits)),
    fc.string({ unit: 'binary', minLength, maxLength: Math.min(maxLength, 20) }).filter(fits),
    fc.constantFrom('岳', '\u{20000}').map((one) => one.repeat(maxLength)),
  );
}

const deep = (levels: number) => new RawJson(`${'['.repeat(levels)}${']'.repeat(levels)}`);

/** What stands somewhere it should not. The simplest first, since shrinking goes there. */
const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, 1, -1, '', '0', '85', 'true', [], {}, [[[]]]),
  fc.constantFrom<unknown>(1.005, 1e21, -1e-7, 2 ** 53, 2 ** 53 + 2, 4_294_967_296, Number.MAX_VALUE),
  fc
    .constantFrom(
      '1e400',
      '-1e400',
      '1e-400',
      '-0',
      '0.1e1',
      '100.000000000000001',
      '85.005',
      '1'.repeat(400),
    )
    .map((text) => new RawJson(text)),
  fc.constantFrom('a\u0000b', '\ud800', 'a\udc00b', '\ud800\ud800', 'x'.repeat(20_000), '岳'.repeat(10_001)),
  fc.constantFrom(
    '2023-02-29',
    '2023-13-01',
    '2023-6-30',
    '0000-01-01',
    '10000-01-01',
    '2023-06-30T00:00:00Z',
    'today',
  ),
  fc.constantFrom<unknown>(
    deep(40),
    deep(20_000),
    new RawJson(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`),
  ),
  fc.constantFrom<unknown>(
    Array.from({ length: 300 }, () => 'x'),
    Array.from({ length: 21_000 }, () => 0),
  ),
  fc
    .constantFrom('{"__proto__":{"a":1}}', '{"constructor":{"prototype":1}}', '{"":1}', '{"a":1,"a":2}')
    .map((text) => new RawJson(text)),
  fc.jsonValue({ maxDepth: 2 }),
);

type Change = (value: unknown, place: string[]) => unknown;

const aChange: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 6,
    arbitrary: junk.map(
      (other): Change =>
        (value, place) =>
          withAt(value, place, other),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constant<Change>((value, place) =>
      place.length === 0 ? null : withAt(value, place, undefined),
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({
        name: fc.constantFrom(
          'unheardOf',
          'id',
          'revision',
          'archivedAt',
          '',
          'a\u0000',
          '\ud800',
          '~/',
          'titel',
          'percen',
        ),
        inner: junk,
      })
      .map(
        ({ name, inner }): Change =>
          (value, place) =>
            withField(value, place, name, inner),
      ),
  },
);

/** With one more field in the object at the place, or in the nearest object around it. */
function withField(value: unknown, place: string[], name: string, inner: unknown): unknown {
  for (let depth = place.length; depth >= 0; depth -= 1) {
    const around = place.slice(0, depth);
    const object = valueAt(value, around);
    if (object === null || typeof object !== 'object' || Array.isArray(object) || object instanceof RawJson)
      continue;
    return withAt(value, around, { ...object, [name]: inner });
  }
  return inner;
}
