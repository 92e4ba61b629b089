import { JinduError } from '../shared/errors.ts';

/**
 * What the callers of a group are told whose commit has failed in a way that leaves it open: the storage may have done
 * it and then been lost before it said so. All other failures mean that nothing was kept.
 */
export function commitInDoubt(cause: unknown): JinduError {
  return new JinduError(
    'storage_unavailable',
    'The storage failed while the change was being kept, so it is not known whether it is there. Send the same again.',
    [],
    { cause },
  );
}
