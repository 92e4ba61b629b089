import { createReadStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import Sqlite from 'better-sqlite3';
import type { Answered } from './load.ts';
import { firstSilentDay } from './portfolio.ts';
import { LoadGenerator, type Server, secondsToFirstAnswer, startJindu, unlimited } from './processes.ts';
import { dayAfter, firstComponent, firstPart, type Grounds, type ScaleAskerName } from './scale-requests.ts';

/** One question, and with how many connections; `why` says what grows where something does, and then nothing is asked. */
interface Measure {
  title: string;
  connections: number;
  why?: string;
}

/** In the order in which they run: what writes comes last. */
export const scaleMeasures = {
  progress: {
    title: 'Progress of a random project',
    connections: 32,
    why: 'of ten thousand the answers are remembered; of so many more nearly each is counted anew',
  },
  progressThen: { title: 'Progress as of a past day, from the history', connections: 8 },
  byCategory: { title: 'List of 50 by category', connections: 8 },
  byStatus: { title: 'List of 50 by status', connections: 8 },
  byTag: { title: 'List of 50 by tag', connections: 8 },
  byOrganization: { title: 'List of an organization’s projects', connections: 8 },
  withinStreet: { title: 'List of 50 within a sub-district (1,000)', connections: 8 },
  withinCounty: {
    title: 'List of 50 within a county (10,000), by status',
    connections: 8,
    why: 'the county is gathered and put in order; in the small database it is all there is, and fifty are found at once',
  },
  byParent: { title: 'List of the projects of a programme', connections: 8 },
  searchChinese: { title: 'Search: a county’s name and a rare number, Chinese', connections: 8 },
  searchEnglish: { title: 'Search: a programme and a part of an id', connections: 8 },
  searchCommon: { title: 'Search: a word that every project has', connections: 8 },
  searchNothing: { title: 'Search: a word that none has', connections: 8 },
  wideProgress: { title: 'Progress of a programme with 10,000 children', connections: 32 },
  changesNewest: { title: 'Change feed, the newest page', connections: 8 },
  changesOfOrganization: { title: 'Change feed of an organization', connections: 8 },
  changesOfReport: { title: 'Change feed of a report', connections: 8 },
  changesOfProject: { title: 'Change feed of a project', connections: 8 },
  reports: { title: 'Report PUT, durable', connections: 32 },
  wideReports: { title: 'Report PUT below a programme with 10,000 children', connections: 32 },
} as const satisfies Record<ScaleAskerName, Measure>;

export interface ScaleConditions {
  /** The built server’s entry file. */
  main: string;
  /** Reports are written into both: of days of which nothing was said yet, so that the next run finds room as well. */
  small: { file: string; counties: number };
  large: { file: string; counties: number };
  chosen: readonly ScaleAskerName[];
  rounds: number;
  secondsPerRound: number;
  tell: (line: string) => void;
}

export interface ScaleFigure {
  measure: string;
  small: string;
  large: string;
  ratio: string;
  target: string;
  ok: boolean | null;
  why: string;
  /** All that was measured for it. */
  details: Record<string, unknown>;
}

/** Of each side before each measure: until most of what it runs is compiled. */
const warmUpSeconds = 5;
/** A large database may be so much slower than a small one. */
const target = 1.5;

/** Measures one database against the other, in turns, so that what else goes on in the machine falls on both alike. */
export async function measureScale(conditions: ScaleConditions): Promise<ScaleFigure[]> {
  const { main, small, large, tell } = conditions;
  await readThrough(small.file, large.file);
  const figures = [await start(conditions)];
  const load = new LoadGenerator();
  const sides = {
    small: { grounds: groundsOf(small), server: await startJindu(main, small.file, unlimited) },
    large: { grounds: groundsOf(large), server: await startJindu(main, large.file, unlimited) },
  };
  try {
    for (const name of conditions.chosen) {
      await readThrough(small.file, large.file);
      const figure = await measure(conditions, load, sides, name);
      tell(`${figure.measure}: ${figure.small}, ${figure.large}, ${figure.ratio}`);
      figures.push(figure);
    }
    figures.push(memory(sides.small.server, sides.large.server));
    return figures;
  } finally {
    load.stop();
    await Promise.all([sides.small.server.stop(), sides.large.server.stop()]);
  }
}

/**
 * So that the system has of them in its memory what has room there, as it has of files that have been served for a day.
 * Some systems give up again within minutes what nobody reads, however much memory is free, so it is done before each
 * measure.
 */
async function readThrough(...files: string[]): Promise<void> {
  for (const file of files) await finished(createReadStream(file, { highWaterMark: 1024 * 1024 }).resume());
}

/** What was measured in one turn of one side. */
interface Round extends Answered {
  /** What its process had to read from the disk, and what it had written to it, in bytes. */
  fromDisk: number;
  toDisk: number;
}

const nothing = { read: 0, written: 0 };

interface Side {
  grounds: Grounds;
  server: Server;
}

async function measure(
  { rounds, secondsPerRound }: ScaleConditions,
  load: LoadGenerator,
  sides: Record<'small' | 'large', Side>,
  name: ScaleAskerName,
): Promise<ScaleFigure> {
  const { title, connections, why = '' }: Measure = scaleMeasures[name];
  const round = async (side: 'small' | 'large', turn: number, seconds: number): Promise<Round> => {
    const { server, grounds } = sides[side];
    const before = server.disk() ?? nothing;
    const answered = await load.send({
      port: server.port,
      asker: { name, grounds },
      ...{ turn, connections, seconds },
    });
    assertAllGood(name, answered);
    const { read, written } = server.disk() ?? nothing;
    return { ...answered, fromDisk: read - before.read, toDisk: written - before.written };
  };
  for (const side of ['small', 'large'] as const) await round(side, 0, warmUpSeconds);
  const taken: Record<'small' | 'large', Round[]> = { small: [], large: [] };
  for (let turn = 1; turn <= rounds; turn += 1) {
    const order = turn % 2 === 1 ? (['small', 'large'] as const) : (['large', 'small'] as const);
    for (const side of order) taken[side].push(await round(side, turn, secondsPerRound));
  }
  const ratio = median(taken.small.map((one, i) => rateOf(one) / rateOf(taken.large[i] as Answered)));
  return {
    measure: `${title}, ${connections} connections`,
    small: shown(taken.small),
    large: shown(taken.large),
    ratio: ratio.toFixed(2),
    target: why === '' ? `≤ ${target}` : '',
    ok: why === '' ? ratio <= target : null,
    why,
    details: { ...taken },
  };
}

/** How soon after its start the server answers, its file in the memory of the system or not as it happens to be. */
async function start({ main, small, large }: ScaleConditions): Promise<ScaleFigure> {
  const path = `/v1/projects/${firstComponent}/progress`;
  const seconds: Record<'small' | 'large', number[]> = { small: [], large: [] };
  for (let i = 0; i < 5; i += 1) {
    seconds.small.push(await secondsToFirstAnswer(main, small.file, path));
    seconds.large.push(await secondsToFirstAnswer(main, large.file, path));
  }
  const ratio = median(seconds.large) / median(seconds.small);
  return {
    measure: 'Start to the first answer',
    small: `${median(seconds.small).toFixed(2)} s`,
    large: `${median(seconds.large).toFixed(2)} s`,
    ratio: ratio.toFixed(2),
    target: `≤ ${target}`,
    ok: ratio <= target,
    why: '',
    details: seconds,
  };
}

/** What the processes hold after all that was asked of them. */
function memory(small: Server, large: Server): ScaleFigure {
  const [one, other] = [small.memory()?.resident ?? Number.NaN, large.memory()?.resident ?? Number.NaN];
  return {
    measure: 'Memory (RSS) after all this',
    small: `${one.toFixed(0)} MB`,
    large: `${other.toFixed(0)} MB`,
    ratio: (other / one).toFixed(2),
    target: `≤ ${target}`,
    ok: other / one <= target,
    why: '',
    details: { small: small.memory(), large: large.memory() },
  };
}

/** From which day on the reports of this run may be sent: earlier runs have sent theirs of the days before. */
function groundsOf({ file, counties }: { file: string; counties: number }): Grounds {
  const database = new Sqlite(file, { readonly: true });
  const newest = database
    .prepare<[string], string>('select max(as_of) from reports where project_id = ?')
    .pluck();
  const firstFree = (projectId: string) => {
    const day = dayAfter(newest.get(projectId) ?? '', 1);
    return day < firstSilentDay ? firstSilentDay : day;
  };
  const grounds = {
    counties,
    firstDay: firstFree(firstComponent),
    firstDayOfWide: firstFree(firstPart),
  };
  database.close();
  return grounds;
}

/** A refusal is quick, and would pass for speed. */
function assertAllGood(name: ScaleAskerName, { statuses }: Answered): void {
  const bad = Object.keys(statuses).filter((status) => !/^20[01]$/.test(status));
  if (bad.length === 0) return;
  throw new Error(
    `${name}: not every request was answered well: ${JSON.stringify(statuses)}. If the days up to today are used up, remove bench/.cache/counties-*.`,
  );
}

function rateOf({ requests, seconds }: Answered): number {
  return requests / seconds;
}

function shown(rounds: readonly Round[]): string {
  const rate = median(rounds.map(rateOf));
  const p50 = median(rounds.map((round) => round.p50));
  const kibibytes = (bytes: 'fromDisk' | 'toDisk') =>
    median(rounds.map((round) => round[bytes] / round.requests / 1024));
  const said = `${rate < 10 ? rate.toFixed(1) : Math.round(rate).toLocaleString('en')}/s, p50 ${p50.toFixed(p50 < 10 ? 2 : 0)} ms`;
  const from =
    kibibytes('fromDisk') < 0.5 ? '' : `, ${kibibytes('fromDisk').toFixed(0)} KiB from the disk each`;
  const to = kibibytes('toDisk') < 0.5 ? '' : `, ${kibibytes('toDisk').toFixed(0)} KiB to it`;
  return `${said}${from}${to}`;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
