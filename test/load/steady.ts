import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from './figures.ts';
import type { Ground, Question } from './ground.ts';

/** How a stream of requests was answered. */
export interface Stream {
  /** From the sending of each to the end of its answer, in milliseconds. */
  readonly times: readonly number[];
  /** How many were answered otherwise than with 200, or not at all. */
  readonly others: number;
  /** The same as it is to be shown, with what each was answered or ended with. */
  readonly othersTold: number | string;
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
}

/** What costs the server little to answer. */
export const aSmallQuestion = (): Question => ({ path: '/v1/projects/programme-001/progress' });

/** What others may wait at p99, whatever else the server does. */
const boundMs = 50;

/**
 * That bound, and how far it is stretched: as much as the server was, and by what the same took before, when the server
 * had nothing else to do. On a machine that is left alone that is next to nothing.
 */
export function besides(quiet: Stream, stretch: number): [boundMs: number, stretch: number] {
  return [boundMs, stretch + quiet.p99 / boundMs];
}

/**
 * Asks so many times a second, whether or not the earlier ones have been answered: a server that stands still for a
 * moment delays all that come in that moment, as it would with clients that know nothing of one another.
 * @param work goes on meanwhile; the stream ends with it
 */
export async function askingSteadily<T>(
  ground: Ground,
  perSecond: number,
  next: () => Question,
  work: () => Promise<T>,
): Promise<{ stream: Stream; result: T }> {
  const times: number[] = [];
  const asked: Promise<void>[] = [];
  const others = new Map<string, number>();
  const startedMs = performance.now();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    for (;;) {
      const dueMs = startedMs + (asked.length * 1000) / perSecond;
      if (dueMs > nowMs) break;
      asked.push(ask());
    }
  }, 1);
  let result: T;
  try {
    result = await work();
  } finally {
    clearInterval(timer);
  }
  await Promise.all(asked);
  return {
    stream: {
      times,
      others: [...others.values()].reduce((sum, count) => sum + count, 0),
      othersTold: told(others),
      p50: quantile(times, 0.5),
      p99: quantile(times, 0.99),
      longest: quantile(times, 1),
    },
    result,
  };

  async function ask() {
    const sentMs = performance.now();
    const end = await ground.ask(next()).then(
      ({ status }) => (status === 200 ? null : `${status}`),
      (error) => (error as { code?: string }).code ?? String(error),
    );
    times.push(performance.now() - sentMs);
    if (end !== null) others.set(end, (others.get(end) ?? 0) + 1);
  }
}

function told(others: ReadonlyMap<string, number>): number | string {
  return [...others].map(([end, count]) => `${count} × ${end}`).join(', ') || 0;
}

/** Asks until it is answered with 200, and resolves with how long that took, in milliseconds. */
export async function untilServed(ground: Ground): Promise<number> {
  const startedMs = performance.now();
  while ((await ground.ask(aSmallQuestion())).status !== 200) await sleep(20);
  return performance.now() - startedMs;
}

/** `askingSteadily` for so long, beside whatever goes on already. */
export async function askingAlone(
  ground: Ground,
  perSecond: number,
  next: () => Question,
  durationMs: number,
): Promise<Stream> {
  return (await askingSteadily(ground, perSecond, next, () => sleep(durationMs))).stream;
}
