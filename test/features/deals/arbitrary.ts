import fc from 'fast-check';
import type { DealFacts } from '../../../src/features/deals/deal.ts';
import { dealStages } from '../../../src/features/parties/index.ts';
import { projectStatuses } from '../../../src/features/projects/index.ts';
import { addDays } from '../../../src/shared/calendar-date.ts';
import { qualifiers } from '../../../src/shared/qualified-value.ts';
import { agreement, amendment, facts, line, party, setTo, status, unnamed } from './facts.ts';

export const days = fc.nat({ max: 300 }).map((count) => addDays('2023-01-01', count));

const said = fc
  .record({ stage: fc.constantFrom(...dealStages), asOf: days, ago: fc.option(fc.nat({ max: 100 })) })
  .map(({ ago, ...each }) => ({ ...each, since: ago === null ? null : addDays(each.asOf, -ago) }));

/** What is said of one subject, of different days. */
export const saids = fc.uniqueArray(said, { selector: ({ asOf }) => asOf, maxLength: 4 });

export const amounts = fc.uniqueArray(
  fc.record({
    status: fc.constantFrom('sought', 'committed', 'arrived', 'withdrawn'),
    asOf: days,
    amountMinor: fc.option(fc.nat()),
    qualifier: fc.constantFrom(...qualifiers),
  }),
  { selector: ({ status: of, asOf }) => `${of} ${asOf}`, maxLength: 4 },
);

export const agreementTypes = ['framework', 'investment', 'construction', 'lease', 'other'] as const;
export const currencies = ['CNY', 'USD', 'JPY'] as const;

const values = fc
  .record({
    valueMinor: fc.nat({ max: 1_000_000 }),
    valueCurrency: fc.constantFrom(...currencies),
    valueQualifier: fc.constantFrom(...qualifiers),
  })
  .map((value) => ({ ...value, valueStated: null }));
const unvalued = { valueMinor: null, valueCurrency: null, valueQualifier: null, valueStated: null };

const agreements = fc.record({
  type: fc.constantFrom(...agreementTypes),
  on: days,
  isKnown: fc.boolean(),
  value: fc.option(values),
  raised: fc.option(fc.record({ after: fc.nat({ max: 60 }), valueMinor: fc.nat({ max: 2_000_000 }) })),
});

const told = fc.record({
  parties: fc.array(saids, { maxLength: 3 }),
  unnamed: saids,
  splits: fc.array(days, { maxLength: 3 }),
  agreements: fc.array(agreements, { maxLength: 2 }),
  lines: fc.array(fc.tuple(fc.constantFrom(...currencies), amounts), { maxLength: 2 }),
  statuses: fc.uniqueArray(fc.record({ as: fc.constantFrom(...projectStatuses), asOf: days }), {
    selector: ({ asOf }) => asOf,
    maxLength: 2,
  }),
  sets: saids,
});

/** Any deal there may be, or none. */
export const deals: fc.Arbitrary<DealFacts> = told.map((made) =>
  facts(
    ...made.parties.map((each, index) => party(`p${index}`, each)),
    ...(made.unnamed.length > 0 ? [unnamed('others', 3, made.unnamed)] : []),
    ...made.splits.map((splitOn, index) =>
      party(`s${index}`, [{ stage: 'lead', asOf: splitOn }], { splitFrom: 'others', splitOn }),
    ),
    ...made.agreements.flatMap(({ type, on, isKnown, value, raised }, index) => {
      const signed = agreement(`a${index}`, type, isKnown ? { on } : { by: on }, value ?? unvalued);
      if (value === null || raised === null) return [signed];
      const { after, valueMinor } = raised;
      return [signed, amendment(`a${index}`, addDays(on, after), { ...value, valueMinor })];
    }),
    ...made.lines.map(([currency, each], index) => line(`l${index}`, each, currency)),
    ...made.statuses.map((each) => status(each.as, each.asOf)),
    ...made.sets.map(({ stage, asOf, since }) => setTo(stage, asOf, { since })),
  ),
);
