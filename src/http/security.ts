import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import cors from '@fastify/cors';
import rateLimit from '@fastify/rate-limit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import helmet from 'helmet';
import type { SharedCounts } from '../database/index.ts';
import { JinduError } from '../shared/errors.ts';
import type { App } from './app.ts';
import { sharedRateLimitStore } from './shared-rate-limit.ts';

/**
 * The headers that tell a browser how little these answers may do. `upgradeInsecureRequests` is off: it would blank the
 * documentation where it is served over plain http.
 */
export async function setSecurityHeaders(
  app: App,
  options: { corsOrigins: readonly string[] },
): Promise<void> {
  const headers = securityHeaders();
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
  if (options.corsOrigins.length > 0) {
    await app.register(cors, {
      origin: [...options.corsOrigins],
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      exposedHeaders: [
        'etag',
        'link',
        'location',
        'jindu-verdict',
        'retry-after',
        'ratelimit-limit',
        'ratelimit-remaining',
        'ratelimit-reset',
        'idempotency-replayed',
        'x-request-id',
      ],
      maxAge: 600,
    });
  }
}

/** They are the same in every answer, so they are asked for once and not in every request. */
function securityHeaders(): Record<string, string> {
  const answer = new ServerResponse(new IncomingMessage(new Socket()));
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        upgradeInsecureRequests: null,
      },
    },
    // Whoever ends TLS in front of it says for which names that holds.
    strictTransportSecurity: false,
    crossOriginResourcePolicy: { policy: 'same-site' },
    xFrameOptions: { action: 'deny' },
    // These speak to browsers that are gone, or of what an answer under this policy cannot do anyhow.
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  })(answer.req, answer, () => undefined);
  return Object.fromEntries(
    Object.entries(answer.getHeaders()).map(([name, value]) => [name, String(value)]),
  );
}

/** Tells how many requests are left, and refuses more. 0 turns a limit off. */
export interface RateLimits {
  perAddressPerMinute: number;
  perTokenPerMinute: number;
}

const limitedPaths = /^\/(v1|metrics)(\/|\?|$)/;

/**
 * Counts each address before its token is even looked at (so that guessing tokens is counted too), and each token
 * after. To be called in two steps around the authentication hook, since hooks run in the order they are added.
 * @param sharedCounts where the processes on one database count together; null: this one counts alone
 */
export async function limitRates(
  app: App,
  limits: RateLimits,
  sharedCounts: SharedCounts | null,
): Promise<{ perAddress: () => void; perToken: () => void }> {
  const store = sharedCounts === null ? {} : { store: sharedRateLimitStore(sharedCounts) };
  await app.register(rateLimit, { global: false, ...store });
  return {
    perAddress: () => addLimit(app, limits.perAddressPerMinute, (request) => request.ip),
    perToken: () =>
      addLimit(app, limits.perTokenPerMinute, (request) => request.actor.tokenId ?? `address:${request.ip}`),
  };
}

/** The plugin's own hook runs once per request, however many limits there are; so its counter is asked here instead. */
function addLimit(app: App, max: number, keyGenerator: (request: FastifyRequest) => string): void {
  if (max === 0) return;
  const count = app.createRateLimit({ max, timeWindow: 60_000, keyGenerator });
  app.addHook('onRequest', async (request, reply) => {
    if (!limitedPaths.test(request.url)) return;
    const state = await count(request);
    if (state.isAllowed) return;
    tellNearest(reply, state);
    if (!state.isExceeded) return;
    reply.header('retry-after', state.ttlInSeconds);
    throw new JinduError(
      'rate_limited',
      `at most ${max} requests per minute; come back in ${state.ttlInSeconds} seconds`,
    );
  });
}

/** Of two limits, the headers tell the one that is reached first. */
function tellNearest(
  reply: FastifyReply,
  { max, remaining, ttlInSeconds }: { max: number; remaining: number; ttlInSeconds: number },
): void {
  const told = reply.getHeader('ratelimit-remaining');
  if (told !== undefined && Number(told) <= remaining) return;
  reply.headers({
    'ratelimit-limit': max,
    'ratelimit-remaining': remaining,
    'ratelimit-reset': ttlInSeconds,
  });
}
