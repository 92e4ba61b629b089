import { afterAll, describe, expect, test } from 'vitest';
import { openGround } from './ground.ts';
import { faultsOf } from './judge.ts';
import type { Sent } from './requests.ts';

const ground = await openGround();
const { app, description, writes } = ground;

const read: Sent = {
  operation: description.get('getProject'),
  address: '/v1/projects/wusehua',
  params: { id: 'wusehua' },
  query: [],
  headers: {},
  body: null,
  as: 'admin',
};
const problem = {
  type: '/docs/errors#not_found',
  title: 'There is no such thing',
  status: 404,
  code: 'not_found',
  detail: 'there is no such project',
  instance: '/v1/projects/wusehua',
  requestId: 'a',
  errors: [],
};
const refusal = (said: object, status = 404) => ({
  status,
  headers: { 'content-type': 'application/problem+json; charset=utf-8', 'x-request-id': 'a' },
  text: JSON.stringify({ ...problem, ...said }),
});

describe('who watches the writes', () => {
  test('sees nothing where a request is refused or changes nothing', async () => {
    await writes.written();
    await app.admin.put('/v1/projects/wusehua/reports/2023-06-30', { percent: 101 });
    await app.admin.patch('/v1/projects/wusehua', { category: 'community-brand' });
    await app.admin.post('/v1/report-batches?dryRun=true', [
      { projectId: 'wusehua', asOf: '2023-06-30', percent: 1 },
    ]);
    expect(await writes.written()).toBeNull();
  });

  test('sees a single field that changes, and says in which table', async () => {
    await app.database.run(`update project_standings set low_fine = 1 where project_id = 'wusehua'`);
    expect(await writes.written()).toContain('project_standings');
    expect(await writes.written()).toBeNull();
    await app.database.run(`update project_standings set low_fine = 0 where project_id = 'wusehua'`);
    await writes.written();
  });
});

describe('who judges the answers', () => {
  test('lets one pass that is as it should be', () => {
    expect(faultsOf(description, read, refusal({}))).toEqual([]);
  });

  test.each([
    ['a fault of ours', refusal({ status: 500 }, 500), 'the status is 500'],
    [
      'a status that is not declared',
      refusal({ status: 409, code: 'conflict' }, 409),
      'status 409 is not declared',
    ],
    ['a code that comes with another status', refusal({ code: 'archived' }), 'archived comes with 404'],
    ['a field too many', refusal({ more: 1 }), 'must NOT have additional properties'],
    ['a field too few', refusal({ requestId: undefined }), "must have required property 'requestId'"],
    ['words from inside', refusal({ detail: 'SQLITE_BUSY' }), 'it tells of what is inside'],
    [
      'another form',
      { ...refusal({}), headers: { 'content-type': 'text/html' } },
      'text/html is not declared',
    ],
  ])('finds %s', (_name, arrived, fault) => {
    expect(faultsOf(description, read, arrived).join('\n')).toContain(fault);
  });

  test('finds that something is accepted which the description refuses, and the other way round', () => {
    const unknown: Sent = { ...read, query: [['colour', 'red']] };
    const ok = { ...refusal({}), status: 200 };
    expect(faultsOf(description, unknown, ok).join('\n')).toContain(
      'accepted although ?colour is no parameter',
    );
    const errors = [{ pointer: '{id}', code: 'pattern', message: 'must be otherwise' }];
    const refused = refusal(
      { status: 400, code: 'validation_failed', type: '/docs/errors#validation_failed', errors },
      400,
    );
    expect(faultsOf(description, read, refused).join('\n')).toContain(
      'the description allows what is refused',
    );
  });
});

afterAll(() => ground.close());
