import { type HeldProject, type HeldReport, type Holdings, newestPercent } from './holdings.ts';
import { projectsOf } from './project-writes.ts';
import { corrected, created, type Effect, refused, unchanged, type Write } from './write.ts';

/** A report of a day, as it is sent. */
export interface Sent {
  percent: number;
  note: string | null;
  reason: string | null;
}

export function newReport(holdings: Holdings): Write | null {
  const project = aProject(holdings);
  if (project === null) return null;
  const asOf = dayAfter(project);
  const sent = risen(holdings, newestPercent(project));
  const request = { method: 'PUT', path: pathOf(project, asOf), body: sent };
  return { request, expected: created, again: unchanged, effects: [creation(project, asOf, sent)] };
}

/** Under a key. */
export function postedReport(holdings: Holdings): Write | null {
  const project = aProject(holdings);
  if (project === null) return null;
  const asOf = dayAfter(project);
  const sent = risen(holdings, newestPercent(project));
  const body = { asOf, ...sent };
  return {
    request: { method: 'POST', path: `/v1/projects/${project.id}/reports`, body, key: holdings.newWord() },
    expected: created,
    again: created,
    effects: [creation(project, asOf, sent)],
  };
}

/** With a reason, so that any figure may be said of any day. */
export function correction(holdings: Holdings): Write | null {
  const [project, report] = aReport(holdings, () => true);
  if (report === undefined) return null;
  const sent = revisedBy(holdings);
  const request = { method: 'PUT', path: pathOf(project, report.asOf), body: sent };
  return { request, expected: corrected, again: unchanged, effects: [revision(project, report, sent)] };
}

export function sameReport(holdings: Holdings): Write | null {
  const [project, report] = aReport(holdings, ({ withdrawn }) => !withdrawn);
  if (report === undefined) return null;
  const { asOf, percent, note, reason } = report;
  const request = { method: 'PUT', path: pathOf(project, asOf), body: { percent, note, reason } };
  return { request, expected: unchanged, again: unchanged, effects: [] };
}

export function withdrawal(holdings: Holdings): Write | null {
  const [project, report] = aReport(holdings, ({ withdrawn }) => !withdrawn);
  if (report === undefined) return null;
  const reason = holdings.newWord();
  const { asOf, percent, note } = report;
  const withdrawn: Effect = {
    subjectType: 'report',
    subjectId: `${project.id}/${asOf}`,
    action: 'withdrawn',
    after: { asOf, percent, note, reason, revision: report.revision + 1, withdrawn: true },
  };
  return {
    request: { method: 'DELETE', path: `${pathOf(project, asOf)}?reason=${reason}` },
    expected: { status: 200, verdict: 'withdrawn', code: null },
    again: unchanged,
    effects: [withdrawn],
  };
}

export function fallingReport(holdings: Holdings): Write | null {
  const project = aProject(holdings);
  if (project === null || newestPercent(project) === 0) return null;
  const body = { percent: 0, note: holdings.newWord() };
  return refused({ method: 'PUT', path: pathOf(project, dayAfter(project)), body }, 422, 'progress_falls');
}

export function futureReport(holdings: Holdings): Write | null {
  const project = aProject(holdings);
  if (project === null) return null;
  return refused(
    { method: 'PUT', path: pathOf(project, '2999-12-31'), body: { percent: 1 } },
    422,
    'future_date',
  );
}

export function reportWithUnknownField(holdings: Holdings): Write | null {
  const project = aProject(holdings);
  if (project === null) return null;
  const body = { percent: 100, percentage: 100 };
  return refused({ method: 'PUT', path: pathOf(project, dayAfter(project)), body }, 400, 'validation_failed');
}

export function reportOfNoProject(holdings: Holdings): Write {
  const path = `/v1/projects/${holdings.name}-nothing/reports/2020-01-01`;
  return refused({ method: 'PUT', path, body: { percent: 50 } }, 404, 'not_found');
}

export function keyUsedForSomethingElse(holdings: Holdings): Write | null {
  const earlier = holdings.oneOf(holdings.answered)?.write.request;
  if (earlier === undefined || !earlier.path.endsWith('/reports')) return null;
  const body = { asOf: '2020-01-01', percent: 50, note: holdings.newWord() };
  return refused({ ...earlier, body }, 422, 'idempotency_mismatch');
}

export function aProject(holdings: Holdings): HeldProject | null {
  return holdings.oneOf(projectsOf(holdings)) ?? null;
}

/** The day after the last of which something was said. */
export function dayAfter({ reports }: HeldProject, more = 0): string {
  const last = reports.at(-1)?.asOf ?? '1999-12-31';
  return new Date(Date.parse(last) + (1 + more) * 86_400_000).toISOString().slice(0, 10);
}

/** Not below `percent`, and not zero. */
export function risen(holdings: Holdings, percent: number): Sent {
  const hundredths = Math.min(10_000, Math.round(percent * 100) + holdings.upTo(20));
  return { percent: hundredths / 100, note: holdings.newWord(), reason: null };
}

export function revisedBy(holdings: Holdings): Sent {
  return { percent: holdings.upTo(10_000) / 100, note: holdings.newWord(), reason: '核实后更正' };
}

export function creation(project: HeldProject, asOf: string, sent: Sent): Effect {
  return effectOf(project, 'created', { asOf, ...sent, revision: 1, withdrawn: false });
}

export function revision(project: HeldProject, { asOf, revision }: HeldReport, sent: Sent): Effect {
  return effectOf(project, 'corrected', { asOf, ...sent, revision: revision + 1, withdrawn: false });
}

function effectOf({ id }: HeldProject, action: Effect['action'], after: HeldReport): Effect {
  return { subjectType: 'report', subjectId: `${id}/${after.asOf}`, action, after: { ...after } };
}

function aReport(
  holdings: Holdings,
  isWanted: (report: HeldReport) => boolean,
): [HeldProject, HeldReport] | [null, undefined] {
  const project = aProject(holdings);
  const report = holdings.oneOf(project?.reports.filter(isWanted) ?? []);
  return project === null || report === undefined ? [null, undefined] : [project, report];
}

function pathOf({ id }: HeldProject, asOf: string): string {
  return `/v1/projects/${id}/reports/${asOf}`;
}
