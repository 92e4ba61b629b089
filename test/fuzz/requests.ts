import fc from 'fast-check';
import { bodyFor, type SentBody } from './bodies.ts';
import type { Description, Operation, Parameter } from './description.ts';
import type { Values } from './values.ts';

/** One request, to the letter. */
export interface Sent {
  operation: Operation;
  /** Path and query as they stand in the request line. */
  address: string;
  /** The parts of the path as text, before they were written into it. */
  params: Record<string, string>;
  query: [name: string, text: string][];
  headers: Record<string, string>;
  body: SentBody | null;
  /** Whose token it carries. */
  as: string;
}

/** What anybody may send to an operation: much of it right, anything else somewhere wrong. */
export function requestsFor(
  operation: Operation,
  description: Description,
  values: Values,
  actors: readonly string[],
): fc.Arbitrary<Sent> {
  return fc
    .record({
      params: paramsFor(operation, values, 'any'),
      query: queryFor(operation, values),
      headers: headersFor(values),
      body: bodyFor(operation, description, values, 'any'),
      as: fc.oneof({ weight: 8, arbitrary: fc.constant('admin') }, fc.constantFrom(...actors)),
    })
    .map((parts) => sent(operation, parts));
}

/** What the admin may send in good faith, for something to have happened before. */
export function goodRequestsFor(
  operation: Operation,
  description: Description,
  values: Values,
): fc.Arbitrary<Sent> {
  return fc
    .record({
      params: paramsFor(operation, values, 'allowed'),
      headers: fc.oneof(
        { weight: 3, arbitrary: fc.constant({}) },
        fc.constantFrom('a', 'b').map((key) => ({ 'idempotency-key': key })),
      ),
      body: bodyFor(operation, description, values, 'allowed'),
    })
    .map((parts) => sent(operation, { query: [], as: 'admin', ...parts }));
}

function sent(operation: Operation, parts: Omit<Sent, 'operation' | 'address'>): Sent {
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => encoded(parts.params[name] ?? ''));
  const query = parts.query.map(([name, text]) => `${encoded(name)}=${encoded(text)}`).join('&');
  return { operation, address: query === '' ? path : `${path}?${query}`, ...parts };
}

function paramsFor(operation: Operation, values: Values, goodness: 'allowed' | 'any') {
  const named = operation.parameters.filter((parameter) => parameter.in === 'path');
  return fc.record(
    Object.fromEntries(
      named.map((parameter) => {
        const name = parameter.name === 'id' ? kindOfId(operation.path) : parameter.name;
        const right = values.allowed(parameter.schema, name).map(String);
        return [
          parameter.name,
          goodness === 'allowed' ? right : fc.oneof({ weight: 12, arbitrary: right }, oddText),
        ];
      }),
    ),
  );
}

/** Under which name the ids are known that mean something in this path. */
function kindOfId(path: string): string {
  if (path.includes('/funding')) return 'funded/id';
  if (path.includes('/agreements')) return 'agreed/id';
  if (path.includes('/parties') || path.includes('/deal')) return 'deals/id';
  if (path.includes('{asOf}') || path.includes('/reports')) return 'reported/id';
  const [, room = ''] = /^\/v1\/([a-z-]+)/.exec(path) ?? [];
  return `${room}/id`;
}

function queryFor(operation: Operation, values: Values): fc.Arbitrary<[string, string][]> {
  const named = operation.parameters.filter((parameter) => parameter.in === 'query');
  const pair = (parameter: Parameter): fc.Arbitrary<[string, string]> => {
    // A follower who waits for what never comes is held for as long as it asked, in real seconds.
    const right =
      parameter.name === 'wait'
        ? fc.constant('1')
        : values.allowed(parameter.schema, parameter.name).map(String);
    const odd = { weight: parameter.name === 'wait' ? 60 : 1, arbitrary: oddText };
    return fc
      .oneof({ weight: 4, arbitrary: right }, odd)
      .map((text): [string, string] => [parameter.name, text]);
  };
  const unknown: fc.Arbitrary<[string, string]> = fc.tuple(
    fc.constantFrom('limt', 'limit[]', '__proto__', '', 'asof', 'constructor', 'a'.repeat(3_000)),
    oddText,
  );
  if (named.length === 0)
    return fc.oneof(
      { weight: 9, arbitrary: fc.constant<[string, string][]>([]) },
      unknown.map((one) => [one]),
    );
  const known = fc
    .subarray(named, { maxLength: Math.min(4, named.length) })
    .chain((some) => fc.tuple(...some.map(pair)));
  const more = fc.array(fc.oneof(...named.map(pair), unknown), { maxLength: 1 });
  return fc
    .tuple(known, fc.oneof({ weight: 6, arbitrary: fc.constant([]) }, more))
    .map((both) => both.flat());
}

/** Text for where an id, a day or a number is expected. */
const oddText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1.5',
    '1e2',
    '201',
    '9007199254740993',
    '1e400',
    'NaN',
    'true',
    'null',
    'undefined',
  ),
  fc.constantFrom(
    '.',
    '..',
    '../tokens',
    '/',
    '\\',
    '%',
    '%2e',
    '%00',
    '\u0000',
    '\ud800',
    '天马山',
    'A',
    'a--b',
    '-a',
    'a b',
    'a+b',
  ),
  fc.constantFrom(
    '2023-02-29',
    '2023-06-30T00:00:00',
    '0000-00-00',
    '2023-06-30 ',
    '+002023-06-30',
    '2023-06-31',
    '20230630',
  ),
  fc.constantFrom(
    "'; drop table projects; --",
    '%_\\',
    '__proto__',
    'constructor',
    'x'.repeat(65),
    'x'.repeat(201),
    'x'.repeat(5_000),
  ),
  fc.constantFrom(
    ...[
      ['id', 'a', 'a'],
      ['-id', 'zzz', 'zzz'],
      ['sequence', 1, 1],
      ['sequence', -1, 2 ** 53 - 1],
      ['asOf', 'x', 'x'],
      ['createdAt', '', ''],
    ].map((cursor) => Buffer.from(JSON.stringify(cursor)).toString('base64url')),
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
);

/** Header lines cannot carry line ends or anything beyond one byte a character. */
const oddHeader = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '*',
    ',',
    ',,,',
    '"',
    '""',
    '"x"',
    '*, "1"',
    'é\u00ff',
    '\t',
    'x'.repeat(300),
    '0',
    '-1',
    '1',
  ),
  fc.string({
    unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
    maxLength: 12,
  }),
);

const tags = fc.constantFrom(
  '*',
  '"1"',
  '"1-abc"',
  '"2-abc", "1-abc"',
  'W/"1-abc"',
  '"0-x"',
  '"999999999999999-x"',
  '"9999999999999999-x"',
  '"1-é"',
  '1',
  '"abcdefghijklmnop"',
);

function headersFor(values: Values): fc.Arbitrary<Record<string, string>> {
  const some = (...right: string[]) =>
    fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...right) }, oddHeader);
  const headers = {
    'if-match': fc.oneof({ weight: 4, arbitrary: tags }, oddHeader),
    'if-none-match': fc.oneof(
      { weight: 2, arbitrary: fc.constant('*') },
      { weight: 2, arbitrary: tags },
      oddHeader,
    ),
    'idempotency-key': some('a', 'b', '"a"', 'x'.repeat(255), 'x'.repeat(256), 'x'.repeat(258), 'a b'),
    accept: some(
      '*/*',
      'text/csv',
      'application/json',
      'text/plain',
      'image/svg+xml',
      'text/*;q=0.5, */*;q=0.1',
      'application/xml',
      'text/csv;q=0',
      ';q=1',
      'text/csv;q=nan',
    ),
    'accept-language': some('en', 'zh-CN,zh;q=0.9', 'en-US,*;q=0.5', 'xx', '*', 'en;q=0'),
    'accept-encoding': some('gzip', 'br;q=1, *;q=0', 'identity;q=0'),
    'x-request-id': some(
      '4b3e7c1e-0000-4000-8000-000000000000',
      'x'.repeat(129),
      '../../etc',
      '<b>',
      '{"a":1}',
    ),
    prefer: some('return=minimal', 'respond-async, wait=10', 'handling=strict'),
    'x-http-method-override': some('DELETE', 'PUT'),
    'x-forwarded-for': some('127.0.0.1', '::1, 10.0.0.1', 'unknown'),
    range: some('bytes=0-1', 'bytes=-1', 'items=0-9'),
    'if-modified-since': some('Sat, 01 Jul 2023 00:00:00 GMT', 'yesterday'),
    origin: some('null', 'https://example.org'),
  };
  const right = values.known('etag');
  const fewer = fc.record(headers, { requiredKeys: [] }).chain((all) => {
    const names = Object.keys(all) as (keyof typeof headers)[];
    return fc
      .subarray(names, { maxLength: Math.min(2, names.length) })
      .map((chosen) => Object.fromEntries(chosen.map((name) => [name, all[name] as string])));
  });
  const current =
    right.length === 0 ? fc.constant({}) : fc.constantFrom(...right).map((tag) => ({ 'if-match': tag }));
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: current },
    { weight: 4, arbitrary: fewer },
  );
}

/** Percent-encoded, half surrogate pairs included, as a careless client would write them. */
export function encoded(text: string): string {
  if (text.isWellFormed()) return encodeURIComponent(text);
  return [...text]
    .map((one) => {
      if (one.isWellFormed()) return encodeURIComponent(one);
      const code = one.charCodeAt(0);
      const bytes = [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)];
      return bytes.map((byte) => `%${byte.toString(16).toUpperCase()}`).join('');
    })
    .join('');
}
