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
 * - What has waited for longer than `maxEventLoopDelayMs` until it could be begun, behind others that arrived before it
 *   or with it. 0 never refuses.
 * - The fifth of one connection that waits for its answer.
 */
export function shedLoad(app: App, { maxEventLoopDelayMs }: { maxEventLoopDelayMs: number }): void {
  refuseTooManyOfOneConnection(app);
  if (maxEventLoopDelayMs > 0) answerInTurns(app, maxEventLoopDelayMs);
}

/** For so long requests are begun in one turn of the event loop, in which it takes in few new connections. */
const turnMs = 20;

/**
 * All that has arrived would be answered in one turn of the event loop, however long that takes: nobody new is let in
 * meanwhile, and nothing that measures the loop from outside is heard. So whoever is not begun soon waits in a line for
 * the turns that follow, and is refused when that took too long.
 */
function answerInTurns(app: App, longestWaitMs: number): void {
  const line: { sinceMs: number; begin: (isTooLate: boolean) => void }[] = [];
  let turnBeganMs: number | undefined;
  const endTurn = () => {
    turnBeganMs = undefined;
  };
  const isTurnOver = (nowMs: number) => {
    if (turnBeganMs === undefined) {
      turnBeganMs = nowMs;
      setImmediate(endTurn);
    }
    return nowMs - turnBeganMs > turnMs;
  };
  const beginNext = () => {
    const nowMs = performance.now();
    if (isTurnOver(nowMs)) {
      setImmediate(beginNext);
      return;
    }
    const next = line.shift();
    next?.begin(nowMs - next.sinceMs > longestWaitMs);
  };
  app.addHook('onRequest', (request, reply, done) => {
    const sinceMs = performance.now();
    const mustWait = line.length > 0 || isTurnOver(sinceMs);
    if (!mustWait || neverShed.has(request.routeOptions.url ?? '')) {
      done();
      return;
    }
    line.push({ sinceMs, begin: (isTooLate) => done(isTooLate ? overloaded(reply) : undefined) });
    setImmediate(beginNext);
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
