import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { errorCatalogue } from '../../src/shared/errors.ts';
import { openGround } from './ground.ts';
import { howToRepeat, searchParameters, searchSettings, timeLimitMs } from './settings.ts';
import { bytesOf, exchange, type WireAnswer, type WireRequest, wireRequests } from './wire.ts';

const ground = await openGround();
await ground.app.app.listen({ host: '127.0.0.1', port: 0 });
const { port } = ground.app.app.server.address() as AddressInfo;
const settings = searchSettings(100);

/** What is wrong with the answers to what was written to one connection. */
function faultsOf(answers: readonly WireAnswer[], isHead: boolean, written: string | null): string[] {
  const faults: string[] = [];
  for (const { status, contentType, body } of answers) {
    if (status >= 500) faults.push(`the status is ${status}: ${body}`);
    if (status < 400) continue;
    // To HEAD, and by Node itself to who names no host or expects what it does not know.
    if (body === '' && (isHead || [400, 417].includes(status))) continue;
    if (contentType !== 'application/problem+json; charset=utf-8') {
      faults.push(`${status} comes as ${contentType}: ${body}`);
      continue;
    }
    const { code } = JSON.parse(body) as { code: keyof typeof errorCatalogue };
    if (errorCatalogue[code]?.status !== status) faults.push(`${code} comes with ${status}`);
  }
  // Who hangs up may be left without an answer to what was done.
  const isAccepted = answers.some(({ status }) => status >= 200 && status < 300);
  if (written !== null && !isAccepted && answers.length > 0)
    faults.push(`nothing is accepted, and yet ${written}`);
  return faults;
}

async function hold(request: WireRequest): Promise<void> {
  const bytes = bytesOf(request);
  await ground.writes.written();
  const isHead = request.method === 'HEAD';
  const faults = await exchange(port, bytes, { isHead, isAll: true }).then(
    async (answers) => faultsOf(answers, isHead, await ground.writes.written()),
    (error: unknown) => [String(error)],
  );
  await ground.writes.restore();
  faults.push(...ground.app.log.takeErrors().map((error) => JSON.stringify(error)));
  if (faults.length > 0) throw new Error(`${faults.join('\n')}\n${lineFor(bytes)}`);
}

function lineFor(bytes: Buffer): string {
  const octal = [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
  const shown = bytes.length > 3_000 ? `${octal.slice(0, 12_000)}… (${bytes.length} bytes)` : octal;
  return `${bytes.toString('latin1').slice(0, 3_000)}\nprintf '${shown}' | nc -N localhost 3000`;
}

describe('bytes that no client would send', () => {
  test(
    'are answered as a refusal, or not at all, and write nothing',
    async () => {
      const property = fc.asyncProperty(wireRequests(String(ground.app.admin.secret)), hold);
      const { failed, errorInstance } = await fc.check(property, searchParameters(settings, 100));
      const found = failed
        ? `${String(errorInstance)}\n${howToRepeat(settings, 'test/fuzz/wire.test.ts')}`
        : '';
      expect(found).toBe('');
      expect((await ground.app.stranger.get('/healthz')).status).toBe(200);
    },
    timeLimitMs(settings.runs, 100),
  );
});

afterAll(() => ground.close());
