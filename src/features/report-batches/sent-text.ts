import { isUtf8 } from 'node:buffer';
import { assertUtf8 } from '../../http/bodies.ts';
import { breather } from '../../shared/breather.ts';
import { JinduError } from '../../shared/errors.ts';
import { joined } from '../../shared/pieces.ts';

/** A body of many rows in the pieces in which it has come: a large one is read while others are answered, or elsewhere. */
export interface SentText {
  kind: 'json' | 'ndjson' | 'csv';
  /** `utf-8` or, of a CSV, one of {@link chineseCharsets}. */
  charset: string;
  pieces: readonly Uint8Array[];
  /** In bytes. */
  length: number;
}

/** What Excel saves as CSV on a Chinese Windows; the last includes the others. */
export const chineseCharsets: ReadonlySet<string> = new Set(['gb2312', 'gbk', 'gb18030']);

const pieceBytes = 64 * 1024;

const byteOrderMark = Buffer.from('\ufeff');

/**
 * The whole of it in UTF-8, without a byte order mark.
 * @throws JinduError `validation_failed` for what is no text in its charset
 */
export async function textIn({ kind, charset, pieces }: SentText): Promise<Buffer> {
  let text = await joined(pieces);
  if (chineseCharsets.has(charset)) text = await utf8Of(text, charset);
  else assertUtf8In[kind](text);
  return text.subarray(0, 3).equals(byteOrderMark) ? text.subarray(3) : text;
}

const assertUtf8In = {
  json: assertUtf8,
  ndjson: (body: Buffer) => assertUtf8Lines(body, 'send it as UTF-8'),
  csv: (body: Buffer) =>
    assertUtf8Lines(body, 'save the file as UTF-8, or send it with Content-Type: text/csv; charset=gb18030'),
};

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

function assertUtf8Lines(body: Buffer, remedy: string): void {
  if (isUtf8(body)) return;
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
