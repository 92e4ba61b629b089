import { Type } from '@sinclair/typebox';
import { closed, nullable, oneOf, Problem, ref, Slug } from '../../http/schemas.ts';
import { reportSchemas } from '../reports/index.ts';
import { rowLimit, rowVerdicts } from './batch.ts';

const exampleRow = { projectId: 'yueping-estate-renovation', asOf: '2023-06-30', stated: '85%以上' };

export const ReportRow = closed(
  {
    projectId: Slug('The project that is spoken of.', exampleRow.projectId),
    ...reportSchemas.DatedReportInput.properties,
  },
  { $id: 'ReportRow', description: 'One report of a batch.', examples: [exampleRow] },
);

export const ReportBatchInput = Type.Array(ref(ReportRow), {
  $id: 'ReportBatchInput',
  minItems: 1,
  maxItems: rowLimit,
  description:
    'Reports of any projects and days. Taken in one after the other, so of two for the same day the later corrects.',
  examples: [[exampleRow]],
});

const Summary = Type.Object(
  Object.fromEntries(rowVerdicts.map((verdict) => [verdict, Type.Integer({ minimum: 0 })])) as Record<
    (typeof rowVerdicts)[number],
    ReturnType<typeof Type.Integer>
  >,
  { additionalProperties: false, description: 'How many rows came to what.' },
);

export const RowProblemShape = closed(
  { code: Problem.properties.code, detail: Problem.properties.detail, errors: Problem.properties.errors },
  {
    $id: 'RowProblem',
    description: 'Why a row was refused; pointers begin at the row, of a CSV with the name of the column.',
  },
);

export const RowOutcomeShape = closed(
  {
    row: Type.Integer({
      minimum: 1,
      description: 'The item of the array, or the line of the file; the header of a CSV is line 1.',
    }),
    projectId: nullable(Type.String({ description: 'As sent.' })),
    asOf: nullable(Type.String({ description: 'As sent.' })),
    verdict: oneOf(rowVerdicts),
    problem: nullable(ref(RowProblemShape)),
  },
  { $id: 'RowOutcome', description: 'What became of one row.' },
);

const rows = Type.Array(ref(RowOutcomeShape), { description: 'In the order in which they were sent.' });

const summaryExample = { created: 1, unchanged: 0, corrected: 0, refused: 0 };

export const ReportBatchShape = closed(
  {
    dryRun: Type.Boolean({ description: 'true: this is what it would come to; nothing was written.' }),
    atomic: Type.Boolean({ description: 'true: all rows or none.' }),
    summary: Summary,
    rows,
  },
  {
    $id: 'ReportBatch',
    description: 'What a batch of reports came to, row by row.',
    examples: [
      {
        dryRun: false,
        atomic: true,
        summary: summaryExample,
        rows: [
          {
            row: 1,
            projectId: exampleRow.projectId,
            asOf: exampleRow.asOf,
            verdict: 'created',
            problem: null,
          },
        ],
      },
    ],
  },
);

export const ReportBatchProblem = closed(
  {
    ...Problem.properties,
    summary: Type.Optional(Summary),
    rows: Type.Optional(
      Type.Array(ref(RowOutcomeShape), {
        description: 'What each row would have come to. Nothing was written.',
      }),
    ),
  },
  {
    $id: 'ReportBatchProblem',
    description:
      'The refusal of a batch as a whole because some of its rows are refused. `errors` has the first 100 faults, each under the index of its row in `rows`.',
    examples: [
      {
        type: '/docs/errors#unprocessable',
        title: 'It cannot be so',
        status: 422,
        code: 'unprocessable',
        detail: '1 of 1 rows is refused, so nothing was written; row 1: percent must be at most 100',
        instance: '/v1/report-batches',
        requestId: '01890d2c-6b7e-7cc0-98c4-2f6a3b1d9e55',
        errors: [{ pointer: '/0/percent', code: 'maximum', message: 'must be at most 100' }],
        summary: { ...summaryExample, created: 0, refused: 1 },
        rows: [
          {
            row: 1,
            projectId: exampleRow.projectId,
            asOf: exampleRow.asOf,
            verdict: 'refused',
            problem: {
              code: 'validation_failed',
              detail: 'percent must be at most 100',
              errors: [{ pointer: '/percent', code: 'maximum', message: 'must be at most 100' }],
            },
          },
        ],
      },
    ],
  },
);

export const csvExample = 'projectId,asOf,stated\r\nyueping-estate-renovation,2023-06-30,85%以上\r\n';
export const ndjsonExample = `${JSON.stringify(exampleRow)}\n`;
