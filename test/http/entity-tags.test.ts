import type { FastifyRequest } from 'fastify';
import { describe, expect, test } from 'vitest';
import { expectationOf } from '../../src/http/entity-tags.ts';
import { anOrganization, testApp } from '../support/index.ts';

function expectationIn(headers: Record<string, string>) {
  return expectationOf({ headers } as unknown as FastifyRequest);
}

describe('what a writer believes', () => {
  test.each([
    [{}, { revisions: null, absent: false }],
    [{ 'if-match': '"7"' }, { revisions: [7], absent: false }],
    [{ 'if-match': '"7-aZ_-09"' }, { revisions: [7], absent: false }],
    [{ 'if-match': '"7-a", "9-b"' }, { revisions: [7, 9], absent: false }],
    [{ 'if-match': '*' }, { revisions: 'any', absent: false }],
    [{ 'if-none-match': '*' }, { revisions: null, absent: true }],
  ])('%j says %j', (headers, expectation) => {
    expect(expectationIn(headers)).toEqual(expectation);
  });

  test.each([
    { 'if-match': '' },
    { 'if-match': '7' },
    { 'if-match': '"7' },
    { 'if-match': '"abc"' },
    { 'if-match': '"7-a",' },
    { 'if-match': '"99999999999999999999"' },
    { 'if-none-match': '"7-a"' },
    { 'if-none-match': '' },
  ])('%j is no tag of ours', (headers) => {
    expect(() => expectationIn(headers)).toThrow('validation_failed');
  });

  test('a weak tag, as a proxy may make of ours, guards no revision', () => {
    expect(expectationIn({ 'if-match': 'W/"7-a"' })).toEqual({ revisions: [], absent: false });
    expect(expectationIn({ 'if-match': 'W/"7-a", "8-b"' })).toEqual({ revisions: [8], absent: false });
  });
});

describe('an entity tag', () => {
  test('stays while the thing does, and changes with it', async () => {
    await using app = await testApp();
    const { id, ...facts } = anOrganization();
    const address = `/v1/organizations/${id}`;
    const created = await app.admin.put(address, facts);
    expect(created.headers.etag).toMatch(/^"1-[\w-]{16}"$/);
    const read = await app.admin.get(address);
    expect(read.headers.etag).toBe(created.headers.etag);
    await app.admin.put(address, facts);
    expect((await app.admin.get(address)).headers.etag).toBe(read.headers.etag);
    await app.admin.patch(address, { name: 'another' });
    expect((await app.admin.get(address)).headers.etag).toMatch(/^"2-/);
  });

  test('answers 304 without a body to who has it already, weak or among others', async () => {
    await using app = await testApp();
    const { id, ...facts } = anOrganization();
    const { headers } = await app.admin.put(`/v1/organizations/${id}`, facts);
    const etag = String(headers.etag);
    for (const known of [etag, `W/${etag}`, `"1-other", ${etag}`, '*']) {
      const answer = await app.admin.get(`/v1/organizations/${id}`, { 'if-none-match': known });
      expect([answer.status, answer.text, answer.headers.etag], known).toEqual([304, '', etag]);
    }
    for (const other of ['"1-other"', '"2"', etag.replaceAll('"', '')]) {
      expect((await app.admin.get(`/v1/organizations/${id}`, { 'if-none-match': other })).status, other).toBe(
        200,
      );
    }
  });

  test('of a list changes with any item in it', async () => {
    await using app = await testApp();
    const before = String((await app.admin.get('/v1/organizations')).headers.etag);
    expect((await app.admin.get('/v1/organizations', { 'if-none-match': before })).status).toBe(304);
    await app.admin.post('/v1/organizations', { name: 'a', kind: 'other' });
    expect((await app.admin.get('/v1/organizations', { 'if-none-match': before })).status).toBe(200);
  });

  test('differs between JSON and CSV', async () => {
    await using app = await testApp();
    const json = await app.admin.get('/v1/organizations');
    const csv = await app.admin.get('/v1/organizations', { accept: 'text/csv' });
    expect(json.headers.etag).not.toBe(csv.headers.etag);
  });
});

describe('writing under a condition', () => {
  test('to another revision is refused, to the one read it is done', async () => {
    await using app = await testApp();
    const { id, ...facts } = anOrganization();
    const address = `/v1/organizations/${id}`;
    const { headers } = await app.admin.put(address, facts);
    const etag = String(headers.etag);
    await app.admin.patch(address, { name: 'b' }, { 'if-match': etag });
    const before = await app.rows();
    for (const [method, payload] of [
      ['PUT', facts],
      ['PATCH', { name: 'c' }],
      ['DELETE', undefined],
    ] as const) {
      const late = await app.admin.send(method, address, { payload, headers: { 'if-match': etag } });
      expect(late.body, method).toMatchObject({ status: 412, code: 'precondition_failed' });
    }
    expect(await app.rows()).toEqual(before);
  });

  test('that it is not there creates once', async () => {
    await using app = await testApp();
    const { id, ...facts } = anOrganization();
    const creation = () => app.admin.put(`/v1/organizations/${id}`, facts, { 'if-none-match': '*' });
    expect((await creation()).status).toBe(201);
    expect((await creation()).status).toBe(412);
  });

  test('that it is there refuses what is not', async () => {
    await using app = await testApp();
    const { id, ...facts } = anOrganization();
    expect((await app.admin.put(`/v1/organizations/${id}`, facts, { 'if-match': '*' })).status).toBe(412);
  });

  test('is done by one of two who read the same', async () => {
    await using app = await testApp();
    const { id, ...facts } = anOrganization();
    const { headers } = await app.admin.put(`/v1/organizations/${id}`, facts);
    const condition = { 'if-match': String(headers.etag) };
    const answers = await Promise.all(
      ['b', 'c'].map((name) => app.admin.patch(`/v1/organizations/${id}`, { name }, condition)),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 412]);
  });
});
