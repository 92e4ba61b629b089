import * as drizzle from 'drizzle-orm';
import { Column, is, Param, Placeholder, SQL, Subquery } from 'drizzle-orm';

// Drizzle finds out anew on every run where each parameter comes from, and for every row of every answer what each of
// its fields is. For a query that is prepared once that costs more than the query. Here it is found out once.

/** A selected field: where it goes, and what it is (a column, SQL, or either of them by another name). */
export interface SelectedField {
  path: string[];
  field: unknown;
}

/** Makes what the driver is given of what the caller gives. */
export function parameterMapper(
  parameters: readonly unknown[],
): (values: Record<string, unknown>) => unknown[] {
  const sources = parameters.map(sourceOf);
  return (values) => {
    const given = new Array<unknown>(sources.length);
    for (let index = 0; index < sources.length; index += 1) {
      const source = sources[index] as ParameterSource;
      given[index] = source.name === null ? source.value : encoded(source, values);
    }
    return given;
  };
}

/** Makes what the caller gets of what the driver gives, where the fields lie side by side as well as in groups. */
export function rowMapper(
  fields: readonly SelectedField[],
  joinsNotNullable: Record<string, boolean> | undefined,
): (row: readonly unknown[]) => Record<string, unknown> {
  if (fields.some(({ path }) => path.length !== 1))
    return (row) => mapResultRow(fields, row, joinsNotNullable);
  const decoders = fields.map(({ field }) => decoderOf(field));
  const properties = fields.map(({ path }, index) => {
    const value = `row[${index}]`;
    const decoded = `${value} === null ? null : decoders[${index}].mapFromDriverValue(${value})`;
    return `${JSON.stringify(path[0])}: ${decoders[index] === null ? value : decoded}`;
  });
  // As it would be written by hand: objects that are made name by name in a loop cost several times as much.
  return new Function('decoders', `return (row) => ({ ${properties.join(', ')} });`)(decoders);
}

/** Drizzle's own, which its types do not show. */
const { mapResultRow } = drizzle as unknown as {
  mapResultRow(
    fields: readonly SelectedField[],
    row: readonly unknown[],
    joinsNotNullable?: Record<string, boolean>,
  ): Record<string, unknown>;
};

/** Known from the start, or given under a name and perhaps to be put in the column's own form. */
type ParameterSource =
  | { name: null; value: unknown }
  | { name: string; encoder: { mapToDriverValue(value: unknown): unknown } | null };

function sourceOf(parameter: unknown): ParameterSource {
  if (is(parameter, Placeholder)) return { name: parameter.name, encoder: null };
  if (is(parameter, Param) && is(parameter.value, Placeholder)) {
    return { name: parameter.value.name, encoder: parameter.encoder };
  }
  return { name: null, value: parameter };
}

function encoded(
  { name, encoder }: Exclude<ParameterSource, { name: null }>,
  values: Record<string, unknown>,
): unknown {
  if (!(name in values)) throw new Error(`No value for placeholder "${name}" was provided`);
  return encoder === null ? values[name] : encoder.mapToDriverValue(values[name]);
}

interface Decoder {
  mapFromDriverValue(value: unknown): unknown;
}

/** Null for a column that takes the driver's values as they are. */
function decoderOf(field: unknown): Decoder | null {
  if (is(field, Column))
    return field.mapFromDriverValue === Column.prototype.mapFromDriverValue ? null : field;
  if (is(field, SQL)) return (field as unknown as { decoder: Decoder }).decoder;
  if (is(field, Subquery)) return (field as unknown as { _: { sql: { decoder: Decoder } } })._.sql.decoder;
  return (field as { sql: { decoder: Decoder } }).sql.decoder;
}
