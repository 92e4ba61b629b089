import type { Instant } from './clock.ts';

/** What is kept by revisions, and may be taken back. */
export interface Revised {
  revision: number;
  reason: string | null;
  recordedAt: Instant;
  recordedBy: string;
  /** Null: it is the current one. */
  supersededAt: Instant | null;
  withdrawn: boolean;
}

/** The revision that takes a thing back. What it said stays readable in it and in those before. */
export function withdrawnRevision<Thing extends Revised>(
  present: Thing,
  reason: string | null,
  now: Instant,
  recordedBy: string,
): Thing {
  return {
    ...present,
    reason,
    revision: present.revision + 1,
    recordedAt: now,
    recordedBy,
    supersededAt: null,
    withdrawn: true,
  };
}
