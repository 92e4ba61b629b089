/** A row by the names that its table has for its columns in TypeScript. */
export type GatheredRow = Readonly<Record<string, unknown>>;

/** How rows of one kind are written: new ones, or those columns of old ones that their key finds. */
export interface GatheredKind {
  readonly table: string;
  /** Null: the rows are new. */
  readonly key: GatheredColumn | null;
  /** Those that are written, without the key of old ones. */
  readonly columns: readonly GatheredColumn[];
}

export interface GatheredColumn {
  /** Of the row, where its value is. */
  readonly property: string;
  readonly name: string;
  /** As the engine names it. */
  readonly type: string;
  /** Puts a value in the form that the engine takes. */
  encode(value: unknown): unknown;
}

/** Where rows wait until they go to the database. */
export interface Gathering {
  gather(kind: GatheredKind, row: GatheredRow): Promise<void>;
}

/** So many are written while nobody else has a turn. */
const atMost = 256;

/**
 * Rows that the works of one group have written and that have not gone to the database yet. They go before any other
 * statement on the same connection, before the commit, and once there are many, so nobody can tell but by the time: what
 * many works add goes together, and a row that they all change, such as the programme above all that is reported, is
 * written once.
 */
export class GatheredRows<Sent> {
  /** Made anew whenever it is emptied: a map that is cleared instead has what it held grow old. */
  #rows = new Map<GatheredKind, Map<unknown, GatheredRow>>();
  readonly #send: (kind: GatheredKind, rows: readonly GatheredRow[]) => Sent;
  #added = 0;

  /** @param send writes rows of one kind, each with a key of its own */
  constructor(send: (kind: GatheredKind, rows: readonly GatheredRow[]) => Sent) {
    this.#send = send;
  }

  get isEmpty(): boolean {
    return this.#added === 0;
  }

  /** Takes a row in. Returns what sending gave, where those before it must go first, or all of them now. */
  add(kind: GatheredKind, row: GatheredRow): Sent[] {
    const sent = this.#isPendingOtherwise(kind, row) ? this.send() : none;
    let rows = this.#rows.get(kind);
    if (rows === undefined) {
      rows = new Map();
      this.#rows.set(kind, rows);
    }
    rows.set(kind.key === null ? rows.size : row[kind.key.property], row);
    this.#added += 1;
    return this.#added < atMost ? sent : [...sent, ...this.send()];
  }

  /** Sends all that waits, and forgets it. */
  send(): Sent[] {
    if (this.isEmpty) return none;
    this.#added = 0;
    const waiting = [...this.#rows].map(([kind, rows]) => [kind, [...rows.values()]] as const);
    this.#rows = new Map();
    return waiting.map(([kind, rows]) => this.#send(kind, rows));
  }

  /** Forgets what waits: the transaction is undone. */
  drop(): void {
    if (this.isEmpty) return;
    this.#added = 0;
    this.#rows = new Map();
  }

  /** Whether what waits may be the same row, written in another way: then the two must not change places. */
  #isPendingOtherwise(kind: GatheredKind, row: GatheredRow): boolean {
    if (this.isEmpty) return false;
    for (const [other, rows] of this.#rows) {
      if (other !== kind && other.table === kind.table && mayMeet(kind, row, other, rows)) return true;
    }
    return false;
  }
}

function mayMeet(
  { key }: GatheredKind,
  row: GatheredRow,
  other: GatheredKind,
  rows: ReadonlyMap<unknown, GatheredRow>,
): boolean {
  if (key === null || other.key === null || key.property !== other.key.property) return true;
  return rows.has(row[key.property]);
}

const none: never[] = [];
