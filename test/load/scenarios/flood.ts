import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { secret } from '../../../bench/database.ts';
import { type Figures, quantile, sum } from '../figures.ts';
import type { Flood, Flooded } from '../flooder.ts';
import { Ground } from '../ground.ts';
import { type Conditions, withoutRateLimits } from '../scenario.ts';
import { aSmallQuestion, askingAlone, besides, untilServed } from '../steady.ts';

const connections = 2_000;
/**
 * A request waits in a line for half a second at most (JINDU_MAX_EVENT_LOOP_DELAY_MS). A write waits in its queue for
 * three times as long, and for the hundred that are left there; and all of them come at once, and wait until they are
 * let in.
 */
const longestWaitMs = 2_000;

/**
 * Far more clients than can be served: 2,000 connections that ask again at once, heedless of `Retry-After`. Once each
 * for what costs little, for what has to be written, and for what costs much.
 */
export async function flood(conditions: Conditions, figures: Figures): Promise<void> {
  for (const asker of ['progress', 'reports', 'search'] as const) {
    await using ground = await Ground.open(conditions, withoutRateLimits);
    await floodWith(asker, ground, conditions.quick ? 3 : 8, figures);
  }
}

async function floodWith(
  asker: Flood['asker'],
  ground: Ground,
  seconds: number,
  figures: Figures,
): Promise<void> {
  // A server runs for months, and is flooded when what is asked for has long been compiled.
  await send({ port: ground.port, asker, turn: 0, connections: 32, seconds, secret });
  const quiet = await askingAlone(ground, 100, aSmallQuestion, 2_000);
  const restingMegabytes = ground.peakMegabytes();
  ground.stretch();
  const probes: number[] = [];
  const flooding = send({ port: ground.port, asker, turn: 1, connections, seconds, secret });
  const flooded = await Promise.race([flooding, probe(ground, probes)]);
  const stretch = ground.stretch();
  const peakMegabytes = ground.peakMegabytes();
  const recoveredMs = await untilServed(ground);
  const after = await askingAlone(ground, 100, aSmallQuestion, 2_000);

  const accepted = Object.entries(flooded.statuses).filter(([status]) => status < '300');
  const shed = flooded.statuses['503'];
  const others = Object.entries(flooded.statuses).filter(([status]) => status >= '300' && status !== '503');
  const p99 = Math.max(0, ...accepted.map(([, each]) => each.p99));
  figures.note(`${asker}: taken, a second`, sum(accepted.map(([, each]) => each.count)) / seconds);
  figures.note(`${asker}: shed with 503, a second`, (shed?.count ?? 0) / seconds);
  figures.within(`${asker}: p99 of what was taken`, p99, longestWaitMs, stretch);
  figures.is(`${asker}: clients that were answered`, flooded.answered, connections);
  figures.is(`${asker}: 503 without Retry-After`, flooded.withoutRetryAfter, 0);
  figures.is(`${asker}: other refusals`, sum(others.map(([, each]) => each.count)), 0);
  figures.is(`${asker}: not answered`, flooded.errors, 0);
  figures.within(`${asker}: longest /healthz`, quantile(probes, 1), longestWaitMs, stretch);
  figures.atMost(`${asker}: memory above rest`, peakMegabytes - restingMegabytes, 250, 'MB');
  figures.within(`${asker}: first answer after it`, recoveredMs, 1_000, stretch);
  figures.within(`${asker}: p99 after it`, after.p99, ...besides(quiet, ground.stretch()));
}

/** Until the process ends that plays the clients. */
async function send(flood: Flood): Promise<Flooded> {
  const child = fork(fileURLToPath(new URL('../flooder.ts', import.meta.url)));
  try {
    child.send(flood);
    const [flooded] = await once(child, 'message', { signal: AbortSignal.timeout(90_000) });
    return flooded as Flooded;
  } finally {
    child.kill();
  }
}

/** Asks for nothing but whether the server is alive, on and on. */
async function probe(ground: Ground, times: number[]): Promise<never> {
  for (;;) {
    const sentMs = performance.now();
    const { status } = await ground.ask({ path: '/healthz' });
    times.push(performance.now() - sentMs);
    if (status !== 200) throw new Error(`/healthz answered ${status}`);
    await sleep(100);
  }
}
