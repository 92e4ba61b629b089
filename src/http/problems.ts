import { randomUUID } from 'node:crypto';
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorCode, errorCatalogue, JinduError, WrittenMembers } from '../shared/errors.ts';
import type { App } from './app.ts';

const problemType = 'application/problem+json; charset=utf-8';

const retryAfterSeconds: Partial<Record<ErrorCode, number>> = { overloaded: 1, storage_unavailable: 5 };

/**
 * Every refusal leaves through here, as RFC 9457 `application/problem+json`. What is not a {@link JinduError} and not
 * one of the server's own 4xx is logged in full and answered as `internal`, without a word of its message.
 */
export function answerProblems(app: App): void {
  app.setErrorHandler((error: FastifyError | JinduError, request, reply) => {
    const refusal = error instanceof JinduError ? error : refusalOf(error);
    // Shedding load must cost little, and says no more than the request's own line does.
    if (errorCatalogue[refusal.code].status >= 500 && refusal.code !== 'overloaded')
      request.log.error({ err: error }, refusal.code);
    return sendProblem(request, reply, refusal);
  });
}

/** For an address that the router itself cannot read: no hook has run, and none will. */
export function answerUnroutable(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', request.id);
  sendProblem(request, reply, refusalOf(error));
}

/**
 * For bytes that are no HTTP, too long a head, or one that never ends: there is no request and no reply, and after it
 * the connection is of no use. A request before it on the same connection is answered first: it may have been done.
 */
export function answerMalformed(this: App, error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const { _httpMessage: present } = socket as { _httpMessage?: ServerResponse | null };
  if (present?.req.complete === true) {
    present.once('close', () => setImmediate(() => answerMalformed.call(this, error, socket)));
    return;
  }
  const requestId = randomUUID();
  this.log.info({ requestId, code: error.code }, 'no HTTP request');
  if (socket.writable && present?.headersSent !== true) socket.write(malformedAnswer(error.code, requestId));
  socket.destroy();
}

function malformedAnswer(errorCode: string | undefined, requestId: string): string {
  const refusal = malformed(errorCode);
  const { status } = errorCatalogue[refusal.code];
  const body = problemText(refusal, '', requestId);
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `content-type: ${problemType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
    'cache-control: no-store',
    'connection: close',
    '',
    body,
  ].join('\r\n');
}

function malformed(code: string | undefined): JinduError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new JinduError('request_timeout', 'the request has not arrived as a whole within a minute');
  }
  if (code === 'HPE_HEADER_OVERFLOW') {
    const message = 'must have at most 16 KiB in all';
    return new JinduError('validation_failed', `the request line and headers ${message}`, [
      { pointer: 'header:*', code: 'maxLength', message },
    ]);
  }
  if (code === 'HPE_INVALID_URL') {
    const message = 'must be percent-encoded beyond ASCII, such as q=%E5%B2%B3%E5%B1%8F';
    return new JinduError('validation_failed', `the address ${message} (curl: -G --data-urlencode)`);
  }
  return new JinduError('validation_failed', 'this is not HTTP');
}

export function sendProblem(request: FastifyRequest, reply: FastifyReply, refusal: JinduError) {
  const { status } = errorCatalogue[refusal.code];
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="jindu"');
  const retryAfter = retryAfterSeconds[refusal.code];
  if (retryAfter !== undefined && !reply.hasHeader('retry-after')) reply.header('retry-after', retryAfter);
  return reply
    .code(status)
    .header('content-type', problemType)
    .header('cache-control', 'no-store')
    .send(problemOf(refusal, pathOf(request), request.id));
}

/** Members that were written elsewhere may be megabytes: they are put in as they are. */
function problemOf(refusal: JinduError, instance: string, requestId: string): string | Buffer {
  const text = problemText(refusal, instance, requestId);
  if (!(refusal.extensions instanceof WrittenMembers)) return text;
  return Buffer.concat([Buffer.from(`${text.slice(0, -1)},`), refusal.extensions.json.subarray(1)]);
}

function problemText(refusal: JinduError, instance: string, requestId: string): string {
  const { status, title } = errorCatalogue[refusal.code];
  return JSON.stringify({
    type: `/docs/errors#${refusal.code}`,
    title,
    status,
    code: refusal.code,
    detail: refusal.detail,
    instance,
    requestId,
    errors: refusal.errors,
    ...(refusal.extensions instanceof WrittenMembers ? {} : refusal.extensions),
  });
}

/** The path alone: a query may carry what does not belong into an answer or a log. */
function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '';
}

function refusalOf(error: FastifyError): JinduError {
  const options = { cause: error };
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new JinduError(
        'payload_too_large',
        'the body is larger than this operation accepts',
        [],
        options,
      );
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new JinduError(
        'unsupported_media_type',
        'this operation does not read bodies of that Content-Type',
        [],
        options,
      );
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new JinduError(
        'validation_failed',
        'the body is not valid JSON',
        [{ pointer: '', code: 'json', message: 'must be valid JSON' }],
        options,
      );
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new JinduError('not_found', 'nothing has this address', [], options);
    default:
      break;
  }
  if (error.statusCode === 429)
    return new JinduError('rate_limited', 'too many requests; see Retry-After', [], options);
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return new JinduError(
      'validation_failed',
      'the request is not valid HTTP for this operation',
      [],
      options,
    );
  }
  return new JinduError(
    'internal',
    'something went wrong here; it is logged under the request id',
    [],
    options,
  );
}
