import { setTimeout as sleep } from 'node:timers/promises';
import { secret } from '../../../bench/database.ts';
import type { Figures } from '../figures.ts';
import { Ground } from '../ground.ts';
import { RawClient } from '../raw-client.ts';
import { type Conditions, withoutRateLimits } from '../scenario.ts';
import { aSmallQuestion, askingAlone, besides, untilServed } from '../steady.ts';

/** A request has a minute to arrive, and an answer a minute and a half to be read; Node looks every half minute. */
const cutWithinMs = 100_000;

/**
 * Hundreds of clients that send a byte a second, of their headers or of their bodies, and others that ask for much and
 * read nothing of it. Everybody else is to be served as if they were not there, and those who dawdle are to be cut off.
 */
export async function slowClients(conditions: Conditions, figures: Figures): Promise<void> {
  const each = conditions.quick ? 50 : 300;
  await using ground = await Ground.open(conditions, withoutRateLimits);
  const quiet = await askingAlone(ground, 100, aSmallQuestion, 2_000);
  const restingMegabytes = ground.peakMegabytes();

  const readers = await greedyReaders(ground, each);
  figures.atMost(
    'answers that nobody reads: memory above rest',
    ground.peakMegabytes() - restingMegabytes,
    250,
    'MB',
  );

  ground.stretch();
  const startedMs = performance.now();
  const ofHeaders = await RawClient.openAll(ground.port, each);
  for (const client of ofHeaders) client.dribble(`${head('GET', '/v1/projects')}X-Slow: ${'x'.repeat(200)}`);
  const ofBodies = await RawClient.openAll(ground.port, each);
  for (const client of ofBodies) {
    const headers = 'Content-Type: application/json\r\nContent-Length: 500\r\n\r\n';
    client.socket.write(`${head('PUT', '/v1/organizations/slow')}${headers}`);
    client.dribble(`{"name":"${'x'.repeat(400)}`);
  }
  const senders = [...ofHeaders, ...ofBodies];
  // Six hundred at once are a crowd, behind which whoever comes waits; from then on they dawdle.
  const crowdMs = await untilServed(ground);
  figures.within('first answer when they have come', crowdMs, 1_000, ground.stretch());
  const asked = await askingAlone(ground, 100, aSmallQuestion, conditions.quick ? 5_000 : cutWithinMs);

  figures.note('clients that dawdle', senders.length + readers.length);
  figures.is('others that were refused', asked.othersTold, 0);
  figures.note('longest of others', asked.longest, 'ms');
  figures.within('p99 of others', asked.p99, ...besides(quiet, ground.stretch()));
  figures.atMost('memory above rest', ground.peakMegabytes() - restingMegabytes, 250, 'MB');
  if (!conditions.quick) {
    const cut = senders.filter((client) => client.status === 408).length;
    figures.is('slow senders cut with 408', cut, senders.length);
    figures.atMost('connections left, of all who dawdle', await ground.connections(), each / 3);
    const cutMs =
      Math.max(...senders.map((client) => client.closedMs ?? Number.POSITIVE_INFINITY)) - startedMs;
    figures.within('the last sender cut after', cutMs, cutWithinMs, 1);
  }
  for (const client of [...senders, ...readers]) client.destroy();
  await sleep(500);
  const after = await askingAlone(ground, 100, aSmallQuestion, 1_000);
  figures.within('p99 when they are gone', after.p99, ...besides(quiet, ground.stretch()));
  figures.is('requests still under way', await ground.inFlight(), 0);
}

/** Each asks for forty long lists at once and reads nothing. They are there when what is taken of that has been answered. */
async function greedyReaders(ground: Ground, count: number): Promise<RawClient[]> {
  const readers = await RawClient.openAll(ground.port, count);
  for (const { socket } of readers) {
    socket.pause();
    socket.write(`${head('GET', '/v1/projects?limit=200')}\r\n`.repeat(40));
  }
  // Asking for the metrics is itself one reading.
  for (let before = -2, reads = 0; reads - before > 1; ) {
    before = reads;
    await sleep(500);
    reads = await ground.reads();
  }
  return readers;
}

function head(method: string, path: string): string {
  return `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${secret}\r\n`;
}
