import type { FastifyReply } from 'fastify';

/**
 * Answers an SVG picture. Unlike everything else it may be shown in a page of another site: where reading is public that
 * is what it is for, and elsewhere an `<img>` has no token to send.
 */
export function sendPicture(reply: FastifyReply, picture: string) {
  return reply
    .type('image/svg+xml; charset=utf-8')
    .header('cross-origin-resource-policy', 'cross-origin')
    .send(picture as never);
}
