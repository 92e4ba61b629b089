import { type TSchema, Type } from '@sinclair/typebox';
import { describe, expect, test } from 'vitest';
import { parseJson } from '../../src/http/bodies.ts';
import {
  CalendarDay,
  closed,
  Moment,
  nullable,
  oneOf,
  PercentNumber,
  Slug,
  Text,
} from '../../src/http/schemas.ts';
import { buildValidator } from '../../src/http/validation.ts';
import { JinduError } from '../../src/shared/errors.ts';

const thing = closed(
  {
    id: Slug('The id.', 'yueping'),
    name: Type.Optional(Text(5, { minLength: 1 })),
    percent: Type.Optional(PercentNumber('How far.')),
    qualifier: Type.Optional(oneOf(['exact', 'atLeast'])),
    date: Type.Optional(CalendarDay('A day.')),
    at: Type.Optional(Moment('A moment.')),
    parentId: Type.Optional(nullable(Slug('The parent.', 'tianmashan'))),
    period: Type.Optional(
      nullable(closed({ startDate: Type.Optional(nullable(CalendarDay('The start.'))) })),
    ),
    tags: Type.Optional(Type.Array(Text(3), { uniqueItems: true, maxItems: 2 })),
    count: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  { minProperties: 1 },
);

function faultsOf(value: unknown, schema: TSchema = thing, httpPart = 'body') {
  const validate = buildValidator({})({ schema, httpPart, method: 'PUT', url: '/' } as never);
  const result = validate(value) as { error?: unknown };
  if (result.error === undefined) return [];
  expect(result.error).toBeInstanceOf(JinduError);
  return (result.error as JinduError).errors.map(({ pointer, code, message }) => [pointer, code, message]);
}

describe('a body means what it says', () => {
  test.each([
    [{}, '/id', 'required', 'is required'],
    [
      { id: 'Yueping' },
      '/id',
      'pattern',
      'must be lower-case letters, digits and single hyphens, such as yueping',
    ],
    [{ id: 'a'.repeat(65) }, '/id', 'maxLength', 'must have at most 64 characters'],
    [{ id: '' }, '/id', 'minLength', 'must not be empty'],
    [{ id: 'a', percent: '85' }, '/percent', 'type', 'must be a number, not the text "85"'],
    [{ id: 'a', percent: null }, '/percent', 'type', 'must be a number, not null'],
    [{ id: 'a', percent: true }, '/percent', 'type', 'must be a number, not true'],
    [{ id: 'a', percent: [85] }, '/percent', 'type', 'must be a number, not an array'],
    [{ id: 'a', percent: 100.01 }, '/percent', 'maximum', 'must be at most 100'],
    [{ id: 'a', percent: -0.5 }, '/percent', 'minimum', 'must be at least 0'],
    [{ id: 'a', percent: 85.125 }, '/percent', 'multipleOf', 'must have at most 2 decimals'],
    [
      { id: 'a', qualifier: 'atleast' },
      '/qualifier',
      'enum',
      'must be one of exact, atLeast; did you mean "atLeast"?',
    ],
    [{ id: 'a', qualifier: 'perhaps' }, '/qualifier', 'enum', 'must be one of exact, atLeast'],
    [{ id: 'a', date: '2023-02-30' }, '/date', 'format', 'must be a date that exists, as YYYY-MM-DD'],
    [{ id: 'a', at: 'noon' }, '/at', 'format', 'must be an instant, such as 2023-07-03T01:02:03Z'],
    [
      { id: 'a', parentId: 'A' },
      '/parentId',
      'pattern',
      'must be lower-case letters, digits and single hyphens, such as tianmashan',
    ],
    [{ id: 'a', parentId: 5 }, '/parentId', 'type', 'must be a string or null, not the number 5'],
    [
      { id: 'a', period: { startDate: '2023-13-01' } },
      '/period/startDate',
      'format',
      'must be a date that exists, as YYYY-MM-DD',
    ],
    [
      { id: 'a', tags: ['x', 'x'] },
      '/tags',
      'uniqueItems',
      'must not repeat an item (items 0 and 1 are the same)',
    ],
    [{ id: 'a', tags: ['x', 'y', 'z'] }, '/tags', 'maxItems', 'must have at most 2 items'],
    [{ id: 'a', tags: ['long'] }, '/tags/0', 'maxLength', 'must have at most 3 characters'],
    [{ id: 'a', revision: 2 }, '/revision', 'unknown_field', 'is made by the server: leave the field out'],
    [{ id: 'a', nmae: 'x' }, '/nmae', 'unknown_field', 'is not a known field; did you mean "name"?'],
    [{ id: 'a', colour: 'x' }, '/colour', 'unknown_field', 'is not a known field'],
    [{ id: 'a', 'a/b~c': 'x' }, '/a~1b~0c', 'unknown_field', 'is not a known field'],
    [[], '', 'type', 'must be an object, not an array'],
    ['x', '', 'type', 'must be an object, not the text "x"'],
    [null, '', 'type', 'must be an object, not null'],
  ])('%j', (body, pointer, code, message) => {
    expect(faultsOf(body)).toContainEqual([pointer, code, message]);
  });

  test('a value that may be null is complained of once', () => {
    expect(faultsOf({ id: 'a', period: { startDate: 5 } })).toEqual([
      ['/period/startDate', 'type', 'must be a string or null, not the number 5'],
    ]);
    expect(faultsOf({ id: 'a', period: 5 })).toEqual([
      ['/period', 'type', 'must be an object or null, not the number 5'],
    ]);
  });

  test('all faults are told at once', () => {
    const faults = faultsOf({ percent: 101, colour: 'x' });
    expect(faults.map(([pointer]) => pointer).sort()).toEqual(['/colour', '/id', '/percent']);
  });

  test('but no more than fifty of them', () => {
    const body = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`x${index}`, 1]));
    expect(faultsOf({ id: 'a', ...body })).toHaveLength(50);
  });

  test.each([
    [{ id: 'a', name: 'a\0b' }, '/name', 'must not contain the NUL character'],
    [
      { id: 'a', name: '\ud800' },
      '/name',
      'must be well-formed Unicode: it contains half of a surrogate pair',
    ],
    [
      { id: 'a', tags: ['x', '\udc00'] },
      '/tags/1',
      'must be well-formed Unicode: it contains half of a surrogate pair',
    ],
    [{ id: 'a', 'x\0': 1 }, '', 'must not contain the NUL character'],
  ])('no text that cannot be stored: %j', (body, pointer, message) => {
    expect(faultsOf(body)).toEqual([[pointer, 'text', message]]);
  });

  test('a number that JSON cannot hold exactly is told of as such', () => {
    expect(faultsOf(parseJson('{"id":"a","percent":1e400}'))).toEqual([
      ['/percent', 'type', expect.stringContaining('a number too large to hold')],
    ]);
  });

  test('every percent of two decimals is taken', () => {
    const all = Array.from({ length: 10_001 }, (_, hundredths) => hundredths / 100);
    expect(faultsOf(all, Type.Array(PercentNumber('How far.')))).toEqual([]);
  });

  test('a pair of surrogates, and text as long as its characters say, are taken', () => {
    expect(faultsOf({ id: 'a', name: '𠮷'.repeat(5) })).toEqual([]);
    expect(faultsOf({ id: 'a', name: '𠮷'.repeat(6) })).toHaveLength(1);
  });
});

describe('a query is text by nature', () => {
  const query = closed({
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
    archived: Type.Boolean({ default: false }),
    q: Type.Optional(Text(5)),
  });

  test.each([
    [{ limit: '0' }, '?limit', 'must be at least 1'],
    [{ limit: '201' }, '?limit', 'must be at most 200'],
    [{ limit: 'x' }, '?limit', 'must be an integer'],
    [{ limit: '1.5' }, '?limit', 'must be an integer'],
    [{ archived: 'yes' }, '?archived', 'must be a boolean'],
    [{ limt: '5' }, '?limt', 'is not a known parameter; did you mean "limit"?'],
    [{ q: ['a', 'b'] }, '?q', 'must be given once'],
    [{ limit: ['1', '2'] }, '?limit', 'must be given once'],
    [{ q: '\0' }, '?q', 'must not contain the NUL character'],
  ])('%j', (sent, pointer, message) => {
    expect(faultsOf(sent, query, 'querystring')).toContainEqual([pointer, expect.any(String), message]);
  });

  test('so "50" is 50, and what is left out has its default', () => {
    const validate = buildValidator({})({
      schema: query,
      httpPart: 'querystring',
      method: 'GET',
      url: '/',
    } as never);
    const sent = { limit: '7' };
    expect(validate(sent)).toEqual({ value: { limit: 7, archived: false } });
  });
});
