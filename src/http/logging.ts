import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import {
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
  LogController,
  type LogLevel,
} from 'fastify';
import { destination, type Logger } from 'pino';
import type { Actor } from '../shared/actor.ts';
import type { App } from './app.ts';

/** Where log lines go, one whole line of JSON at a time. */
export interface LogDestination {
  write(line: string): void;
}

/**
 * The part of the server's options that makes it log: one line of JSON per request when it has been answered, with the
 * request's id, method, path and route, the status, the milliseconds, and the token's id and name. Bodies, headers and
 * queries are not logged, nor the values that were sent to the database, nor anything under a name that means a secret.
 */
export function loggingOptions(options: { level: LogLevel; destination?: LogDestination }) {
  return {
    logger: {
      level: options.level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label: string) => ({ level: label }), log: withoutSecrets },
      serializers: {
        req: describeRequest,
        res: describeReply,
        err: (error: unknown) => describeError(error),
      },
      hooks: { streamWrite: withoutStrays },
      stream: options.destination ?? bufferedStandardOutput(),
    },
    genReqId: requestIdOf,
    logController: new OneLinePerRequest({ requestIdLogLabel: 'requestId' }),
  } satisfies FastifyServerOptions;
}

/** Answers every request with its id in `X-Request-Id`. To be called before any other hook is added. */
export function answerRequestIds(app: App): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
}

class OneLinePerRequest extends LogController {
  override incomingRequest(): void {}

  override requestCompleted(
    error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    if (request.isHandedOver) return;
    const route = request.routeOptions.url ?? null;
    const level = error ? 'warn' : isProbe(route) && reply.statusCode < 400 ? 'debug' : 'info';
    const log = request.log as Logger;
    if (!log.isLevelEnabled(level)) return;
    // There is none where the request was refused before anybody asked who it is.
    const actor = (request.actor as Actor | null | undefined) ?? null;
    log[level](
      {
        method: request.method,
        path: pathOf(request.url),
        route,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 100) / 100,
        tokenId: actor?.tokenId ?? null,
        tokenName: actor === null || actor.tokenId === null ? null : actor.name,
        err: error ?? undefined,
      },
      error ? 'the answer could not be sent' : 'answered',
    );
  }

  override routeNotFound(): void {}
}

/** What machines ask every few seconds. */
function isProbe(route: string | null): boolean {
  return route === '/healthz' || route === '/readyz' || route === '/metrics';
}

/** The id that a proxy or a client has given, if it is a plain one, so that one request has one name everywhere. */
function requestIdOf(request: IncomingMessage): string {
  const sent = request.headers['x-request-id'];
  return typeof sent === 'string' && /^[\w.:-]{1,64}$/.test(sent) ? sent : timeOrderedId();
}

// A version 7 UUID. The uuid package asks the system for random bytes each time, at 5 µs; randomUUID asks in advance.
let millisecond = 0;
let prefix = '';
function timeOrderedId(): string {
  const now = Date.now();
  if (now !== millisecond) {
    const digits = now.toString(16).padStart(12, '0');
    [millisecond, prefix] = [now, `${digits.slice(0, 8)}-${digits.slice(8)}-7`];
  }
  return prefix + randomUUID().slice(15);
}

let standardOutput: ReturnType<typeof destination> | undefined;

// A write for each line costs more than the line itself, so they are gathered for a moment, and flushed at the end.
function bufferedStandardOutput(): LogDestination {
  if (standardOutput === undefined) {
    const output = destination({ dest: 1, sync: true, minLength: 8192, periodicFlush: 200 });
    process.once('exit', () => output.flushSync());
    standardOutput = output;
  }
  return standardOutput;
}

/** The path alone, since a query may hold anything. A part that is too long for an id may be a secret gone astray. */
function pathOf(url: string): string {
  const path = url.split('?', 1)[0] ?? '';
  return /[^/]{24}/.test(path)
    ? path.replace(/[^/]{24,}/g, (part) => (/^[a-z\d-]{1,64}$/.test(part) ? part : '…'))
    : path;
}

function describeRequest(request: { method?: string | undefined; url?: string | undefined }) {
  return { method: request.method ?? '', path: pathOf(request.url ?? '') };
}

function describeReply({ statusCode }: { statusCode: number }) {
  return { statusCode };
}

interface ErrorDescription {
  type: string;
  message: string;
  stack: string;
  [more: string]: unknown;
}

/**
 * An error by its type, code, words and places, and its causes. Its further properties are left out: the database's
 * hold what was sent to it.
 */
function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) return { type: typeof error, message: '', stack: '' };
  const { code } = error as { code?: unknown };
  const inner = (each: unknown) => (depth < 4 ? describeError(each, depth + 1) : '…');
  return {
    type: error.constructor.name,
    code: typeof code === 'string' ? code : undefined,
    message: error.message.split('\nparams:', 1)[0] ?? '',
    stack: (error.stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .join('\n'),
    cause: error.cause === undefined ? undefined : inner(error.cause),
    errors: error instanceof AggregateError ? error.errors.slice(0, 10).map(inner) : undefined,
  };
}

/** The whole line without the tokens and queries that the server's own words have brought into it. */
function withoutStrays(line: string): string {
  let clean = line;
  if (line.includes('jindu_')) clean = clean.replace(/jindu_[\w-]{32,}/g, '[secret]');
  if (line.includes('Bearer ')) clean = clean.replace(/Bearer [\w.~+/=-]+/g, 'Bearer [secret]');
  if (line.includes('?')) clean = clean.replace(/(\/[^\s"?\\]*)\?[^\s"\\]*=[^\s"\\]*/g, '$1?…');
  return clean;
}

const secretName = /authorization|cookie|token$|secret|password|passwd|credential|api-?key|^body$/i;
const describedByServer = new Set(['req', 'res', 'err']);

/** The same fields without what a secret's name stands over, however deep. Objects of a class are only named. */
function withoutSecrets(fields: Record<string, unknown>): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const name in fields) {
    const value = fields[name];
    clean[name] = describedByServer.has(name) ? value : withoutSecret(name, value, 0);
  }
  return clean;
}

function withoutSecret(name: string, value: unknown, depth: number): unknown {
  if (value !== null && value !== undefined && secretName.test(name)) return '[secret]';
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (value instanceof Error) return describeError(value);
  if (depth === 6) return '…';
  if (Array.isArray(value)) return value.map((each) => withoutSecret('', each, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return `[${value.constructor.name}]`;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, withoutSecret(key, each, depth + 1)]),
  );
}
