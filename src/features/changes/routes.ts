import { setTimeout as sleep } from 'node:timers/promises';
import { type Static, Type } from '@sinclair/typebox';
import type { Database } from '../../database/index.ts';
import type { App } from '../../http/app.ts';
import { listQuery, sendPage } from '../../http/paging.ts';
import { oneOf, ref, Slug } from '../../http/schemas.ts';
import { type Change, subjectTypes } from './change.ts';
import { ChangePage, ChangeShape } from './schemas.ts';
import { pageOfChanges, type RecordSources } from './service.ts';

const pollEveryMs = 250;

export function changeRoutes(app: App, database: Database, sources: RecordSources): void {
  const stopping = new AbortController();
  app.addHook('preClose', async () => stopping.abort());

  app.get(
    '/v1/changes',
    {
      config: { access: 'read', alsoAnswers: { 'text/csv': 'The same list as CSV.' } },
      schema: {
        operationId: 'listChanges',
        tags: ['changes'],
        summary: 'The record of who did what, when',
        description:
          'In the order in which things happened. `nextCursor` is always given in that order: keep it, and ask again with it to follow the record; `wait` holds the answer back until there is something new.',
        querystring: listQuery(
          {
            subjectType: Type.Optional(oneOf(subjectTypes)),
            subjectId: Type.Optional(
              Type.String({ maxLength: 140, examples: ['yueping-estate-renovation/2023-06-30'] }),
            ),
            organizationId: Type.Optional(Slug('Only the changes of this organization.', 'yueping')),
            wait: Type.Optional(
              Type.Integer({ minimum: 1, maximum: 30, description: 'Seconds to wait for something new.' }),
            ),
          },
          ['sequence'],
        ),
        response: { 200: ref(ChangePage) },
      },
    },
    async (request, reply) => {
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const { wait = 0, ...query } = request.query;
      const signal = AbortSignal.any([gone.signal, stopping.signal]);
      const until = Date.now() + wait * 1000;
      for (;;) {
        const { items, nextCursor } = await database.read((unit) =>
          pageOfChanges(unit, request.actor, query, sources),
        );
        if (items.length > 0 || Date.now() >= until || signal.aborted)
          return sendPage(request, reply, { items: items.map(shapeOf), nextCursor }, ChangeShape);
        await sleep(pollEveryMs, undefined, { signal }).catch(() => undefined);
      }
    },
  );
}

function shapeOf(change: Change): Static<typeof ChangeShape> {
  return {
    sequence: change.sequence,
    at: change.at,
    actor: { tokenId: change.actorTokenId, name: change.actorName },
    action: change.action,
    subject: { type: change.subjectType, id: change.subjectId },
    organizationId: change.organizationId,
    reason: change.reason,
    before: change.before,
    after: change.after,
  };
}
