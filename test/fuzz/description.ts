import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { countDecimalsExactly } from '../../src/http/validation.ts';
import { isCalendarDate } from '../../src/shared/calendar-date.ts';
import { isInstant } from '../../src/shared/clock.ts';

/** A schema as it stands in the description. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  anyOf?: Schema[];
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  propertyNames?: Schema;
  minProperties?: number;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  pattern?: string;
  format?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  multipleOf?: number;
  examples?: unknown[];
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: Schema;
}

interface Media {
  schema?: Schema;
  examples?: Record<string, unknown>;
}

interface Document {
  paths: Record<string, Record<string, RawOperation>>;
}

interface RawOperation {
  operationId: string;
  security?: object[];
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Record<string, Media> };
  responses: Record<string, { content?: Record<string, Media> }>;
}

/** One operation as the description has it. */
export interface Operation {
  id: string;
  method: string;
  /** The pattern, such as `/v1/projects/{id}`. */
  path: string;
  isPublic: boolean;
  parameters: Parameter[];
  /** What it reads, by media type; empty if it reads no body. */
  bodies: Record<string, Schema>;
  /** What it answers, by status. */
  answers: Record<string, { media: string[]; codes: string[] }>;
}

/** The OpenAPI document as a client reads it: what may be sent, and what may come back. */
export class Description {
  readonly operations: Operation[];
  readonly #document: Document;
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });
  readonly #validators = new Map<string, ValidateFunction>();

  constructor(document: object) {
    this.#document = document as Document;
    addFormats.default(this.#ajv);
    // As narrow as the law has them: a year 0000 and a leap second are neither days nor moments here.
    this.#ajv.addFormat('date', isCalendarDate);
    this.#ajv.addFormat('date-time', isInstant);
    countDecimalsExactly(this.#ajv);
    this.#ajv.addSchema(document, 'description');
    this.operations = Object.entries(this.#document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, raw]) => operationOf(path, method, raw)),
    );
  }

  /** The operation with this id. */
  get(id: string): Operation {
    const found = this.operations.find((operation) => operation.id === id);
    if (found === undefined) throw new Error(`the description has no operation ${id}`);
    return found;
  }

  /** The schema itself where another is only named. */
  resolved(schema: Schema): Schema {
    if (schema.$ref === undefined) return schema;
    const names = schema.$ref.slice(2).split('/');
    return names.reduce<unknown>(
      (place, name) => (place as Record<string, unknown>)[name],
      this.#document,
    ) as Schema;
  }

  /** Why the value is not what an operation says it reads under this media type; null if it is. */
  bodyFault({ path, method }: Operation, media: string, value: unknown): string | null {
    return this.#fault([path, method.toLowerCase(), 'requestBody', 'content', media, 'schema'], value);
  }

  /** Why the value is not what an operation says it answers; null if it is. */
  answerFault({ path, method }: Operation, status: number, media: string, value: unknown): string | null {
    return this.#fault(
      [path, method.toLowerCase(), 'responses', `${status}`, 'content', media, 'schema'],
      value,
    );
  }

  /** Whether the value may stand in this parameter. */
  isParameter(operation: Operation, parameter: Parameter, value: unknown): boolean {
    const index = operation.parameters.indexOf(parameter);
    const { path, method } = operation;
    return this.#fault([path, method.toLowerCase(), 'parameters', `${index}`, 'schema'], value) === null;
  }

  #fault(place: string[], value: unknown): string | null {
    const pointer = place
      .map((name) => encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1')))
      .join('/');
    let validate = this.#validators.get(pointer);
    if (validate === undefined) {
      validate = this.#ajv.compile({ $ref: `description#/paths/${pointer}` });
      this.#validators.set(pointer, validate);
    }
    if (validate(value)) return null;
    return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`).join('; ');
  }
}

function operationOf(path: string, method: string, raw: RawOperation): Operation {
  return {
    id: raw.operationId,
    method: method.toUpperCase(),
    path,
    isPublic: raw.security?.length === 0,
    parameters: raw.parameters ?? [],
    bodies: Object.fromEntries(
      Object.entries(raw.requestBody?.content ?? {}).map(([media, { schema = {} }]) => [media, schema]),
    ),
    answers: Object.fromEntries(
      Object.entries(raw.responses).map(([status, { content = {} }]) => [
        status,
        {
          media: Object.keys(content),
          codes: Object.values(content).flatMap(({ examples = {} }) => Object.keys(examples)),
        },
      ]),
    ),
  };
}
