import { createHash, type Hash } from 'node:crypto';
import { reportSchemas } from '../../src/features/reports/index.ts';
import type { Place } from './place.ts';
import { assertKept } from './violation.ts';

/** One entry of the record of changes; of a report, with what the revisions say that it names. */
export interface Entry {
  sequence: number;
  at: string;
  action: string;
  subjectType: string;
  subjectId: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown>;
}

interface Row {
  sequence: number | string;
  at: string;
  action: string;
  subject_type: string;
  subject_id: string;
  revision: number | string | null;
  before: string | null;
  after: string | null;
}

const columns = 'sequence, at, action, subject_type, subject_id, revision, before, after';

/** A revision of a report, as it is stored. */
interface RevisionRow {
  project_id: string;
  as_of: string;
  revision: number | string;
  percent_hundredths: number | string;
  qualifier: 'exact';
  stated: string | null;
  note: string | null;
  reason: string | null;
  withdrawn: number | boolean;
  recorded_at: string;
  recorded_by: string;
}

type Revisions = ReadonlyMap<string, Record<string, unknown>>;

/** The record of changes, of which it remembers how far it was read, and a digest of that. */
export class RecordReader {
  readonly #place: Place;
  #last = 0;
  #digest: string = createHash('sha1').digest('hex');
  #newestAt = '';

  constructor(place: Place) {
    this.#place = place;
  }

  /** The entries since the last time, after holding those before to be what they were then, and in the order of time. */
  async newEntries(): Promise<Entry[]> {
    const rows = await this.#place.rows<Row>(`select ${columns} from changes order by sequence`);
    const revisions = await this.#revisions();
    const digest = createHash('sha1');
    const seen = rows.filter((row) => Number(row.sequence) <= this.#last);
    for (const row of seen) add(digest, row);
    const found = digest.copy().digest('hex');
    assertKept(
      found === this.#digest,
      `the record up to ${this.#last} is what it was`,
      `${seen.length} entries`,
    );
    const entries: Entry[] = [];
    for (const row of rows.slice(seen.length)) {
      add(digest, row);
      const entry = entryOf(row, revisions);
      assertKept(
        entry.at >= this.#newestAt,
        `the record runs forward in time, from ${this.#newestAt} on`,
        entry,
      );
      this.#newestAt = entry.at;
      this.#last = entry.sequence;
      entries.push(entry);
    }
    this.#digest = digest.digest('hex');
    return entries;
  }

  /** All of them as clients see them, by `<projectId>/<asOf>/<revision>`. */
  async #revisions(): Promise<Revisions> {
    const rows = await this.#place.rows<RevisionRow>(
      `select project_id, as_of, revision, percent_hundredths, qualifier, stated, note, reason, withdrawn,
         recorded_at, recorded_by
       from reports`,
    );
    return new Map(rows.map((row) => [`${row.project_id}/${row.as_of}/${row.revision}`, shapeOf(row)]));
  }
}

function shapeOf(row: RevisionRow): Record<string, unknown> {
  return reportSchemas.shapeOf({
    projectId: row.project_id,
    asOf: row.as_of,
    revision: Number(row.revision),
    percentHundredths: Number(row.percent_hundredths),
    qualifier: row.qualifier,
    stated: row.stated,
    quantities: [],
    spentMinor: null,
    spentCurrency: null,
    note: row.note,
    reason: row.reason,
    citation: null,
    withdrawn: Boolean(row.withdrawn),
    recordedAt: row.recorded_at,
    recordedBy: row.recorded_by,
    supersededAt: null,
  });
}

function add(digest: Hash, row: Row): void {
  digest.update(JSON.stringify(Object.values(row).map(String)));
}

function entryOf(row: Row, revisions: Revisions): Entry {
  const at = (revision: number) => revisions.get(`${row.subject_id}/${revision}`) ?? null;
  const told =
    row.revision === null
      ? {
          before: row.before === null ? null : JSON.parse(row.before),
          after: row.after === null ? {} : JSON.parse(row.after),
        }
      : { before: at(Number(row.revision) - 1), after: at(Number(row.revision)) ?? {} };
  return {
    sequence: Number(row.sequence),
    at: row.at,
    action: row.action,
    subjectType: row.subject_type,
    subjectId: row.subject_id,
    ...told,
  };
}
