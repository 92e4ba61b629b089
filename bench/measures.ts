import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { millisecondsOfCurves } from './curves.ts';
import { copyOf } from './database.ts';
import type { Answered } from './load.ts';
import {
  type BareCommits,
  LoadGenerator,
  type Server,
  secondsToFirstAnswer,
  startBare,
  startJindu,
  startOneByOne,
  unlimited,
  warmUpSeconds,
} from './processes.ts';
import type { AskerName } from './requests.ts';

export interface Conditions {
  /** The built server's entry file. */
  main: string;
  /** The portfolio's database; it is copied, never written. */
  portfolio: string;
  rounds: number;
  secondsPerRound: number;
  secondsOfMixedLoad: number;
  tell: (line: string) => void;
}

/** One line of the result: `target` says in words what `ok` was decided by; null where nothing is asked. */
export interface Figure {
  measure: string;
  bare: string;
  jindu: string;
  ratio: string;
  target: string;
  ok: boolean | null;
  /** All that was measured for it. */
  details: Record<string, unknown>;
}

export type MeasureName = keyof typeof measures;

/** In the order in which they run. Each starts its own servers on its own copies. */
export const measures = { progress, reports, list, curve, memory, start } as const;

const connections = 32;

/** Reading where one project stands, to its plan and in money too. */
async function progress(conditions: Conditions): Promise<Figure[]> {
  return await reading(
    conditions,
    'progress',
    'Progress read with schedule and cost, 32 connections',
    [0.6, 0.75],
  );
}

/** Reading a list of fifty. */
async function list(conditions: Conditions): Promise<Figure[]> {
  return await reading(conditions, 'list', 'List of 50 with a filter, 32 connections', [0.6]);
}

/** The S-curve of a hundred reports, from the request to the picture, in one process and one at a time. */
async function curve({ portfolio, rounds }: Conditions): Promise<Figure[]> {
  const milliseconds = await millisecondsOfCurves(portfolio, 100, 20 * rounds);
  const middle = median(milliseconds);
  return [
    {
      measure: 'S-curve of 100 points, in process, median',
      bare: '',
      jindu: `${middle.toFixed(2)} ms`,
      ratio: '',
      target: '< 5 ms',
      ok: middle < 5,
      details: { milliseconds: { median: middle, most: Math.max(...milliseconds) } },
    },
  ];
}

async function reading(
  conditions: Conditions,
  asker: AskerName,
  title: string,
  [target, next]: readonly [number, number?],
): Promise<Figure[]> {
  await using bench = new Bench(conditions);
  const sides = {
    bare: await bench.bare('single'),
    jindu: await bench.jindu(unlimited),
    limited: await bench.jindu(limitsNobodyReaches),
  };
  const rounds = await bench.alternate(asker, sides);
  const [bare, jindu, limited] = [summary(rounds.bare), summary(rounds.jindu), summary(rounds.limited)];
  const ratio = medianOfPairs(rounds.jindu, rounds.bare);
  const details = { bare, jindu };
  const figures: Figure[] = [
    {
      measure: title,
      bare: perSecond(bare),
      jindu: perSecond(jindu),
      ratio: ratio.toFixed(2),
      target: `≥ ${target}`,
      ok: ratio >= target,
      details,
    },
  ];
  if (next !== undefined) {
    figures.push({
      measure: '… held to the next bar',
      bare: perSecond(bare),
      jindu: perSecond(jindu),
      ratio: ratio.toFixed(2),
      target: `≥ ${next}`,
      ok: ratio >= next,
      details: {},
    });
  }
  const limitedRatio = medianOfPairs(rounds.limited, rounds.bare);
  figures.push({
    measure: '… with rate limits and load shedding on',
    bare: perSecond(bare),
    jindu: perSecond(limited),
    ratio: limitedRatio.toFixed(2),
    target: '',
    ok: null,
    details: { limited },
  });
  return figures;
}

/** Taking in new reports, each on the disk before it is answered. */
async function reports(conditions: Conditions): Promise<Figure[]> {
  await using bench = new Bench(conditions);
  const sides = {
    single: await bench.bare('single'),
    grouped: await bench.bare('grouped'),
    sameRows: await bench.bare('sameRows'),
    oneByOne: await bench.oneByOne(unlimited),
    jindu: await bench.jindu(unlimited),
    limited: await bench.jindu(limitsNobodyReaches),
  };
  const rounds = await bench.alternate('reports', sides);
  const [single, grouped, sameRows] = [
    summary(rounds.single),
    summary(rounds.grouped),
    summary(rounds.sameRows),
  ];
  const [jindu, limited] = [summary(rounds.jindu), summary(rounds.limited)];
  const overSingle = medianOfPairs(rounds.jindu, rounds.single);
  const oneByOne = summary(rounds.oneByOne);
  const overOneByOne = medianOfPairs(rounds.jindu, rounds.oneByOne);
  const overGrouped = medianOfPairs(rounds.jindu, rounds.grouped);
  const overSameRows = medianOfPairs(rounds.jindu, rounds.sameRows);
  const limitedOverSingle = medianOfPairs(rounds.limited, rounds.single);
  return [
    {
      measure: 'Report PUT, durable, 32 connections; bare: the same with one commit each',
      bare: perSecond(oneByOne),
      jindu: perSecond(jindu),
      ratio: overOneByOne.toFixed(2),
      target: '≥ 3',
      ok: overOneByOne >= 3,
      details: { oneByOne, single, grouped, sameRows, jindu },
    },
    {
      measure: '… bare: a mere insert with one commit each',
      bare: perSecond(single),
      jindu: perSecond(jindu),
      ratio: overSingle.toFixed(2),
      target: '≥ 3',
      ok: overSingle >= 3,
      details: {},
    },
    {
      measure: '… next bar; bare: commits in groups',
      bare: perSecond(grouped),
      jindu: perSecond(jindu),
      ratio: overGrouped.toFixed(2),
      target: '≥ 0.5 or ≥ 8,000/s',
      ok: overGrouped >= 0.5 || jindu.perSecond >= 8_000,
      details: {},
    },
    {
      measure: '… bare: the rows that Jindu writes of it and nothing else, in groups',
      bare: perSecond(sameRows),
      jindu: perSecond(jindu),
      ratio: overSameRows.toFixed(2),
      target: '',
      ok: null,
      details: {},
    },
    {
      measure: '… with rate limits and load shedding on',
      bare: perSecond(single),
      jindu: perSecond(limited),
      ratio: limitedOverSingle.toFixed(2),
      target: '',
      ok: null,
      details: { limited },
    },
  ];
}

/** What the process holds after mixed load. */
async function memory(conditions: Conditions): Promise<Figure[]> {
  await using bench = new Bench(conditions);
  const server = await bench.jindu(unlimited);
  const idle = server.memory();
  const seconds = conditions.secondsOfMixedLoad;
  const answered = await bench.load.send({
    port: server.port,
    asker: 'mixed',
    turn: 1,
    connections,
    seconds,
  });
  assertAllGood(answered);
  const after = server.memory();
  if (after === null || idle === null) {
    conditions.tell('memory: this system does not tell');
    return [];
  }
  return [
    {
      measure: `Memory (RSS) after ${seconds} s of mixed load`,
      bare: '',
      jindu: `${after.resident.toFixed(0)} MB`,
      ratio: '',
      target: '< 200 MB',
      ok: after.resident < 200,
      details: { idle, after, answered },
    },
  ];
}

/** How soon after its start the server answers. */
async function start(conditions: Conditions): Promise<Figure[]> {
  await using bench = new Bench(conditions);
  const file = bench.copy();
  const seconds: number[] = [];
  for (let i = 0; i < conditions.rounds + 1; i += 1) {
    seconds.push(await secondsToFirstAnswer(conditions.main, file, '/v1/projects/programme-042/progress'));
  }
  const warm = seconds.slice(1);
  const middle = median(warm);
  return [
    {
      measure: 'Start to the first answer, ready database',
      bare: '',
      jindu: `${middle.toFixed(2)} s`,
      ratio: '',
      target: '< 1 s',
      ok: middle < 1,
      details: { seconds },
    },
  ];
}

/** Counting as in production, but so far up that no measure is refused. */
const limitsNobodyReaches = {
  JINDU_RATE_LIMIT_PER_TOKEN: '10000000',
  JINDU_RATE_LIMIT_PER_ADDRESS: '10000000',
};

/** What was measured in one turn of one side. */
interface Round extends Answered {
  perSecond: number;
  /** Processor time of the server for each request, in microseconds. */
  cpuPerRequest: number | null;
}

/** The servers, the load and the files of one measure; all of it is gone when it is disposed of. */
class Bench implements AsyncDisposable {
  readonly load = new LoadGenerator();
  readonly #conditions: Conditions;
  readonly #folder = mkdtempSync(join(tmpdir(), 'jindu-bench-'));
  readonly #servers: Server[] = [];
  #files = 0;

  constructor(conditions: Conditions) {
    this.#conditions = conditions;
  }

  copy(): string {
    this.#files += 1;
    return copyOf(this.#conditions.portfolio, join(this.#folder, `${this.#files}.db`));
  }

  async bare(commits: BareCommits): Promise<Server> {
    return this.#keep(await startBare(this.copy(), commits));
  }

  async jindu(settings: Record<string, string>): Promise<Server> {
    return this.#keep(await startJindu(this.#conditions.main, this.copy(), settings));
  }

  /** Jindu with a commit for each change. */
  async oneByOne(settings: Record<string, string>): Promise<Server> {
    return this.#keep(await startOneByOne(this.copy(), settings));
  }

  /**
   * Loads the sides in turn, A B A B, so that what else goes on in the machine falls on all of them alike, after
   * a while in which each is only warmed up.
   */
  async alternate<Side extends string>(
    asker: AskerName,
    sides: Record<Side, Server>,
  ): Promise<Record<Side, Round[]>> {
    const { rounds, secondsPerRound, tell } = this.#conditions;
    const names = Object.keys(sides) as Side[];
    const taken = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Side, Round[]>;
    for (const name of names) await this.#round(sides[name], asker, 0, warmUpSeconds);
    for (let turn = 1; turn <= rounds; turn += 1) {
      // Forth and back, so that neither always comes after the other.
      for (const name of turn % 2 === 1 ? names : names.toReversed()) {
        taken[name].push(await this.#round(sides[name], asker, turn, secondsPerRound));
      }
      const speeds = names.map((name) => `${name} ${perSecond(taken[name].at(-1) as Round)}`);
      tell(`${asker} ${turn}/${rounds}: ${speeds.join(', ')}`);
    }
    return taken;
  }

  async #round(server: Server, asker: AskerName, turn: number, seconds: number): Promise<Round> {
    const before = server.cpuSeconds();
    const answered = await this.load.send({ port: server.port, asker, turn, connections, seconds });
    const after = server.cpuSeconds();
    assertAllGood(answered);
    return {
      ...answered,
      perSecond: answered.requests / answered.seconds,
      cpuPerRequest: before === null || after === null ? null : ((after - before) * 1e6) / answered.requests,
    };
  }

  #keep(server: Server): Server {
    this.#servers.push(server);
    return server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.load.stop();
    await Promise.all(this.#servers.map((server) => server.stop()));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A refusal is quick, and would pass for speed. */
function assertAllGood({ statuses }: Answered): void {
  const bad = Object.keys(statuses).filter((status) => !/^20[01]$/.test(status));
  if (bad.length > 0) throw new Error(`not every request was answered well: ${JSON.stringify(statuses)}`);
}

function summary(rounds: readonly Round[]) {
  const middle = (of: (round: Round) => number) => median(rounds.map(of));
  return {
    perSecond: middle((round) => round.perSecond),
    bytesPerAnswer: middle((round) => round.bytes / round.requests),
    p50: middle((round) => round.p50),
    p99: middle((round) => round.p99),
    cpuPerRequest: middle((round) => round.cpuPerRequest ?? Number.NaN),
    loadBusy: middle((round) => round.loadBusy),
  };
}

function medianOfPairs(over: readonly Round[], under: readonly Round[]): number {
  return median(over.map((round, index) => round.perSecond / (under[index] as Round).perSecond));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.ceil((sorted.length - 1) / 2)],
  ];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}

function perSecond({ perSecond }: { perSecond: number }): string {
  return `${Math.round(perSecond).toLocaleString('en')}/s`;
}
