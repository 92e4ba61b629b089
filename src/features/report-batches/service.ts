import type { WriteUnit } from '../../database/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { breather } from '../../shared/breather.ts';
import type { CalendarDate } from '../../shared/calendar-date.ts';
import { errorCatalogue, type FieldError, JinduError } from '../../shared/errors.ts';
import { noExpectation } from '../../shared/expectation.ts';
import { nodesAtOnce, rememberNodes } from '../projects/index.ts';
import { putReport, reportSchemas, type Said } from '../reports/index.ts';
import type { BatchOutcome, RowOutcome, RowProblem, RowVerdict, SentRow } from './batch.ts';

/** How many faults of one row are told, and how many of a whole batch in its refusal. */
const faultsOfRow = 10;
const faultsOfBatch = 100;

/** A row that says something, or why it does not. */
export interface CheckedRow extends SentRow {
  said: Said | JinduError;
}

/** Whether all rows or none are kept, and whether anything is. */
export interface BatchMode {
  atomic: boolean;
  dryRun: boolean;
}

/**
 * Reads what each row says, as far as that can be told from the row alone.
 * @param validate holds a value against the schema of a row
 */
export async function checkedRows(
  sent: readonly SentRow[],
  validate: (value: unknown) => { error?: unknown },
): Promise<CheckedRow[]> {
  const checked: CheckedRow[] = [];
  const breathe = breather();
  for (const row of sent) {
    checked.push({ ...row, said: refusalOr(() => saidIn(row, validate)) });
    await breathe();
  }
  return checked;
}

/**
 * Takes the rows in, one after the other, each as if it had been sent alone. A row whose progress falls only against
 * what further rows of the batch put right is taken after them, so a whole series may be raised in the order of its days. In a dry run nothing is kept: the outcome
 * is thrown as a {@link Rehearsal}.
 * @throws JinduError `unprocessable` when one of an atomic batch is refused, with `summary` and `rows`
 */
export async function takeBatch(
  unit: WriteUnit,
  actor: Actor,
  rows: readonly CheckedRow[],
  mode: BatchMode,
  today: CalendarDate,
): Promise<BatchOutcome> {
  const outcomes: RowOutcome[] = [];
  for (const [index, row] of rows.entries()) {
    if (index % nodesAtOnce === 0)
      await rememberNodes(unit, projectsOf(rows.slice(index, index + nodesAtOnce)));
    outcomes.push(await takeRow(unit, actor, row, today));
    await unit.breathe();
  }
  await takeAfterOthers(unit, actor, rows, outcomes, today);
  const outcome = {
    dryRun: mode.dryRun,
    atomic: mode.atomic,
    summary: summaryOf(outcomes),
    rows: outcomes,
  };
  if (mode.dryRun) throw new Rehearsal(outcome);
  if (mode.atomic && outcome.summary.refused > 0) throw refusalOfAll(outcome, rows);
  return outcome;
}

function projectsOf(rows: readonly CheckedRow[]): string[] {
  const ids = rows.flatMap(({ said }) => (said instanceof JinduError ? [] : [said.projectId]));
  return [...new Set(ids)];
}

/**
 * Once from the last day to the first, since what a later day is raised to lets the day before it be raised, and once
 * from the first to the last, since what an earlier day is lowered to lets the day after it be lowered.
 */
async function takeAfterOthers(
  unit: WriteUnit,
  actor: Actor,
  rows: readonly CheckedRow[],
  outcomes: RowOutcome[],
  today: CalendarDate,
): Promise<void> {
  const lastTaken = new Map<string, number>();
  const held: number[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.problem === null) lastTaken.set(keyOf(outcome), index);
    else if (outcome.problem.code === 'progress_falls') held.push(index);
  }
  const dayOf = (index: number) => outcomes[index]?.asOf ?? '';
  held.sort((one, other) => (dayOf(one) < dayOf(other) ? 1 : dayOf(one) > dayOf(other) ? -1 : one - other));
  for (const index of [...held, ...held.toReversed()]) {
    const before = outcomes[index] as RowOutcome;
    // A later row of the same project and day is the last word.
    if (before.problem === null || (lastTaken.get(keyOf(before)) ?? -1) > index) continue;
    const outcome = await takeRow(unit, actor, rows[index] as CheckedRow, today);
    await unit.breathe();
    if (outcome.problem !== null) continue;
    outcomes[index] = outcome;
    lastTaken.set(keyOf(outcome), index);
  }
}

function keyOf({ projectId, asOf }: RowOutcome): string {
  return `${projectId}/${asOf}`;
}

/** Thrown to undo a unit of work that was only to show what it would come to. */
export class Rehearsal extends Error {
  readonly outcome: BatchOutcome;

  constructor(outcome: BatchOutcome) {
    super('a dry run');
    this.outcome = outcome;
  }
}

function saidIn(row: SentRow, validate: (value: unknown) => { error?: unknown }): Said {
  const { error } = validate(row.value);
  if (row.faults.length > 0) throw withFaults(row.faults, error);
  if (error !== undefined) throw error;
  const { projectId, asOf, ...body } = row.value as { projectId: string; asOf: CalendarDate };
  return { projectId, asOf, facts: reportSchemas.factsFrom(body) };
}

/** The faults that were found while reading, before those that the schema finds elsewhere in the row. */
function withFaults(faults: readonly FieldError[], error: unknown): JinduError {
  const others = error instanceof JinduError ? error.errors : [];
  const errors = [
    ...faults,
    ...others.filter((other) => !faults.some((fault) => fault.pointer === other.pointer)),
  ];
  const rest = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new JinduError(
    'validation_failed',
    `${errors[0]?.pointer.slice(1)} ${errors[0]?.message}${rest}`,
    errors,
  );
}

async function takeRow(
  unit: WriteUnit,
  actor: Actor,
  row: CheckedRow,
  today: CalendarDate,
): Promise<RowOutcome> {
  const { said } = row;
  const taken =
    said instanceof JinduError
      ? said
      : await refusalOrAsync(putReport(unit, actor, said, noExpectation, today));
  const { projectId = null, asOf = null } = (row.value ?? {}) as Record<string, unknown>;
  return {
    row: row.row,
    projectId: repeatable(projectId),
    asOf: repeatable(asOf),
    verdict: taken instanceof JinduError ? 'refused' : (taken.verdict as RowVerdict),
    problem: taken instanceof JinduError ? problemOf(taken, row) : null,
  };
}

/** What says no to the sender is a refusal of the row; whatever else goes wrong is thrown on. */
function asRefusal(thrown: unknown): JinduError {
  if (thrown instanceof JinduError && errorCatalogue[thrown.code].status < 500) return thrown;
  throw thrown;
}

function refusalOr<T>(work: () => T): T | JinduError {
  try {
    return work();
  } catch (thrown) {
    return asRefusal(thrown);
  }
}

async function refusalOrAsync<T>(work: Promise<T>): Promise<T | JinduError> {
  return await work.catch(asRefusal);
}

function problemOf(refusal: JinduError, row: SentRow): RowProblem {
  const { code, detail } = refusal;
  // A refusal without a field speaks of the project as a whole.
  const errors =
    refusal.errors.length > 0 ? refusal.errors : [{ pointer: '/projectId', code, message: detail }];
  return {
    code,
    detail,
    errors: errors.slice(0, faultsOfRow).map((error) => ({ ...error, pointer: row.placeOf(error.pointer) })),
  };
}

function repeatable(sent: unknown): string | null {
  return typeof sent === 'string' && sent.length <= 64 && sent.isWellFormed() ? sent : null;
}

function summaryOf(rows: readonly RowOutcome[]): Record<RowVerdict, number> {
  const summary = { created: 0, unchanged: 0, corrected: 0, refused: 0 };
  for (const { verdict } of rows) summary[verdict] += 1;
  return summary;
}

function refusalOfAll({ summary, rows }: BatchOutcome, sent: readonly SentRow[]): JinduError {
  const errors: FieldError[] = [];
  for (const [index, { problem }] of rows.entries()) {
    if (errors.length >= faultsOfBatch) break;
    for (const error of problem?.errors ?? [])
      errors.push({ ...error, pointer: `${sent[index]?.place}${error.pointer}` });
  }
  const first = rows.find((row) => row.problem !== null);
  const count = `${summary.refused} of ${rows.length} rows ${summary.refused === 1 ? 'is' : 'are'} refused`;
  return new JinduError(
    'unprocessable',
    `${count}, so nothing was written; row ${first?.row}: ${first?.problem?.detail}`,
    errors.slice(0, faultsOfBatch),
    { extensions: { summary, rows } },
  );
}
