import { type Static, Type } from '@sinclair/typebox';
import { reportCadences, silentAfter } from '../../formulas/traffic-light.ts';
import { closed, Moment, nullable, oneOf, ref, Text } from '../../http/schemas.ts';
import { hundredthsFromNumber, numberFromHundredths } from '../../shared/percent.ts';
import type { FoundRules, LightRuleFacts, LightRuleRevision } from './light-rules.ts';

const points = (description: string, example: number) =>
  Type.Number({ minimum: 0, maximum: 100, multipleOf: 0.01, description, examples: [example] });

export const Reason = Text(2000, { description: 'Why the rules were changed or withdrawn.' });

const facts = {
  yellowBehind: points('So many percentage points behind the plan is yellow.', 10),
  redBehind: points('More than so many is red.', 30),
  cadence: nullable(oneOf(reportCadences), {
    description:
      'How often is to be reported: silence counts after that time and some days more. `none`: no report is awaited. Left out, and no days said: monthly.',
  }),
  silentAfterDays: nullable(Type.Integer({ minimum: 1, maximum: 3660 }), {
    description: 'Grey when the newest report is older than so many days; left out, what the cadence gives.',
  }),
};

export const LightRulesInput = closed(
  {
    yellowBehind: facts.yellowBehind,
    redBehind: facts.redBehind,
    cadence: Type.Optional(facts.cadence),
    silentAfterDays: Type.Optional(facts.silentAfterDays),
    reason: Type.Optional(nullable(Reason)),
  },
  {
    $id: 'LightRulesInput',
    description: 'When a light turns yellow, red and grey.',
    examples: [{ yellowBehind: 10, redBehind: 30, cadence: 'monthly' }],
  },
);

const example = {
  organizationId: 'tianmashan',
  yellowBehind: 10,
  redBehind: 30,
  cadence: 'monthly' as const,
  silentAfterDays: 38,
};

export const LightRulesShape = closed(
  {
    organizationId: Type.String(),
    ...facts,
    setBy: nullable(Type.String(), {
      description:
        'The organization whose rules these are: this one, or one above it; null: nobody has set any, or one that the asker does not see.',
    }),
    revision: nullable(Type.Integer({ minimum: 1 }), {
      description: 'Of its own rules, withdrawn ones too; null if it never had any.',
    }),
    recordedAt: nullable(Moment('When its own were set or withdrawn.')),
    recordedBy: nullable(Type.String()),
    reason: nullable(Type.String(), { description: 'Why its own were set or withdrawn.' }),
  },
  {
    $id: 'LightRules',
    description:
      'The rules that hold for what an organization owns: its own, or those of the nearest above it.',
    examples: [
      {
        ...example,
        setBy: 'tianmashan',
        revision: 1,
        recordedAt: '2023-07-03T01:02:03.004Z',
        recordedBy: 'clerk',
        reason: null,
      },
    ],
  },
);

export const LightRuleRevisionShape = closed(
  {
    organizationId: Type.String(),
    ...facts,
    reason: nullable(Reason),
    revision: Type.Integer({ minimum: 1 }),
    recordedAt: Moment('When we were told.'),
    recordedBy: Type.String({ description: 'The name of the token that told.' }),
    supersededAt: nullable(Moment('When the next revision took its place; null for the current one.')),
    withdrawn: Type.Boolean({ description: 'They were taken back and hold no longer.' }),
  },
  {
    $id: 'LightRuleRevision',
    examples: [
      {
        ...example,
        reason: null,
        revision: 1,
        recordedAt: '2023-07-03T01:02:03.004Z',
        recordedBy: 'clerk',
        supersededAt: null,
        withdrawn: false,
      },
    ],
  },
);

export const LightRuleRevisions = closed(
  { items: Type.Array(ref(LightRuleRevisionShape)) },
  { $id: 'LightRuleRevisions', description: 'Every revision of its own rules, the newest first.' },
);

/** The facts in a body, with what was left out filled in. */
export function factsFrom(body: Static<typeof LightRulesInput>): LightRuleFacts {
  const days = body.silentAfterDays ?? null;
  const cadence = body.cadence ?? (days === null ? 'monthly' : null);
  return {
    yellowBehindHundredths: hundredthsFromNumber(body.yellowBehind) ?? 0,
    redBehindHundredths: hundredthsFromNumber(body.redBehind) ?? 0,
    cadence,
    silentAfterDays: days ?? (cadence === null ? null : silentAfter(cadence)),
    reason: body.reason || null,
  };
}

/** The rules that hold, as clients see them. */
export function shapeOf({ organizationId, inForce, own }: FoundRules): Static<typeof LightRulesShape> {
  const { rules, setBy } = inForce;
  return {
    organizationId,
    yellowBehind: numberFromHundredths(rules.yellowBehindHundredths),
    redBehind: numberFromHundredths(rules.redBehindHundredths),
    cadence: rules.cadence,
    silentAfterDays: rules.silentAfterDays,
    setBy,
    revision: own?.revision ?? null,
    recordedAt: own?.recordedAt ?? null,
    recordedBy: own?.recordedBy ?? null,
    reason: own?.reason ?? null,
  };
}

/** The revision as clients see it. */
export function revisionShapeOf(revision: LightRuleRevision): Static<typeof LightRuleRevisionShape> {
  const { yellowBehindHundredths, redBehindHundredths, ...rest } = revision;
  return {
    organizationId: rest.organizationId,
    yellowBehind: numberFromHundredths(yellowBehindHundredths),
    redBehind: numberFromHundredths(redBehindHundredths),
    cadence: rest.cadence,
    silentAfterDays: rest.silentAfterDays,
    reason: rest.reason,
    revision: rest.revision,
    recordedAt: rest.recordedAt,
    recordedBy: rest.recordedBy,
    supersededAt: rest.supersededAt,
    withdrawn: rest.withdrawn,
  };
}
