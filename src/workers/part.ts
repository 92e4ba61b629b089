import cluster from 'node:cluster';
import { once } from 'node:events';
import type { Listening } from '../http/doors.ts';

/**
 * What one of several processes does. On SQLite one writes for all, and the others hand over to it, by way of its
 * socket, what is no mere reading; on PostgreSQL all do everything.
 */
export type WorkersPart = {
  /** It says for all of them where they are, once they answer. */
  readonly speaks: boolean;
  /**
   * How they share the port. Where the system can deal out connections between them, each listens by itself, so that one
   * that is killed takes no connection of the others with it; elsewhere the first process deals them out.
   */
  readonly listening: Listening;
} & (
  | { readonly does: 'everything' }
  | { readonly does: 'writing'; readonly socket: string }
  | { readonly does: 'reading'; readonly socket: string }
);

/** What goes between the first process and its workers. */
export type FromPrimary =
  | { part: WorkersPart }
  | { allReady: true }
  | { stop: true }
  | { metrics: string; question: number };
export type FromWorker = { ready: true } | { askMetrics: number };

/** Heard from the beginning on: the first process may say so at any time. */
const stopping = new AbortController();

/** The part that the first process has given to this one; null in a process that is alone. */
export async function partOfThisProcess(): Promise<WorkersPart | null> {
  if (!cluster.isWorker) return null;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  process.on('message', (message: FromPrimary) => {
    if ('stop' in message) stopping.abort();
  });
  process.on('disconnect', () => stopping.abort());
  const [message] = (await once(process, 'message')) as [FromPrimary];
  if (!('part' in message)) throw new Error('a worker was told something else before its part');
  return message.part;
}

/** Tells the first process that this one answers; `allReady` is called when all of them do. */
export function tellReady(allReady: () => void): void {
  process.on('message', (message: FromPrimary) => {
    if ('allReady' in message) allReady();
  });
  process.send?.({ ready: true } satisfies FromWorker);
}

/** Calls `stop` when the first process says so, and when it is gone. Signals are its matter alone. */
export function onToldToStop(stop: () => void): void {
  if (stopping.signal.aborted) stop();
  else stopping.signal.addEventListener('abort', stop);
}

let questions = 0;

/** The figures of all workers together, as Prometheus text. */
export async function metricsOfAll(): Promise<string> {
  questions += 1;
  const question = questions;
  return await new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      process.off('message', listen);
      reject(new Error('the first process does not answer'));
    }, 5_000);
    const listen = (message: FromPrimary) => {
      if (!('metrics' in message) || message.question !== question) return;
      clearTimeout(timer);
      process.off('message', listen);
      resolve(message.metrics);
    };
    process.on('message', listen);
    process.send?.({ askMetrics: question } satisfies FromWorker);
  });
}
