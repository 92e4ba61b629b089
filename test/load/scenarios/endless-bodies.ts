import { setTimeout as sleep } from 'node:timers/promises';
import { secret } from '../../../bench/database.ts';
import type { Figures } from '../figures.ts';
import { Ground } from '../ground.ts';
import { cameTrue, RawClient } from '../raw-client.ts';
import { type Conditions, withoutRateLimits } from '../scenario.ts';
import { aSmallQuestion, askingAlone, askingSteadily, besides } from '../steady.ts';

/** What each writes at once, and how long it pauses then, as a fast network would make it. */
const letters = Buffer.alloc(65_536, 'x');
const chunk = Buffer.from(`${letters.length.toString(16)}\r\n${letters}\r\n`);
const pauseMs = 30;

/**
 * Bodies and headers that never end. Whoever is still sending when the connection is closed may not get to read why: the
 * system forgets what it has not read.
 */
export async function endlessBodies(conditions: Conditions, figures: Figures): Promise<void> {
  const count = conditions.quick ? 10 : 60;
  await using ground = await Ground.open(conditions, withoutRateLimits);
  const quiet = await askingAlone(ground, 100, aSmallQuestion, 2_000);
  const restingMegabytes = ground.peakMegabytes();

  const kinds = {
    'bodies of a report': () =>
      endless(ground, count, 'PUT', '/v1/projects/programme-001/reports/2025-01-01', secret),
    'bodies of a batch': () => endless(ground, count, 'POST', '/v1/report-batches', secret),
    'bodies without a token': () =>
      endless(ground, count, 'POST', '/v1/report-batches', 'nobody-has-this-one'),
    'huge headers': () => hugeHeaders(ground, count),
  };
  for (const [kind, send] of Object.entries(kinds)) {
    const { result: clients, stream } = await askingSteadily(ground, 100, aSmallQuestion, send);
    const statuses: Record<string, number> = {};
    for (const { status } of clients) statuses[String(status)] = (statuses[String(status)] ?? 0) + 1;
    figures.note(
      `${kind}: answers`,
      Object.entries(statuses)
        .map(([status, times]) => `${times} × ${status}`)
        .join(', '),
    );
    figures.is(`${kind}: closed`, clients.filter((client) => client.isClosed).length, count);
    figures.within(`${kind}: p99 of others`, stream.p99, ...besides(quiet, ground.stretch()));
    figures.atMost(`${kind}: memory above rest`, ground.peakMegabytes() - restingMegabytes, 250, 'MB');
    for (const client of clients) client.destroy();
  }
}

/** All go on writing until they are closed, or for fifteen seconds. */
async function endless(
  ground: Ground,
  count: number,
  method: string,
  path: string,
  token: string,
): Promise<RawClient[]> {
  const head = `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n`;
  const begin = `${head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;
  return await writingOn(ground, count, begin, chunk);
}

async function hugeHeaders(ground: Ground, count: number): Promise<RawClient[]> {
  return await writingOn(ground, count, 'GET /v1/projects HTTP/1.1\r\nHost: localhost\r\nX-Huge: ', letters);
}

async function writingOn(ground: Ground, count: number, begin: string, more: Buffer): Promise<RawClient[]> {
  const clients = await RawClient.openAll(ground.port, count);
  for (const { socket } of clients) socket.write(begin);
  const timer = setInterval(() => {
    for (const { socket } of clients) if (socket.writable && socket.writableLength === 0) socket.write(more);
  }, pauseMs);
  await Promise.all([cameTrue(15_000, () => clients.every((client) => client.isClosed)), sleep(2_000)]);
  clearInterval(timer);
  return clients;
}
