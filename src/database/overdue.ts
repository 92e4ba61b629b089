import { JinduError } from '../shared/errors.ts';

/** Few may wait for as long as it takes: a large batch keeps them for seconds, and still their turn comes. */
const fewWaiting = 100;

/**
 * Takes out of the front of a queue those that have waited for longer than that while many others wait: more come than
 * can be served, and whoever has waited so long had better be told so. What is left waits little longer than that.
 */
export function takeOverdue<Job extends { readonly sinceMs: number }>(
  waiting: Job[],
  longestWaitMs: number,
): Job[] {
  const beforeMs = performance.now() - longestWaitMs;
  const most = Math.max(0, waiting.length - fewWaiting);
  let overdue = 0;
  while (overdue < most && (waiting[overdue]?.sinceMs ?? beforeMs) < beforeMs) overdue += 1;
  return waiting.splice(0, overdue);
}

export function tooManyWaiting(): JinduError {
  return new JinduError('overloaded', 'Too many changes are waiting to be written.');
}
