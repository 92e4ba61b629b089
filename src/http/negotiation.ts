import { negotiate } from '@fastify/accept-negotiator';
import type { FastifyReply } from 'fastify';

/** The media type among `offered` that the header likes best; the first one when there is no header or it likes none. */
export function preferred<const T extends readonly [string, ...string[]]>(
  accept: string | undefined,
  offered: T,
): T[number] {
  if (accept === undefined || accept === '*/*') return offered[0];
  return negotiate(accept, [...offered]) ?? offered[0];
}

/** Tells caches that the answer depends on this header of the request, beside those that were told already. */
export function varyBy(reply: FastifyReply, header: string): void {
  const told = reply.getHeader('vary');
  reply.header('vary', told === undefined ? header : `${told}, ${header}`);
}
