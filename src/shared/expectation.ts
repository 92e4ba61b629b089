import { JinduError } from './errors.ts';

/**
 * What a writer believes about the thing it is about to write (RFC 9110 §13): `revisions` from `If-Match` (any of
 * them; `'any'` for `*`; null when it was not sent), and `absent` from `If-None-Match: *`.
 */
export interface Expectation {
  readonly revisions: readonly number[] | 'any' | null;
  readonly absent: boolean;
}

export const noExpectation: Expectation = { revisions: null, absent: false };

/** That of a `POST`, which creates and never replaces. */
export const mustBeNew = 'new';

/**
 * Holds an expectation against what is there; `revision` null means that nothing is.
 * @throws JinduError `precondition_failed`; `conflict` where it had to be new
 */
export function assertExpected(expectation: Expectation | typeof mustBeNew, revision: number | null): void {
  if (expectation === mustBeNew) {
    if (revision === null) return;
    throw new JinduError('conflict', 'the id is taken', [
      { pointer: '/id', code: 'taken', message: 'must be an id that is not in use; PUT replaces' },
    ]);
  }
  if (expectation.absent && revision !== null) {
    throw new JinduError('precondition_failed', `it exists already, at revision ${revision}`);
  }
  const { revisions } = expectation;
  if (revisions === null) return;
  if (revision === null) throw new JinduError('precondition_failed', 'it does not exist');
  if (revisions !== 'any' && !revisions.includes(revision)) {
    throw new JinduError(
      'precondition_failed',
      `it stands at revision ${revision}: read it again before you change it`,
    );
  }
}
