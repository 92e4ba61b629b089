import { Type } from '@sinclair/typebox';
import type { Database, ReadUnit } from '../../database/index.ts';
import type { App } from '../../http/app.ts';
import { once } from '../../http/idempotency.ts';
import { limitLargeBodies } from '../../http/long-bodies.ts';
import { idempotencyHeaders } from '../../http/resource.ts';
import { closed, ref } from '../../http/schemas.ts';
import { buildValidator } from '../../http/validation.ts';
import { dayOf } from '../../shared/calendar-date.ts';
import { readRows } from './bodies.ts';
import { rowsIn } from './rows.ts';
import {
  csvExample,
  ndjsonExample,
  ReportBatchInput,
  ReportBatchProblem,
  ReportBatchShape,
  ReportRow,
} from './schemas.ts';
import { checkedRows, digestOf, rehearsed, takeBatch } from './service.ts';

const bodyLimit = 16 * 1024 * 1024;

/**
 * To be awaited, since what these routes read besides JSON is known in a scope of their own only.
 * @param timeZone decides which day is today
 */
export async function reportBatchRoutes(app: App, database: Database, timeZone: string): Promise<void> {
  const today = (unit: ReadUnit) => dayOf(unit.now, timeZone);
  const compile = buildValidator(app.getSchemas());
  const validateRow = compile({
    schema: ref(ReportRow),
    httpPart: 'body',
    method: 'POST',
    url: '/v1/report-batches',
  }) as (value: unknown) => { error?: unknown };

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
        const rows = await checkedRows(await rowsIn(request.body), validateRow);
        return await rehearsed(() =>
          once(
            database,
            request,
            reply,
            async (unit) => ({
              status: 200,
              location: null,
              body: await takeBatch(unit, request.actor, rows, request.query, today(unit)),
            }),
            { said: () => digestOf(rows) },
          ),
        );
      },
    );
  });
}
