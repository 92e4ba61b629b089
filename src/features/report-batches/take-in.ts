import { createHash } from 'node:crypto';
import type { TaskDatabase } from '../../database/index.ts';
import { type Answered, type MaybeKeyed, onceUnderKey } from '../../http/idempotency.ts';
import { ref } from '../../http/schemas.ts';
import { buildValidator } from '../../http/validation.ts';
import type { Actor } from '../../shared/actor.ts';
import { breather } from '../../shared/breather.ts';
import { dayOf } from '../../shared/calendar-date.ts';
import type { BatchOutcome, SentRow } from './batch.ts';
import { rowsIn } from './rows.ts';
import { ReportRow } from './schemas.ts';
import type { SentText } from './sent-text.ts';
import { type BatchMode, checkedRows, Rehearsal, takeBatch } from './service.ts';

/** A batch as it was sent, with all that decides what it comes to. */
export interface SentBatch {
  text: SentText | undefined;
  actor: Actor;
  mode: BatchMode;
  keyed: MaybeKeyed;
}

/** What every batch is held against. */
export interface TakingIn {
  /** Holds a value against the schema of a row. */
  validateRow(value: unknown): { error?: unknown };
  /** Decides which day is today. */
  timeZone: string;
}

/** @param schemas the named components that a row refers to, and itself */
export function rowValidator(schemas: Record<string, unknown>): TakingIn['validateRow'] {
  const compile = buildValidator(schemas);
  const route = { method: 'POST', url: '/v1/report-batches' };
  return compile({ schema: ref(ReportRow), httpPart: 'body', ...route }) as TakingIn['validateRow'];
}

/**
 * Reads a batch and takes it in, from the bytes to the answer.
 * @throws JinduError for a body that cannot be read, and for a batch of which nothing is kept
 */
export async function takeIn(
  database: TaskDatabase,
  { text, actor, mode, keyed }: SentBatch,
  { validateRow, timeZone }: TakingIn,
): Promise<Answered<BatchOutcome>> {
  const rows = await checkedRows(await rowsIn(text), validateRow);
  return await rehearsed(() =>
    onceUnderKey(
      database,
      keyed,
      async (unit) => answerOf(await takeBatch(unit, actor, rows, mode, dayOf(unit.now, timeZone))),
      { said: () => digestOf(rows) },
    ),
  );
}

/** A digest of what the rows say, however it is written. */
async function digestOf(rows: readonly SentRow[]): Promise<string> {
  const digest = createHash('sha256');
  const breathe = breather();
  for (const { value, faults } of rows) {
    digest.update(`${JSON.stringify([value, faults])}\n`);
    await breathe();
  }
  return digest.digest('base64url');
}

/** The outcome of `work`, be it returned or thrown as a {@link Rehearsal}. */
async function rehearsed(work: () => Promise<Answered<BatchOutcome>>): Promise<Answered<BatchOutcome>> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof Rehearsal) return { answer: answerOf(thrown.outcome), replayed: false };
    throw thrown;
  }
}

function answerOf(body: BatchOutcome) {
  return { status: 200, location: null, body } as const;
}
