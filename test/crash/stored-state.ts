import { isDeepStrictEqual } from 'node:util';
import type { Place } from './place.ts';
import type { Entry } from './record.ts';
import { assertKept } from './violation.ts';

interface KnownRevision {
  percentHundredths: number;
  note: string | null;
  reason: string | null;
  withdrawn: boolean;
  recordedAt: string;
}

interface ReportRow {
  project_id: string;
  as_of: string;
  revision: number | string;
  percent_hundredths: number | string;
  note: string | null;
  reason: string | null;
  withdrawn: number | boolean;
  recorded_at: string;
  superseded_at: string | null;
}

interface ProjectRow {
  id: string;
  title: string;
  parent_id: string | null;
  revision: number | string;
  revisions: number | string;
  current: number | string;
}

/**
 * What the tables have to hold, as the record tells it: each revision of each report, each project in its place. It is
 * compared as a whole, so what is there beyond that is found as well as what is missing.
 */
export class StoredState {
  readonly #place: Place;
  /** By `<projectId>/<asOf>`, from the first revision on. */
  readonly #reports = new Map<string, KnownRevision[]>();
  readonly #projects = new Map<string, Record<string, unknown>>();
  /** What each report says now. */
  readonly newest = new Map<string, Record<string, unknown>>();

  constructor(place: Place) {
    this.#place = place;
  }

  /** Adds an entry, after holding it to follow from what was there before it. */
  take(entry: Entry): void {
    const { subjectType, subjectId, before, after } = entry;
    if (subjectType === 'project') {
      const known = this.#projects.get(subjectId);
      assertKept(
        (known?.revision ?? null) === (before?.revision ?? null),
        `the record of ${subjectId} goes on from revision ${String(known?.revision)}`,
        entry,
      );
      this.#projects.set(subjectId, after);
    }
    if (subjectType !== 'report') return;
    assertKept(
      isDeepStrictEqual(this.newest.get(subjectId) ?? null, before),
      `the record of ${subjectId} goes on from ${JSON.stringify(this.newest.get(subjectId))}`,
      entry,
    );
    assertKept(after.recordedAt === entry.at, `${subjectId} was recorded at ${entry.at}`, after);
    this.newest.set(subjectId, after);
    const revisions = this.#reports.get(subjectId) ?? [];
    this.#reports.set(subjectId, revisions);
    revisions.push({
      percentHundredths: Math.round((after.percent as number) * 100),
      note: after.note as string | null,
      reason: after.reason as string | null,
      withdrawn: after.withdrawn as boolean,
      recordedAt: after.recordedAt as string,
    });
    assertKept(after.revision === revisions.length, `${subjectId} has revision ${revisions.length}`, after);
  }

  /** Holds the tables to be exactly what the record tells. */
  async check(): Promise<void> {
    await this.#checkReports();
    await this.#checkProjects();
  }

  async #checkReports(): Promise<void> {
    const rows = await this.#place.rows<ReportRow>(
      `select project_id, as_of, revision, percent_hundredths, note, reason, withdrawn, recorded_at, superseded_at
       from reports`,
    );
    let count = 0;
    for (const revisions of this.#reports.values()) count += revisions.length;
    assertKept(
      rows.length === count,
      `there are ${count} revisions of reports, as in the record`,
      `${rows.length}`,
    );
    for (const row of rows) {
      const id = `${row.project_id}/${row.as_of}`;
      const known = this.#reports.get(id)?.[Number(row.revision) - 1];
      const next = this.#reports.get(id)?.[Number(row.revision)];
      assertKept(
        isDeepStrictEqual(known, {
          percentHundredths: Number(row.percent_hundredths),
          note: row.note,
          reason: row.reason,
          withdrawn: Boolean(row.withdrawn),
          recordedAt: row.recorded_at,
        }) && row.superseded_at === (next?.recordedAt ?? null),
        `${id} is stored as the record tells, ${JSON.stringify(known)}, until ${next?.recordedAt ?? 'now'}`,
        row,
      );
    }
  }

  async #checkProjects(): Promise<void> {
    const rows = await this.#place.rows<ProjectRow>(
      `select p.id, p.title, p.parent_id, p.revision, count(*) as revisions,
         sum(case when r.known_until is null then 1 else 0 end) as current
       from projects p join project_revisions r on r.project_id = p.id
       group by p.id, p.title, p.parent_id, p.revision`,
    );
    assertKept(
      rows.length === this.#projects.size,
      `there are ${this.#projects.size} projects`,
      `${rows.length}`,
    );
    for (const row of rows) {
      const known = this.#projects.get(row.id);
      assertKept(
        known?.title === row.title &&
          known?.parentId === row.parent_id &&
          known?.revision === Number(row.revision) &&
          known?.revision === Number(row.revisions) &&
          Number(row.current) === 1,
        `the project ${row.id} is stored as the record tells`,
        row,
      );
    }
  }
}
