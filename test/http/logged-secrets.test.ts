import type { FastifyRequest } from 'fastify';
import { beforeEach, describe, expect, test } from 'vitest';
import type { App } from '../../src/http/app.ts';
import { answerRequestIds } from '../../src/http/logging.ts';
import { answerProblems } from '../../src/http/problems.ts';
import { createServer } from '../../src/http/server.ts';
import { LogCapture } from '../support/log-capture.ts';

const secret = 'jindu_5f2aSecretOfATokenThatNobodyMaySee';
let log: LogCapture;
let app: App;

/** A server whose handlers log whatever they have at hand. */
beforeEach(async () => {
  log = new LogCapture();
  app = createServer({ logLevel: 'trace', logDestination: log, trustProxy: false });
  answerRequestIds(app);
  answerProblems(app);
});

function handler(path: string, handle: (request: FastifyRequest) => Promise<unknown>): void {
  app.route({ method: 'POST', url: path, config: { access: 'public' }, handler: handle });
}

const sent = {
  method: 'POST',
  headers: { authorization: `Bearer ${secret}`, cookie: `session=${secret}`, 'x-forwarded-for': '10.1.1.1' },
  payload: { note: `my token is ${secret}` },
} as const;

function logged(): string {
  return JSON.stringify(log.lines);
}

describe('no secret reaches the log', () => {
  test('by the server’s own words about an answer that is sent twice', async () => {
    app.route({
      method: 'POST',
      url: '/v1/a',
      config: { access: 'public' },
      handler: async (request, reply) => {
        reply.send('once');
        request.log.info(`asked with ${request.headers.authorization} at ${request.url}`);
        reply.send('twice');
        return reply;
      },
    });
    await app.inject({ ...sent, url: `/v1/a?token=${secret}&more=more-Secrets` });
    expect(logged()).toContain('Reply was already sent');
    expect(logged()).not.toContain('Secret');
  });

  test.each([
    `/v1/a?token=${secret}`,
    `/v1/a/${secret}`,
    `/nowhere/${secret}?x=${secret}`,
    `//${secret}@host/${secret}`,
  ])('by the address %s', async (url) => {
    handler('/v1/a', async () => 'a');
    handler('/v1/a/:id', async () => 'a');
    await app.inject({ ...sent, url });
    expect(log.lines).toHaveLength(1);
    expect(logged()).not.toContain('Secret');
  });

  test.each<[string, (request: FastifyRequest) => object]>([
    ['the request', (request) => ({ req: request })],
    ['the raw request', (request) => ({ req: request.raw })],
    ['the request under another name', (request) => ({ request, nested: { request } })],
    ['headers', (request) => ({ headers: request.headers })],
    ['headers, deep inside', (request) => ({ a: { b: [{ headers: request.headers }] } })],
    ['a body', (request) => ({ body: request.body })],
    [
      'a secret by its name',
      () => ({ secret, token: secret, adminToken: secret, password: secret, apiKey: secret }),
    ],
    ['a map', () => ({ known: new Map([['a', secret]]) })],
  ])('by a handler that logs %s', async (_what, fieldsOf) => {
    handler('/v1/a', async (request) => {
      request.log.info(fieldsOf(request));
      return 'a';
    });
    expect((await app.inject({ ...sent, url: '/v1/a' })).statusCode).toBe(200);
    expect(log.lines).toHaveLength(2);
    expect(logged()).not.toContain('Secret');
  });

  test('by an error of the database that tells what was sent to it, nor by one that has it for its cause', async () => {
    const query = Object.assign(new Error(`Failed query: select 1 where a = ?\nparams: ${secret}`), {
      query: 'select 1 where a = ?',
      params: [secret],
    });
    handler('/v1/a', async () => {
      throw query;
    });
    handler('/v1/b', async () => {
      throw new AggregateError([new Error('outer', { cause: query })], 'all of it', { cause: query });
    });
    for (const url of ['/v1/a', '/v1/b']) expect((await app.inject({ ...sent, url })).statusCode).toBe(500);
    const errors = log.takeErrors();
    expect(errors).toHaveLength(2);
    expect(errors[0]?.err).toMatchObject({ message: 'Failed query: select 1 where a = ?' });
    expect(errors[1]?.err).toMatchObject({ type: 'AggregateError', cause: { type: 'Error' } });
    expect(logged()).not.toContain('Secret');
  });
});

test('an error is logged with its type, code, words, places and causes', async () => {
  handler('/v1/a', async () => {
    throw Object.assign(new RangeError('too far', { cause: new TypeError('no number') }), { code: 'E_FAR' });
  });
  const { body } = await app.inject({ ...sent, url: '/v1/a' });
  const [line] = log.takeErrors();
  expect(line).toMatchObject({
    requestId: JSON.parse(body).requestId,
    err: {
      type: 'RangeError',
      code: 'E_FAR',
      message: 'too far',
      stack: expect.stringMatching(/^ +at .*logged-secrets\.test\.ts/),
      cause: { type: 'TypeError', message: 'no number' },
    },
  });
});

describe('the id of a request', () => {
  test('is the one that was sent, if it is a plain one, in the answer and in the log', async () => {
    handler('/v1/a', async () => 'a');
    const { headers } = await app.inject({ ...sent, url: '/v1/a', headers: { 'x-request-id': 'edge-7:42' } });
    expect(headers['x-request-id']).toBe('edge-7:42');
    expect(log.lines[0]).toMatchObject({ requestId: 'edge-7:42' });
  });

  test.each(['', ' ', 'a b', 'x'.repeat(65), '进度', '"}{"', '<script>'])(
    '%j, if sent, is not taken over',
    async (id) => {
      handler('/v1/a', async () => 'a');
      const { headers } = await app.inject({ ...sent, url: '/v1/a', headers: { 'x-request-id': id } });
      expect(headers['x-request-id']).toMatch(
        /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
      );
    },
  );

  test('is never given twice, and its order is the order of time', async () => {
    handler('/v1/a', async () => 'a');
    const ids: string[] = [];
    for (let count = 0; count < 200; count += 1) {
      ids.push(String((await app.inject({ ...sent, url: '/v1/a', headers: {} })).headers['x-request-id']));
    }
    expect(new Set(ids).size).toBe(200);
    const times = ids.map((id) => Number.parseInt(id.replace('-', '').slice(0, 12), 16));
    expect(times).toEqual([...times].sort((one, other) => one - other));
    expect(Math.abs(Date.now() - (times.at(-1) ?? 0))).toBeLessThan(5_000);
  });
});
