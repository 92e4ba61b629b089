/** What a write does to one thing, in the words of the record of changes. */
export interface Effect {
  subjectType: 'organization' | 'project' | 'report';
  /** Null where only the server knows the id that it will choose. */
  subjectId: string | null;
  action: 'created' | 'replaced' | 'corrected' | 'withdrawn';
  /** What the thing says of itself afterwards, as clients see it; it may say more. */
  after: Readonly<Record<string, unknown>>;
}

/** What a request is to be answered. */
export interface Expected {
  status: number;
  verdict: string | null;
  /** Of a refusal. */
  code: string | null;
}

export interface Request {
  method: string;
  path: string;
  body?: unknown;
  /** Its `Idempotency-Key`. */
  key?: string;
}

/**
 * One request that means to write, and what is to come of it. One that is to be refused, or that says nothing new, has
 * no effects.
 */
export interface Write {
  request: Request;
  expected: Expected;
  /** What the same request is to be answered when it comes again and was kept the first time. */
  again: Expected;
  /** Each is one entry of the record, in this order. All of them are kept, or none is. */
  effects: readonly Effect[];
}

/** An answer that came to its end. */
export interface Answer {
  status: number;
  verdict: string | null;
  location: string | null;
  replayed: boolean;
  text: string;
  body: Record<string, unknown>;
}

export const created: Expected = { status: 201, verdict: 'created', code: null };
export const corrected: Expected = { status: 200, verdict: 'corrected', code: null };
export const unchanged: Expected = { status: 200, verdict: 'unchanged', code: null };

/** A request that is to be refused, however often it comes, and to leave nothing. */
export function refused(request: Request, status: number, code: string): Write {
  const expected = { status, verdict: null, code };
  return { request, expected, again: expected, effects: [] };
}
