/**
 * Every way in which Jindu says no. `code` is what scripts rely on and never changes its meaning; `status` is the
 * HTTP status that carries it; `meaning` is the sentence that the errors page prints.
 */
export const errorCatalogue = {
  validation_failed: {
    status: 400,
    title: 'The request is not valid',
    meaning:
      'A field is missing, unknown, of the wrong type or out of bounds. `errors` names each one by a JSON pointer and says what would be right.',
  },
  unauthenticated: {
    status: 401,
    title: 'A token is needed',
    meaning: 'The request carries no bearer token, or one that is unknown, expired or revoked.',
  },
  forbidden: {
    status: 403,
    title: 'The token may not do this',
    meaning: 'The token is good, but its scopes do not include what the operation needs.',
  },
  not_found: {
    status: 404,
    title: 'There is no such thing',
    meaning:
      'Nothing has this address, or it belongs to an organization that the token does not see. The two are answered alike.',
  },
  method_not_allowed: {
    status: 405,
    title: 'The method does not apply here',
    meaning: 'The address exists but not for this method; the `Allow` header lists those it has.',
  },
  request_timeout: {
    status: 408,
    title: 'The request did not arrive in time',
    meaning: 'A request must arrive as a whole within a minute. The connection is closed.',
  },
  conflict: {
    status: 409,
    title: 'It stands against what is there',
    meaning: 'The id is taken, or the thing still has others that depend on it.',
  },
  archived: {
    status: 409,
    title: 'It is archived',
    meaning: 'Archived things are still read, but writing to them is refused until they are restored.',
  },
  precondition_failed: {
    status: 412,
    title: 'It has changed since it was read',
    meaning:
      '`If-Match` names another revision than the current one, or `If-None-Match: *` met an existing thing.',
  },
  payload_too_large: {
    status: 413,
    title: 'The body is too large',
    meaning: 'A body may have 1 MiB, a batch of reports 16 MiB and 10,000 rows.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'The media type is not read here',
    meaning: 'The body’s `Content-Type` is none of those that the operation accepts.',
  },
  unprocessable: {
    status: 422,
    title: 'It cannot be so',
    meaning:
      'Each field is valid by itself, but together, or with what is already recorded, they make no sense.',
  },
  progress_falls: {
    status: 422,
    title: 'Progress falls without a reason',
    meaning: 'The figure is surely below an earlier one or above a later one. Send a `reason` if that is so.',
  },
  stage_goes_back: {
    status: 422,
    title: 'A stage goes back without a reason',
    meaning:
      'The party was further on an earlier day, or is less far on a later one. Send a `reason` if that is so.',
  },
  amount_falls: {
    status: 422,
    title: 'An amount falls without a reason',
    meaning:
      'Amounts of money are cumulative. This one is surely below an earlier one or above a later one of the same status. Send a `reason` if that is so.',
  },
  arrived_exceeds_committed: {
    status: 422,
    title: 'More has arrived than was committed',
    meaning:
      'On some day, what has arrived of a line of funding is surely more than what was committed of it. Send a `reason` if that is so.',
  },
  future_date: {
    status: 422,
    title: 'The date lies in the future',
    meaning: 'What has been reached can only be said of today or an earlier day.',
  },
  unknown_party: {
    status: 422,
    title: 'The project has no such party',
    meaning:
      'What is signed is signed by parties of the project that are in use; `errors` names those that are none.',
  },
  currency_mixed: {
    status: 422,
    title: 'Two currencies are mixed',
    meaning: 'What belongs together is in one currency: the amounts cannot be compared or added otherwise.',
  },
  parent_cycle: {
    status: 422,
    title: 'The parent lies below it',
    meaning: 'A thing cannot be its own parent, nor lie below its own descendant.',
  },
  too_deep: {
    status: 422,
    title: 'The tree would be too deep',
    meaning: 'A tree has at most 10 levels.',
  },
  stated_unreadable: {
    status: 422,
    title: 'The stated text cannot be read',
    meaning:
      'The text in `stated` is not one value in a form that is known; the message says why. Nothing is guessed.',
  },
  idempotency_mismatch: {
    status: 422,
    title: 'The idempotency key was used for something else',
    meaning: 'The same `Idempotency-Key` came earlier with another method, address or body.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    meaning:
      'The token or the address has used up its requests for now; `Retry-After` says when to come back.',
  },
  internal: {
    status: 500,
    title: 'Something went wrong here',
    meaning: 'A fault of ours. It is logged under the `requestId`; nothing more is told.',
  },
  overloaded: {
    status: 503,
    title: 'Too busy just now',
    meaning:
      'More is asked than can be served, or the server is stopping; nothing was done. `Retry-After` says when to come back.',
  },
  storage_unavailable: {
    status: 503,
    title: 'The storage does not answer',
    meaning:
      'The database cannot be written or read just now (full, read-only, damaged or away). Nothing was done, unless `detail` says that this is not known.',
  },
} as const satisfies Record<string, { status: number; title: string; meaning: string }>;

export type ErrorCode = keyof typeof errorCatalogue;

/** One fault of a request: where (JSON pointer into the body, or `?name` for a query parameter), which, and what would be right. */
export interface FieldError {
  pointer: string;
  code: string;
  message: string;
}

/** Further members of an answer. */
export type Members = Readonly<Record<string, unknown>> | WrittenMembers;

/** The same as the JSON of an object with at least one, where somebody has written it already. */
export class WrittenMembers {
  readonly json: Uint8Array<ArrayBuffer>;

  constructor(json: Uint8Array<ArrayBuffer>) {
    this.json = json;
  }
}

/**
 * A refusal that its receiver is meant to read. `detail`, `errors` and `extensions` (further members of the answer) are
 * shown to the client; `cause` never is.
 */
export class JinduError extends Error {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly errors: readonly FieldError[];
  readonly extensions: Members;

  constructor(
    code: ErrorCode,
    detail: string,
    errors: readonly FieldError[] = [],
    options: { cause?: unknown; extensions?: Members } = {},
  ) {
    super(`${code}: ${detail}`, options);
    this.name = 'JinduError';
    this.code = code;
    this.detail = detail;
    this.errors = errors;
    this.extensions = options.extensions ?? {};
  }
}

/** The refusal of one field: the detail repeats the field's message. */
export function fieldError(code: ErrorCode, pointer: string, fieldCode: string, message: string): JinduError {
  return new JinduError(code, pointer === '' ? message : `${nameAt(pointer)} ${message}`, [
    { pointer, code: fieldCode, message },
  ]);
}

/** The field's plain name: `percent` of `/percent`, `asOf` of `?asOf` and of `{asOf}`, `if-match` of `header:if-match`. */
export function nameAt(pointer: string): string {
  return pointer.replace(/^(?:\/|\?|\{|header:)/, '').replace(/\}$/, '');
}

/** The refusal of a day that is still to come. */
export function notYet(pointer: string, day: string, today: string): JinduError {
  return new JinduError('future_date', `${day} is still to come: today is ${today}`, [
    { pointer, code: 'future_date', message: `must not be later than today, ${today}` },
  ]);
}
