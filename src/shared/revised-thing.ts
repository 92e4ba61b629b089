import { isDeepStrictEqual } from 'node:util';
import type { Instant } from './clock.ts';

/**
 * A thing of a project that a client names, kept by revisions: a change is the next one, and the one before it then
 * carries in `supersededAt` until when it was what we knew.
 */
export interface RevisedThing {
  projectId: string;
  id: string;
  /** Why this revision was made; no fact of the thing, so that the same facts again are the same for whatever reason. */
  reason: string | null;
  revision: number;
  createdAt: Instant;
  archivedAt: Instant | null;
  recordedAt: Instant;
  recordedBy: string;
  /** Null: it is the current one. */
  supersededAt: Instant | null;
}

/** What is said of a thing, and not made by the server. */
export type FactsOf<Thing extends RevisedThing> = Omit<Thing, keyof RevisedThing>;

interface Telling {
  reason: string | null;
  now: Instant;
  recordedBy: string;
}

/** The thing after something is said of it: a first revision, the next one, or, where nothing differs, the very same object. */
export function revisedThing<Thing extends RevisedThing>(
  present: Thing | null,
  key: { projectId: string; id: string },
  facts: FactsOf<Thing>,
  telling: Telling,
): Thing {
  if (present !== null && saysAlready(present, facts)) return present;
  const { reason, now, recordedBy } = telling;
  const made: RevisedThing = {
    ...key,
    reason,
    revision: (present?.revision ?? 0) + 1,
    createdAt: present?.createdAt ?? now,
    archivedAt: null,
    recordedAt: now,
    recordedBy,
    supersededAt: null,
  };
  return { ...facts, ...made } as unknown as Thing;
}

/** The revision that takes a thing out of use, or into it again. */
export function archivedRevision<Thing extends RevisedThing>(
  present: Thing,
  isArchived: boolean,
  { reason, now, recordedBy }: Telling,
): Thing {
  return {
    ...present,
    reason,
    revision: present.revision + 1,
    archivedAt: isArchived ? now : null,
    recordedAt: now,
    recordedBy,
    supersededAt: null,
  };
}

function saysAlready<Thing extends RevisedThing>(present: Thing, facts: FactsOf<Thing>): boolean {
  return Object.entries(facts).every(([field, value]) =>
    isDeepStrictEqual(present[field as keyof Thing], value),
  );
}
