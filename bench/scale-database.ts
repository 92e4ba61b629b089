import Sqlite from 'better-sqlite3';
import { openDatabase, searchTerms } from '../src/database/index.ts';
import { markUpToDate, rebuildStandings } from '../src/features/progress/index.ts';
import { systemClock } from '../src/shared/clock.ts';
import { assertKeptAsCounted, buildThroughServices, cached, migrationsFolder } from './database.ts';
import { county, districtId, type Place, places, randomFrom, wideId, widePlaces } from './portfolio.ts';
import { countyNameOf, prefixOf } from './scale-requests.ts';

/**
 * The portfolio so many times over, under other names: a county for each 10,000 projects, and beside them the wide
 * programme, once. The portfolio itself is made through the functions that the routes call; a county is a copy of its
 * rows in which nothing differs but the names and the milliseconds. So every row is what the API would have stored, and
 * two sizes differ in nothing but the number of counties.
 *
 * Rows go in by the order of their primary keys, the record's in the order of time; the indexes are made afterwards.
 */
export async function countiesFile(counties: number, tell: (line: string) => void): Promise<string> {
  const template = await cached('template', ['database.ts'], async (file) => {
    tell('building 20,000 projects and 220,000 reports through the services, once (about two minutes)');
    await buildThroughServices(file, [...places(), ...widePlaces()]);
  });
  return await cached(`counties-${counties}`, ['database.ts', 'scale-database.ts'], async (file) => {
    tell(`building the database of ${counties} counties, once (about 8 seconds for each)`);
    const startedMs = performance.now();
    const database = await openDatabase({ file, migrationsFolder, clock: systemClock });
    await database.write(markUpToDate);
    await database.close();
    multiply(template, file, counties, tell);
    tell(
      `built in ${((performance.now() - startedMs) / 1000).toFixed(0)} s; holding samples against the history`,
    );
    await assertAsStored(file, counties);
  });
}

/**
 * Holds what is kept against what is counted from the history: for a sample of projects as clients see it, and to the
 * last column for all of some trees.
 * @throws Error where they differ
 */
async function assertAsStored(file: string, counties: number): Promise<void> {
  const random = randomFrom(counties);
  const sample: Pick<Place, 'id' | 'level'>[] = places()
    .filter(({ number }) => number === 0 || random() < 0.02)
    .map(({ id, level }) => ({ id: `${prefixOf(Math.floor(random() * counties))}${id}`, level }));
  await assertKeptAsCounted(file, 40, sample);
  const only = sample.filter(({ level }) => level === 0).map(({ id }) => id);
  const database = await openDatabase({ file, migrationsFolder, clock: systemClock });
  try {
    const { projects, differing } = await rebuildStandings(database, { repair: false, only });
    if (projects === 0 || differing.length > 0) throw new Error(`kept otherwise: ${differing.join(', ')}`);
  } finally {
    await database.close();
  }
}

const searchIndex = 'project_searches_index';
const once = ['applied_migrations', 'kept_state', 'tokens', 'idempotency_keys'];
const holdsIds = /^(id|project_id|parent_id|organization_id|ancestor_id|descendant_id|subject_id)$/;
const holdsWords = /^(title|description|search_text|before|after)$/;
const holdsInstants = /^(at|.*_at|known_from|known_until|before|after)$/;

function multiply(template: string, file: string, counties: number, tell: (line: string) => void): void {
  const database = new Sqlite(file);
  // From a write-ahead log there is no way to none but over another journal.
  for (const pragma of [
    'journal_mode = DELETE',
    'journal_mode = OFF',
    'synchronous = OFF',
    'foreign_keys = OFF',
  ])
    database.pragma(pragma);
  database.pragma('cache_size = -200000');
  database.exec(
    'create temp table counties (number integer primary key, prefix text, milliseconds text, name text)',
  );
  const addCounty = database.prepare('insert into counties values (?, ?, ?, ?)');
  for (let index = 0; index < counties; index += 1) {
    const milliseconds = `.${String(index).padStart(3, '0')}Z`;
    addCounty.run(index, prefixOf(index), milliseconds, countyNameOf(index));
  }
  database.function('terms_of', { deterministic: true }, (text) => searchTerms(text as string));
  database.prepare('attach ? as template').run(template);
  const every = (type: string) =>
    database
      .prepare<[string], { name: string; sql: string }>(
        `select name, sql from main.sqlite_schema where type = ? and sql is not null and name not like 'sqlite%' order by name desc`,
      )
      .all(type);
  const made = (type: string) => every(type).filter(({ name }) => !name.startsWith(searchIndex));
  const [indexes, triggers] = [made('index'), made('trigger')];
  for (const { name } of indexes) database.exec(`drop index ${name}`);
  for (const { name } of triggers) database.exec(`drop trigger ${name}`);
  // From the last name on: what is found is made of the projects, which are there by then.
  for (const { name } of made('table')) {
    const startedMs = performance.now();
    const { changes } = database.prepare(copyOfRows(database, name)).run();
    const seconds = (performance.now() - startedMs) / 1000;
    tell(`  ${name}: ${changes.toLocaleString('en')} rows in ${seconds.toFixed(0)} s`);
  }
  database.exec(`insert into ${searchIndex} (${searchIndex}) values ('rebuild')`);
  for (const { sql } of [...indexes, ...triggers]) database.exec(sql);
  database.pragma('journal_mode = WAL');
  database.close();
}

function copyOfRows(database: Sqlite.Database, table: string): string {
  if (table === 'project_searches')
    return `insert into main.${table} (subject_id, terms) select id, terms_of(search_text) from main.projects order by id`;
  if (once.includes(table)) return `insert or ignore into main.${table} select * from template.${table}`;
  const columns = database.pragma(`main.table_info(${table})`) as {
    name: string;
    type: string;
    pk: number;
  }[];
  const keys = columns.filter(({ pk }) => pk > 0).sort((one, other) => one.pk - other.pk);
  const isCounted = keys.length === 1 && keys[0]?.type.toLowerCase() === 'integer';
  const copied = isCounted ? columns.filter(({ pk }) => pk === 0) : columns;
  const names = copied.map(({ name }) => `"${name}"`).join(', ');
  const values = copied.map(({ name }) => renamed(name)).join(', ');
  const order = keys.map(({ name }) => `t."${name}"`).join(', ');
  // The wide programme is there once, in the first county.
  const ofWide =
    columns.find(({ name }) => /^(project_id|descendant_id|subject_id)$/.test(name))?.name ??
    columns.find(({ name }) => /^(id|organization_id)$/.test(name))?.name;
  const which = `c.number = 0 or t."${ofWide}" not glob '${wideId}*'`;
  const from = isCounted
    ? `template.${table} t cross join counties c where ${which} order by ${order}, c.number`
    : `counties c cross join template.${table} t where ${which} order by c.number, ${order}`;
  return `insert into main.${table} (${names}) select ${values} from ${from}`;
}

function renamed(column: string): string {
  let value = `t."${column}"`;
  if (holdsIds.test(column) || holdsWords.test(column)) {
    for (const start of ['programme-', 'street-', districtId])
      value = `replace(${value}, '${start}', c.prefix || '${start}')`;
  }
  if (holdsWords.test(column)) value = `replace(${value}, '${county}', c.name)`;
  if (holdsInstants.test(column)) value = `replace(${value}, '.000Z', c.milliseconds)`;
  return value;
}
