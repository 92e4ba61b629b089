import { type HeldProject, type Holdings, newestPercent } from './holdings.ts';
import { aProject, creation, dayAfter, revisedBy, revision, risen, type Sent } from './report-writes.ts';
import { type Effect, refused, type Write } from './write.ts';

type Row = { projectId: string; asOf: string } & Partial<Sent>;

const taken = { status: 200, verdict: null, code: null };
const smallRows = 12;
const largeRows = 300;

/** What the note of each row of a large batch goes on with: so it is taken in by a thread of its own. */
const longNote = '现场核查'.repeat(400);

/** All good, under a key or without one: sent again without a key, its rows say nothing new. */
export function goodBatch(holdings: Holdings): Write | null {
  const project = aProject(holdings);
  if (project === null) return null;
  const { rows, effects } = goodRows(holdings, project);
  const key = holdings.random() < 0.6 ? { key: holdings.newWord() } : {};
  const request = { method: 'POST', path: '/v1/report-batches?atomic=true', body: rows, ...key };
  return { request, expected: taken, again: taken, effects };
}

/** With one row that is refused, somewhere among many that are good. */
export function badBatch(holdings: Holdings): Write | null {
  const body = rowsWithABadOne(holdings)?.rows;
  if (body === undefined) return null;
  const key = holdings.newWord();
  return refused({ method: 'POST', path: '/v1/report-batches?atomic=true', body, key }, 422, 'unprocessable');
}

/** The same, of which the good ones are to be kept. */
export function halfGoodBatch(holdings: Holdings): Write | null {
  const made = rowsWithABadOne(holdings);
  if (made === null) return null;
  const { rows, effects } = made;
  const request = { method: 'POST', path: '/v1/report-batches?atomic=false', body: rows };
  return { request: { ...request, key: holdings.newWord() }, expected: taken, again: taken, effects };
}

function rowsWithABadOne(holdings: Holdings): { rows: Row[]; effects: Effect[] } | null {
  const project = aProject(holdings);
  if (project === null) return null;
  const { rows, effects } = goodRows(holdings, project);
  const bad = { projectId: `${holdings.name}-nothing`, asOf: '2020-01-01', percent: 50 };
  return { rows: rows.toSpliced(holdings.upTo(rows.length), 0, bad), effects };
}

/** New days that rise one after the other, and corrections of days that lie before the newest in force. */
function goodRows(holdings: Holdings, project: HeldProject): { rows: Row[]; effects: Effect[] } {
  const rows: Row[] = [];
  const effects: Effect[] = [];
  const isLarge = holdings.random() < 0.1;
  const count = isLarge ? largeRows / 2 + holdings.upTo(largeRows / 2) : holdings.upTo(smallRows);
  const open = project.reports.slice(
    0,
    Math.max(
      0,
      project.reports.findLastIndex(({ withdrawn }) => !withdrawn),
    ),
  );
  let percent = newestPercent(project);
  for (let days = 0; rows.length < count; ) {
    const [report] = holdings.random() < 0.3 ? open.splice(holdings.upTo(open.length) - 1, 1) : [];
    const sent = report === undefined ? risen(holdings, percent) : revisedBy(holdings);
    if (isLarge) sent.note = `${sent.note} ${longNote}`;
    const asOf = report?.asOf ?? dayAfter(project, days);
    rows.push({ projectId: project.id, asOf, ...sent });
    effects.push(report === undefined ? creation(project, asOf, sent) : revision(project, report, sent));
    if (report !== undefined) continue;
    percent = sent.percent;
    days += 1;
  }
  return { rows, effects };
}
