import { parse } from 'csv-parse/sync';
import { errorCatalogue } from '../../src/shared/errors.ts';
import type { Description } from './description.ts';
import { faultOfRequest } from './promise.ts';
import type { Sent } from './requests.ts';

/** An answer as it arrived. */
export interface Arrived {
  status: number;
  headers: Record<string, string | string[] | number | undefined>;
  text: string;
}

/** What is wrong with the answer to a request, by what the description promises and the law says; empty if nothing is. */
export function faultsOf(description: Description, sent: Sent, arrived: Arrived): string[] {
  const { status } = arrived;
  if (status >= 500) return [`the status is ${status}`];
  if (status === 304) return notModifiedFaults(sent, arrived);
  const faults = formFaults(description, sent, arrived);
  if (arrived.headers['x-request-id'] === undefined) faults.push('there is no X-Request-Id');
  const problem = status >= 400 ? problemIn(arrived) : null;
  const refused = faultOfRequest(description, sent);
  if (refused !== 'unclear' && refused !== null && status < 300 && !hasRefusedRows(arrived))
    faults.push(`it is accepted although ${refused}`);
  if (refused === null && problem?.code === 'validation_failed') {
    const unforeseen = problem.errors.filter(
      (error) => !beyondSchemas.has(error.code) && !(error.code === 'minimum' && error.pointer === '{asOf}'),
    );
    if (unforeseen.length > 0) {
      faults.push(`the description allows what is refused: ${JSON.stringify(unforeseen.slice(0, 3))}`);
    }
  }
  return faults;
}

/**
 * Faults of a field that its schema does not tell of: text that is no Unicode or too much in all, currencies, two
 * fields that disagree, the day that stands for an unknown one, and headers and cursors that only this server can have made.
 */
const beyondSchemas = new Set([
  'bound',
  'text',
  'depth',
  'size',
  'currency',
  'amount',
  'disagrees',
  'same_id',
  'entity_tag',
  'cursor',
  'required',
]);

/** Rows of a batch are refused one by one, in an answer that says so. */
function hasRefusedRows({ text }: Arrived): boolean {
  return /"summary":\{[^}]*"refused":[1-9]/.test(text);
}

function notModifiedFaults({ operation, headers }: Sent, { text }: Arrived): string[] {
  const faults = [];
  if (operation.method !== 'GET' || headers['if-none-match'] === undefined)
    faults.push('304 to who has nothing');
  if (text !== '') faults.push('304 with a body');
  return faults;
}

function formFaults(description: Description, { operation }: Sent, arrived: Arrived): string[] {
  const { status, text } = arrived;
  const contentType = String(arrived.headers['content-type'] ?? '');
  const media = contentType.split(';', 1)[0]?.trim() ?? '';
  const declared = operation.answers[status];
  const problem = status >= 400 ? problemIn(arrived) : null;
  // An address that was written so that it is another one is answered without asking any operation.
  if (problem?.code === 'not_found' && problem.detail === 'nothing has this address')
    return problemFaults(problem, arrived);
  if (problem?.code === 'method_not_allowed') return problemFaults(problem, arrived);
  if (declared === undefined) return [`the status ${status} is not declared`];
  if (!declared.media.includes(media)) return [`the media type ${media} is not declared for ${status}`];
  if (!media.endsWith('json')) return textFaults(media, text);
  const fault = description.answerFault(operation, status, media, JSON.parse(text));
  const faults = fault === null ? [] : [`the answer is not as its schema says: ${fault}`];
  if (problem !== null && !declared.codes.includes(problem.code)) {
    faults.push(`the code ${problem.code} is not declared for ${status}`);
  }
  return problem === null ? faults : [...faults, ...problemFaults(problem, arrived)];
}

function textFaults(media: string, text: string): string[] {
  if (media === 'text/csv') {
    try {
      parse(text, { bom: true });
    } catch (error) {
      return [`the CSV cannot be read: ${String(error)}`];
    }
  }
  if (media === 'image/svg+xml') {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML forbids
    if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text))
      return ['the picture has what XML forbids'];
    if (/NaN|Infinity|undefined|<script/.test(text))
      return ['the picture has a figure that is none, or a script'];
  }
  return [];
}

export interface Problem {
  code: string;
  status: number;
  detail: string;
  type: string;
  errors: { pointer: string; code: string; message: string }[];
}

/** The problem in an answer; null if it has none. */
export function problemIn({ headers, text }: Arrived): Problem | null {
  if (!String(headers['content-type']).startsWith('application/problem+json')) return null;
  return JSON.parse(text) as Problem;
}

function problemFaults(problem: Problem, { status, text }: Arrived): string[] {
  const faults = [];
  const known = errorCatalogue[problem.code as keyof typeof errorCatalogue];
  if (known === undefined) faults.push(`the code ${problem.code} is not documented`);
  if (known !== undefined && (known.status !== status || problem.status !== status)) {
    faults.push(`${problem.code} comes with ${status} and says ${problem.status}`);
  }
  if (!problem.type.endsWith(`/errors#${problem.code}`)) faults.push(`the type is ${problem.type}`);
  if (/sqlite|postgres|drizzle|node_modules|\.ts:\d/i.test(text)) faults.push('it tells of what is inside');
  return faults;
}
