/** Stands in a value for JSON that no value of JavaScript is written as, such as `1e400`. */
export class RawJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The value as JSON, {@link RawJson} as it is. Half surrogate pairs are escaped, so that the text can be encoded. */
export function jsonText(value: unknown): string {
  if (value instanceof RawJson) return value.text;
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const fields = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}:${jsonText(inner)}`);
    return `{${fields.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

/** Every place in the value, the whole first, each as the keys that lead there. */
export function placesIn(value: unknown, path: string[] = []): string[][] {
  if (value === null || typeof value !== 'object' || value instanceof RawJson) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...path, key]))];
}

/** The value with something else at a place; undefined takes away what is there. */
export function withAt(value: unknown, path: readonly string[], other: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return other;
  if (Array.isArray(value)) {
    const items = value.map((item, index) => (String(index) === key ? withAt(item, rest, other) : item));
    return items.filter((item) => item !== undefined);
  }
  const inner = withAt((value as Record<string, unknown>)[key], rest, other);
  const others = Object.entries(value as object).filter(([name]) => name !== key);
  return Object.fromEntries(inner === undefined ? others : [...others, [key, inner]]);
}

/** The value at a place. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((place, key) => (place as Record<string, unknown>)[key], value);
}
