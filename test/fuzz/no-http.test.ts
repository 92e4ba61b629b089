import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { testApp } from '../support/index.ts';
import { exchange } from './wire.ts';

const app = await testApp();
await app.app.listen({ host: '127.0.0.1', port: 0 });
const { port } = app.app.server.address() as AddressInfo;

describe('what is no HTTP', () => {
  test.each([
    ['bytes of something else', 'hello\r\n\r\n', 'this is not HTTP'],
    [
      'two lengths',
      'GET / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n',
      'this is not HTTP',
    ],
    [
      'letters in an address that are not encoded',
      'GET /v1/projects?q=岳屏 HTTP/1.1\r\nhost: a\r\n\r\n',
      'the address must be percent-encoded beyond ASCII, such as q=%E5%B2%B3%E5%B1%8F (curl: -G --data-urlencode)',
    ],
    [
      'too long a head',
      `GET / HTTP/1.1\r\nhost: a\r\na: ${'x'.repeat(20_000)}\r\n\r\n`,
      'the request line and headers must have at most 16 KiB in all',
    ],
  ])('is refused in the one form that refusals have: %s', async (_name, bytes, detail) => {
    const [answer] = await exchange(port, Buffer.from(bytes));
    expect(answer).toMatchObject({ status: 400, contentType: 'application/problem+json; charset=utf-8' });
    const problem = JSON.parse(answer?.body ?? '');
    expect(problem).toMatchObject({
      code: 'validation_failed',
      status: 400,
      detail,
      instance: '',
    });
    expect(app.log.lines.find(({ requestId }) => requestId === problem.requestId)).toBeDefined();
  });
});

describe('what follows a request and is no HTTP', () => {
  test('does not take the answer from that, which may have written something', async () => {
    const path = '/v1/organizations/yanfeng';
    const body = JSON.stringify({ name: '雁峰区', kind: 'authority' });
    const head = [
      `PUT ${path} HTTP/1.1`,
      'host: localhost',
      'connection: close',
      `authorization: Bearer ${app.admin.secret}`,
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
    ].join('\r\n');
    const answers = await exchange(port, Buffer.from(`${head}\r\n\r\n${body}and more`));
    expect(answers[0]?.status).toBe(201);
    expect((await app.admin.get(path)).status).toBe(200);
  });

  test('is refused at once where it is the rest of that request', async () => {
    const head = `PUT /v1/organizations/a HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${app.admin.secret}`;
    const chunks = 'content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\nno chunk';
    const answers = await exchange(port, Buffer.from(`${head}\r\n${chunks}`));
    expect(answers.map(({ status }) => status)).toEqual([400]);
  });
});

afterAll(() => app.close());
