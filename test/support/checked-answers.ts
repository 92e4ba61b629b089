import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../../src/http/app.ts';
import { countDecimalsExactly } from '../../src/http/validation.ts';

/**
 * Holds every answer to its schema before it is serialised, since the serialiser makes the answer fit without a word:
 * null in a text becomes "", 1.7 in an integer 1. What answers with text (CSV, SVG) is not looked at.
 */
export function checkAnswers(app: App): void {
  app.addHook('preSerialization', async (request, reply, payload) => check(request, reply, payload));
  // What was written before is not serialised.
  app.addHook('onSend', async (request, reply, payload) => {
    if (reply.isWritten && Buffer.isBuffer(payload)) check(request, reply, JSON.parse(payload.toString()));
    return payload;
  });

  function check(request: FastifyRequest, { statusCode }: FastifyReply, payload: unknown): unknown {
    const validate = validatorOf(app, request, statusCode);
    if (validate(payload)) return payload;
    const faults = validate.errors?.map((error) => `${error.instancePath} ${error.message}`).join('; ');
    throw new Error(`${request.method} ${request.url} answers against its schema: ${faults}`);
  }
}

/** Kept for all apps of the worker: their schemas are the same, and compiling them takes longer than most tests. */
const validators = new Map<string, ValidateFunction>();
let shared: Ajv | undefined;

function validatorOf(app: App, request: FastifyRequest, status: number): ValidateFunction {
  const { method, url, schema } = request.routeOptions;
  const key = `${method} ${url} ${status}`;
  let validate = validators.get(key);
  if (validate === undefined) {
    const responses = (schema?.response ?? {}) as Record<number, object>;
    const declared = responses[status];
    if (schema !== undefined && schema.hide !== true && declared === undefined) {
      throw new Error(`${key} is not among the answers that the route declares`);
    }
    validate = ajvOf(app).compile(declared === undefined || 'content' in declared ? {} : declared);
    validators.set(key, validate);
  }
  return validate;
}

function ajvOf(app: App): Ajv {
  if (shared === undefined) {
    shared = new Ajv({ allErrors: true, allowUnionTypes: true, strictRequired: false });
    addFormats.default(shared);
    countDecimalsExactly(shared);
    for (const schema of Object.values(app.getSchemas())) shared.addSchema(schema as object);
  }
  return shared;
}
