import type { CommittedGroup } from './unit.ts';

/**
 * Tells `onCommit` of a group. What goes wrong there is no matter of those whose changes are kept; it ends the process, as
 * what nobody catches.
 */
export function tellOfCommit(onCommit: (group: CommittedGroup) => void, group: CommittedGroup): void {
  try {
    onCommit(group);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
