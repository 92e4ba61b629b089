import { isUtf8 } from 'node:buffer';
import type { Description, Operation, Parameter } from './description.ts';
import type { Sent } from './requests.ts';

/**
 * What the description says of a request: null if it allows all of it, the fault if it does not. `unclear` where it
 * leaves open how a text is read, or what a body under an operation that reads none means.
 */
export function faultOfRequest(description: Description, sent: Sent): string | null | 'unclear' {
  const verdicts = [
    ...pathVerdicts(description, sent),
    ...queryVerdicts(description, sent),
    ...headerVerdicts(description, sent),
    bodyVerdict(description, sent),
  ];
  const fault = verdicts.find((verdict) => verdict !== null && verdict !== 'unclear');
  return fault ?? (verdicts.includes('unclear') ? 'unclear' : null);
}

type Verdict = string | null | 'unclear';

function pathVerdicts(description: Description, { operation, params }: Sent): Verdict[] {
  return parametersIn(operation, 'path').map((parameter) =>
    textVerdict(description, operation, parameter, params[parameter.name] ?? ''),
  );
}

function queryVerdicts(description: Description, { operation, query }: Sent): Verdict[] {
  const named = parametersIn(operation, 'query');
  return query.map(([name, text], index) => {
    const parameter = named.find((each) => each.name === name);
    if (parameter === undefined) return operation.isPublic ? 'unclear' : `?${name} is no parameter`;
    if (query.findIndex(([other]) => other === name) !== index) return `?${name} is there twice`;
    return textVerdict(description, operation, parameter, text);
  });
}

function headerVerdicts(description: Description, { operation, headers }: Sent): Verdict[] {
  return parametersIn(operation, 'header').map((parameter) => {
    const text = headers[parameter.name];
    if (text === undefined) return null;
    // A key may stand between quotes, which do not count.
    if (parameter.name === 'idempotency-key' && !/^[\x21\x23-\x7e]{1,255}$/.test(text)) return 'unclear';
    return textVerdict(description, operation, parameter, text);
  });
}

function parametersIn({ parameters }: Operation, place: Parameter['in']): Parameter[] {
  return parameters.filter((parameter) => parameter.in === place);
}

/** Text stands for a number or a truth value only as JSON writes them; whether it may in other ways is left open. */
function textVerdict(
  description: Description,
  operation: Operation,
  parameter: Parameter,
  text: string,
): Verdict {
  const { type } = parameter.schema;
  const fault = `${parameter.in} ${parameter.name} may not be ${JSON.stringify(text.slice(0, 80))}`;
  if (type !== 'integer' && type !== 'number' && type !== 'boolean') {
    return description.isParameter(operation, parameter, text) ? null : fault;
  }
  if (/^(?:true|false|-?(?:0|[1-9]\d{0,14}))$/.test(text)) {
    return description.isParameter(operation, parameter, JSON.parse(text)) ? null : fault;
  }
  return type === 'boolean' || !Number.isNaN(Number(text)) ? 'unclear' : fault;
}

function bodyVerdict(description: Description, { operation, body }: Sent): Verdict {
  const media = Object.keys(operation.bodies);
  if (media.length === 0) return body === null ? null : 'unclear';
  if (body === null || body.bytes.length === 0) return 'there is no body';
  const sentMedia = (body.contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (!media.includes(sentMedia)) return `bodies of the type ${sentMedia} are not read`;
  if (!sentMedia.endsWith('json') || sentMedia.endsWith('ndjson')) return 'unclear';
  if (body.contentType !== sentMedia) return 'unclear';
  if (!isUtf8(body.bytes)) return 'the body is no UTF-8';
  const text = body.bytes.toString('utf8');
  if (text.startsWith('\ufeff')) return 'unclear';
  if (/"(?:__proto__|constructor)"/.test(text)) return 'unclear';
  const value = parsed(text);
  if (value === undefined) return 'the body is no JSON';
  return description.bodyFault(operation, sentMedia, value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
