import { type Static, Type } from '@sinclair/typebox';
import {
  CalendarDay,
  Citation,
  closed,
  Moment,
  MoneyValue,
  minorOf,
  nullable,
  PercentNumber,
  pageOf,
  QualifierWord,
  ref,
  Slug,
  Text,
} from '../../http/schemas.ts';
import { wholeCitation } from '../../shared/citation.ts';
import { fieldError } from '../../shared/errors.ts';
import { amountFromMinor } from '../../shared/money.ts';
import { hundredthsFromNumber, numberFromHundredths, type PercentHundredths } from '../../shared/percent.ts';
import { intervalOf, type Qualifier } from '../../shared/qualified-value.ts';
import { readStatedPercent } from '../../shared/stated.ts';
import { scale, scaled } from '../projects/index.ts';
import type { Report, ReportFacts } from './report.ts';

export const DoneShape = closed(
  {
    code: Slug('One of the project’s quantities.', 'households'),
    value: Type.Number({
      minimum: 0,
      maximum: 900_000_000_000,
      multipleOf: 0.0001,
      description: 'How much of it is done.',
      examples: [478],
    }),
  },
  { $id: 'QuantityDone', description: 'How much of one of the project’s quantities is done.' },
);

const Stated = Text(100, {
  minLength: 1,
  description: 'The percent as it was said, instead of `percent` and `qualifier`: kept to the letter.',
  examples: ['85%以上'],
});
const Note = Text(10_000, { description: 'Anything worth telling.' });
export const Reason = Text(2000, {
  description: 'Why progress fell, or why this was corrected or withdrawn.',
});

const input = {
  percent: Type.Optional(nullable(PercentNumber('At most two decimals.'))),
  qualifier: Type.Optional(
    nullable(QualifierWord, { description: 'Of the percent; null only without one.' }),
  ),
  stated: Type.Optional(nullable(Stated)),
  quantities: Type.Optional(Type.Array(ref(DoneShape), { maxItems: 50 })),
  spent: Type.Optional(nullable(ref(MoneyValue), { description: 'All the money spent by that day.' })),
  note: Type.Optional(nullable(Note)),
  reason: Type.Optional(nullable(Reason)),
  citation: Type.Optional(nullable(ref(Citation))),
};

const citationExample = {
  title: '当地报纸关于天马山街道2023年上半年工作的报道',
  url: null,
  quote: '85%以上',
};

export const ReportInput = closed(input, {
  $id: 'ReportInput',
  description: 'What is said: `stated`, or `percent` with `qualifier`; or quantities done; or money spent.',
  examples: [{ stated: '85%以上' }, { percent: 85, qualifier: 'atLeast' }],
});

export const DatedReportInput = closed(
  { asOf: CalendarDay('The day that the figure speaks of.'), ...input },
  { $id: 'DatedReportInput', examples: [{ asOf: '2023-06-30', stated: '85%以上' }] },
);

export const ReportShape = closed(
  {
    projectId: Type.String(),
    asOf: CalendarDay('The day that the figure speaks of.'),
    percent: nullable(PercentNumber('Null in a report that speaks of quantities or money alone.')),
    qualifier: nullable(QualifierWord, { description: 'Of the percent; null without one.' }),
    low: PercentNumber('The least that the figure can mean.'),
    high: PercentNumber('The most that the figure can mean.', 100),
    stated: nullable(Stated),
    quantities: Type.Array(ref(DoneShape)),
    spent: nullable(ref(MoneyValue)),
    note: nullable(Note),
    reason: nullable(Reason),
    citation: nullable(
      closed({
        title: nullable(Type.String()),
        url: nullable(Type.String()),
        quote: nullable(Type.String()),
      }),
    ),
    revision: Type.Integer({ minimum: 1 }),
    recordedAt: Moment('When we were told.'),
    recordedBy: Type.String({ description: 'The name of the token that told.' }),
    withdrawn: Type.Boolean({ description: 'It was taken back and counts no longer.' }),
  },
  {
    $id: 'Report',
    description: 'What was said about one project’s progress as of one day.',
    examples: [
      {
        projectId: 'yueping-estate-renovation',
        asOf: '2023-06-30',
        percent: 85,
        qualifier: 'atLeast',
        low: 85,
        high: 100,
        stated: '85%以上',
        quantities: [],
        spent: null,
        note: null,
        reason: null,
        citation: citationExample,
        revision: 1,
        recordedAt: '2023-07-03T01:02:03.004Z',
        recordedBy: 'clerk',
        withdrawn: false,
      },
    ],
  },
);

export const ReportPage = pageOf(ReportShape, 'ReportPage');

export const ReportRevisions = closed(
  { items: Type.Array(ref(ReportShape)) },
  { $id: 'ReportRevisions', description: 'Every revision, the newest first.' },
);

/**
 * The facts in a body.
 * @throws JinduError `stated_unreadable`, `validation_failed`
 */
export function factsFrom(body: Static<typeof ReportInput>): ReportFacts {
  return {
    ...percentFrom(body),
    quantities: (body.quantities ?? []).map(({ code, value }) => ({
      code,
      valueScaled: scaled(value),
    })),
    spentMinor: minorOf(body.spent ?? null, '/spent'),
    spentCurrency: body.spent?.currency ?? null,
    note: body.note ?? null,
    reason: body.reason || null,
    citation: wholeCitation(body.citation),
  };
}

/** The report as clients see it. */
export function shapeOf(report: Report): Static<typeof ReportShape> {
  const { percentHundredths, qualifier, spentMinor, spentCurrency } = report;
  const span =
    percentHundredths === null
      ? { low: 0, high: 10_000 }
      : intervalOf(percentHundredths, qualifier, 0, 10_000);
  return {
    projectId: report.projectId,
    asOf: report.asOf,
    percent: percentHundredths === null ? null : numberFromHundredths(percentHundredths),
    qualifier: percentHundredths === null ? null : qualifier,
    low: numberFromHundredths(span.low),
    high: numberFromHundredths(span.high),
    stated: report.stated,
    quantities: report.quantities.map(({ code, valueScaled }) => ({ code, value: valueScaled / scale })),
    spent:
      spentMinor === null || spentCurrency === null
        ? null
        : { amount: amountFromMinor(spentMinor, spentCurrency), currency: spentCurrency },
    note: report.note,
    reason: report.reason,
    citation: report.citation,
    revision: report.revision,
    recordedAt: report.recordedAt,
    recordedBy: report.recordedBy,
    withdrawn: report.withdrawn,
  };
}

/**
 * A percent is said in words or as a number. Both at once must agree, so that what was read from here can be sent back.
 */
function percentFrom(
  body: Static<typeof ReportInput>,
): Pick<ReportFacts, 'percentHundredths' | 'qualifier' | 'stated'> {
  const { percent = null, stated = null } = body;
  if (body.qualifier === null && (percent !== null || stated !== null)) {
    throw fieldError(
      'validation_failed',
      '/qualifier',
      'required',
      'must be said of a percent, or be left out',
    );
  }
  const qualifier = body.qualifier ?? undefined;
  const sentHundredths = percent === null ? null : hundredthsFromNumber(percent);
  if (stated === null) {
    if (percent === null && qualifier !== undefined && qualifier !== 'exact') {
      throw fieldError(
        'validation_failed',
        '/percent',
        'required',
        `is required with the qualifier ${qualifier}`,
      );
    }
    assertBoundsSomething(sentHundredths, qualifier ?? 'exact');
    return { percentHundredths: sentHundredths, qualifier: qualifier ?? 'exact', stated };
  }
  const read = readStatedPercent(stated);
  if (!read.ok) throw fieldError('stated_unreadable', '/stated', 'stated_unreadable', read.reason);
  if (sentHundredths !== null && sentHundredths !== read.percentHundredths) {
    throw fieldError(
      'validation_failed',
      '/percent',
      'disagrees',
      `must be left out, or ${read.percentHundredths / 100} as stated says`,
    );
  }
  if (qualifier !== undefined && qualifier !== read.qualifier) {
    throw fieldError(
      'validation_failed',
      '/qualifier',
      'disagrees',
      `must be left out, or ${read.qualifier} as stated says`,
    );
  }
  return { percentHundredths: read.percentHundredths, qualifier: read.qualifier, stated };
}

/** Progress is neither more than 100 % nor less than 0, whoever says it in words or in numbers. */
function assertBoundsSomething(percentHundredths: PercentHundredths | null, qualifier: Qualifier): void {
  if (percentHundredths === 10_000 && qualifier === 'moreThan') {
    throw fieldError('validation_failed', '/qualifier', 'bound', 'must not be moreThan at 100: it is exact');
  }
  if (percentHundredths === 0 && (qualifier === 'lessThan' || qualifier === 'nearly')) {
    throw fieldError(
      'validation_failed',
      '/qualifier',
      'bound',
      `must not be ${qualifier} at 0: it is exact`,
    );
  }
}
