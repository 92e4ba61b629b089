import { Type } from '@sinclair/typebox';
import { closed, Moment, nullable, oneOf, pageOf } from '../../http/schemas.ts';
import { changeActions, subjectTypes } from './change.ts';

const Thing = (description: string) => Type.Unsafe<unknown>({ description });

export const ChangeShape = closed(
  {
    sequence: Type.Integer({ description: 'Grows with every change; the order in which they were made.' }),
    at: Moment('When it was made.'),
    actor: closed({ tokenId: nullable(Type.String()), name: Type.String() }),
    action: oneOf(changeActions),
    subject: closed({
      type: oneOf(subjectTypes),
      id: Type.String({
        description:
          'The thing’s id; for a report `<projectId>/<asOf>`, for a milestone `<projectId>/<milestoneId>`, for where a party was `<projectId>/<partyId>/<asOf>`.',
      }),
    }),
    organizationId: nullable(Type.String()),
    reason: nullable(Type.String()),
    before: Thing('The thing before; null when it was made.'),
    after: Thing('The thing after.'),
  },
  {
    $id: 'Change',
    description: 'One entry of the append-only record.',
    examples: [
      {
        sequence: 42,
        at: '2023-07-03T01:02:03.004Z',
        actor: { tokenId: '01890d2c-6b7e-7cc0-98c4-2f6a3b1d9e55', name: 'weekly script' },
        action: 'created',
        subject: { type: 'report', id: 'yueping-estate-renovation/2023-06-30' },
        organizationId: 'yueping',
        reason: null,
        before: null,
        after: {
          projectId: 'yueping-estate-renovation',
          asOf: '2023-06-30',
          percent: 85,
          qualifier: 'atLeast',
        },
      },
    ],
  },
);

export const ChangePage = pageOf(ChangeShape, 'ChangePage');
