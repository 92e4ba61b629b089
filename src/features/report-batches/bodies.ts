import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import type { App } from '../../http/app.ts';
import { assertReadable } from '../../http/bodies.ts';
import { joined, wholeBody } from '../../http/long-bodies.ts';
import { breather } from '../../shared/breather.ts';
import { JinduError } from '../../shared/errors.ts';
import type { SentRows } from './rows.ts';

const pieceBytes = 64 * 1024;

/** Makes the routes of this scope read rows as JSON, NDJSON and CSV; those outside of it go on refusing the last two. */
export function readRows(scope: App): void {
  scope.removeContentTypeParser('application/json');
  const reads = (type: string, rowsOf: (request: FastifyRequest, body: Buffer) => Promise<unknown>) =>
    scope.addContentTypeParser(type, async (request: FastifyRequest, payload: Readable) =>
      rowsOf(request, await wholeBody(request, payload)),
    );
  reads('application/json', async (request, body) => {
    if (body.length === 0) return undefined;
    assertReadable(request, body);
    return sentRows('json', body);
  });
  reads('text/csv', async (request, body) => {
    const charset = charsetOf(request);
    if (chineseCharsets.has(charset)) return sentRows('csv', await utf8Of(body, charset));
    assertUtf8(body, charset, [...chineseCharsets]);
    return sentRows('csv', body);
  });
  reads('application/x-ndjson', async (request, body) => {
    assertUtf8(body, charsetOf(request), []);
    return sentRows('ndjson', body);
  });
}

const byteOrderMark = Buffer.from('\ufeff');

function sentRows(kind: SentRows['kind'], bytes: Buffer): SentRows {
  return { kind, bytes: bytes.subarray(0, 3).equals(byteOrderMark) ? bytes.subarray(3) : bytes };
}

/** What Excel saves as CSV on a Chinese Windows; the last includes the others. */
const chineseCharsets: ReadonlySet<string> = new Set(['gb2312', 'gbk', 'gb18030']);

function charsetOf(request: FastifyRequest): string {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(request.headers['content-type'] ?? '')?.[1];
  return charset?.toLowerCase() ?? 'utf-8';
}

async function utf8Of(body: Buffer, charset: string): Promise<Buffer> {
  const decoder = new TextDecoder('gb18030', { fatal: true });
  const pieces: Buffer[] = [];
  const breathe = breather();
  try {
    for (let from = 0; from < body.length; from += pieceBytes) {
      const piece = body.subarray(from, from + pieceBytes);
      pieces.push(Buffer.from(decoder.decode(piece, { stream: true })));
      await breathe();
    }
    pieces.push(Buffer.from(decoder.decode()));
  } catch (cause) {
    const message = `must be text in ${charset}, as its Content-Type says`;
    throw new JinduError(
      'validation_failed',
      `the body ${message}`,
      [{ pointer: '', code: 'encoding', message }],
      { cause },
    );
  }
  return await joined(pieces);
}

function assertUtf8(body: Buffer, charset: string, others: readonly string[]): void {
  if (charset !== 'utf-8' && charset !== 'utf8') {
    throw new JinduError(
      'unsupported_media_type',
      `the charset ${charset} is not read here; there is ${['utf-8', ...others].join(', ')}`,
    );
  }
  if (isUtf8(body)) return;
  const remedy =
    others.length === 0
      ? 'send it as UTF-8'
      : 'save the file as UTF-8, or send it with Content-Type: text/csv; charset=gb18030';
  const line = lineThatIsNotUtf8(body);
  throw new JinduError('validation_failed', `line ${line} is not UTF-8: ${remedy}`, [
    { pointer: `line:${line}`, code: 'encoding', message: `must be UTF-8: ${remedy}` },
  ]);
}

function lineThatIsNotUtf8(body: Buffer): number {
  let line = 1;
  for (let from = 0; ; line += 1) {
    const end = body.indexOf('\n', from);
    if (end === -1 || !isUtf8(body.subarray(from, end))) return line;
    from = end + 1;
  }
}
