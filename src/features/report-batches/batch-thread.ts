import { carryOutTasks } from '../../database/index.ts';
import type { Answered } from '../../http/idempotency.ts';
import * as commonSchemas from '../../http/schemas.ts';
import { reportSchemas } from '../reports/index.ts';
import type { SentRows } from './rows.ts';
import * as reportBatchSchemas from './schemas.ts';
import { rowValidator, type SentBatch, takeIn } from './take-in.ts';

/** A batch on its way to the thread: its bytes are moved, and come as bare ones. */
export type MovedBatch = Omit<SentBatch, 'rows'> & { rows: { kind: SentRows['kind']; bytes: Uint8Array } };

export interface BatchThreadSettings {
  timeZone: string;
}

/** What comes back: the outcome is written as JSON here, so that this is nobody else's work. */
export type WrittenAnswer = Answered<Uint8Array>;

const schemas: Record<string, unknown> = {};
commonSchemas.addComponents({ addSchema: (schema) => (schemas[(schema as { $id: string }).$id] = schema) }, [
  commonSchemas,
  reportSchemas,
  reportBatchSchemas,
]);
const validateRow = rowValidator(schemas);

carryOutTasks(async (database, input, settings) => {
  const moved = input as MovedBatch;
  const batch: SentBatch = { ...moved, rows: { ...moved.rows, bytes: bufferOf(moved.rows.bytes) } };
  const { timeZone } = settings as BatchThreadSettings;
  const { answer, replayed } = await takeIn(database, batch, { validateRow, timeZone });
  const body = new TextEncoder().encode(JSON.stringify(answer.body));
  const { status, location } = answer;
  const outcome: WrittenAnswer = { answer: { status, location, body }, replayed };
  return { outcome, moved: [body.buffer] };
});

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
