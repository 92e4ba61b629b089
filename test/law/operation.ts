import type { App } from '../../src/http/app.ts';
import type { Answer, Client, RouteFacts } from '../support/index.ts';
import type { Example } from './examples.ts';

interface ObjectSchema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, ObjectSchema>;
  required?: string[];
  examples?: unknown[];
  enum?: string[];
  anyOf?: ObjectSchema[];
  items?: ObjectSchema;
}

/** One operation of the API, and how to ask for it. */
export interface Operation extends RouteFacts {
  operationId: string;
  access: string;
  example: Example | undefined;
  isList: boolean;
  isWrite: boolean;
  /** The last part of the address is the id under which it creates. */
  createsUnderId: boolean;
  body: ObjectSchema | undefined;
  exampleBody: object | undefined;
  querySchema: ObjectSchema;
  /** Whether it reads this request header. */
  reads(header: string): boolean;
  /** The address of the example; some of its parameters may be others. */
  address(others?: Record<string, string>): string;
}

export function operationOf(app: App, route: RouteFacts, example: Example | undefined): Operation {
  const { method, url, config, schema } = route;
  const resolved = (given: unknown) => {
    const inner = given as ObjectSchema | undefined;
    return inner?.$ref === undefined ? inner : (app.getSchema(inner.$ref) as ObjectSchema);
  };
  const body = resolved(schema.body);
  const querySchema = resolved(schema.querystring) ?? {};
  const headers = resolved(schema.headers);
  return {
    ...route,
    operationId: String(schema.operationId),
    access: config.access ?? 'nobody',
    example,
    isList: querySchema.properties?.cursor !== undefined,
    isWrite: method !== 'GET',
    createsUnderId: method === 'PUT' && /^[^:]*:id$/.test(url),
    body,
    exampleBody: example?.body ?? (body?.examples?.[0] as object | undefined),
    querySchema,
    reads: (header) => headers?.properties?.[header] !== undefined,
    address(others = {}) {
      const params = { ...example?.params, ...others };
      const path = url.replace(/:(\w+)/g, (_, name: string) =>
        encodeURIComponent(params[name] ?? `no-${name}`),
      );
      return example?.query === undefined ? path : `${path}?${example.query}`;
    },
  };
}

/** Asks for the operation with its example, of which some things may be others. */
export function ask(
  client: Client,
  operation: Operation,
  others: {
    params?: Record<string, string>;
    query?: string;
    payload?: object | string;
    headers?: Record<string, string>;
  } = {},
): Promise<Answer> {
  const address = operation.address(others.params);
  const url =
    others.query === undefined ? address : `${address}${address.includes('?') ? '&' : '?'}${others.query}`;
  const payload = others.payload ?? operation.exampleBody;
  return client.send(operation.method, url, { payload, headers: others.headers ?? {} });
}
