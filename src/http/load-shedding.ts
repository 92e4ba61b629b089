import type { FastifyReply } from 'fastify';
import { JinduError } from '../shared/errors.ts';
import type { App } from './app.ts';

/**
 * How many requests of one connection may wait for their answers. Hardly any client sends a second one before it has
 * read the first answer; one that sends many and reads nothing would have all the answers kept for it in memory.
 */
const requestsPerConnection = 4;

/** Answered however busy the process is: a watcher must not take a busy one for a dead one. */
const neverShed = new Set(['/healthz', '/readyz', '/metrics']);

/**
 * Refuses requests as `overloaded`, with `Retry-After`, so that those that are taken are answered soon. Refusing costs
 * little. To be called before any hook that costs more is added.
 *
 * - Of those that arrive together, what is left when answering the first ones has taken `maxEventLoopDelayMs`. So none
 *   that is taken waits much longer than twice that: for those that arrived before it, and for those that arrived with
 *   it. 0 never refuses.
 * - The fifth of one connection that waits for its answer.
 */
export function shedLoad(app: App, { maxEventLoopDelayMs }: { maxEventLoopDelayMs: number }): void {
  refuseTooManyOfOneConnection(app);
  if (maxEventLoopDelayMs > 0) refuseWhatCameTooLate(app, maxEventLoopDelayMs);
}

/**
 * All that has arrived is answered in one turn of the event loop, however long that takes, and nothing that measures
 * the loop from outside is heard before its end: so each request asks for itself how old the turn is.
 */
function refuseWhatCameTooLate(app: App, longestTurnMs: number): void {
  let turnBeganMs: number | undefined;
  const endTurn = () => {
    turnBeganMs = undefined;
  };
  app.addHook('onRequest', (request, reply, done) => {
    const nowMs = performance.now();
    if (turnBeganMs === undefined) {
      turnBeganMs = nowMs;
      setImmediate(endTurn);
    }
    const isTooLate = nowMs - turnBeganMs > longestTurnMs;
    done(isTooLate && !neverShed.has(request.routeOptions.url ?? '') ? overloaded(reply) : undefined);
  });
}

function refuseTooManyOfOneConnection(app: App): void {
  const unanswered = new WeakMap<object, number>();
  app.addHook('onRequest', (request, reply, done) => {
    const { socket } = request.raw;
    const count = (unanswered.get(socket) ?? 0) + 1;
    unanswered.set(socket, count);
    reply.raw.once('close', () => unanswered.set(socket, (unanswered.get(socket) ?? 1) - 1));
    done(count > requestsPerConnection ? overloaded(reply) : undefined);
  });
}

/** For what is refused before anything of it was looked at. */
export function overloaded(reply: FastifyReply): JinduError {
  reply.header('retry-after', '2');
  return new JinduError('overloaded', 'the server is too busy just now; nothing was done');
}
