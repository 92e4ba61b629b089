// Loaded before the server: its wall clock is off by each of CLOCK_SHIFTS_MS in turn, another one every tenth of a
// second. So it jumps back and forth while the server runs, and stands elsewhere after each start.

const shiftsMs = (process.env.CLOCK_SHIFTS_MS ?? '0').split(',').map(Number);
const everyMs = 100;

const Exact = Date;

function shifted(): number {
  const turn = Math.floor(performance.now() / everyMs);
  return Exact.now() + (shiftsMs[turn % shiftsMs.length] ?? 0);
}

globalThis.Date = class extends Exact {
  constructor(...given: [] | [value: number | string | Date]) {
    if (given.length === 0) super(shifted());
    else super(...(given as [number]));
  }

  static override now(): number {
    return shifted();
  }
} as DateConstructor;
