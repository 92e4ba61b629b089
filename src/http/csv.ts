import { stringify } from 'csv-stringify/sync';
import { preferred } from './negotiation.ts';

/** Whether `Accept` asks for CSV rather than JSON. */
export function prefersCsv(accept: string | undefined): boolean {
  return accept !== undefined && preferred(accept, ['application/json', 'text/csv']) === 'text/csv';
}

/**
 * The items as CSV: a column for each field of the schema, nested objects as `period.startDate`, lists joined by `;`,
 * anything deeper as JSON. Begins with a byte-order mark, without which Excel reads Chinese as noise.
 * @param componentOf the schema that a `$ref` names
 */
export function csvOf(
  schema: { properties: Record<string, unknown> },
  items: readonly object[],
  componentOf: (id: string) => unknown,
): string {
  const columns = columnsOf(schema, '', componentOf);
  const rows = items.map((item) => columns.map((column) => cellOf(valueAt(item, column))));
  // Left to itself, it quotes only the line breaks that end its own records.
  return stringify([columns, ...rows], { bom: true, record_delimiter: 'windows', quoted_match: /[\r\n]/ });
}

interface ColumnSchema {
  $ref?: string;
  properties?: Record<string, unknown>;
  anyOf?: ColumnSchema[];
}

function columnsOf(schema: ColumnSchema, prefix: string, componentOf: (id: string) => unknown): string[] {
  const resolved = (inner: ColumnSchema) =>
    inner.$ref === undefined ? inner : (componentOf(inner.$ref) as ColumnSchema);
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    const property = inner as ColumnSchema;
    const nested = [property, ...(property.anyOf ?? [])]
      .map(resolved)
      .find((branch) => branch.properties !== undefined);
    return nested === undefined ? [`${prefix}${name}`] : columnsOf(nested, `${prefix}${name}.`, componentOf);
  });
}

function valueAt(item: object, column: string): unknown {
  let value: unknown = item;
  for (const name of column.split('.')) value = (value as Record<string, unknown> | null | undefined)?.[name];
  return value;
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return harmless(value);
  if (Array.isArray(value) && value.every((inner) => typeof inner !== 'object'))
    return harmless(value.join(';'));
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A spreadsheet runs a text that begins like a formula; an apostrophe before it makes it text again. */
function harmless(text: string): string {
  return /^'*[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

/** The text of a cell of ours that may have been given such an apostrophe. */
export function withoutFormulaGuard(cell: string): string {
  return /^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}
