import { Type } from '@sinclair/typebox';
import type { Database, ReadUnit } from '../../database/index.ts';
import type { App } from '../../http/app.ts';
import { expectationOf } from '../../http/entity-tags.ts';
import { listQuery, pageRequest, sendPage } from '../../http/paging.ts';
import { conditionalHeaders, creatingHeaders, idParams, verdictOn } from '../../http/resource.ts';
import { CalendarDay, closed, oneOf, ref, Slug } from '../../http/schemas.ts';
import { dayOf } from '../../shared/calendar-date.ts';
import {
  amountShapeOf,
  FundingAmountInput,
  FundingAmountPage,
  FundingAmountRevisions,
  FundingAmountShape,
  Reason,
  Status,
  saidOfAmount,
} from './amount-schemas.ts';
import { getAmount, getAmountRevisions, pageOfAmounts, putAmount, withdrawAmount } from './amounts.ts';
import { type AmountKey, fundingStatuses } from './funding.ts';

const tags = ['funding'];
const lineParams = closed({
  ...idParams('The project’s id.', 'xianghejian-urban-renewal').properties,
  fundingId: Slug('The line’s id.', 'start-up'),
});
const amountParams = closed({
  ...lineParams.properties,
  status: Status,
  asOf: CalendarDay('The day that the amount speaks of.'),
});

/** @param timeZone decides which day is today */
export function amountRoutes(app: App, database: Database, timeZone: string): void {
  const today = (unit: ReadUnit) => dayOf(unit.now, timeZone);

  app.get(
    '/v1/projects/:id/funding/:fundingId/amounts',
    {
      config: {
        access: 'read',
        alsoAnswers: { 'text/csv': 'The same list as CSV.' },
        refuses: ['not_found'],
      },
      schema: {
        operationId: 'listFundingAmounts',
        tags,
        summary: 'What was said of how much had come to each status, by day',
        params: lineParams,
        querystring: listQuery(
          {
            status: Type.Optional(oneOf(fundingStatuses)),
            from: Type.Optional(CalendarDay('Only those of this day or later.', '2023-01-01')),
            to: Type.Optional(CalendarDay('Only those of this day or earlier.')),
            withdrawn: Type.Boolean({
              default: false,
              description: 'true: those that were taken back instead.',
            }),
          },
          ['asOf'],
        ),
        response: { 200: ref(FundingAmountPage) },
      },
    },
    async (request, reply) => {
      const page = pageRequest<'asOf'>(request.query);
      const { id: projectId, fundingId } = request.params;
      const found = await database.read((unit) =>
        pageOfAmounts(unit, request.actor, { projectId, fundingId }, request.query, page),
      );
      return sendPage(
        request,
        reply,
        { ...found, items: found.items.map(amountShapeOf) },
        FundingAmountShape,
      );
    },
  );

  app.get(
    '/v1/projects/:id/funding/:fundingId/amounts/:status/:asOf',
    {
      config: { access: 'read', refuses: ['not_found'] },
      schema: {
        operationId: 'getFundingAmount',
        tags,
        summary: 'How much had come to a status by a day, as it was said of that day',
        params: amountParams,
        response: { 200: ref(FundingAmountShape) },
      },
    },
    async (request) =>
      amountShapeOf(await database.read((unit) => getAmount(unit, request.actor, keyIn(request.params)))),
  );

  app.put(
    '/v1/projects/:id/funding/:fundingId/amounts/:status/:asOf',
    {
      config: {
        access: 'write',
        refuses: [
          'not_found',
          'archived',
          'precondition_failed',
          'future_date',
          'amount_falls',
          'arrived_exceeds_committed',
          'currency_mixed',
          'stated_unreadable',
          'unprocessable',
        ],
      },
      schema: {
        operationId: 'putFundingAmount',
        tags,
        summary: 'Say or correct how much had come to a status by a day; the same again changes nothing',
        params: amountParams,
        headers: creatingHeaders,
        body: ref(FundingAmountInput),
        response: { 200: ref(FundingAmountShape), 201: ref(FundingAmountShape) },
      },
    },
    async (request, reply) => {
      const key = keyIn(request.params);
      const said = (currency: string) => saidOfAmount(key, request.body, currency);
      const expectation = expectationOf(request);
      const { found, verdict } = await database.write((unit) =>
        putAmount(unit, request.actor, key, said, expectation, today(unit)),
      );
      verdictOn(reply, verdict);
      return amountShapeOf(found);
    },
  );

  app.delete(
    '/v1/projects/:id/funding/:fundingId/amounts/:status/:asOf',
    {
      config: { access: 'write', refuses: ['not_found', 'archived', 'precondition_failed'] },
      schema: {
        operationId: 'withdrawFundingAmount',
        tags,
        summary: 'Take an amount back: it counts no longer, and stays readable',
        params: amountParams,
        querystring: closed({ reason: Type.Optional(Reason) }),
        headers: conditionalHeaders,
        response: { 200: ref(FundingAmountShape) },
      },
    },
    async (request, reply) => {
      const { reason = null } = request.query;
      const expectation = expectationOf(request);
      const { found, verdict } = await database.write((unit) =>
        withdrawAmount(unit, request.actor, keyIn(request.params), reason, expectation, today(unit)),
      );
      verdictOn(reply, verdict);
      return amountShapeOf(found);
    },
  );

  app.get(
    '/v1/projects/:id/funding/:fundingId/amounts/:status/:asOf/revisions',
    {
      config: { access: 'read', refuses: ['not_found'] },
      schema: {
        operationId: 'listFundingAmountRevisions',
        tags,
        summary: 'Everything that was ever said of that status and day',
        params: amountParams,
        response: { 200: ref(FundingAmountRevisions) },
      },
    },
    async (request) => {
      const revisions = await database.read((unit) =>
        getAmountRevisions(unit, request.actor, keyIn(request.params)),
      );
      return { items: revisions.map(amountShapeOf) };
    },
  );
}

function keyIn({ id, ...others }: Omit<AmountKey, 'projectId'> & { id: string }): AmountKey {
  return { projectId: id, ...others };
}
