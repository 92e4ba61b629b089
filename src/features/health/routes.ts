import type { Database } from '../../database/index.ts';
import type { App } from '../../http/app.ts';
import { closed, oneOf } from '../../http/schemas.ts';
import { JinduError } from '../../shared/errors.ts';

const tags = ['operations'];

export function healthRoutes(app: App, database: Database): void {
  app.get(
    '/healthz',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getHealth',
        tags,
        summary: 'Whether the process answers at all: if not, start it anew',
        response: { 200: closed({ status: oneOf(['ok']) }) },
      },
    },
    async () => ({ status: 'ok' as const }),
  );

  app.get(
    '/readyz',
    {
      config: { access: 'public', refuses: ['storage_unavailable'] },
      schema: {
        operationId: 'getReadiness',
        tags,
        summary: 'Whether the database takes writes and is up to date: if not, send no requests here',
        response: { 200: closed({ status: oneOf(['ready']) }) },
      },
    },
    async () => {
      await database.ready().catch(refuse);
      return { status: 'ready' as const };
    },
  );
}

function refuse(cause: unknown): never {
  throw new JinduError('storage_unavailable', 'the database is not ready', [], { cause });
}
