import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aProject, settleTianmashan, type TestApp, testApp } from '../../support/index.ts';

let app: TestApp;
let path: string;

beforeAll(async () => {
  app = await testApp();
  await settleTianmashan(app.admin);
  const project = aProject({ organizationId: 'yueping' });
  await app.admin.put(`/v1/projects/${project.id}`, project);
  path = `/v1/projects/${project.id}/reports/2023-06-30`;
});
afterAll(() => app.close());

describe('a percent said in words', () => {
  test.each([
    ['85%以上', 85, 'atLeast', 85, 100],
    ['８５％以上', 85, 'atLeast', 85, 100],
    [' 85 % 以上 ', 85, 'atLeast', 85, 100],
    ['近九成', 90, 'nearly', 0, 90],
    ['不足三成', 30, 'lessThan', 0, 30],
    ['约85.25%', 85.25, 'about', 85.25, 85.25],
    ['超过80%', 80, 'moreThan', 80, 100],
    ['百分之百', 100, 'exact', 100, 100],
    ['at least 85%', 85, 'atLeast', 85, 100],
  ])('%j is read, and kept to the letter', async (stated, percent, qualifier, low, high) => {
    const sent = await app.admin.put(path, { stated, reason: '换一种说法' });
    expect(sent.body).toMatchObject({ stated, percent, qualifier, low, high });
    expect((await app.admin.get(path)).body).toMatchObject({ stated, percent, qualifier, low, high });
  });

  test('is another thing than the same percent as a number, and than the same in other words', async () => {
    const reason = '原文';
    await app.admin.put(path, { stated: '85%以上', reason });
    const number = await app.admin.put(path, { percent: 85, qualifier: 'atLeast', reason });
    expect(number.headers['jindu-verdict']).toBe('corrected');
    expect(number.body.stated).toBeNull();
    expect((await app.admin.put(path, { stated: '85%以上', reason })).headers['jindu-verdict']).toBe(
      'corrected',
    );
    expect((await app.admin.put(path, { stated: '85％以上', reason })).headers['jindu-verdict']).toBe(
      'corrected',
    );
    expect((await app.admin.put(path, { stated: '85％以上', reason })).headers['jindu-verdict']).toBe(
      'unchanged',
    );
  });

  test('may come with the percent and the qualifier that it says, so that what is read can be sent back', async () => {
    const stated = '85%以上';
    const { percent, qualifier, reason } = (await app.admin.put(path, { stated, reason: 'a' })).body;
    const back = await app.admin.put(path, { stated, percent, qualifier, reason });
    expect(back.headers['jindu-verdict']).toBe('unchanged');
  });

  test.each([
    [{ stated: '85%以上', percent: 86 }, '/percent', 'validation_failed', '85'],
    [{ stated: '85%以上', percent: 85, qualifier: 'exact' }, '/qualifier', 'validation_failed', 'atLeast'],
    [{ stated: '85%以上', qualifier: 'about' }, '/qualifier', 'validation_failed', 'atLeast'],
    [{ stated: '85' }, '/stated', 'stated_unreadable', '85%'],
    [{ stated: '很快完成' }, '/stated', 'stated_unreadable', ''],
    [{ stated: '563户' }, '/stated', 'stated_unreadable', '户'],
    [{ stated: '120%' }, '/stated', 'stated_unreadable', '100%'],
    [{ stated: '85.123%' }, '/stated', 'stated_unreadable', 'two decimals'],
    [{ stated: '85%-90%' }, '/stated', 'stated_unreadable', ''],
    [{ stated: '' }, '/stated', 'validation_failed', 'empty'],
    [{ stated: '8'.repeat(101) }, '/stated', 'validation_failed', '100'],
  ])('%j is refused, saying what would be right', async (body, pointer, code, hint) => {
    const before = await app.rows();
    const answer = await app.admin.put(path, body);
    expect(answer.body).toMatchObject({ code, errors: [{ pointer }] });
    expect(answer.status).toBe(code === 'stated_unreadable' ? 422 : 400);
    expect(answer.body.errors[0].message).toContain(hint);
    expect(await app.rows()).toEqual(before);
  });
});

describe('a percent sent as a number', () => {
  test.each([
    ['{"percent": NaN}', ''],
    ['{"percent": 100.01}', '/percent'],
    ['{"percent": -0.5}', '/percent'],
    ['{"percent": 1e400}', '/percent'],
    ['{"percent": -1e400}', '/percent'],
    ['{"percent": 33.333}', '/percent'],
    ['{"percent": 1e-7}', '/percent'],
    ['{"percent": 1e-9}', '/percent'],
    ['{"percent": 33.3300000001}', '/percent'],
    ['{"percent": 99.999999999}', '/percent'],
    ['{"percent": 100.0000000001}', '/percent'],
    ['{"percent": "85"}', '/percent'],
    ['{"percent": true}', '/percent'],
    ['{"percent": [85]}', '/percent'],
    ['{"percent": null}', '/percent'],
    ['{"percent": null, "qualifier": "atLeast"}', '/percent'],
    ['{"percent": 85, "qualifier": "atleast"}', '/qualifier'],
    ['{"percent": 100, "qualifier": "moreThan"}', '/qualifier'],
    ['{"percent": 0, "qualifier": "nearly"}', '/qualifier'],
    ['{"percent": 0, "qualifier": "lessThan"}', '/qualifier'],
    ['{"percent": 85, "qualifier": null}', '/qualifier'],
    ['{"percnt": 85}', '/percnt'],
    ['{"percent": 85, "revision": 1}', '/revision'],
    ['{"percent": 85, "recordedAt": "2023-07-03T01:02:03.004Z"}', '/recordedAt'],
    ['{"percent": 85, "asOf": "2023-06-30"}', '/asOf'],
    ['{"percent": 85, "note": "a\\u0000b"}', '/note'],
    ['{"percent": 85, "note": "a\\ud800b"}', '/note'],
    ['{"percent": 85, "note": 5}', '/note'],
    ['{"percent": 85, "citation": {"url": "not a url"}}', '/citation/url'],
    ['{"percent": 85, "citation": {"quote": "x", "page": 1}}', '/citation/page'],
    ['[]', ''],
    ['null', ''],
    ['"85%以上"', ''],
    ['percent=85', ''],
    ['', ''],
  ])('%s is refused, naming the field', async (body, pointer) => {
    const before = await app.rows();
    const answer = await app.admin.put(path, body);
    expect(answer.body).toMatchObject({ status: 400, code: 'validation_failed' });
    expect(answer.body.errors[0]).toMatchObject({ pointer });
    expect(answer.body.errors[0].message).toBeTruthy();
    expect(await app.rows()).toEqual(before);
  });

  test('a qualifier that is nearly one is suggested', async () => {
    const answer = await app.admin.put(path, { percent: 85, qualifier: 'atleast' });
    expect(answer.body.errors[0].message).toContain('did you mean "atLeast"');
  });

  test.each([0, 0.01, 0.07, 0.29, 1.1, 33.33, 57.57, 99.99, 100])('%d is kept exactly', async (percent) => {
    const answer = await app.admin.put(path, { percent, reason: '逐一核对' });
    expect(answer.body).toMatchObject({ percent, low: percent, high: percent });
    const project = path.split('/')[3];
    expect((await app.admin.get(`/v1/projects/${project}`)).body.progress.percent).toBe(percent);
  });

  test.each([
    '2023-02-30',
    '2023-6-30',
    '20230630',
    '2023-06-30T00:00:00Z',
    '0000-01-01',
    '2023-13-01',
    '今天',
  ])('of %s, which is no day, is refused', async (day) => {
    const before = await app.rows();
    const answer = await app.admin.put(`${path.slice(0, -10)}${encodeURIComponent(day)}`, { percent: 1 });
    expect(answer.body).toMatchObject({ status: 400, errors: [{ pointer: '{asOf}', code: 'format' }] });
    expect(await app.rows()).toEqual(before);
  });

  test('-0 is 0, and sent again changes nothing', async () => {
    const sent = '{"percent": -0.0, "spent": {"amount": -0, "currency": "CNY"}, "reason": "x"}';
    expect(Object.is((await app.admin.put(path, sent)).body.percent, 0)).toBe(true);
    const before = await app.rows();
    expect((await app.admin.put(path, sent)).headers['jindu-verdict']).toBe('unchanged');
    expect(await app.rows()).toEqual(before);
  });

  test('of a project whose id cannot be one is refused', async () => {
    for (const id of ['Yueping', 'a_b', 'a--b', '-a', 'x'.repeat(65)]) {
      const answer = await app.admin.put(`/v1/projects/${id}/reports/2023-06-30`, { percent: 1 });
      expect(answer.body, id).toMatchObject({ status: 400, errors: [{ pointer: '{id}' }] });
    }
  });
});
