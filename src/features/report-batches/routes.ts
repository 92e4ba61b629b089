import { Type } from '@sinclair/typebox';
import { type Database, threadFile } from '../../database/index.ts';
import type { App } from '../../http/app.ts';
import { sendWritten } from '../../http/entity-tags.ts';
import { answerOn, maybeKeyed } from '../../http/idempotency.ts';
import { limitLargeBodies } from '../../http/long-bodies.ts';
import { idempotencyHeaders } from '../../http/resource.ts';
import { closed, ref } from '../../http/schemas.ts';
import { buildValidator } from '../../http/validation.ts';
import type { BatchThreadSettings, WrittenAnswer } from './batch-thread.ts';
import { readRows } from './bodies.ts';
import {
  csvExample,
  ndjsonExample,
  ReportBatchInput,
  ReportBatchProblem,
  ReportBatchShape,
} from './schemas.ts';
import type { SentText } from './sent-text.ts';
import { rowValidator, type SentBatch, takeIn } from './take-in.ts';

const bodyLimit = 16 * 1024 * 1024;

/**
 * A batch from this length on is large, and taken in by a thread of its own: it keeps a processor busy for tenths of a
 * second and more. A smaller one is written sooner than a thread is started.
 */
const largeFromBytes = 256 * 1024;

/**
 * To be awaited, since what these routes read besides JSON is known in a scope of their own only.
 * @param timeZone decides which day is today
 * @param largeBatchBytes from which length on a batch is large
 */
export async function reportBatchRoutes(
  app: App,
  database: Database,
  timeZone: string,
  largeBatchBytes = largeFromBytes,
): Promise<void> {
  const schemas = app.getSchemas();
  const compile = buildValidator(schemas);
  const takingIn = { validateRow: rowValidator(schemas), timeZone };
  const settings: BatchThreadSettings = { timeZone };
  const thread = database.writingThread(threadFile('batch-thread', import.meta.url), settings);

  await app.register(async (scope: App) => {
    limitLargeBodies(scope);
    readRows(scope);

    scope.post(
      '/v1/report-batches',
      {
        bodyLimit,
        // A row that is not valid is refused by itself, so the body as a whole is held against nothing.
        validatorCompiler: (part) => (part.httpPart === 'body' ? () => true : compile(part)),
        config: {
          access: 'report',
          alsoReads: {
            'application/x-ndjson': {
              description: 'One row a line, each an object as in the JSON array.',
              example: ndjsonExample,
            },
            'text/csv': {
              description:
                'A header line, then one row a line. Columns: projectId, asOf, and any of stated, percent, qualifier, note, reason, spent.amount, spent.currency, quantity:<code>, citation.title, citation.url, citation.quote. UTF-8, or with charset=gb18030.',
              example: csvExample,
            },
          },
          refuses: ['unprocessable', 'idempotency_mismatch'],
        },
        schema: {
          operationId: 'createReportBatch',
          tags: ['reports'],
          summary: 'Report the progress of many projects at once, with a verdict for each row',
          querystring: closed({
            atomic: Type.Boolean({
              default: true,
              description: 'true: all rows or none. false: the good rows are kept.',
            }),
            dryRun: Type.Boolean({ default: false, description: 'true: only say what it would come to.' }),
          }),
          headers: idempotencyHeaders,
          body: ref(ReportBatchInput),
          response: {
            200: ref(ReportBatchShape),
            422: {
              description: 'Rows are refused',
              content: { 'application/problem+json': { schema: ref(ReportBatchProblem) } },
            },
          },
        },
      },
      async (request, reply) => {
        const { actor, query: mode } = request;
        const text = request.body as unknown as SentText | undefined;
        const batch: SentBatch = { text, actor, mode, keyed: maybeKeyed(request) };
        if (thread === null || text === undefined || text.length < largeBatchBytes)
          return answerOn(reply, await takeIn(database, batch, takingIn));
        const answered = (await thread.carryOut(batch, movable(text))) as WrittenAnswer;
        const { buffer, byteOffset, byteLength } = answerOn(reply, answered);
        return sendWritten(reply, Buffer.from(buffer, byteOffset, byteLength));
      },
    );
  });
}

/** The memory of those pieces that share it with nobody; the others, if there are any, are copied. */
function movable({ pieces }: SentText): ArrayBuffer[] {
  return pieces
    .filter(({ byteLength, buffer }) => byteLength > 0 && byteLength === buffer.byteLength)
    .map(({ buffer }) => buffer as ArrayBuffer);
}
