import { type ErrorCode, type FieldError, JinduError } from '../shared/errors.ts';

/** What was thrown in one thread, so that it can be sent to another. Of a refusal nothing is lost. */
export type Thrown = { fault: Fault } | { refusal: Refusal; cause: Fault | null };

interface Refusal {
  code: ErrorCode;
  detail: string;
  errors: readonly FieldError[];
  extensions: Readonly<Record<string, unknown>>;
}

/** Beside what a clone keeps of an error, the code that says which it is. */
interface Fault {
  error: unknown;
  code: unknown;
}

export function asSent(thrown: unknown): Thrown {
  if (!(thrown instanceof JinduError)) return { fault: faultOf(thrown) };
  const { code, detail, errors, extensions, cause } = thrown;
  const refusal = { code, detail, errors, extensions };
  return { refusal, cause: cause === undefined ? null : faultOf(cause) };
}

export function asReceived(thrown: Thrown): unknown {
  if ('fault' in thrown) return errorOf(thrown.fault);
  const { code, detail, errors, extensions } = thrown.refusal;
  const { cause } = thrown;
  return new JinduError(
    code,
    detail,
    errors,
    cause === null ? { extensions } : { extensions, cause: errorOf(cause) },
  );
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
