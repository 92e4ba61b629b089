import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import type { App } from '../../http/app.ts';
import { assertPlain } from '../../http/bodies.ts';
import { piecesOfBody } from '../../http/long-bodies.ts';
import { JinduError } from '../../shared/errors.ts';
import { chineseCharsets, type SentText } from './sent-text.ts';

/** Makes the routes of this scope read rows as JSON, NDJSON and CSV; those outside of it go on refusing the last two. */
export function readRows(scope: App): void {
  scope.removeContentTypeParser('application/json');
  const reads = (type: string, kind: SentText['kind'], charsetIn: (request: FastifyRequest) => string) =>
    scope.addContentTypeParser(type, async (request: FastifyRequest, payload: Readable) => {
      const pieces = await piecesOfBody(request, payload);
      const { length } = pieces;
      if (kind === 'json' && length === 0) return undefined;
      return { kind, charset: charsetIn(request), pieces: pieces.end(), length } satisfies SentText;
    });
  reads('application/json', 'json', (request) => {
    assertPlain(request);
    return 'utf-8';
  });
  reads('text/csv', 'csv', (request) => charsetAmong(request, chineseCharsets));
  reads('application/x-ndjson', 'ndjson', (request) => charsetAmong(request, new Set()));
}

/** @throws JinduError `unsupported_media_type` for one that is neither UTF-8 nor one of these */
function charsetAmong(request: FastifyRequest, others: ReadonlySet<string>): string {
  const named = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(request.headers['content-type'] ?? '')?.[1];
  const charset = named?.toLowerCase() ?? 'utf-8';
  if (charset === 'utf-8' || charset === 'utf8') return 'utf-8';
  if (others.has(charset)) return charset;
  throw new JinduError(
    'unsupported_media_type',
    `the charset ${charset} is not read here; there is ${['utf-8', ...others].join(', ')}`,
  );
}
