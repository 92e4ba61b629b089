/** One line of the table: what was seen, and the bound that it was held against; `ok` is null where there is none. */
export interface Figure {
  scenario: string;
  what: string;
  seen: string;
  bound: string;
  ok: boolean | null;
}

/** What one scenario has seen. Every figure is told at once, and kept for the table at the end. */
export class Figures {
  readonly all: Figure[] = [];
  readonly #scenario: string;
  readonly #tell: (line: string) => void;

  constructor(scenario: string, tell: (line: string) => void) {
    this.#scenario = scenario;
    this.#tell = tell;
  }

  note(what: string, seen: number | string, unit = ''): void {
    this.#add(what, shown(seen, unit), '', null);
  }

  atMost(what: string, seen: number, bound: number, unit = ''): void {
    this.#add(what, shown(seen, unit), `≤ ${shown(bound, unit)}`, seen <= bound);
  }

  /**
   * A time, held to a bound for a machine that does nothing else.
   * @param stretch how many times longer everything took, as it was measured meanwhile
   */
  within(what: string, seenMs: number, boundMs: number, stretch: number): void {
    const factor = stretch < 1.05 ? '' : ` × ${stretch.toFixed(1)}`;
    this.#add(what, shown(seenMs, 'ms'), `≤ ${shown(boundMs, 'ms')}${factor}`, seenMs <= boundMs * stretch);
  }

  is(what: string, seen: number | string, wanted: number | string): void {
    this.#add(what, shown(seen), `= ${shown(wanted)}`, seen === wanted);
  }

  #add(what: string, seen: string, bound: string, ok: boolean | null): void {
    this.all.push({ scenario: this.#scenario, what, seen, bound, ok });
    this.#tell(`  ${what}: ${seen}${bound === '' ? '' : ` (${bound}: ${ok ? 'yes' : 'NO'})`}`);
  }
}

/** All figures as a table of Markdown that also reads well in a terminal. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = [
    ['scenario', 'what', 'seen', 'bound', 'ok'],
    ...figures.map(({ scenario, what, seen, bound, ok }) => [
      ...[scenario, what, seen, bound],
      ok === null ? '' : ok ? 'yes' : 'NO',
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

/** The value that so large a share of the values do not exceed; 0 of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function shown(value: number | string, unit = ''): string {
  if (typeof value === 'string') return value;
  const digits = Number.isInteger(value) || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  const number = value.toLocaleString('en', { maximumFractionDigits: digits });
  return unit === '' ? number : `${number} ${unit}`;
}
