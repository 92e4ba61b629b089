import { type ErrorCode, type FieldError, JinduError } from '../shared/errors.ts';

/** What was thrown in one thread, so that it can be sent to another. Of a refusal nothing is lost. */
export type Thrown = { error: unknown } | { refusal: Refusal; cause: unknown };

interface Refusal {
  code: ErrorCode;
  detail: string;
  errors: readonly FieldError[];
  extensions: Readonly<Record<string, unknown>>;
}

export function asSent(thrown: unknown): Thrown {
  if (!(thrown instanceof JinduError)) return { error: cloneable(thrown) };
  const { code, detail, errors, extensions, cause } = thrown;
  return { refusal: { code, detail, errors, extensions }, cause: cloneable(cause) };
}

export function asReceived(thrown: Thrown): unknown {
  if ('error' in thrown) return thrown.error;
  const { code, detail, errors, extensions } = thrown.refusal;
  const { cause } = thrown;
  return new JinduError(code, detail, errors, cause === undefined ? { extensions } : { extensions, cause });
}

function cloneable(thrown: unknown): unknown {
  try {
    return structuredClone(thrown);
  } catch {
    return new Error(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown));
  }
}
