import type { Static, TSchema } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';

/**
 * JSON Merge Patch (RFC 7396): `null` removes, objects merge, anything else replaces.
 * `{"a":{"b":1}}` patched by `{"a":{"c":2,"b":null}}` is `{"a":{"c":2}}`.
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/**
 * The target after the patch, held against the schema that a whole body would have to meet.
 * @throws JinduError `validation_failed`
 */
export function patched<T extends TSchema>(
  request: FastifyRequest,
  target: object,
  patch: unknown,
  schema: T,
): Static<T> {
  const validate = request.compileValidationSchema(referenceTo(String(schema.$id)), 'body');
  const merged = mergePatch(target, patch);
  const { error } = validate(merged) as unknown as { error?: Error };
  if (error !== undefined) throw error;
  return merged as Static<T>;
}

/** One object per component, since compiled validators are kept by the identity of their schema. */
function referenceTo(id: string): { $ref: string } {
  const known = references.get(id) ?? { $ref: id };
  references.set(id, known);
  return known;
}

const references = new Map<string, { $ref: string }>();
