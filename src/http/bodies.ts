import { isUtf8 } from 'node:buffer';
import type { FastifyRequest } from 'fastify';
import secureJson from 'secure-json-parse';
import { JinduError } from '../shared/errors.ts';
import type { App } from './app.ts';

const mergePatch = 'application/merge-patch+json';

/**
 * Bodies are JSON (`application/json`; a patch, and nothing else, may also call itself `application/merge-patch+json`:
 * taken for a whole thing, it would undo what it does not name). An empty one is no
 * body, whatever its Content-Type says: many clients send that with `DELETE`.
 */
export function readBodies(app: App): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => jsonIn(request, body),
  );
  app.addContentTypeParser(
    mergePatch,
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      if (request.routeOptions.config.alsoReads?.[mergePatch] === undefined) {
        throw new JinduError(
          'unsupported_media_type',
          `a body of the type ${mergePatch} is read with PATCH only`,
        );
      }
      return jsonIn(request, body);
    },
  );
}

function jsonIn(request: FastifyRequest, body: Buffer): unknown {
  if (body.length === 0) return undefined;
  assertPlain(request);
  assertUtf8(body);
  return parseJson(body.toString('utf8'));
}

/**
 * JSON is UTF-8, and it is read as it is sent: neither in another charset nor packed.
 * @throws JinduError `unsupported_media_type`
 */
export function assertPlain({ headers }: FastifyRequest): void {
  const packing = headers['content-encoding'];
  if (packing !== undefined && packing.toLowerCase() !== 'identity') {
    throw new JinduError(
      'unsupported_media_type',
      `the Content-Encoding ${packing} is not read here: send it plain`,
    );
  }
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(headers['content-type'] ?? '')?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    throw new JinduError('unsupported_media_type', `the charset ${charset} is not read here: JSON is UTF-8`);
  }
}

/** @throws JinduError `validation_failed` */
export function assertUtf8(body: Buffer): void {
  // Read as UTF-8, text in another encoding would be stored as other text than was sent.
  if (isUtf8(body)) return;
  const message =
    'must be UTF-8: a Chinese Windows console, for one, sends GBK unless told otherwise (chcp 65001)';
  throw new JinduError('validation_failed', `the body ${message}`, [
    { pointer: '', code: 'encoding', message },
  ]);
}

/** @throws JinduError `validation_failed` */
export function parseJson(text: string): unknown {
  try {
    return secureJson.parse(text, { protoAction: 'error', constructorAction: 'error' });
  } catch (cause) {
    const message = /forbidden prototype/.test(String(cause))
      ? 'must not have a field __proto__ or constructor'
      : `must be valid JSON${whereIn(cause)}`;
    throw new JinduError(
      'validation_failed',
      `the body ${message}`,
      [{ pointer: '', code: 'json', message }],
      { cause },
    );
  }
}

/** The position that the parser names, without the piece of the body that it quotes. */
function whereIn(cause: unknown): string {
  const position = /position (\d+)/.exec(cause instanceof Error ? cause.message : '')?.[1];
  return position === undefined ? '' : `; it stops making sense at character ${position}`;
}
