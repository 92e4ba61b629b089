import Sqlite from 'better-sqlite3';
import Fastify from 'fastify';
import { type SentReport, writerOfSameRows } from './same-rows.ts';

/**
 * The limit that Jindu is held against: Fastify of the same version with nothing but routes and their schemas, over
 * prepared statements on a copy of the same file with the same pragmas. No token, no hooks, no rules, no record, no
 * roll-up: it finds or inserts the same rows and sends about as many bytes, column by column as they come from the
 * driver, which is the cheapest way there is.
 *
 * `node bench/bare.ts FILE single|grouped|sameRows`: whether each insert is committed by itself, or with those that came
 * in the same turn of the event loop, or so with all other rows that Jindu writes of a report.
 */
const [file = '', commits = 'single'] = process.argv.slice(2);

const database = new Sqlite(file);
for (const pragma of [
  'journal_mode = WAL',
  'synchronous = FULL',
  'foreign_keys = ON',
  'temp_store = MEMORY',
  'cache_size = -32768',
]) {
  database.pragma(pragma);
}
const app = Fastify();

// The plus keeps SQLite from planning the statement anew for every value, as Jindu's own connections do.
const progressColumns = columns(
  's.project_id s.kind s.status s.organization_id s.parent_id s.quantities s.progress_basis s.weight_basis s.start_date ' +
    's.end_date s.budget_currency s.own_qualifier s.own_stated s.own_as_of s.own_said_as_of s.newest_report_as_of s.basis ' +
    's.recent s.spent_currency s.spent_as_of s.as_of s.said_as_of s.finished_on s.sums s.done s.milestones s.baseline_basis ' +
    's.curve s.yellow_from s.red_from s.grey_from',
  's.own_percent_hundredths s.own_revision s.percent_fine s.low_fine s.high_fine s.coverage_fine s.is_approximate ' +
    's.is_unweighted s.spent_minor s.budget_minor s.weight_scaled s.is_assumed s.baseline_coverage_fine s.plan_revision',
);
const progressOf = database.prepare(
  `select ${progressColumns.list} from project_standings s where s.project_id = +?`,
);
app.get<{ Params: { id: string } }>(
  '/v1/projects/:id/progress',
  { schema: { response: { 200: progressColumns.schema } } },
  async (request) => progressOf.get(request.params.id),
);

const listColumns = columns(
  'p.id p.title p.description p.kind p.category p.status p.type p.sector p.organization_id ' +
    'p.parent_id p.start_date p.end_date p.budget_currency p.quantities p.weight_basis p.progress_basis p.tags ' +
    'p.created_at p.updated_at p.archived_at s.basis s.as_of',
  'p.budget_minor p.weight_scaled p.revision s.percent_fine s.low_fine s.high_fine',
);
const listOf = database.prepare(
  `select ${listColumns.list} from projects p join project_standings s on s.project_id = p.id where p.category = +? and p.archived_at is null order by p.id limit +?`,
);
app.get<{ Querystring: { category: string; limit: number } }>(
  '/v1/projects',
  {
    schema: {
      querystring: {
        type: 'object',
        properties: { category: { type: 'string' }, limit: { type: 'integer', default: 50 } },
      },
      response: {
        200: { type: 'object', properties: { items: { type: 'array', items: listColumns.schema } } },
      },
    },
  },
  async (request) => ({ items: listOf.all(request.query.category, request.query.limit) }),
);

const insert = database.prepare(
  `insert into reports (project_id, as_of, revision, percent_hundredths, qualifier, note, withdrawn, recorded_at, recorded_by)
   values (?, ?, 1, ?, 'exact', ?, 0, ?, 'bare')`,
);
app.put<{ Params: { id: string; asOf: string }; Body: { percent: number; note: string } }>(
  '/v1/projects/:id/reports/:asOf',
  {
    schema: {
      body: {
        type: 'object',
        required: ['percent'],
        properties: { percent: { type: 'number' }, note: { type: 'string' } },
      },
      response: {
        201: {
          type: 'object',
          properties: {
            ...{ projectId: { type: 'string' }, asOf: { type: 'string' }, percent: { type: 'number' } },
            ...{ note: { type: 'string' }, recordedAt: { type: 'string' }, recordedBy: { type: 'string' } },
          },
        },
      },
    },
  },
  async (request, reply) => {
    const { id, asOf } = request.params;
    const { percent, note } = request.body;
    const recordedAt = new Date().toISOString();
    const row: SentReport = [id, asOf, Math.round(percent * 100), note, recordedAt];
    if (commits === 'single') insert.run(row);
    else await inGroup(row);
    reply.code(201);
    return { projectId: id, asOf, percent, note, recordedAt, recordedBy: 'bare' };
  },
);

let waiting: { row: SentReport; resolve: () => void; reject: (error: unknown) => void }[] = [];
const insertAll = database.transaction(
  commits === 'sameRows'
    ? writerOfSameRows(database)
    : (rows: readonly SentReport[]) => {
        for (const row of rows) insert.run(row);
      },
);

function inGroup(row: SentReport): Promise<void> {
  if (waiting.length === 0) setImmediate(commitGroup);
  return new Promise((resolve, reject) => waiting.push({ row, resolve, reject }));
}

function commitGroup(): void {
  const group = waiting;
  waiting = [];
  try {
    insertAll.immediate(group.map(({ row }) => row));
    for (const { resolve } of group) resolve();
  } catch (error) {
    for (const { reject } of group) reject(error);
  }
}

/** What a query selects, under names without the table's, and what Fastify needs to know to write it. */
function columns(texts: string, numbers: string) {
  const properties = (names: string, type: string) =>
    Object.fromEntries(names.split(' ').map((name) => [name.slice(2), { type: [type, 'null'] }]));
  return {
    list: `${texts} ${numbers}`.replaceAll(' ', ', '),
    schema: {
      type: 'object',
      properties: { ...properties(texts, 'string'), ...properties(numbers, 'number') },
    },
  };
}

const address = await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${address}\n`);
