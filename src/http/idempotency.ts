import { hash } from 'node:crypto';
import { and, eq, lt, sql } from 'drizzle-orm';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Database, defineTables, type Foreseen, prepared, type WriteUnit } from '../database/index.ts';
import { fieldError, JinduError } from '../shared/errors.ts';
import { type Verdict, verdicts } from '../shared/verdict.ts';

const keptForMs = 24 * 60 * 60 * 1000;

export const idempotencyTables = defineTables((c) => ({
  idempotencyKeys: c.table(
    'idempotency_keys',
    {
      tokenId: c.text('token_id').notNull(),
      key: c.text('key').notNull(),
      fingerprint: c.text('fingerprint').notNull(),
      status: c.integer('status').notNull(),
      location: c.text('location'),
      verdict: c.enumText('verdict', verdicts),
      body: c.text('body').notNull(),
      createdAt: c.instant('created_at').notNull(),
    },
    (t) => [
      c.primaryKey({ columns: [t.tokenId, t.key] }),
      c.index('idempotency_keys_created_at').on(t.createdAt),
    ],
  ),
}));

/** What a `POST` answers: kept under its key so that the same request sent again is answered alike. */
export interface Answer<T> {
  status: 200 | 201;
  location: string | null;
  /** What it came to, for `Jindu-Verdict`. */
  verdict?: Verdict | null;
  body: T;
  /** What is kept instead of the body, where the body holds a secret that must not be stored. */
  keptBody?: T;
}

/** What of a request decides whether it is done once, beside what its body says. */
export interface MaybeKeyed {
  /** As the header has it; undefined for one that is done each time. */
  key: string | string[] | undefined;
  tokenId: string;
  /** Its method and address. */
  line: string;
}

interface Keyed {
  tokenId: string;
  key: string;
  fingerprint: string;
}

/** An answer, given now or kept from when the request came first. */
export interface Answered<T> {
  answer: Answer<T>;
  replayed: boolean;
}

interface OnceOptions {
  /** What the body says, as text; bodies that say the same are the same, so white space does not matter. */
  said(): string | Promise<string>;
  /** What the work will surely look up, where that is known beforehand. */
  foreseen?: Foreseen | undefined;
}

/**
 * Runs a `POST` once per `Idempotency-Key` (24 hours, per token). The answer is kept in the very unit of work that did
 * the work, so there is no moment at which one is there without the other. A refusal keeps nothing: it may be tried
 * again under the same key. A replayed answer carries `Idempotency-Replayed: true`.
 * @param foreseen what the work will surely look up, where that is known beforehand
 * @throws JinduError `idempotency_mismatch` when the key came with another request
 */
export async function once<T>(
  database: Database,
  request: FastifyRequest,
  reply: FastifyReply,
  work: (unit: WriteUnit) => Promise<Answer<T>>,
  foreseen?: Foreseen,
): Promise<T> {
  const said = () => JSON.stringify(request.body);
  return answerOn(reply, await onceUnderKey(database, maybeKeyed(request), work, { said, foreseen }));
}

/**
 * The same for who has no request at hand.
 * @throws JinduError `validation_failed` for a key that is none
 */
export async function onceUnderKey<T>(
  database: Pick<Database, 'write'>,
  { key: header, tokenId, line }: MaybeKeyed,
  work: (unit: WriteUnit) => Promise<Answer<T>>,
  { said, foreseen }: OnceOptions,
): Promise<Answered<T>> {
  if (header === undefined) return { answer: await database.write(work, foreseen), replayed: false };
  const key = keyIn(header);
  const keyed = { tokenId, key, fingerprint: fingerprintOf(line, await said()) };
  return await database.write((unit) => onceInUnit(unit, keyed, work), foreseen);
}

export function maybeKeyed({ headers, actor, method, url }: FastifyRequest): MaybeKeyed {
  return { key: headers['idempotency-key'], tokenId: actor.tokenId ?? '', line: `${method} ${url}` };
}

/** Sets status and headers, and returns the body. */
export function answerOn<T>(reply: FastifyReply, { answer, replayed }: Answered<T>): T {
  reply.code(answer.status);
  if (answer.location !== null) reply.header('location', answer.location);
  if (answer.verdict) reply.header('jindu-verdict', answer.verdict);
  if (replayed) reply.header('idempotency-replayed', 'true');
  return answer.body;
}

async function onceInUnit<T>(
  unit: WriteUnit,
  { tokenId, key, fingerprint }: Keyed,
  work: (unit: WriteUnit) => Promise<Answer<T>>,
): Promise<Answered<T>> {
  const oldest = new Date(Date.parse(unit.now) - keptForMs).toISOString();
  await forget(unit, { oldest });
  const [known] = await find(unit, { tokenId, key });
  if (known !== undefined) {
    if (known.fingerprint !== fingerprint) {
      throw new JinduError('idempotency_mismatch', 'this Idempotency-Key came earlier with another request');
    }
    const { location, verdict } = known;
    const body = JSON.parse(known.body) as T;
    return { answer: { status: known.status === 200 ? 200 : 201, location, verdict, body }, replayed: true };
  }
  const answer = await work(unit);
  const { idempotencyKeys } = idempotencyTables(unit.engine);
  await unit.db.insert(idempotencyKeys).values({
    tokenId,
    key,
    fingerprint,
    status: answer.status,
    location: answer.location,
    verdict: answer.verdict ?? null,
    body: JSON.stringify(answer.keptBody ?? answer.body),
    createdAt: unit.now,
  });
  return { answer, replayed: false };
}

const find = prepared((db, engine) => {
  const { idempotencyKeys: t } = idempotencyTables(engine);
  return db
    .select()
    .from(t)
    .where(and(eq(t.tokenId, sql.placeholder('tokenId')), eq(t.key, sql.placeholder('key'))))
    .prepare();
});

const forget = prepared((db, engine) => {
  const { idempotencyKeys: t } = idempotencyTables(engine);
  return db
    .delete(t)
    .where(lt(t.createdAt, sql.placeholder('oldest')))
    .prepare();
});

function keyIn(header: string | string[]): string {
  const text = String(header)
    .trim()
    .replace(/^"(.*)"$/, '$1');
  if (/^[\x21-\x7e]{1,255}$/.test(text)) return text;
  throw fieldError(
    'validation_failed',
    'header:idempotency-key',
    'pattern',
    'must be 1 to 255 visible ASCII characters, such as a UUID',
  );
}

/** A digest of what the request asks for. */
function fingerprintOf(line: string, said: string): string {
  return hash('sha256', `${line}\n${said}`, 'base64url');
}
