import { setImmediate as nextTurn } from 'node:timers/promises';

/** For how long work may keep the process busy before others have their turn. */
const breathAfterMs = 8;

/** To be awaited now and then inside long work that belongs to no unit of work; one that does awaits its unit's own. */
export function breather(): () => Promise<void> {
  let sinceMs = performance.now();
  return async () => {
    if (performance.now() - sinceMs < breathAfterMs) return;
    await nextTurn();
    sinceMs = performance.now();
  };
}
