import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AggregatorRegistry } from 'prom-client';
import type { Config } from '../config.ts';
import { listeningAt } from '../http/doors.ts';
import type { FromPrimary, FromWorker, WorkersPart } from './part.ts';

/** npm passes on the Ctrl-C that the terminal has sent already: what follows so soon is the same signal again. */
const sameSignalMs = 300;

/** A worker that ended without being told to is started again, but not more often than this. */
const restartMs = 1_000;

/**
 * Runs so many processes that share the port, and starts again whichever of them ends by itself; it answers nothing
 * itself. On SQLite the first one writes for all. A signal stops those that read, then the one that writes. The process
 * ends with the worst exit code of the last ones.
 */
export async function runWorkers(config: Config): Promise<never> {
  const { workers, database } = config;
  const folder = mkdtempSync(join(tmpdir(), 'jindu-workers-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const socket = join(folder, 'writer');
  const listening = await listeningAt(config);
  const partOf = (index: number, speaks: boolean): WorkersPart => {
    if (database.engine !== 'sqlite') return { speaks, listening, does: 'everything' };
    return { speaks, listening, does: index === 0 ? 'writing' : 'reading', socket };
  };
  const metrics = new AggregatorRegistry();
  const running: (Worker | null)[] = Array.from({ length: workers }, () => null);
  const stopping = new AbortController();
  let exitCode = 0;
  stopOnSignals(stopping, running);

  /** One after the other, the first first: it brings the database to its shape before the others look. */
  const keep = async (index: number): Promise<void> => {
    for (let isFirst = true; !stopping.signal.aborted; isFirst = false) {
      if (!isFirst) await sleep(restartMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      const worker = cluster.fork();
      running[index] = worker;
      // What is sent to one that has just ended is lost, and nothing else.
      worker.on('error', () => undefined);
      const ended = Promise.withResolvers<[number | null, string | null]>();
      worker.once('exit', (code, signal) => ended.resolve([code, signal]));
      worker.send({ part: partOf(index, index === 0 && isFirst) } satisfies FromPrimary);
      let isReady = false;
      worker.on('message', async (message: FromWorker) => {
        if (typeof message !== 'object' || message === null) return;
        if ('ready' in message) {
          isReady = true;
          if (isFirst) started[index]?.resolve();
        }
        if ('askMetrics' in message) {
          const text = await metrics.clusterMetrics();
          if (worker.isConnected()) worker.send({ metrics: text, question: message.askMetrics });
        }
      });
      const [code, signal] = await ended.promise;
      running[index] = null;
      if (stopping.signal.aborted || (isFirst && !isReady)) {
        exitCode = Math.max(exitCode, code ?? 1);
        stopping.abort();
        started[index]?.resolve();
        return;
      }
      writeSync(2, `A worker has ended with ${signal ?? code} and is started again.\n`);
    }
  };
  const started = running.map(() => Promise.withResolvers<void>());
  const kept: Promise<void>[] = [];
  for (const index of running.keys()) {
    if (stopping.signal.aborted) break;
    kept.push(keep(index));
    await started[index]?.promise;
  }
  running[0]?.send({ allReady: true } satisfies FromPrimary);
  if (!stopping.signal.aborted) await once(stopping.signal, 'abort');
  // Those that read hand over what they have begun; the writer answers that before it ends.
  const stop = async (index: number) => {
    running[index]?.send({ stop: true } satisfies FromPrimary);
    await kept[index];
  };
  await Promise.all([...kept.keys()].slice(1).map(stop));
  await stop(0);
  process.exit(exitCode);
}

function stopOnSignals(stopping: AbortController, running: readonly (Worker | null)[]): void {
  let firstAt: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      const now = performance.now();
      if (firstAt === undefined) {
        firstAt = now;
        stopping.abort();
      } else if (now - firstAt > sameSignalMs) {
        writeSync(2, 'Jindu was told to stop again and ends at once.\n');
        for (const worker of running) worker?.process.kill('SIGKILL');
        process.exit(1);
      }
    });
  }
}
