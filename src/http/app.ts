import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { Actor, Scope } from '../shared/actor.ts';

/** The server as features see it: routes are typed by their schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression<RawServerDefault>,
  RawReplyDefaultExpression<RawServerDefault>,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set by the authentication hook before any handler of a protected route runs. */
    actor: Actor;
  }
  interface FastifyContextConfig {
    /** What a token must hold for this route; `public` for the few that need none. Every route says one. */
    access?: Scope | 'public';
    /** Also only for tokens that are bound to no organization. */
    unbound?: boolean;
    /** Media types that the route answers with besides JSON, with what each holds. */
    alsoAnswers?: Record<string, string>;
    /** Media types that the route reads besides JSON; those that are JSON too are described like it. */
    alsoReads?: Record<string, { description: string; example?: string }>;
    /** A parameter of the query may stand for the body, so that it is described as one that may be left out. */
    mayLackBody?: boolean;
    /** Codes with which this route in particular refuses, beyond those that every route has. */
    refuses?: readonly import('../shared/errors.ts').ErrorCode[];
  }
}
