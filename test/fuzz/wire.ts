import { connect } from 'node:net';
import fc from 'fast-check';

/** What is written to a connection, byte by byte, as no client library would let one. */
export interface WireRequest {
  method: string;
  target: string;
  version: string;
  headers: string[];
  body: string;
}

const project = '/v1/projects/yueping-zone-a';
const report = `${project}/reports/2023-06-30`;

/** Mostly requests that would be right but for one thing. */
export function wireRequests(secret: string): fc.Arbitrary<WireRequest> {
  const aMethod = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('GET', 'PUT', 'PATCH', 'DELETE', 'POST') },
    fc.constantFrom(
      'HEAD',
      'OPTIONS',
      'TRACE',
      'CONNECT',
      'PROPFIND',
      'QUERY',
      'PRI',
      'get',
      'FOO',
      '',
      'GET ',
    ),
  );
  const aTarget = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom(
        project,
        report,
        `${project}/restoration`,
        '/v1/projects',
        '/v1/report-batches',
      ),
    },
    fc.constantFrom(
      '*',
      '',
      '/',
      '//',
      '/v1/../v1/projects',
      `http://example.org${project}`,
      '/v1/projects#x',
      '?',
    ),
    fc.constantFrom(
      '/%',
      '/v1/projects/%',
      '/v1/projects/%zz',
      '/v1/projects/%c0%ae',
      '/v1/projects/%ed%a0%80',
    ),
    fc.constantFrom(
      `/${'a/'.repeat(3_000)}`,
      `/v1/projects/${'a'.repeat(15_000)}`,
      `/v1/projects?${'a&'.repeat(5_000)}`,
    ),
    fc.constantFrom(
      '/v1/projects/a b',
      '/v1/projects/\u0000',
      '/v1/projects/\u00e9',
      '/docs/../openapi.json',
      '/docs/%2e%2e/x',
    ),
  );
  const aVersion = fc.oneof(
    { weight: 8, arbitrary: fc.constant('HTTP/1.1') },
    fc.constantFrom('HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'HTTP/1.1\r', 'http/1.1', ''),
  );
  const aBody = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom('{"percent":95}', '{"title":"甲","organizationId":"yueping"}', '[]', ''),
    },
    fc.constantFrom(
      '5\r\n{"a":\r\n0\r\n\r\n',
      '7fffffffffffffff\r\n{}',
      'z\r\n{}\r\n0\r\n\r\n',
      '2;x=y\r\n{}\r\n0\r\nT: v\r\n\r\n',
    ),
    fc.constantFrom('{"percent":95}\r\n\r\nGET /v1/tokens HTTP/1.1\r\nhost: a\r\n\r\n', '\u0000'.repeat(50)),
  );
  return fc
    .record({
      method: aMethod,
      target: aTarget,
      version: aVersion,
      body: aBody,
      host: fc.oneof(
        { weight: 9, arbitrary: fc.constant(['host: localhost']) },
        fc.constantFrom<string[]>([], ['host: a', 'host: b']),
      ),
      length: fc.oneof(
        { weight: 9, arbitrary: fc.constant('true') },
        fc.constantFrom('none', '0', '5', '-1', '999', '1e3', '9'.repeat(30)),
      ),
      more: fc.array(anOddHeader(secret), { maxLength: 3 }),
    })
    .map(({ host, length, more, ...request }) => ({
      ...request,
      headers: [
        ...host,
        `authorization: Bearer ${secret}`,
        ...(request.body === '' ? [] : ['content-type: application/json']),
        ...(length === 'none'
          ? []
          : [`content-length: ${length === 'true' ? Buffer.byteLength(request.body) : length}`]),
        ...more,
      ],
    }));
}

function anOddHeader(secret: string): fc.Arbitrary<string> {
  return fc.constantFrom(
    'transfer-encoding: chunked',
    'transfer-encoding: gzip, chunked',
    'transfer-encoding: chunked, identity',
    'content-length: 3',
    'content-type: text/csv',
    'content-type: application/json',
    'if-match: "1-a"',
    'if-match: "7-b"',
    'if-none-match: *',
    'idempotency-key: a',
    'idempotency-key: b',
    'expect: 100-continue',
    'expect: something-else',
    'connection: upgrade\r\nupgrade: websocket',
    'connection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__',
    'connection: close',
    'content-encoding: gzip',
    'authorization: Basic YTpi',
    `authorization: Bearer ${secret}, Bearer x`,
    'x-request-id: a\r\n b',
    'no colon',
    ': no name',
    'spaced : name',
    'a: \u0000',
    'a: \u00ff\u00fe',
    'a: b\n',
    `a: ${'x'.repeat(20_000)}`,
    Array.from({ length: 300 }, (_, index) => `h${index}: x`).join('\r\n'),
  );
}

export interface WireAnswer {
  status: number;
  contentType: string;
  body: string;
}

/** The bytes of the request, one byte a character but for the body. */
export function bytesOf({ method, target, version, headers, body }: WireRequest): Buffer {
  const head = [`${method} ${target} ${version}`, ...headers, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body)]);
}

/**
 * Writes the bytes to a connection of their own, and reads what is answered until the other side ends it.
 * @param isAll say that nothing more will come, without which a request that lacks something is waited for. A server
 *   then ends the connection, even if it has not answered yet.
 * @throws Error when it is not ended in time, or when what is answered is no HTTP
 */
export async function exchange(
  port: number,
  bytes: Buffer,
  { isHead = false, isAll = false }: { isHead?: boolean; isAll?: boolean } = {},
): Promise<WireAnswer[]> {
  const received = await new Promise<Buffer>((resolve, reject) => {
    const pieces: Buffer[] = [];
    const socket = connect({ port, host: '127.0.0.1' });
    const late = setTimeout(() => socket.destroy(new Error('the connection is left open')), 5_000);
    socket.on('data', (piece) => pieces.push(piece));
    // A server that has refused a request may end the connection while more of it is on its way.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.on('close', () => {
      clearTimeout(late);
      resolve(Buffer.concat(pieces));
    });
    if (isAll) socket.end(bytes);
    else socket.write(bytes);
  });
  return answersIn(received, isHead);
}

function answersIn(received: Buffer, isHead: boolean): WireAnswer[] {
  const answers: WireAnswer[] = [];
  for (let from = 0; from < received.length; ) {
    const end = received.indexOf('\r\n\r\n', from);
    const [line = '', ...lines] = received.subarray(from, end).toString('latin1').split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(line)?.[1]);
    if (end === -1 || Number.isNaN(status))
      throw new Error(`this is no answer: ${received.subarray(from, from + 200)}`);
    const headers = new Map(
      lines.map((each) => [
        each.slice(0, each.indexOf(':')).toLowerCase(),
        each.slice(each.indexOf(':') + 1).trim(),
      ]),
    );
    // What could not be read as HEAD is answered with a body.
    const isBare =
      isHead && /^(?:HTTP\/1\.1 |$)/.test(received.subarray(end + 4, end + 13).toString('latin1'));
    const hasBody = !isBare && status >= 200 && status !== 304;
    const length = hasBody ? lengthOf(received, end + 4, headers) : 0;
    const body = received
      .subarray(end + 4, end + 4 + length)
      .toString('utf8')
      .replace(/^0\r\n\r\n$/, '');
    answers.push({ status, contentType: headers.get('content-type') ?? '', body });
    from = end + 4 + length;
  }
  return answers;
}

/** How many bytes the body takes. In chunks, the server sends nothing but refusals of its own that are empty. */
function lengthOf(received: Buffer, from: number, headers: ReadonlyMap<string, string>): number {
  if (headers.get('transfer-encoding') !== 'chunked') return Number(headers.get('content-length') ?? 0);
  const empty = '0\r\n\r\n';
  if (!received.subarray(from).toString('latin1').startsWith(empty)) throw new Error('an answer in chunks');
  return empty.length;
}
