import type { InjectOptions } from 'fastify';
import type { App } from '../../src/http/app.ts';

export interface Answer {
  status: number;
  headers: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: the tests say what is in it
  body: any;
  text: string;
}

type Headers = Record<string, string>;
type Body = string | object;

/** Somebody who sends requests: with a token, or a stranger without one. */
export class Client {
  readonly secret: string | null;
  readonly #app: App;

  constructor(app: App, secret: string | null) {
    this.#app = app;
    this.secret = secret;
  }

  get(path: string, headers: Headers = {}): Promise<Answer> {
    return this.send('GET', path, { headers });
  }

  put(path: string, body: Body, headers: Headers = {}): Promise<Answer> {
    return this.send('PUT', path, { payload: body, headers });
  }

  post(path: string, body?: Body, headers: Headers = {}): Promise<Answer> {
    return this.send('POST', path, { payload: body, headers });
  }

  patch(path: string, body: Body, headers: Headers = {}): Promise<Answer> {
    return this.send('PATCH', path, { payload: body, headers });
  }

  delete(path: string, headers: Headers = {}): Promise<Answer> {
    return this.send('DELETE', path, { headers });
  }

  /** An object is sent as JSON; a text as it is, as JSON too unless the headers say otherwise. */
  async send(
    method: string,
    path: string,
    { payload, headers = {} }: { payload?: Body | undefined; headers?: Headers } = {},
  ): Promise<Answer> {
    const authorization = this.secret === null ? {} : { authorization: `Bearer ${this.secret}` };
    const contentType = payload === undefined ? {} : { 'content-type': 'application/json' };
    const response = await this.#app.inject({
      method: method as NonNullable<InjectOptions['method']>,
      url: path,
      headers: { ...authorization, ...contentType, ...headers },
      ...(payload === undefined ? {} : { payload }),
    });
    const text = response.body;
    const isJson = /^application\/(\w+\+)?json/.test(String(response.headers['content-type']));
    return {
      status: response.statusCode,
      headers: response.headers as Record<string, string>,
      body: isJson && text !== '' ? JSON.parse(text) : undefined,
      text,
    };
  }
}
