import { Agent, request as httpRequest } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { secret } from './jindu-process.ts';
import type { Answer, Request } from './write.ts';

const answerMs = 20_000;

/** Thrown when no whole answer has come: whoever asked cannot know what became of the request. */
export class NoAnswer extends Error {}

/** One client of one server, over a connection of its own. */
export class Requester {
  readonly #port: number;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(port: number) {
    this.#port = port;
  }

  async send({ method, path, body, key }: Request): Promise<Answer> {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      authorization: `Bearer ${secret}`,
      ...(sent === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent) }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    };
    return await new Promise<Answer>((resolve, reject) => {
      const fail = (cause: unknown) => reject(new NoAnswer(`${method} ${path} was not answered`, { cause }));
      const options = { host: '127.0.0.1', port: this.#port, agent: this.#agent, method, path, headers };
      const asked = httpRequest({ ...options, timeout: answerMs }, (response) => {
        const { statusCode = 0, headers } = response;
        textOf(response).then((text) => {
          if (!response.complete) return fail(new Error('it broke off'));
          resolve({
            status: statusCode,
            verdict: (headers['jindu-verdict'] as string | undefined) ?? null,
            location: headers.location ?? null,
            replayed: headers['idempotency-replayed'] === 'true',
            text,
            body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
          });
        }, fail);
      });
      asked.on('timeout', () => asked.destroy(new Error(`nothing came within ${answerMs} ms`)));
      asked.on('error', fail);
      asked.end(sent);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
