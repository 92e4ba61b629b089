import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import type { Description, Operation, Schema } from './description.ts';
import { jsonText } from './json-text.ts';
import type { Values } from './values.ts';

export interface SentBody {
  /** Null: no such header. */
  contentType: string | null;
  bytes: Buffer;
}

/** A body for the operation, null for none: mostly what it reads, and in all the ways in which it might not be. */
export function bodyFor(
  operation: Operation,
  description: Description,
  values: Values,
  goodness: 'allowed' | 'any',
): fc.Arbitrary<SentBody | null> {
  const media = Object.keys(operation.bodies);
  if (media.length === 0) {
    return goodness === 'allowed'
      ? fc.constant(null)
      : fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, noise);
  }
  const right = fc.oneof(...media.map((type) => rightBody(operation, type, description, values, goodness)));
  if (goodness === 'allowed') return right;
  return fc.oneof(
    { weight: 20, arbitrary: right },
    {
      weight: 3,
      arbitrary: fc
        .record({ body: right, harm: aHarm })
        .map(({ body, harm }) => ({ ...body, bytes: harm(body.bytes) })),
    },
    {
      weight: 2,
      arbitrary: fc
        .record({ body: right, contentType: aContentType })
        .map(({ body, contentType }) => ({ ...body, contentType })),
    },
    { weight: 1, arbitrary: noise },
    { weight: 1, arbitrary: fc.constant(null) },
  );
}

function rightBody(
  operation: Operation,
  contentType: string,
  description: Description,
  values: Values,
  goodness: 'allowed' | 'any',
): fc.Arbitrary<SentBody> {
  const json = withoutId(description.resolved(operation.bodies['application/json'] ?? {}), operation);
  const write = writerFor(contentType);
  const aValue = (schema: Schema) =>
    goodness === 'allowed'
      ? values.allowed(schema)
      : fc.oneof(
          { weight: 4, arbitrary: values.allowed(schema) },
          { weight: 1, arbitrary: fc.constantFrom(...(description.resolved(schema).examples ?? [{}])) },
          { weight: 4, arbitrary: values.broken(schema) },
        );
  return aValue(json).map((value) => ({ contentType, bytes: Buffer.from(write(value)) }));
}

/** Where the path has the id, one in the body is mostly another one. What breaks a body brings it in at times. */
function withoutId(schema: Schema, { method }: Operation): Schema {
  if (method !== 'PUT' || schema.properties === undefined) return schema;
  const { id: _, ...properties } = schema.properties;
  return { ...schema, properties };
}

/** How a value is written under a media type. A list of rows may also be lines, or a table. */
function writerFor(contentType: string): (value: unknown) => string {
  if (contentType.endsWith('json') && !contentType.endsWith('ndjson')) return jsonText;
  if (contentType === 'application/x-ndjson') {
    return (value) => (Array.isArray(value) ? value.map(jsonText).join('\n') : jsonText(value));
  }
  if (contentType === 'text/csv') return csvText;
  throw new Error(`nothing is known of bodies of the type ${contentType}`);
}

function csvText(value: unknown): string {
  if (!Array.isArray(value)) return jsonText(value);
  const rows = value.map((row) => new Map(cellsOf(row, '')));
  const columns = [...new Set(rows.flatMap((row) => [...row.keys()]))];
  return stringify([columns, ...rows.map((row) => columns.map((column) => row.get(column) ?? ''))]);
}

function cellsOf(value: unknown, name: string): [string, string][] {
  if (name === 'quantities' && Array.isArray(value)) {
    return value.map((done) => [`quantity:${done?.code}`, jsonText(done?.value)]);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    return [[name, typeof value === 'string' ? value.toWellFormed() : value === null ? '' : jsonText(value)]];
  }
  return Object.entries(value).flatMap(([key, inner]) =>
    cellsOf(inner, name === '' ? key : `${name}.${key}`),
  );
}

/** What may become of bytes on their way. */
const aHarm: fc.Arbitrary<(bytes: Buffer) => Buffer> = fc.oneof(
  fc.nat(2_000).map((at) => (bytes: Buffer) => bytes.subarray(0, at % (bytes.length + 1))),
  fc
    .constantFrom('\ufeff', ' \n', '\u0000', ")]}',\n", '[', '"', '=', '\r')
    .map((before) => (bytes: Buffer) => Buffer.concat([Buffer.from(before), bytes])),
  fc
    .constantFrom('\u0000', '}', ' ', '\n\n', ',', '"', '\n,,,,,,\n')
    .map((after) => (bytes: Buffer) => Buffer.concat([bytes, Buffer.from(after)])),
  fc
    .record({
      at: fc.nat(2_000),
      byte: fc.constantFrom(0x00, 0x22, 0x2c, 0x0a, 0x0d, 0x5c, 0x80, 0xed, 0xff),
    })
    .map(({ at, byte }) => (bytes: Buffer) => {
      const harmed = Buffer.from(bytes);
      if (harmed.length > 0) harmed[at % harmed.length] = byte;
      return harmed;
    }),
  fc.constant((bytes: Buffer) => Buffer.from(bytes.toString('utf8'), 'utf16le')),
  fc.constant((bytes: Buffer) => Buffer.concat([bytes, bytes])),
);

const aContentType = fc.constantFrom(
  null,
  '',
  ';',
  'json',
  '*/*',
  'text/plain',
  'text/html',
  'text/csv',
  'text/csv; charset=gb18030',
  'text/csv; charset=utf-7',
  'text/csv; header=absent',
  'application/x-ndjson; charset=utf-16',
  'application/json; charset=gbk',
  'application/json; charset="utf-8"',
  'APPLICATION/JSON',
  ' application/json ',
  'application/json;',
  'application/json, application/json',
  'application/merge-patch+json',
  'application/problem+json',
  'application/octet-stream',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json/x',
  'x'.repeat(300),
);

const noise: fc.Arbitrary<SentBody> = fc.record({
  contentType: aContentType,
  bytes: fc.oneof(
    fc
      .constantFrom('', '{}', '[]', 'null', '0', '"', '{', 'NaN', 'a=b', '\u0000')
      .map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  ),
});
