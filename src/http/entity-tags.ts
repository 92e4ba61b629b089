import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { fieldError } from '../shared/errors.ts';
import { type Expectation, noExpectation } from '../shared/expectation.ts';
import type { App } from './app.ts';

/**
 * Entity tags. A tag is `"<revision>-<digest>"` for what has a revision and `"<digest>"` for what is computed: the
 * digest changes with every byte of the answer, so `If-None-Match` is exact; the revision is what `If-Match` guards,
 * so that a project whose progress moved meanwhile can still be edited by who read it before.
 */
export function tagEntities(app: App): void {
  app.addHook('preSerialization', (_request, reply, payload, done) => {
    const revision = (payload as { revision?: unknown } | null)?.revision;
    if (typeof revision === 'number') reply.entityRevision = revision;
    done(null, payload);
  });
  app.decorateReply('entityRevision', 0);
  app.decorateReply('isWritten', false);
  app.addHook('onSend', (request, reply, payload, done) => {
    done(null, tagged(request, reply, payload));
  });
}

/** Answers with JSON that was written before, as if the thing itself had been returned. */
export function sendWritten(reply: FastifyReply, json: Buffer) {
  reply.isWritten = true;
  return reply.type('application/json; charset=utf-8').send(json as never);
}

function digestOf(answer: string | Buffer): string {
  return hash('sha1', answer, 'base64url').slice(0, 16);
}

/** A text from this length on is put into bytes once, to be hashed and sent, and not twice. */
const longFrom = 4_096;

/** What is sent: the payload, or nothing where the client has it already. */
function tagged(request: FastifyRequest, reply: FastifyReply, answer: unknown): unknown {
  if (reply.statusCode >= 300 || reply.hasHeader('etag')) return answer;
  if (typeof answer !== 'string' && !reply.isWritten) return answer;
  const payload = typeof answer === 'string' && answer.length >= longFrom ? Buffer.from(answer) : answer;
  const digest = digestOf(payload as string | Buffer);
  const tag = reply.entityRevision > 0 ? `"${reply.entityRevision}-${digest}"` : `"${digest}"`;
  reply.header('etag', tag);
  if (request.method !== 'GET' && request.method !== 'HEAD') return payload;
  reply.header('cache-control', 'private, no-cache');
  if (!matchesNone(request.headers['if-none-match'], tag)) return payload;
  reply.code(304).removeHeader('content-type').removeHeader('content-length');
  return '';
}

function matchesNone(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((candidate) => {
    const bare = candidate.trim().replace(/^W\//, '');
    return bare === '*' || bare === tag;
  });
}

/**
 * Reads `If-Match` and `If-None-Match` of a request that writes.
 * @throws JinduError `validation_failed` for a tag that this server cannot have given
 */
export function expectationOf(request: FastifyRequest): Expectation {
  const ifMatch = request.headers['if-match'];
  const ifNoneMatch = request.headers['if-none-match'];
  if (ifMatch === undefined && ifNoneMatch === undefined) return noExpectation;
  if (ifNoneMatch !== undefined && ifNoneMatch.trim() !== '*') {
    throw fieldError(
      'validation_failed',
      'header:if-none-match',
      'entity_tag',
      'must be * on a request that writes',
    );
  }
  return {
    revisions: ifMatch === undefined ? null : revisionsOf(ifMatch),
    absent: ifNoneMatch !== undefined,
  };
}

function revisionsOf(header: string): readonly number[] | 'any' {
  if (header.trim() === '*') return 'any';
  return header.split(',').flatMap((tag) => {
    // Weak tags, as a proxy may make them of ours, match nothing here (RFC 9110, 13.1.1).
    const [, weak, revision] = /^\s*(W\/)?"(\d{1,15})(?:-[\w-]+)?"\s*$/.exec(tag) ?? [];
    if (weak !== undefined) return [];
    if (revision !== undefined) return [Number(revision)];
    throw fieldError(
      'validation_failed',
      'header:if-match',
      'entity_tag',
      'must be an ETag that this server gave, or *',
    );
  });
}

declare module 'fastify' {
  interface FastifyReply {
    entityRevision: number;
    /** It is sent as bytes that were JSON before. */
    isWritten: boolean;
  }
}
