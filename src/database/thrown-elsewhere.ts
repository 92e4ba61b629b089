import {
  type ErrorCode,
  type FieldError,
  JinduError,
  type Members,
  WrittenMembers,
} from '../shared/errors.ts';

/**
 * What was thrown in one thread, so that it can be sent to another. Of a refusal nothing is lost; its further members go
 * as the JSON that the client is to have.
 */
export type Thrown = { fault: Fault } | { refusal: Refusal; cause: Fault | null };

interface Refusal {
  code: ErrorCode;
  detail: string;
  errors: readonly FieldError[];
  members: Uint8Array<ArrayBuffer> | null;
}

/** Beside what a clone keeps of an error, the code that says which it is. */
interface Fault {
  error: unknown;
  code: unknown;
}

export function asSent(thrown: unknown): Thrown {
  if (!(thrown instanceof JinduError)) return { fault: faultOf(thrown) };
  const { code, detail, errors, extensions, cause } = thrown;
  const refusal = { code, detail, errors, members: membersOf(extensions) };
  return { refusal, cause: cause === undefined ? null : faultOf(cause) };
}

export function asReceived(thrown: Thrown): unknown {
  if ('fault' in thrown) return errorOf(thrown.fault);
  const { code, detail, errors, members } = thrown.refusal;
  return new JinduError(code, detail, errors, {
    ...(members === null ? {} : { extensions: new WrittenMembers(members) }),
    ...(thrown.cause === null ? {} : { cause: errorOf(thrown.cause) }),
  });
}

/** What of it is moved rather than copied when it is sent. */
export function movedOf(thrown: Thrown): ArrayBuffer[] {
  const members = 'refusal' in thrown ? thrown.refusal.members : null;
  return members === null ? [] : [members.buffer];
}

function membersOf(extensions: Members): Uint8Array<ArrayBuffer> | null {
  if (extensions instanceof WrittenMembers) return extensions.json;
  return Object.keys(extensions).length === 0 ? null : new TextEncoder().encode(JSON.stringify(extensions));
}

function faultOf(thrown: unknown): Fault {
  const { code } = (thrown ?? {}) as { code?: unknown };
  return { error: cloneOf(thrown), code: typeof code === 'string' ? code : undefined };
}

function errorOf({ error, code }: Fault): unknown {
  return error instanceof Error && code !== undefined ? Object.assign(error, { code }) : error;
}

function cloneOf(thrown: unknown): unknown {
  try {
    return structuredClone(thrown);
  } catch {
    return new Error(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown));
  }
}
