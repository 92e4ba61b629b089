import { type TProperties, Type } from '@sinclair/typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { fieldError } from '../shared/errors.ts';
import { csvOf, prefersCsv } from './csv.ts';
import { varyBy } from './negotiation.ts';
import { closed } from './schemas.ts';

/**
 * Lists go by key, not by number: a cursor holds the sort field and the last item's place in it, so that what is
 * inserted or archived meanwhile neither repeats nor hides an item.
 */
export interface Cursor {
  /** The sort that the cursor was made for, such as `-updatedAt`. */
  sort: string;
  /** The last item's value in the sort field. */
  value: string | number;
  /** The last item's id, which decides between equals. */
  id: string | number;
}

export interface PageRequest<S extends string = string> {
  limit: number;
  sort: S;
  descending: boolean;
  after: Cursor | null;
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify([cursor.sort, cursor.value, cursor.id])).toString('base64url');
}

/** The cursor in the text, or null when this server cannot have made it. */
export function decodeCursor(text: string): Cursor | null {
  if (!/^[\w-]{4,2000}$/.test(text)) return null;
  try {
    const decoded: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (!Array.isArray(decoded) || decoded.length !== 3) return null;
    const [sort, value, id] = decoded;
    if (typeof sort !== 'string' || !isKey(value) || !isKey(id)) return null;
    const cursor = { sort, value, id };
    return encodeCursor(cursor) === text ? cursor : null;
  } catch {
    return null;
  }
}

function isKey(value: unknown): value is string | number {
  return typeof value === 'string'
    ? value.isWellFormed() && !value.includes('\u0000')
    : Number.isSafeInteger(value);
}

/** The query of a list: its own filters and the law's `limit`, `cursor` and `sort`. */
export function listQuery<T extends TProperties>(filters: T, sorts: readonly string[]) {
  const words = sorts.flatMap((sort) => [sort, `-${sort}`]);
  return closed({
    ...filters,
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50, description: 'Items on a page.' }),
    cursor: Type.Optional(
      Type.String({ maxLength: 2000, description: 'The `nextCursor` of the page before.' }),
    ),
    sort: Type.Unsafe<string>({
      type: 'string',
      enum: words,
      default: words[0],
      description: 'The order; with a minus, from the other end.',
    }),
  });
}

/**
 * @param kinds what a cursor's value and id must be in this list
 * @throws JinduError `validation_failed` for a cursor that is not of this list in this order
 */
export function pageRequest<S extends string>(
  query: { limit: number; cursor?: string; sort: string },
  kinds: { value: 'string' | 'number'; id: 'string' | 'number' } = { value: 'string', id: 'string' },
): PageRequest<S> {
  const after = query.cursor === undefined ? null : decodeCursor(query.cursor);
  if (query.cursor !== undefined) {
    if (after === null || typeof after.value !== kinds.value || typeof after.id !== kinds.id) {
      throw fieldError('validation_failed', '?cursor', 'cursor', 'must be a nextCursor that this list gave');
    }
    if (after.sort !== query.sort) {
      throw fieldError(
        'validation_failed',
        '?cursor',
        'cursor',
        `belongs to the order ${after.sort}: send that sort with it`,
      );
    }
  }
  const descending = query.sort.startsWith('-');
  return {
    limit: query.limit,
    sort: (descending ? query.sort.slice(1) : query.sort) as S,
    descending,
    after,
  };
}

/**
 * Makes a page of the rows that were read for it: `limit + 1` were asked for, and the one too many only says that
 * there is a next page.
 */
export function pageOfRows<Row, Item>(
  request: PageRequest,
  rows: readonly Row[],
  keyOf: (row: Row) => { value: string | number; id: string | number },
  itemOf: (row: Row) => Item,
): Page<Item> {
  const shown = rows.length > request.limit ? rows.slice(0, request.limit) : rows;
  const last = shown.at(-1);
  const nextCursor =
    rows.length > request.limit && last !== undefined
      ? encodeCursor({ sort: request.descending ? `-${request.sort}` : request.sort, ...keyOf(last) })
      : null;
  return { items: shown.map(itemOf), nextCursor };
}

/** Answers a page as JSON, or as CSV to who asks for `text/csv`; the next page is linked in either. */
export function sendPage<T extends object>(
  request: FastifyRequest,
  reply: FastifyReply,
  page: Page<T>,
  itemSchema: { properties: Record<string, unknown> },
) {
  if (page.nextCursor !== null)
    reply.header('link', `<${nextAddress(request, page.nextCursor)}>; rel="next"`);
  varyBy(reply, 'accept');
  if (!prefersCsv(request.headers.accept)) return page;
  reply.header('content-type', 'text/csv; charset=utf-8');
  return csvOf(itemSchema, page.items, (id) => request.server.getSchema(id)) as unknown as Page<T>;
}

function nextAddress(request: FastifyRequest, cursor: string): string {
  const [path = '', query = ''] = request.url.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.set('cursor', cursor);
  return `${path}?${parameters.toString()}`;
}
