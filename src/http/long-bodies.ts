import type { Readable } from 'node:stream';
import { errorCodes, type FastifyRequest } from 'fastify';
import { Pieces } from '../shared/pieces.ts';
import type { App } from './app.ts';
import { overloaded } from './load-shedding.ts';

/** What is left of a body that nobody wants is read to its end, so that the connection can be used again; a longer one is not. */
const worthReadingBytes = 64 * 1024;

/** A body of more than that is large, and so is one that does not say how long it will be. */
const largeFromBytes = 1024 * 1024;

/** Each of them is in memory as a whole while it is read, several times over. */
const largeAtOnce = 8;

/**
 * Closes the connection after an answer that was given before the body had arrived, unless the rest is short: otherwise
 * a client that was refused may go on sending for ever.
 */
export function closeOnUnreadBodies(app: App): void {
  app.addHook('onSend', (request, reply, _payload, done) => {
    if (!request.raw.complete && sizeOf(request) > worthReadingBytes) reply.header('connection', 'close');
    done();
  });
}

/** Refuses a large body as `overloaded` while a few others are being read. To be called in the scope of routes that take such. */
export function limitLargeBodies(scope: App): void {
  let count = 0;
  scope.addHook('onRequest', (request, reply, done) => {
    if (sizeOf(request) <= largeFromBytes) {
      done();
      return;
    }
    if (count >= largeAtOnce) {
      done(overloaded(reply));
      return;
    }
    count += 1;
    reply.raw.once('close', () => {
      count -= 1;
    });
    done();
  });
}

/**
 * The body in the pieces in which it arrives, for a parser of long ones. Fastify's own `parseAs` puts it together in one
 * go, which for 16 MiB keeps everybody waiting for the tenth of a second.
 * @throws what Fastify throws of a body that is too large or ends early
 */
export async function piecesOfBody(request: FastifyRequest, payload: Readable): Promise<Pieces> {
  const { bodyLimit } = request.routeOptions;
  if (Number(request.headers['content-length']) > bodyLimit)
    throw new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE();
  return await piecesOf(payload, bodyLimit);
}

/** Listens as long as it has to: whoever leaves a loop over the stream before its end would close the connection. */
function piecesOf(payload: Readable, limit: number): Promise<Pieces> {
  const { promise, resolve, reject } = Promise.withResolvers<Pieces>();
  const pieces = new Pieces();
  const take = (piece: Buffer) => {
    if (pieces.length + piece.length > limit) fail(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE());
    else pieces.add(piece);
  };
  const end = () => {
    stop();
    resolve(pieces);
  };
  const fail = (error: Error) => {
    stop();
    reject(Object.assign(error, { statusCode: (error as { statusCode?: number }).statusCode ?? 400 }));
  };
  const stop = () => void payload.off('data', take).off('end', end).off('error', fail);
  payload.on('data', take).on('end', end).on('error', fail);
  return promise;
}

/** As the sender says it; infinite if it does not, 0 without a body. */
function sizeOf({ headers }: FastifyRequest): number {
  if (headers['transfer-encoding'] !== undefined) return Number.POSITIVE_INFINITY;
  return Number(headers['content-length'] ?? 0);
}
