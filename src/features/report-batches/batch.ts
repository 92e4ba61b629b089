import { type FieldError, JinduError } from '../../shared/errors.ts';

/** How many rows one batch may have. */
export const rowLimit = 10_000;

/** What became of one row. */
export const rowVerdicts = ['created', 'unchanged', 'corrected', 'refused'] as const;
export type RowVerdict = (typeof rowVerdicts)[number];

/** Why a row was refused, told as a single report would have been refused. */
export interface RowProblem {
  code: string;
  detail: string;
  errors: FieldError[];
}

export interface RowOutcome {
  /** As the sender counts: the item of an array, the line of a file, its header line being 1. */
  row: number;
  /** Null where the row says none that could be repeated. */
  projectId: string | null;
  asOf: string | null;
  verdict: RowVerdict;
  problem: RowProblem | null;
}

/** What a batch came to, or, of a dry run, would come to. */
export interface BatchOutcome {
  dryRun: boolean;
  atomic: boolean;
  summary: Record<RowVerdict, number>;
  rows: RowOutcome[];
}

/** One row as it was sent, not yet held against anything. */
export interface SentRow {
  row: number;
  value: unknown;
  /** Where the row stands in the body: `/0`, or `line:2` of a file. */
  place: string;
  /** What is wrong with it already as it was written down. */
  faults: readonly FieldError[];
  /** Where the sender finds what lies at this place of `value`. */
  placeOf(pointer: string): string;
}

/** @throws JinduError `payload_too_large` */
export function assertRoom(rows: number): void {
  if (rows <= rowLimit) return;
  throw new JinduError(
    'payload_too_large',
    `a batch has at most ${rowLimit} rows: send the others in a further one`,
  );
}
