import { Type } from '@sinclair/typebox';
import type { FastifyReply } from 'fastify';
import { v7 as uuid } from 'uuid';
import type { Database, WriteUnit } from '../database/index.ts';
import { type CalendarDate, dayOf } from '../shared/calendar-date.ts';
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

/** What a write came to. */
export interface Written<Found> {
  found: Found;
  verdict: Verdict;
}

/**
 * How a resource answers its writes: each in a unit of its own, with the verdict in status and header, and the thing as
 * it is today.
 * @param timeZone decides which day is today
 * @param shapeOf the thing as clients see it on a day
 */
export function answeringWrites<Found, Shape>(
  database: Database,
  timeZone: string,
  shapeOf: (found: Found, today: CalendarDate) => Shape,
) {
  return async (
    reply: FastifyReply,
    write: (unit: WriteUnit, today: CalendarDate) => Promise<Written<Found>>,
  ): Promise<Shape> =>
    await database.write(async (unit) => {
      const today = dayOf(unit.now, timeZone);
      const { found, verdict } = await write(unit, today);
      verdictOn(reply, verdict);
      return shapeOf(found, today);
    });
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
