import { setTimeout as sleep } from 'node:timers/promises';
import { randomFrom } from '../../bench/portfolio.ts';
import { Auditor } from './audit.ts';
import { Client } from './client.ts';
import { Holdings } from './holdings.ts';
import { JinduProcess } from './jindu-process.ts';
import type { DatabaseServer, Place } from './place.ts';
import { beginnings, foundation } from './project-writes.ts';
import { Requester } from './requester.ts';
import { assertKept } from './violation.ts';

const writers = 12;
const longestLoadMs = 500;
/** Of each fourth round: long enough for a large batch to be in its thread, which is started for the first of them. */
const longestLongLoadMs = 2_500;
const longestStartMs = 500;
const longestOutageMs = 300;
const recoveryMs = 20_000;

export interface Tally {
  rounds: number;
  kills: number;
  acknowledged: number;
  unchanged: number;
  refused: number;
  open: number;
  openAndKept: number;
  retried: number;
}

/** Whom a round kills: the server of the API, that of the database, or both at once. */
type Victim = 'jindu' | 'postgres' | 'both';

/** One run on one database: it is written to, killed and held to what it has promised, again and again. */
export class Rounds {
  readonly #place: Place;
  readonly #random: () => number;
  readonly #clients: readonly Client[];
  readonly #auditor: Auditor;
  readonly #tell: (line: string) => void;
  #jindu: JinduProcess | null = null;
  #rounds = 0;
  #kills = 0;

  constructor(place: Place, seed: number, tell: (line: string) => void) {
    this.#place = place;
    this.#random = randomFrom(seed);
    this.#tell = tell;
    const names = ['foundation', ...Array.from({ length: writers }, (_, index) => `client${index + 1}`)];
    this.#clients = names.map((name, index) => new Client(new Holdings(name, randomFrom(seed + 1 + index))));
    this.#auditor = new Auditor(place, this.#clients);
  }

  /**
   * Goes so many rounds, each with a kill under load; before them one while the database is made, and some more later
   * while the server starts again.
   * @throws Violation for a promise that was not kept
   */
  async run(rounds: number): Promise<void> {
    await this.#killWhileStarting();
    await this.#layFoundation(await this.#started());
    while (this.#rounds < rounds) await this.#round();
    const code = await this.#jindu?.stop();
    assertKept(code === 0, 'the server stops in order at last', String(code));
    this.#jindu = null;
  }

  get tally(): Tally {
    const sum = { acknowledged: 0, unchanged: 0, refused: 0, open: 0, openAndKept: 0, retried: 0 };
    for (const { counts } of this.#clients) {
      for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += counts[name];
    }
    return { rounds: this.#rounds, kills: this.#kills, ...sum };
  }

  /** Ends what is still running. */
  async end(): Promise<void> {
    await this.#jindu?.kill();
  }

  async #layFoundation(port: number): Promise<void> {
    for (const [index, client] of this.#clients.entries()) {
      const writes = index === 0 ? foundation() : beginnings(client.holdings);
      assertKept(await client.writeAll(port, writes), 'the foundation is laid', client.open?.answer?.text);
    }
    await this.#auditor.audit(port);
  }

  async #round(): Promise<void> {
    this.#rounds += 1;
    const before = this.tally;
    const victim = this.#victim();
    const port = await this.#started();
    const writing = Promise.all(this.#clients.slice(1).map((client) => client.writeUntilKilled(port)));
    writing.catch(() => undefined);
    const loadMs = this.#upTo(this.#rounds % 4 === 3 ? longestLongLoadMs : longestLoadMs);
    // What a client finds wrong ends the round at once.
    await Promise.race([sleep(loadMs), writing]);
    await this.#kill(victim, port, writing);
    const auditedMs = performance.now();
    await this.#auditor.audit(await this.#started());
    const seconds = ((performance.now() - auditedMs) / 1000).toFixed(1);
    const { acknowledged, open, openAndKept, refused } = this.tally;
    this.#tell(
      `${this.#place.engine} round ${this.#rounds}: ${victimNames[victim]} killed after ${loadMs} ms, ` +
        `${acknowledged - before.acknowledged} acknowledged, ${refused - before.refused} refused, ` +
        `${open - before.open} in flight of which ${openAndKept - before.openAndKept} kept; ` +
        `nothing lost, audited in ${seconds} s`,
    );
  }

  #victim(): Victim {
    if (this.#place.server === null || this.#rounds % 2 === 1) return 'jindu';
    return this.#rounds % 8 === 0 ? 'both' : 'postgres';
  }

  async #kill(victim: Victim, port: number, writing: Promise<unknown>): Promise<void> {
    const { server } = this.#place;
    this.#kills += 1;
    const jindu = this.#jindu as JinduProcess;
    const kills: Promise<void>[] = [];
    if (victim !== 'postgres') kills.push(jindu.kill());
    if (victim !== 'jindu' && server !== null) kills.push(server.kill());
    await Promise.all(kills);
    await writing;
    if (victim === 'postgres') await this.#outage(server as DatabaseServer, jindu, port);
    else if (victim === 'both') await server?.start();
    if (victim !== 'postgres') {
      this.#jindu = null;
      if (this.#random() < 0.25) await this.#killWhileStarting();
    }
  }

  /** The database is away and comes back; the server says so, lives on, and needs no restart. */
  async #outage(server: DatabaseServer, jindu: JinduProcess, port: number): Promise<void> {
    const requester = new Requester(port);
    try {
      const untilMs = performance.now() + this.#upTo(longestOutageMs);
      do {
        for (const request of [
          { method: 'GET', path: '/v1/projects/works' },
          {
            method: 'PUT',
            path: '/v1/projects/works',
            body: { title: 'away', organizationId: 'works-bureau' },
          },
        ]) {
          const { status, body, text } = await requester.send(request);
          const isSaid = status === 503 && body.code === 'storage_unavailable';
          assertKept(isSaid, 'without its database the server answers 503 storage_unavailable', text);
        }
        const { status } = await requester.send({ method: 'GET', path: '/healthz' });
        assertKept(status === 200, 'without its database the server is alive', `${status}`);
      } while (performance.now() < untilMs);
      await server.start();
      const recoveredByMs = performance.now() + recoveryMs;
      for (;;) {
        assertKept(!jindu.hasEnded, 'the server outlives its database', 'that it has ended');
        const { status, text } = await requester.send({ method: 'GET', path: '/readyz' });
        if (status === 200) return;
        assertKept(performance.now() < recoveredByMs, 'the server finds its database again', text);
        await sleep(20);
      }
    } finally {
      requester.close();
    }
  }

  async #killWhileStarting(): Promise<void> {
    this.#kills += 1;
    const jindu = this.#start();
    await Promise.race([sleep(this.#upTo(longestStartMs)), jindu.ended]);
    assertKept(!jindu.hasEnded, 'the server starts', `${JSON.stringify(await promptly(jindu))}`);
    await jindu.kill();
  }

  /** The port of the server that runs, or of a new one. */
  async #started(): Promise<number> {
    this.#jindu ??= this.#start();
    return await this.#jindu.port;
  }

  #start(): JinduProcess {
    const { url, folder } = this.#place;
    return new JinduProcess({ url, folder, clockShiftsMs: this.#clockShifts() });
  }

  /** Each round begins a little later than the one before, and is off by up to a minute to either side. */
  #clockShifts(): number[] {
    return Array.from({ length: 5 }, () =>
      Math.round(this.#rounds * 5_000 + (this.#random() - 0.5) * 120_000),
    );
  }

  #upTo(mostMs: number): number {
    return Math.round(this.#random() * mostMs);
  }
}

const victimNames = { jindu: 'Jindu', postgres: 'PostgreSQL', both: 'Jindu and PostgreSQL' };

async function promptly(jindu: JinduProcess): Promise<unknown> {
  return await Promise.race([jindu.ended, sleep(1_000)]);
}
