import { parseJson } from '../../http/bodies.ts';
import { liesTooDeep } from '../../http/validation.ts';
import { breather } from '../../shared/breather.ts';
import { JinduError } from '../../shared/errors.ts';
import { assertRoom, type SentRow } from './batch.ts';
import { csvRows } from './csv.ts';
import { arrayItems, beginsArray } from './json-array.ts';
import { type SentText, textIn } from './sent-text.ts';

/** In bytes, as the body of a single report. Parsing keeps the process busy, so it goes row by row. */
const longestRow = 1024 * 1024;

/**
 * The rows of a body, one to 10,000 of them. What cannot be read as rows at all is refused here; what a row says is
 * not looked at.
 * @throws JinduError `validation_failed`, `payload_too_large`
 */
export async function rowsIn(body: SentText | undefined): Promise<SentRow[]> {
  if (body === undefined) throw noRows();
  const rows = await readersOfRows[body.kind](await textIn(body));
  if (rows.length === 0) throw bodyError('minItems', 'must have at least 1 row');
  return rows;
}

const readersOfRows = { json: jsonRows, ndjson: ndjsonRows, csv: csvRows };

async function jsonRows(bytes: Buffer): Promise<SentRow[]> {
  if (!beginsArray(bytes)) throw noRows();
  const rows: SentRow[] = [];
  const breathe = breather();
  const items = arrayItems(bytes);
  for (;;) {
    const { value, done } = items.next();
    if (done && value) return rows;
    if (done) throw bodyError('json', 'must be valid JSON; its array does not end where it ends');
    assertRoom(rows.length + 1);
    rows.push(rowOf(rows.length + 1, itemOf(value, rows.length), `/${rows.length}`));
    await breathe();
  }
}

function itemOf(json: Buffer, index: number): unknown {
  const name = `row ${index + 1}`;
  assertNotTooLong(json, name, `/${index}`);
  const value = parsedRow(json, name, '');
  if (!liesTooDeep(value)) return value;
  const message = 'must not have values so deep in one another';
  throw new JinduError('validation_failed', `${name} ${message}`, [
    { pointer: `/${index}`, code: 'depth', message },
  ]);
}

async function ndjsonRows(bytes: Buffer): Promise<SentRow[]> {
  const rows: SentRow[] = [];
  const breathe = breather();
  let from = 0;
  for (let line = 1; from < bytes.length; line += 1) {
    const newline = bytes.indexOf('\n', from);
    const end = newline === -1 ? bytes.length : newline;
    const json = bytes.subarray(from, end);
    from = end + 1;
    await breathe();
    assertNotTooLong(json, `line ${line}`, `line:${line}`);
    if (json.toString().trim() === '') continue;
    assertRoom(rows.length + 1);
    rows.push(rowOf(line, parsedRow(json, `line ${line}`, `line:${line}`), `line:${line}`));
  }
  return rows;
}

function assertNotTooLong(json: Buffer, name: string, pointer: string): void {
  if (json.length <= longestRow) return;
  const message = 'is far too long for a row';
  throw new JinduError('validation_failed', `${name} ${message}`, [{ pointer, code: 'maxLength', message }]);
}

function parsedRow(json: Buffer, name: string, pointer: string): unknown {
  try {
    return parseJson(json.toString().trim());
  } catch (cause) {
    if (!(cause instanceof JinduError)) throw cause;
    throw new JinduError(
      'validation_failed',
      `${name} is not valid JSON`,
      cause.errors.map((error) => ({ ...error, pointer })),
      { cause },
    );
  }
}

function rowOf(row: number, value: unknown, place: string): SentRow {
  return { row, value, place, faults: [], placeOf: (pointer) => pointer };
}

function noRows(): JinduError {
  return bodyError(
    'type',
    'must be an array of rows, or have the Content-Type text/csv or application/x-ndjson',
  );
}

function bodyError(code: string, message: string): JinduError {
  return new JinduError('validation_failed', `the body ${message}`, [{ pointer: '', code, message }]);
}
