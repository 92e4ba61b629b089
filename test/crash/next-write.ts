import { badBatch, goodBatch, halfGoodBatch } from './batch-writes.ts';
import type { Holdings } from './holdings.ts';
import { move, moveBelowItself, newProject, postedProject } from './project-writes.ts';
import {
  correction,
  fallingReport,
  futureReport,
  keyUsedForSomethingElse,
  newReport,
  postedReport,
  reportOfNoProject,
  reportWithUnknownField,
  sameReport,
  withdrawal,
} from './report-writes.ts';
import type { Write } from './write.ts';

/** How often each kind of write is chosen. One that is not possible with what is held makes none. */
const makers: readonly (readonly [weight: number, make: (holdings: Holdings) => Write | null])[] = [
  [30, newReport],
  [14, correction],
  [8, sameReport],
  [6, withdrawal],
  [6, fallingReport],
  [3, futureReport],
  [2, reportWithUnknownField],
  [2, reportOfNoProject],
  [12, postedReport],
  [3, keyUsedForSomethingElse],
  [6, goodBatch],
  [4, badBatch],
  [3, halfGoodBatch],
  [3, newProject],
  [3, postedProject],
  [6, move],
  [2, moveBelowItself],
];

const totalWeight = makers.reduce((sum, [weight]) => sum + weight, 0);

/** What a client sends next. */
export function nextWrite(holdings: Holdings): Write {
  for (;;) {
    let dice = holdings.random() * totalWeight;
    const chosen = makers.find(([weight]) => {
      dice -= weight;
      return dice < 0;
    });
    const write = chosen?.[1](holdings) ?? null;
    if (write !== null) return write;
  }
}
