import { carryOutTasks } from '../../database/index.ts';
import type { Answered } from '../../http/idempotency.ts';
import * as commonSchemas from '../../http/schemas.ts';
import { reportSchemas } from '../reports/index.ts';
import * as reportBatchSchemas from './schemas.ts';
import { rowValidator, type SentBatch, takeIn } from './take-in.ts';

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
  const { timeZone } = settings as BatchThreadSettings;
  const { answer, replayed } = await takeIn(database, input as SentBatch, { validateRow, timeZone });
  const body = new TextEncoder().encode(JSON.stringify(answer.body));
  const { status, location } = answer;
  const outcome: WrittenAnswer = { answer: { status, location, body }, replayed };
  return { outcome, moved: [body.buffer] };
});
