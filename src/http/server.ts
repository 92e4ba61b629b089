import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type LogLevel } from 'fastify';
import type { App } from './app.ts';
import { readBodies } from './bodies.ts';
import { type LogDestination, loggingOptions } from './logging.ts';
import { answerMalformed, answerUnroutable } from './problems.ts';
import { closed } from './schemas.ts';
import { stopOptions } from './stop.ts';
import { buildValidator } from './validation.ts';

const bodyLimit = 1024 * 1024;

/** A connection on which nothing has moved for so long is closed: its answers are kept in memory until they are read. */
const connectionTimeout = 120_000;

export interface ServerOptions {
  logLevel: LogLevel;
  logDestination: LogDestination | undefined;
  /** The proxies whose word about the client's address is taken; false for none. */
  trustProxy: readonly string[] | false;
}

/** A server that has no routes yet: how it reads, validates, writes and logs is settled here, for all of them. */
export function createServer({ logLevel, logDestination, trustProxy }: ServerOptions): App {
  const app = Fastify({
    ...loggingOptions({
      level: logLevel,
      ...(logDestination === undefined ? {} : { destination: logDestination }),
    }),
    bodyLimit,
    trustProxy: trustProxy === false ? false : [...trustProxy],
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: 200 },
    ...stopOptions,
    requestTimeout: 60_000,
    connectionTimeout,
    schemaController: { compilersFactory: { buildValidator } },
    frameworkErrors: answerUnroutable,
    clientErrorHandler: answerMalformed,
    schemaErrorFormatter: ([error]: unknown[]) => error as Error,
  } as never).withTypeProvider<TypeBoxTypeProvider>() as unknown as App;
  // An answer is what the handler made, to the letter; the schemas describe it, and the tests hold it to them.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.addHook('onRoute', ({ schema, config }) => {
    // A parameter that means nothing here (?dryRun=true) is refused, as an unknown field is, rather than ignored.
    if (schema?.operationId !== undefined && config?.access !== 'public') schema.querystring ??= closed({});
  });
  app.decorateRequest('isHandedOver', false);
  readBodies(app);
  return app;
}
