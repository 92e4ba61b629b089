import type Sqlite from 'better-sqlite3';

/** What comes with a request, in the order in which `bench/bare.ts` inserts it. */
export type SentReport = readonly [id: string, asOf: string, hundredths: number, note: string, at: string];

/**
 * Writes of a group of new reports the rows that Jindu writes of it, and nothing else: no rule, no sum, no check. The
 * report, its entry of the record, where its project stands, and once for the group where each one above it stands;
 * the values are made up, but as many and as long as Jindu's. It reads where each project stands, as Jindu does of one
 * that it has not seen lately, and knows what lies above from memory.
 *
 * So a server with it shows what of a report's time goes into its rows, however little is done beside.
 */
export function writerOfSameRows(database: Sqlite.Database): (reports: readonly SentReport[]) => void {
  const standingOf = database
    .prepare<[string], unknown[]>(
      `select ${standing}, ${own}, ${rolledUp} from project_standings where project_id = +?`,
    )
    .raw();
  const placeOf = database
    .prepare<[string], [string | null, string]>(
      'select parent_id, organization_id from project_standings where project_id = +?',
    )
    .raw();
  const addReport = insertion(
    'reports',
    'project_id, as_of, revision, percent_hundredths, qualifier, stated, quantities, spent_minor, spent_currency, note, reason, ' +
      'citation, withdrawn, recorded_at, recorded_by, superseded_at',
  );
  const addChange = insertion(
    'changes',
    'at, actor_token_id, actor_name, action, subject_type, subject_id, organization_id, reason, revision, before, after',
  );
  const setReported = change(`${standing}, ${own}`);
  const setRolledUp = change(`${standing}, ${rolledUp}`);
  const places = new Map<string, [string | null, string]>();

  return (reports) => {
    const above = new Map<string, SentReport>();
    for (const report of reports) {
      const [id, day, hundredths, note, at] = report;
      standingOf.get(id);
      const [parent, organization] = place(id);
      addReport.run([id, day, 1, hundredths, 'exact', ...nulls(4), note, ...nulls(2), 0, at, 'bare', null]);
      const actor = ['configured-admin', 'configured admin'];
      addChange.run([at, ...actor, 'created', 'report', `${id}/${day}`, organization, null, 1, ...nulls(2)]);
      setReported.run([
        ...standingAt(report, 'report'),
        ...[hundredths, 'exact', null, day, 1, null, day, day, null],
        ...[`2024-10-31 7500 2024-11-30 7700 2024-12-31 8200 ${day} ${hundredths}`, 12_000_000, 'CNY', day],
        id,
      ]);
      for (let up = parent; up !== null; up = place(up)[0]) above.set(up, report);
    }
    for (const [id, report] of above) {
      const [, day, hundredths] = report;
      const total = hundredths * 10_000_000;
      const sums = `10 0 0 0 10 10 ${total} ${total} ${total} 100000000000`;
      setRolledUp.run([...standingAt(report, 'children'), sums, day, day, null, id]);
    }
  };

  function place(id: string): [string | null, string] {
    let found = places.get(id);
    if (found === undefined) {
      found = placeOf.get(id) as [string | null, string];
      places.set(id, found);
    }
    return found;
  }

  function insertion(table: string, columns: string) {
    return database.prepare(`insert into ${table} (${columns}) values (${columns.replaceAll(/\w+/g, '?')})`);
  }

  function change(columns: string) {
    return database.prepare(
      `update project_standings set ${columns.replaceAll(/\w+/g, '$& = ?')} where project_id = +?`,
    );
  }
}

const standing =
  'percent_fine, low_fine, high_fine, is_approximate, coverage_fine, basis, as_of, said_as_of, finished_on, is_compared, ' +
  'yellow_from, red_from, grey_from';
const own =
  'own_percent_hundredths, own_qualifier, own_stated, own_as_of, own_revision, done, own_said_as_of, newest_report_as_of, ' +
  'own_done_since, recent, spent_minor, spent_currency, spent_as_of';
const rolledUp = 'sums, newest_child_as_of, newest_child_said_as_of, newest_child_finished_on';

function standingAt([, day, hundredths]: SentReport, basis: string): unknown[] {
  const fine = hundredths * 1_000_000;
  return [fine, fine, fine, 0, 10_000_000_000, basis, day, day, null, 1, '2026-03-20', null, null];
}

function nulls(count: number): null[] {
  return Array.from({ length: count }, () => null);
}
