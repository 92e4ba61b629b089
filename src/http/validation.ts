import { _, Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { distance } from 'fastest-levenshtein';
import type { FastifySchemaCompiler } from 'fastify';
import { isCalendarDate } from '../shared/calendar-date.ts';
import { isInstant } from '../shared/clock.ts';
import { type FieldError, JinduError, nameAt } from '../shared/errors.ts';
import { wordsOfSeveral, wordsPattern } from './schemas.ts';

/**
 * Two readings of a request. A body means what it says: no type is coerced, no unknown field dropped, no default
 * filled in silently. A query, a path and a header are text by nature, so there `"50"` is read as 50.
 */
export function buildValidator(externalSchemas: Record<string, unknown>): FastifySchemaCompiler<unknown> {
  let strict: Ajv | undefined;
  let coercing: Ajv | undefined;
  function compile(part: HttpPart, schema: object): ValidateFunction {
    strict ??= ajvWith(externalSchemas, { coerceTypes: false, useDefaults: false });
    coercing ??= ajvWith(externalSchemas, { coerceTypes: true, useDefaults: true });
    return (part === 'body' ? strict : coercing).compile(schema);
  }
  return ({ schema, httpPart }) => {
    const part = (httpPart ?? 'body') as HttpPart;
    // Compiled when it is first needed: for all routes at once, it would be most of what a start takes.
    let validate: ValidateFunction | undefined;
    return (value: unknown) => {
      const unstorable = part === 'body' || part === 'querystring' ? firstUnstorable(value, '') : null;
      if (unstorable !== null) return { error: refusal(part, [unstorable]) };
      validate ??= compile(part, schema as object);
      if (validate(value)) return { value };
      return { error: refusal(part, fieldErrors(validate, part)) };
    };
  };
}

type HttpPart = 'body' | 'querystring' | 'params' | 'headers';

function ajvWith(
  externalSchemas: Record<string, unknown>,
  options: { coerceTypes: boolean; useDefaults: boolean },
) {
  const ajv = new Ajv({
    ...options,
    allErrors: true,
    removeAdditional: false,
    allowUnionTypes: true,
    verbose: true,
    strictRequired: false,
    // A text read as a number may come to Infinity (1e400). Only so are its bounds held against that.
    strictNumbers: !options.coerceTypes,
    // Compiling the schema of schemas for every validator takes longer than all of the rest; a test does it once.
    validateSchema: false,
    meta: false,
  });
  addFormats.default(ajv, ['uri']);
  ajv.addFormat('date-time', { type: 'string', validate: isInstant });
  ajv.addFormat('date', { type: 'string', validate: isCalendarDate });
  countDecimalsExactly(ajv);
  for (const schema of Object.values(externalSchemas)) ajv.addSchema(schema as object);
  return ajv;
}

/**
 * Makes `multipleOf` (of 0.01, 0.0001 and the like) exact for numbers of up to fifteen digits. Ajv's own divides, and so
 * refuses a quarter of the larger numbers that are right (858993.94) and takes 99.999999999 for a multiple of 0.01.
 */
export function countDecimalsExactly(ajv: Ajv): void {
  ajv.removeKeyword('multipleOf');
  ajv.addKeyword({
    keyword: 'multipleOf',
    type: 'number',
    schemaType: 'number',
    compile: (step: number) => {
      const perUnit = Math.round(1 / step);
      return (value: number) => Math.round(value * perUnit) / perUnit === value;
    },
    error: { message: 'has too many decimals', params: ({ schemaCode }) => _`{multipleOf: ${schemaCode}}` },
  });
}

const deepestLevel = 32;

/** How many fields and items one body may have in all: a fault in each would be told, and cost more than the rest. */
const mostValues = 20_000;

/** Text that one of the engines cannot hold or that is not Unicode at all: a NUL, or half of a surrogate pair. */
function unstorableText(text: string, pointer: string): FieldError | null {
  if (text.includes('\u0000'))
    return { pointer, code: 'text', message: 'must not contain the NUL character' };
  if (text.isWellFormed()) return null;
  return {
    pointer,
    code: 'text',
    message: 'must be well-formed Unicode: it contains half of a surrogate pair',
  };
}

/** A value that lies deeper than any body may, so that walking it may exhaust the stack. */
export function liesTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepestLevel) return true;
    level = level.flatMap((each) => (each !== null && typeof each === 'object' ? Object.values(each) : []));
  }
  return false;
}

/**
 * The first text that cannot be stored, or a value so deep inside others that walking it may exhaust the stack, or one
 * with which there are too many.
 */
function firstUnstorable(
  value: unknown,
  pointer: string,
  level = 0,
  walk = { left: mostValues },
): FieldError | null {
  if (typeof value === 'string') return unstorableText(value, pointer);
  if (value === null || typeof value !== 'object') return null;
  if (level === deepestLevel) {
    return { pointer, code: 'depth', message: `must not lie more than ${deepestLevel} levels deep` };
  }
  const keys = Object.keys(value);
  walk.left -= keys.length;
  if (walk.left < 0) {
    return { pointer, code: 'size', message: `must have at most ${mostValues} fields and items in all` };
  }
  for (const key of keys) {
    const inner = (value as Record<string, unknown>)[key];
    const found =
      unstorableText(key, pointer) ??
      firstUnstorable(inner, `${pointer}/${escapePointer(key)}`, level + 1, walk);
    if (found !== null) return found;
  }
  return null;
}

function refusal(part: HttpPart, errors: FieldError[]): JinduError {
  const placed = errors.map((error) => ({ ...error, pointer: placedPointer(part, error.pointer) }));
  const first = placed[0];
  const rest = placed.length > 1 ? ` (and ${placed.length - 1} more)` : '';
  const name = first === undefined ? '' : nameAt(first.pointer);
  const subject = name === '' ? (part === 'body' ? 'the body' : 'the request') : name;
  return new JinduError('validation_failed', `${subject} ${first?.message ?? 'is not valid'}${rest}`, placed);
}

function placedPointer(part: HttpPart, pointer: string): string {
  if (part === 'querystring') return `?${pointer.slice(1)}`;
  if (part === 'params') return `{${pointer.slice(1)}}`;
  if (part === 'headers') return `header:${pointer.slice(1)}`;
  return pointer;
}

function fieldErrors(validate: ValidateFunction, part: HttpPart): FieldError[] {
  const raw = validate.errors ?? [];
  const seen = new Set<string>();
  const errors: FieldError[] = [];
  for (const error of withoutUnionNoise(raw)) {
    const field = described(error, part);
    const key = `${field.pointer} ${field.message}`;
    if (seen.has(key)) continue;
    seen.add(key);
    errors.push(field);
    if (errors.length === 50) break;
  }
  return errors;
}

/**
 * A value that may also be null is a union to the validator, which then complains once per branch. What the sender
 * needs is the complaint of the branch that was meant: the one that is not "must be null".
 */
function withoutUnionNoise(errors: ErrorObject[]): ErrorObject[] {
  const meant = errors.filter(
    (error) => error.keyword !== 'anyOf' && !(error.keyword === 'type' && error.params.type === 'null'),
  );
  return (meant.length > 0 ? meant : errors).filter((error) => !isSaidBetter(error, errors));
}

/** Text that is empty, or no URL, matches no pattern either. */
function isSaidBetter({ keyword, instancePath }: ErrorObject, errors: readonly ErrorObject[]): boolean {
  if (keyword !== 'pattern') return false;
  return errors.some(
    (other) =>
      other.instancePath === instancePath && (other.keyword === 'minLength' || other.keyword === 'format'),
  );
}

function described(error: ErrorObject, part: HttpPart): FieldError {
  const at = error.instancePath;
  const { keyword, params } = error;
  switch (keyword) {
    case 'required':
      return {
        pointer: `${at}/${escapePointer(params.missingProperty)}`,
        code: keyword,
        message: 'is required',
      };
    case 'additionalProperties':
      return unknownField(error, part);
    case 'type': {
      const wanted = [params.type].flat().map(articled).join(' or ');
      if (part === 'querystring' && Array.isArray(error.data)) {
        return { pointer: at, code: 'repeated', message: 'must be given once' };
      }
      const given = part === 'body' ? `, not ${shownValue(error.data)}` : '';
      return { pointer: at, code: keyword, message: `must be ${wanted}${given}` };
    }
    case 'enum':
      return {
        pointer: at,
        code: keyword,
        message: `must be one of ${params.allowedValues.join(', ')}${nearest(error.data, params.allowedValues)}`,
      };
    case 'minimum':
    case 'exclusiveMinimum':
      return {
        pointer: at,
        code: keyword,
        message: `must be ${keyword === 'minimum' ? 'at least' : 'more than'} ${params.limit}`,
      };
    case 'maximum':
    case 'exclusiveMaximum':
      return {
        pointer: at,
        code: keyword,
        message: `must be ${keyword === 'maximum' ? 'at most' : 'less than'} ${params.limit}`,
      };
    case 'multipleOf': {
      const decimals = String(params.multipleOf).split('.')[1]?.length ?? 0;
      return { pointer: at, code: keyword, message: `must have at most ${decimals} decimals` };
    }
    case 'minLength':
      return {
        pointer: at,
        code: keyword,
        message: params.limit === 1 ? 'must not be empty' : `must have at least ${params.limit} characters`,
      };
    case 'maxLength':
      return { pointer: at, code: keyword, message: `must have at most ${params.limit} characters` };
    case 'minProperties':
      return { pointer: at, code: keyword, message: 'must change at least one field' };
    case 'minItems':
    case 'maxItems':
      return {
        pointer: at,
        code: keyword,
        message: `must have at ${keyword === 'minItems' ? 'least' : 'most'} ${params.limit} items`,
      };
    case 'uniqueItems':
      return {
        pointer: at,
        code: keyword,
        message: `must not repeat an item (items ${Math.min(params.i, params.j)} and ${Math.max(params.i, params.j)} are the same)`,
      };
    case 'pattern':
      return { pointer: at, code: keyword, message: patternMessage(error) };
    case 'format':
      return { pointer: at, code: keyword, message: formatMessage(params.format) };
    default:
      return { pointer: at, code: keyword, message: error.message ?? 'is not valid' };
  }
}

function unknownField(error: ErrorObject, part: HttpPart): FieldError {
  const name: string = error.params.additionalProperty;
  const known = Object.keys((error.parentSchema as { properties?: object }).properties ?? {});
  const noun = part === 'querystring' ? 'parameter' : 'field';
  const serverMade = ['revision', 'createdAt', 'updatedAt', 'recordedAt', 'recordedBy', 'archivedAt'];
  const why = serverMade.includes(name)
    ? `is made by the server: leave the ${noun} out`
    : `is not a known ${noun}`;
  return {
    pointer: `${error.instancePath}/${escapePointer(name)}`,
    code: 'unknown_field',
    message: `${why}${serverMade.includes(name) ? '' : nearest(name, known)}`,
  };
}

/** `; did you mean "…"?` where one of the known words is close to the given one; else empty. */
export function nearest(given: unknown, known: readonly unknown[]): string {
  if (typeof given !== 'string' || given.length > 64) return '';
  const words = known.filter((word): word is string => typeof word === 'string');
  const lower = given.toLowerCase();
  const [best] = words
    .map((word) => ({ word, steps: distance(lower, word.toLowerCase()) }))
    .sort((a, b) => a.steps - b.steps);
  return best !== undefined &&
    best.steps <= Math.max(best.word.length < 4 ? 1 : 2, Math.floor(best.word.length / 3))
    ? `; did you mean "${best.word}"?`
    : '';
}

function patternMessage(error: ErrorObject): string {
  const { pattern } = error.params;
  if (pattern === wordsPattern) return 'must say something: it is empty, or holds nothing that is seen';
  const words = wordsOfSeveral(pattern);
  if (words !== null) return `must be one of ${words.join(', ')}, or several with commas between them`;
  if (pattern === '^https?://') return 'must be an absolute URL that begins with http:// or https://';
  const examples = (error.parentSchema as { examples?: unknown[] }).examples;
  const example = examples?.[0] === undefined ? '' : `, such as ${examples[0]}`;
  return String(pattern).startsWith('^[a-z0-9]+(?:-')
    ? `must be lower-case letters, digits and single hyphens${example}`
    : `must match ${pattern}${example}`;
}

function formatMessage(format: string): string {
  switch (format) {
    case 'date':
      return 'must be a date that exists, as YYYY-MM-DD';
    case 'date-time':
      return 'must be an instant, such as 2023-07-03T01:02:03Z';
    case 'uri':
      return 'must be an absolute URL';
    default:
      return `must be a ${format}`;
  }
}

function articled(type: string): string {
  if (type === 'null') return 'null';
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function shownValue(value: unknown): string {
  if (typeof value === 'string')
    return `the text ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)}`;
  if (typeof value === 'number')
    return Number.isFinite(value) ? `the number ${value}` : 'a number too large to hold';
  if (Array.isArray(value)) return 'an array';
  return value === null ? 'null' : typeof value === 'object' ? 'an object' : String(value);
}

function escapePointer(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1');
}
