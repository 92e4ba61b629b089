import { JinduError } from '../../shared/errors.ts';

// Errors are recognised by PostgreSQL's codes, never by its words, and its words never leave this folder except as the
// cause that is logged. The codes: https://www.postgresql.org/docs/current/errcodes-appendix.html

/** The connection ended before an answer came, so nobody knows what became of what was asked last. */
export class ConnectionLost extends Error {
  constructor(cause: unknown) {
    super('The connection to the database server was lost.', { cause });
    this.name = 'ConnectionLost';
  }
}

const inFailedTransaction = '25P02';
const readOnly = '25006';
/** Serialization failure, deadlock: not the statement's fault, and over when it is done again. */
const collisions = new Set(['40001', '40P01']);
/** A prepared statement that the server no longer has, or whose columns have changed: the connection is stale. */
const staleStatements = new Set(['26000', '0A000']);

/** The first that is a beginning of the code tells what is at fault: the storage, not the statement. */
const storageFaults: readonly (readonly [beginning: string, detail: string])[] = [
  ['53100', 'The disk that holds the database is full.'],
  ['53200', 'There is not enough memory for the database.'],
  ['53300', 'The database server takes no more connections.'],
  ['53', 'The database server has not enough resources.'],
  ['57P01', 'The database server is being stopped.'],
  ['57P02', 'The database server has failed and is starting anew.'],
  ['57P03', 'The database server is starting or stopping.'],
  ['57P05', 'The database server has ended the connection.'],
  ['57014', 'The database server did not answer in time.'],
  ['55P03', 'The database is held by another process.'],
  ['25P03', 'The database server has ended the connection.'],
  ['25P04', 'The database server did not answer in time.'],
  ['40', 'The database is held by another process.'],
  [readOnly, 'The database cannot be written.'],
  ['58', 'The disk that holds the database cannot be read or written.'],
  ['XX001', 'The database is damaged.'],
  ['XX002', 'The database is damaged.'],
  ['08', 'The connection to the database server was lost.'],
  ['28', 'The database server refuses the user or the password.'],
  ['3D000', 'The database server has no such database.'],
];

/** Whether a statement that writes was run in a transaction that only reads. */
export function isWriteOnReader(error: unknown): boolean {
  return codeOf(error) === readOnly;
}

/** Whether the same work may well succeed when it is done again. */
export function isCollision(error: unknown): boolean {
  return collisions.has(codeOf(error) ?? '');
}

/** Whether the statement was refused only because one before it had failed. */
export function isAftermath(error: unknown): boolean {
  return codeOf(error) === inFailedTransaction;
}

export function isStaleStatement(error: unknown): boolean {
  return staleStatements.has(codeOf(error) ?? '');
}

export function isConnectionLost(error: unknown): boolean {
  return causeThat(error, (each) => each instanceof ConnectionLost) !== undefined;
}

/** `error` as the rest of the program may see it: the storage's own faults as `storage_unavailable`, others as they are. */
export function asSeenOutside(error: unknown): unknown {
  if (error instanceof JinduError) return error;
  if (isConnectionLost(error)) return unavailable('The connection to the database server was lost.', error);
  const code = codeOf(error);
  const fault =
    code === undefined ? undefined : storageFaults.find(([beginning]) => code.startsWith(beginning));
  return fault === undefined ? error : unavailable(fault[1], error);
}

/** Why no connection could be made. */
export function asFailureToConnect(error: unknown): unknown {
  const seen = asSeenOutside(error);
  if (seen !== error) return seen;
  return unavailable('The database server cannot be reached.', error);
}

function unavailable(detail: string, cause: unknown): JinduError {
  return new JinduError('storage_unavailable', detail, [], { cause });
}

function codeOf(error: unknown): string | undefined {
  const found = causeThat(error, isServerError);
  return (found as (Error & { code: string }) | undefined)?.code;
}

/** By its looks and not by its class: the driver is only loaded where PostgreSQL is the engine. */
function isServerError(error: Error): boolean {
  const { code, severity } = error as { code?: unknown; severity?: unknown };
  return typeof code === 'string' && typeof severity === 'string';
}

function causeThat(error: unknown, isWanted: (error: Error) => boolean): Error | undefined {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (isWanted(each)) return each;
  }
  return undefined;
}
