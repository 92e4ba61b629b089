import { setTimeout as delay } from 'node:timers/promises';
import { isBusy } from './storage-errors.ts';

/**
 * Does `action` again and again while another process holds the database, for as long as `forMs`, and then throws what
 * it last threw. This process is free in between.
 */
export async function whileBusy<T>(action: () => T, forMs: number): Promise<T> {
  const untilMs = performance.now() + forMs;
  for (;;) {
    try {
      return action();
    } catch (error) {
      if (!isBusy(error) || performance.now() >= untilMs) {
        throw error;
      }
    }
    await delay(20);
  }
}
