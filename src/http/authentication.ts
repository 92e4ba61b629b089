import type { FastifyRequest } from 'fastify';
import { type Actor, holdsScope } from '../shared/actor.ts';
import { JinduError } from '../shared/errors.ts';
import type { App } from './app.ts';

/** The reader of a public installation, who sends no token. */
const anonymous: Actor = { tokenId: null, name: 'anonymous', scopes: ['read'], organizationId: null };

const nobody: Actor = { tokenId: null, name: 'nobody', scopes: [], organizationId: null };

/**
 * Asks every request for its token before anything of it is read, and holds it against what the route says it needs.
 * A route that says nothing is a fault of the program and stops it at the start.
 * @param identify the actor whose token this is, or null for one that is unknown, expired or revoked
 */
export function authenticate(
  app: App,
  options: { identify: (secret: string) => Promise<Actor | null>; publicRead: boolean },
): void {
  app.addHook('onRoute', (route) => {
    const access = route.config?.access;
    if (access === undefined && route.method !== 'OPTIONS' && route.url.startsWith('/v1')) {
      throw new Error(`the route ${route.method} ${route.url} does not say who may use it`);
    }
  });
  app.decorateRequest('actor', null as unknown as Actor);
  app.addHook('onRequest', async (request) => {
    const { access, unbound } = request.routeOptions.config;
    request.actor = nobody;
    if (access === undefined || access === 'public') return;
    const secret = bearerSecret(request);
    if (secret === null) {
      if (access === 'read' && unbound !== true && options.publicRead) {
        request.actor = anonymous;
        return;
      }
      throw new JinduError('unauthenticated', 'send a token: Authorization: Bearer …');
    }
    const actor = await options.identify(secret);
    if (actor === null) throw new JinduError('unauthenticated', 'the token is unknown, expired or revoked');
    request.actor = actor;
    if (!holdsScope(actor, access)) {
      throw new JinduError('forbidden', `this needs a token with the scope ${access}`);
    }
    if (unbound === true && actor.organizationId !== null) {
      throw new JinduError('forbidden', 'this needs a token that is bound to no organization');
    }
  });
}

function bearerSecret(request: FastifyRequest): string | null {
  const header = request.headers.authorization;
  if (header === undefined) return null;
  return /^Bearer +([\w.~+/=-]{1,512})$/i.exec(header)?.[1] ?? '';
}
