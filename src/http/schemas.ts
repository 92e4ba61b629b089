import { type Static, type TObject, type TProperties, type TSchema, Type } from '@sinclair/typebox';
import { fieldError } from '../shared/errors.ts';
import { isCurrency, minorFromAmount } from '../shared/money.ts';
import { qualifiers } from '../shared/qualified-value.ts';

/** A reference to a named component; the component itself is registered once at the root (see `components`). */
export function ref<T extends TSchema>(schema: T, options: { description?: string } = {}) {
  return Type.Unsafe<Static<T>>({ $ref: String(schema.$id), ...options });
}

export function nullable<T extends TSchema>(schema: T, options: { description?: string } = {}) {
  const { type } = schema as { type?: unknown };
  if (typeof type === 'string' && schema.$id === undefined && !('enum' in schema)) {
    return Type.Unsafe<Static<T> | null>({ ...schema, ...options, type: [type, 'null'] });
  }
  return Type.Unsafe<Static<T> | null>({ anyOf: [schema, { type: 'null' }], ...options });
}

/** A closed list of words, printed as one `enum` instead of a union of constants. */
export function oneOf<const T extends readonly string[]>(
  values: T,
  options: { description?: string; default?: T[number]; examples?: T[number][] } = {},
) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...options });
}

/** An object that refuses fields it does not know. */
export function closed<T extends TProperties>(
  properties: T,
  options: { $id?: string; description?: string; examples?: unknown[]; minProperties?: number } = {},
): TObject<T> {
  return Type.Object(properties, { additionalProperties: false, ...options });
}

export const slugPattern = '^[a-z0-9]+(?:-[a-z0-9]+)*$';

export const Slug = (description: string, example: string) =>
  Type.String({ pattern: slugPattern, minLength: 1, maxLength: 64, description, examples: [example] });

export const CalendarDay = (description: string, example = '2023-06-30') =>
  Type.String({ format: 'date', description, examples: [example] });

export const Moment = (description: string, example = '2023-07-03T01:02:03.004Z') =>
  Type.String({ format: 'date-time', description, examples: [example] });

export const Text = (
  maxLength: number,
  options: { minLength?: number; description?: string; examples?: string[] } = {},
) => Type.String({ maxLength, pattern: wordsPattern, ...options });

export const WebAddress = (description: string) =>
  Type.String({ format: 'uri', pattern: '^https?://', maxLength: 2000, description });

/** Not only white space and marks that nobody sees. */
export const wordsPattern = '[^\\s\\p{Cf}]';

/** One of these words in a query, or several with commas between them. */
export function severalOf(words: readonly string[], options: { description: string; examples: string[] }) {
  const any = words.join('|');
  return Type.String({ pattern: `^(?:${any})(?:,(?:${any}))*$`, ...options });
}

/** The words of such a pattern; null for any other. */
export function wordsOfSeveral(pattern: string): string[] | null {
  const [, any] = /^\^\(\?:([\w|]+)\)\(\?:,\(\?:\1\)\)\*\$$/.exec(pattern) ?? [];
  return any?.split('|') ?? null;
}

export const QualifierWord = oneOf(qualifiers, {
  description:
    'What the figure says: exact (default), atLeast (以上), moreThan (超, 余), atMost (以下), lessThan (不足), nearly (近), about (约).',
});

export const PercentNumber = (description: string, example = 85) =>
  Type.Number({ minimum: 0, maximum: 100, multipleOf: 0.01, description, examples: [example] });

export const MoneyValue = closed(
  {
    amount: Type.Number({
      minimum: 0,
      maximum: 9_999_999_999_999,
      description: 'In the currency’s main unit, with no more decimals than the currency has.',
    }),
    currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217.', examples: ['CNY'] }),
  },
  {
    $id: 'Money',
    description: 'An amount of money, kept exactly.',
    examples: [{ amount: 129000000, currency: 'CNY' }],
  },
);

/**
 * The amount in minor units.
 * @throws JinduError `validation_failed` pointing below `pointer`
 */
export function minorOf(money: Static<typeof MoneyValue> | null, pointer: string): number | null {
  if (money === null) return null;
  if (!isCurrency(money.currency)) {
    throw fieldError(
      'validation_failed',
      `${pointer}/currency`,
      'currency',
      'must be an ISO 4217 code, such as CNY',
    );
  }
  const minor = minorFromAmount(money.amount, money.currency);
  if (minor !== null) return minor;
  throw fieldError(
    'validation_failed',
    `${pointer}/amount`,
    'amount',
    `must have no more decimals than ${money.currency} has, and at most fifteen digits in its smallest unit`,
  );
}

export const Citation = closed(
  {
    title: Type.Optional(nullable(Text(500, { description: 'What the source is called.' }))),
    url: Type.Optional(nullable(WebAddress('A web address.'))),
    quote: Type.Optional(nullable(Text(2000, { description: 'The very sentence.' }))),
  },
  {
    $id: 'Citation',
    description: 'Where it was said.',
    examples: [{ title: '当地报纸关于天马山街道2023年上半年工作的报道', url: null, quote: '85%以上' }],
  },
);

/** The revision and the clock readings that every stored thing carries; made by the server, refused on input. */
export const stamps = {
  revision: Type.Integer({
    minimum: 1,
    description: 'Grows by one with every change; the first part of the entity tag.',
  }),
  createdAt: Moment('When it was first recorded.'),
  updatedAt: Moment('When it was last changed.'),
  archivedAt: nullable(Moment('When it was archived; null while it is in use.')),
};

export const Problem = closed(
  {
    type: Type.String({ description: 'A link to the explanation of the code.' }),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String({ description: 'Stable; what scripts rely on.' }),
    detail: Type.String(),
    instance: Type.String({ description: 'The path that was asked for.' }),
    requestId: Type.String(),
    errors: Type.Array(closed({ pointer: Type.String(), code: Type.String(), message: Type.String() }), {
      description:
        'Each fault: where (a JSON pointer into the body; `line:3/note` for line and column of a file; `?name` in the query, `{name}` in the path, `header:name`), which, and what would be right.',
    }),
  },
  {
    $id: 'Problem',
    description: 'A refusal (RFC 9457).',
    examples: [
      {
        type: '/docs/errors#validation_failed',
        title: 'The request is not valid',
        status: 400,
        code: 'validation_failed',
        detail: 'percent must be at most 100',
        instance: '/v1/projects/yueping-estate-renovation/reports/2023-06-30',
        requestId: '01890d2c-6b7e-7cc0-98c4-2f6a3b1d9e55',
        errors: [{ pointer: '/percent', code: 'maximum', message: 'must be at most 100' }],
      },
    ],
  },
);

/** The shape of one page of a list. */
export function pageOf<T extends TSchema>(item: T, $id: string) {
  return closed(
    {
      items: Type.Array(ref(item)),
      nextCursor: nullable(
        Type.String({ description: 'Send it as `cursor` for the next page; null on the last.' }),
      ),
    },
    { $id, description: 'One page of a list.' },
  );
}

/** Makes every named component of these modules known to the app, each once. */
export function addComponents(
  app: { addSchema(schema: unknown): unknown },
  modules: readonly object[],
): void {
  for (const module of modules) {
    for (const exported of Object.values(module)) {
      if (typeof exported === 'object' && exported !== null && '$id' in exported) app.addSchema(exported);
    }
  }
}
