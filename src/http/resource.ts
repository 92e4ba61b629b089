import { Type } from '@sinclair/typebox';
import type { FastifyReply } from 'fastify';
import { v7 as uuid } from 'uuid';
import { fieldError } from '../shared/errors.ts';
import type { Verdict } from '../shared/verdict.ts';
import { closed, Slug } from './schemas.ts';

/** The path of one thing that a client named. */
export const idParams = (description: string, example: string) => closed({ id: Slug(description, example) });

const ifMatch = Type.Optional(
  Type.String({ description: 'The ETag as last read: refused with 412 if it has changed since.' }),
);

/** Conditional changing of what is there: what the client believes about it. */
export const conditionalHeaders = Type.Object({ 'if-match': ifMatch });

/** The same where the thing need not be there yet. */
export const creatingHeaders = Type.Object({
  'if-match': ifMatch,
  'if-none-match': Type.Optional(Type.String({ description: '`*`: only if it does not exist yet.' })),
});

/** The header under which a `POST` is done once, however often it is sent. */
export const idempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description: 'The same key and request again are answered as the first time.',
    }),
  ),
});

/** Sets status and `Jindu-Verdict` of a write. */
export function verdictOn(reply: FastifyReply, verdict: Verdict): void {
  reply.code(verdict === 'created' ? 201 : 200).header('jindu-verdict', verdict);
}

/** An id for a thing whose client did not choose one: a UUID (version 7), which is a slug as well. */
export function serverMadeId(): string {
  return uuid();
}

/** @throws JinduError `validation_failed` when a body names another id than its path */
export function assertSameId(inBody: string | undefined, inPath: string): void {
  if (inBody === undefined || inBody === inPath) return;
  throw fieldError(
    'validation_failed',
    '/id',
    'same_id',
    `must be ${inPath}, as in the path, or be left out`,
  );
}
