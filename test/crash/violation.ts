import { isDeepStrictEqual } from 'node:util';

/** A promise that was not kept. The message says which, and what was found instead. */
export class Violation extends Error {}

/** Whether `whole` says all that `part` says. */
export function says(whole: unknown, part: Readonly<Record<string, unknown>>): boolean {
  if (typeof whole !== 'object' || whole === null) return false;
  return Object.entries(part).every(([name, value]) =>
    isDeepStrictEqual((whole as Record<string, unknown>)[name], value),
  );
}

export function assertKept(isKept: boolean, promise: string, found: unknown): asserts isKept {
  if (!isKept) throw new Violation(`${promise}; found ${textOf(found)}`);
}

function textOf(found: unknown): string {
  const text = typeof found === 'string' ? found : (JSON.stringify(found) ?? 'nothing');
  return text.length > 1_500 ? `${text.slice(0, 1_500)}…` : text;
}
