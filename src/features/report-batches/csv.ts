import { pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CsvError, parse } from 'csv-parse';
import { withoutFormulaGuard } from '../../http/csv.ts';
import { slugPattern } from '../../http/schemas.ts';
import { nearest } from '../../http/validation.ts';
import { type FieldError, JinduError } from '../../shared/errors.ts';
import { assertRoom, type SentRow } from './batch.ts';

/** How a cell is read, and at which place of a row it belongs. */
interface Column {
  name: string;
  kind: 'word' | 'text' | 'day' | 'number' | 'percent';
  path: readonly [string] | readonly [string, string];
}

const known: readonly Column[] = [
  { name: 'projectId', kind: 'word', path: ['projectId'] },
  { name: 'asOf', kind: 'day', path: ['asOf'] },
  { name: 'stated', kind: 'text', path: ['stated'] },
  { name: 'percent', kind: 'percent', path: ['percent'] },
  { name: 'qualifier', kind: 'word', path: ['qualifier'] },
  { name: 'note', kind: 'text', path: ['note'] },
  { name: 'reason', kind: 'text', path: ['reason'] },
  { name: 'spent.amount', kind: 'number', path: ['spent', 'amount'] },
  { name: 'spent.currency', kind: 'word', path: ['spent', 'currency'] },
  { name: 'citation.title', kind: 'text', path: ['citation', 'title'] },
  { name: 'citation.url', kind: 'word', path: ['citation', 'url'] },
  { name: 'citation.quote', kind: 'text', path: ['citation', 'quote'] },
];

const quantityPrefix = 'quantity:';
const slug = new RegExp(slugPattern);

/** What a cell of a spreadsheet can hold; the fields themselves take less. */
const longestCell = 32_767;

/** In bytes. A quotation mark that is never closed would make one record of all that follows. */
const longestRecord = 256 * 1024;

const pieceBytes = 32 * 1024;

/**
 * The rows of a CSV with a header line. Cells are separated by commas, or, where the header has none, by tabs or
 * semicolons. An empty cell says nothing; an empty line is none. Lines are counted as a spreadsheet counts them: a line
 * break inside of a cell begins no new one.
 * @throws JinduError `validation_failed` naming line and column, `payload_too_large`
 */
export async function csvRows(bytes: Buffer): Promise<SentRow[]> {
  const rows: SentRow[] = [];
  let columns: (Column | null)[] | undefined;
  let line = 0;
  const parser = parse({
    delimiter: separatorOf(bytes),
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    max_record_size: longestRecord,
    on_record: (cells: string[]) => {
      line += 1;
      if (columns === undefined) columns = columnsOf(cells);
      else if (cells.some((cell) => cell.trim() !== '')) {
        assertRoom(rows.length + 1);
        rows.push(rowOf(line, columns, cells));
      }
      return null;
    },
  });
  try {
    await pipeline(piecesOf(bytes), parser);
  } catch (error) {
    throw error instanceof CsvError ? unreadable(error, line + 1, columns ?? []) : error;
  }
  if (columns === undefined) columnsOf([]);
  return rows;
}

/** A piece in each turn of the event loop, so that others have theirs. */
async function* piecesOf(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += pieceBytes) {
    yield bytes.subarray(from, from + pieceBytes);
    await nextTurn();
  }
}

function separatorOf(bytes: Buffer): string {
  const header = /^[^\r\n]*/.exec(bytes.toString('latin1', 0, pieceBytes))?.[0] ?? '';
  return [',', '\t', ';'].find((separator) => header.includes(separator)) ?? ',';
}

/** The columns that the header names; null for one without a name. */
function columnsOf(header: readonly string[]): (Column | null)[] {
  const names = header.map((name) => name.trim());
  const errors: FieldError[] = [];
  const columns = names.map((name, index) => {
    if (name === '') return null;
    const column = columnNamed(name);
    if (column === null)
      errors.push({ pointer: `line:1/${name}`, code: 'unknown_column', message: unknownColumn(name) });
    else if (names.indexOf(name) !== index) {
      errors.push({ pointer: `line:1/${name}`, code: 'repeated', message: 'must be there once' });
    }
    return column;
  });
  for (const name of ['projectId', 'asOf']) {
    if (!names.includes(name))
      errors.push({
        pointer: `line:1/${name}`,
        code: 'missing_column',
        message: 'is required: the column is missing',
      });
  }
  const [first] = errors;
  if (first === undefined) return columns;
  const rest = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  throw new JinduError(
    'validation_failed',
    `line 1, column ${first.pointer.slice('line:1/'.length)}: ${first.message}${rest}`,
    errors.slice(0, 50),
  );
}

function columnNamed(name: string): Column | null {
  if (!name.startsWith(quantityPrefix)) return known.find((column) => column.name === name) ?? null;
  const code = name.slice(quantityPrefix.length);
  return slug.test(code) ? { name, kind: 'number', path: ['quantities', code] } : null;
}

function unknownColumn(name: string): string {
  const serverMade = ['low', 'high', 'revision', 'recordedAt', 'recordedBy', 'withdrawn'];
  if (serverMade.includes(name)) return 'is made by the server: leave the column out';
  if (name.startsWith(quantityPrefix))
    return 'must be quantity: and the code of a quantity, such as quantity:households';
  return `is not a known column${nearest(name, [...known.map((column) => column.name), 'quantity:households'])}`;
}

function rowOf(line: number, columns: readonly (Column | null)[], cells: readonly string[]): SentRow {
  const value: Record<string, unknown> = {};
  const faults: FieldError[] = [];
  const placed: { pointer: string; name: string }[] = [];
  for (const [index, written] of cells.entries()) {
    if (written.trim() === '') continue;
    const column = columns[index];
    const name = column?.name ?? `${index + 1}`;
    assertReadable(written, line, name);
    if (column === undefined || column === null) {
      throw faultyCell(
        line,
        name,
        'unknown_column',
        'has no name in the header; a text that contains the separator needs quotation marks around it',
      );
    }
    const cell = withoutFormulaGuard(written);
    const { said, fault } = readCell(column.kind, cell);
    const pointer = put(value, column.path, said);
    placed.push({ pointer, name });
    if (fault !== undefined) faults.push({ pointer, code: 'type', message: fault });
  }
  return { row: line, value, place: `line:${line}`, faults, placeOf: (pointer) => placeIn(placed, pointer) };
}

function assertReadable(cell: string, line: number, name: string): void {
  if (cell.length > longestCell)
    throw faultyCell(line, name, 'maxLength', `must have at most ${longestCell} characters`);
  if (cell.includes('\u0000')) throw faultyCell(line, name, 'text', 'must not contain the NUL character');
}

/** What a cell says, and what is wrong with it; a cell that is wrong is left as the text it is. */
function readCell(kind: Column['kind'], cell: string): { said: unknown; fault?: string } {
  if (kind === 'text') return { said: cell };
  const trimmed = cell.trim();
  if (kind === 'word') return { said: trimmed };
  if (kind === 'day') return { said: dayIn(trimmed) };
  const written = kind === 'percent' ? trimmed.replace(/\s*[%％]$/, '') : trimmed;
  if (/^-?\d+(?:\.\d+)?$/.test(written)) return { said: Number(written) };
  const given = JSON.stringify(trimmed.length > 40 ? `${trimmed.slice(0, 40)}…` : trimmed);
  return {
    said: trimmed,
    fault:
      kind === 'percent'
        ? `must be a number, not ${given}: what is said in words, such as 85%以上, belongs in the column stated`
        : `must be a number written out in digits, such as 1290000.50, not ${given}`,
  };
}

/** Days as spreadsheets write them: 2023-06-30, 2023/6/30, 2023年6月30日. Anything else is left as it is. */
function dayIn(text: string): string {
  const [, year, month = '', day = ''] =
    /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text) ??
    /^(\d{4})\/(\d{1,2})\/(\d{1,2})$/.exec(text) ??
    /^(\d{4})年(\d{1,2})月(\d{1,2})日$/.exec(text) ??
    [];
  return year === undefined ? text : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

/** Puts what a cell says into the row, and answers where. */
function put(value: Record<string, unknown>, [first, second]: Column['path'], said: unknown): string {
  if (second === undefined) {
    value[first] = said;
    return `/${first}`;
  }
  if (first === 'quantities') {
    const quantities = (value.quantities ?? []) as object[];
    value.quantities = quantities;
    quantities.push({ code: second, value: said });
    return `/quantities/${quantities.length - 1}/value`;
  }
  value[first] = { ...(value[first] as object | undefined), [second]: said };
  return `/${first}/${second}`;
}

/** The column that is spoken of, for a pointer into the row's value. */
function placeIn(placed: readonly { pointer: string; name: string }[], pointer: string): string {
  const ownPlace = placed.find(
    (place) => place.pointer === pointer || place.pointer.replace(/value$/, 'code') === pointer,
  );
  if (ownPlace !== undefined) return `/${ownPlace.name}`;
  return pointer.replace(/^\/(spent|citation)\//, '/$1.');
}

function unreadable(error: CsvError, line: number, columns: readonly (Column | null)[]): JinduError {
  const index = Number(error.column);
  const name = columns[index]?.name ?? `${index + 1}`;
  const isTooLong = error.code === 'CSV_MAX_RECORD_SIZE';
  const message = isTooLong
    ? 'is far too long: a quotation mark before it is not closed'
    : 'has a quotation mark out of place: a cell that contains one is put in quotation marks and has it twice';
  return faultyCell(line, name, isTooLong ? 'maxLength' : 'quote', message);
}

function faultyCell(line: number, name: string, code: string, message: string): JinduError {
  return new JinduError('validation_failed', `line ${line}, column ${name} ${message}`, [
    { pointer: `line:${line}/${name}`, code, message },
  ]);
}
