import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJson } from '../../src/http/bodies.ts';
import { JinduError } from '../../src/shared/errors.ts';
import { testApp } from '../support/index.ts';

test.each([
  '{"__proto__": {"admin": true}}',
  '{"a": {"__proto__": 1}}',
  '{"\\u005f_proto__": 1}',
  '{"constructor": {"prototype": {"admin": true}}}',
])('a body that would change the prototype is refused: %s', (text) => {
  expect(() => parseJson(text)).toThrow('validation_failed');
});

test.each([
  '{',
  '{"a":}',
  "{'a':1}",
  'NaN',
  '{"a":NaN}',
  '{"a":1}x',
  '\ufeffx',
  '{"a":1,}',
  '[1',
  'undefined',
  ' ',
])('what is not JSON is refused, without quoting it: %j', (text) => {
  try {
    parseJson(text);
    expect.unreachable();
  } catch (error) {
    const refusal = error as JinduError;
    expect(refusal.code).toBe('validation_failed');
    expect(refusal.errors[0]).toMatchObject({ pointer: '', code: 'json' });
  }
});

test('whatever is JSON is read as what it is, and nothing else is thrown', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      try {
        expect(parseJson(text)).toEqual(JSON.parse(text));
      } catch (error) {
        expect(error).toBeInstanceOf(JinduError);
      }
    }),
  );
  fc.assert(
    fc.property(fc.json(), (text) => {
      fc.pre(!/__proto__|constructor/.test(text));
      expect(parseJson(text)).toEqual(JSON.parse(text));
    }),
  );
});

test('a body of more than 1 MiB is refused', async () => {
  await using app = await testApp();
  const before = await app.rows();
  const answer = await app.admin.put('/v1/organizations/a', { name: 'x'.repeat(1024 * 1024), kind: 'other' });
  expect(answer.body).toMatchObject({ status: 413, code: 'payload_too_large' });
  expect(await app.rows()).toEqual(before);
});

test('a request that names a Content-Type but has no body, as many clients send DELETE, has none', async () => {
  await using app = await testApp();
  await app.admin.put('/v1/organizations/a', { name: 'a', kind: 'other' });
  const answer = await app.admin.delete('/v1/organizations/a', { 'content-type': 'application/json' });
  expect(answer.status).toBe(200);
});

test('nesting as deep as a body may be costs a refusal, not the process', async () => {
  await using app = await testApp();
  const payload = `{"name":"a","kind":"other","translations":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`;
  expect((await app.admin.put('/v1/organizations/a', payload)).status).toBe(400);
  expect((await app.admin.get('/v1/organizations')).status).toBe(200);
});

test.each([
  { 'content-type': 'application/json; charset=gbk' },
  { 'content-type': 'application/json; charset=utf-16' },
  { 'content-encoding': 'gzip' },
])('a body that is sent with %j is not read at all', async (headers) => {
  await using app = await testApp();
  const { body } = await app.admin.put('/v1/organizations/a', '{"name": "a"}', headers as never);
  expect(body).toMatchObject({ status: 415, code: 'unsupported_media_type' });
});
