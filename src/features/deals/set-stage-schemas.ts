import { type Static, Type } from '@sinclair/typebox';
import {
  CalendarDay,
  Citation,
  closed,
  Moment,
  nullable,
  oneOf,
  pageOf,
  ref,
  Text,
} from '../../http/schemas.ts';
import { wholeCitation } from '../../shared/citation.ts';
import { dealStages } from '../parties/index.ts';
import type { SetStage, SetStageFacts } from './deal.ts';

export const SetStageReason = Text(2000, {
  minLength: 1,
  description: 'Why it is set to this, or was taken back.',
});

const facts = {
  stage: oneOf(dealStages, { description: 'Where somebody says that the deal is.' }),
  since: nullable(
    CalendarDay('The day on which it came to that stage, not after the one spoken of; null: not known.'),
  ),
  note: nullable(Text(10_000, { description: 'Anything worth telling.' })),
};

// Nobody has set the stage of a deal of 天马山街道 by hand: this one is made up.
const example = { stage: 'inTalks' as const, reason: '示例：框架协议尚无约束力。 Illustrative.' };

export const SetStageInput = closed(
  {
    stage: facts.stage,
    since: Type.Optional(facts.since),
    reason: SetStageReason,
    note: Type.Optional(facts.note),
    citation: Type.Optional(nullable(ref(Citation))),
  },
  {
    $id: 'SetStageInput',
    description:
      'A stage that is set by hand, and why. It stands beside the one that follows from the facts.',
    examples: [example],
  },
);

export const SetStageShape = closed(
  {
    projectId: Type.String(),
    asOf: CalendarDay('The day that it speaks of.'),
    ...facts,
    reason: nullable(SetStageReason),
    citation: nullable(ref(Citation)),
    revision: Type.Integer({ minimum: 1 }),
    recordedAt: Moment('When we were told.'),
    recordedBy: Type.String({ description: 'The name of the token that told.' }),
    withdrawn: Type.Boolean({ description: 'It was taken back and counts no longer.' }),
  },
  {
    $id: 'SetStage',
    description: 'The stage of a deal that was set by hand as of one day.',
    examples: [
      {
        projectId: 'xianghejian-urban-renewal',
        asOf: '2023-06-30',
        ...example,
        since: null,
        note: null,
        citation: null,
        revision: 1,
        recordedAt: '2023-07-03T01:02:03.004Z',
        recordedBy: 'clerk',
        withdrawn: false,
      },
    ],
  },
);

export const SetStagePage = pageOf(SetStageShape, 'SetStagePage');

export const SetStageRevisions = closed(
  { items: Type.Array(ref(SetStageShape)) },
  { $id: 'SetStageRevisions', description: 'Every revision, the newest first.' },
);

/** The facts in a body. */
export function setStageFactsFrom(body: Static<typeof SetStageInput>): SetStageFacts {
  return {
    stage: body.stage,
    since: body.since ?? null,
    reason: body.reason,
    note: body.note ?? null,
    citation: wholeCitation(body.citation),
  };
}

/** The stage that was set as clients see it. */
export function setStageShapeOf(set: SetStage): Static<typeof SetStageShape> {
  const { projectId, asOf, stage, since, reason, note, citation } = set;
  const { revision, recordedAt, recordedBy, withdrawn } = set;
  return {
    ...{ projectId, asOf, stage, since, note, reason, citation },
    ...{ revision, recordedAt, recordedBy, withdrawn },
  };
}
