import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openConfiguredDatabase } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { rebuildStandings } from '../../src/features/progress/index.ts';
import { canFailFlushes, failFlushes } from './failing-flush.ts';
import { JinduProcess } from './jindu-process.ts';
import { Requester } from './requester.ts';
import { assertKept, says } from './violation.ts';
import type { Answer } from './write.ts';

const isRoot = userInfo().uid === 0;
const nobody = 65_534;
const recoveryMs = 15_000;

type Tell = (line: string) => void;

/**
 * What only a real disk shows: one that is full or does not flush, and files that cannot be written. What the machine or
 * the user does not allow is left out, and said so.
 * @throws Violation for a promise that was not kept; what there is to inspect is kept, and its place told
 */
export async function checkDisk(tell: Tell): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'jindu-crash-disk-'));
  chmodSync(folder, 0o755);
  const checks: [what: string, reasonNot: string | null, check: (folder: string) => Promise<string>][] = [
    [
      'what cannot be written',
      isRoot && !nobodyMayRead() ? 'nobody but root may read the program' : null,
      checkUnwritable,
    ],
    ['one that does not flush', canFailFlushes() ? null : 'there is no strace', checkFailingFlush],
    ['a full one', isRoot ? null : 'only root can mount a small one', checkFull],
  ];
  try {
    for (const [what, reasonNot, check] of checks) {
      tell(`disk: ${what}: ${reasonNot === null ? await check(folder) : `left out, since ${reasonNot}`}`);
    }
  } catch (error) {
    tell(`disk: what there is to inspect is kept in ${folder}`);
    throw error;
  }
  rmSync(folder, { recursive: true, force: true });
}

/** Nothing is forbidden to root, so there the server is run by another user. */
function nobodyMayRead(): boolean {
  const read = `require('node:fs').readFileSync(${JSON.stringify(JinduProcess.program)})`;
  return spawnSync(process.execPath, ['-e', read], { uid: nobody, gid: nobody }).status === 0;
}

async function checkUnwritable(folder: string): Promise<string> {
  const ways: [what: string, file: number, folder: number, isClean: boolean][] = [
    ['the file', 0o444, 0o777, true],
    ['the file and its log', 0o444, 0o777, false],
    ['the folder', 0o666, 0o555, true],
    ['the file and its folder', 0o444, 0o555, true],
  ];
  for (const [index, [what, fileMode, folderMode, isClean]] of ways.entries()) {
    const place = join(folder, `unwritable-${index}`);
    mkdirSync(place);
    await withServer(place, folder, async (server) => {
      await layFoundation(server);
      if (!isClean) await server.jindu.kill();
    });
    for (const end of isClean ? [''] : ['', '-wal', '-shm'])
      chmodSync(join(place, `jindu.db${end}`), fileMode);
    chmodSync(place, folderMode);
    const jindu = new JinduProcess({ url: urlIn(place), folder, ...(isRoot ? { uid: nobody } : {}) });
    const isServed = await jindu.port.then(
      () => true,
      () => false,
    );
    if (isServed) await jindu.kill();
    assertKept(!isServed, `${what} cannot be written, so there is no start`, 'a server that takes requests');
    const { code, said } = await jindu.ended;
    const isTold = code === 1 && /^Jindu cannot start: The database cannot be written\. .*\n$/.test(said);
    assertKept(isTold, `the start says in a line that ${what} cannot be written, and exits with 1`, {
      code,
      said,
    });
    chmodSync(place, 0o777);
  }
  return 'a file, its log, a folder: each is refused at the start, by a line and exit code 1';
}

/** Answers what became of what was not flushed. */
async function checkFailingFlush(folder: string): Promise<string> {
  const place = join(folder, 'unflushed');
  mkdirSync(place);
  const pathOf = (day: number) => `/v1/projects/works/reports/2020-01-0${day}`;
  const write = (server: Server, day: number) =>
    server.send({ method: 'PUT', path: pathOf(day), body: { percent: 10 * day } });
  await withServer(place, folder, async (server) => {
    await layFoundation(server);
    assertKept((await write(server, 1)).status === 201, 'a disk that flushes is written', '');
    const end = await failFlushes(server.jindu.child.pid as number);
    for (const day of [2, 3]) {
      const { status, body, text } = await write(server, day);
      const isSaid =
        status === 503 && body.code === 'storage_unavailable' && /not known/.test(String(body.detail));
      assertKept(isSaid, 'what was not flushed is said not to be known', text);
      const found = await server.get(pathOf(day));
      assertKept(found.status === 404, 'what was not flushed is not shown', found.text);
    }
    const ready = await server.get('/readyz');
    assertKept(ready.status === 503, 'a server whose disk does not flush is not ready', ready.text);
    assertKept((await server.get(pathOf(1))).status === 200, 'what was flushed is read', '');
    await end();
    await untilReady(server);
    assertKept((await write(server, 4)).status === 201, 'a disk that flushes again is written again', '');
    const endAgain = await failFlushes(server.jindu.child.pid as number);
    await write(server, 5);
    await server.jindu.kill();
    await endAgain();
  });
  let isKept = false;
  await withServer(place, folder, async (server) => {
    for (const day of [1, 4]) {
      const found = await server.get(pathOf(day));
      assertKept(found.status === 200, 'what was flushed is there after a kill', found.text);
    }
    isKept = (await server.get(pathOf(5))).status === 200;
    assertKept(
      (await write(server, 5)).status === (isKept ? 200 : 201),
      'it is safely sent again',
      `${isKept}`,
    );
    await checkStandings(place);
  });
  return `each write is said not to be known; after a kill it was ${isKept ? '' : 'not '}there`;
}

/** Answers what was tried, in figures. */
async function checkFull(folder: string): Promise<string> {
  const place = join(folder, 'small');
  mkdirSync(place);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'jindu-crash', place]);
  try {
    return await checkFullIn(place, folder);
  } finally {
    execFileSync('umount', [place]);
  }
}

async function checkFullIn(place: string, folder: string): Promise<string> {
  const ballast = join(place, 'ballast');
  const rest = join(place, 'rest');
  writeFileSync(ballast, Buffer.alloc(6 * 1024 * 1024));
  const reports = new Reports();
  let refusedOnFull = 0;
  await withServer(place, folder, async (server) => {
    await layFoundation(server);
    refusedOnFull = await reports.writeUntilFull(server);
    // A page or two may be left that were too few for a report.
    fill(rest);
    assertKept((await server.get('/healthz')).status === 200, 'on a full disk the server is alive', '');
    const ready = await server.get('/readyz');
    assertKept(ready.status === 503, 'on a full disk the server is not ready', ready.text);
    await reports.check(server);
    rmSync(rest);
    rmSync(ballast);
    await untilReady(server);
    await reports.write(server, 20, 201);
    await reports.check(server);
    // Full once more: what is on the disk is there after a kill, and after an orderly stop.
    fill(ballast);
    await reports.writeUntilFull(server);
    await server.jindu.kill();
  });
  await withServer(place, folder, async (server) => {
    await reports.check(server);
    const { code, said } = await stopped(server.jindu);
    assertKept(code === 0, 'a server stops in order on a full disk', { code, said });
  });
  rmSync(ballast);
  await withServer(place, folder, async (server) => {
    await untilReady(server);
    await reports.check(server);
    await reports.write(server, 20, 201);
    await checkStandings(place);
  });
  return (
    `${reports.acknowledged} writes acknowledged and all there, ${reports.refused} refused as ` +
    `storage_unavailable (${refusedOnFull} the first time) and none there, reads went on, and so did writes when there ` +
    'was room again'
  );
}

/** Reports of one project, of which it is known which were acknowledged and which were refused. */
class Reports {
  readonly #known = new Map<string, Record<string, unknown>>();
  readonly #refused = new Set<string>();
  #days = 0;

  get acknowledged(): number {
    return this.#known.size;
  }

  get refused(): number {
    return this.#refused.size;
  }

  /** Eight clients write until each has been refused twice. Resolves with how many writes were refused. */
  async writeUntilFull(server: Server): Promise<number> {
    const before = this.refused;
    const clients = Array.from({ length: 8 }, async () => {
      for (let refusals = 0; refusals < 2; ) if (!(await this.#writeOne(server))) refusals += 1;
    });
    await Promise.all(clients);
    return this.refused - before;
  }

  async write(server: Server, count: number, status: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      assertKept(
        await this.#writeOne(server),
        `a write is answered ${status} when there is room`,
        'a refusal',
      );
    }
  }

  /** Everything acknowledged is read as it was answered, and nothing that was refused is there. */
  async check(server: Server): Promise<void> {
    for (const [path, body] of this.#known) {
      const found = await server.get(path);
      assertKept(
        says(found.body, body) && found.status === 200,
        `${path} is read as it was answered`,
        found.text,
      );
    }
    for (const path of this.#refused) {
      const found = await server.get(path);
      assertKept(found.status === 404, `${path} was refused and is not there`, found.text);
    }
  }

  async #writeOne(server: Server): Promise<boolean> {
    this.#days += 1;
    const asOf = new Date(Date.UTC(2000, 0, this.#days)).toISOString().slice(0, 10);
    const path = `/v1/projects/works/reports/${asOf}`;
    const body = { percent: 50, note: '现场核查'.repeat(400) };
    const answer = await server.send({ method: 'PUT', path, body });
    if (answer.status === 201) {
      this.#known.set(path, answer.body);
      return true;
    }
    const isSaid = answer.status === 503 && answer.body.code === 'storage_unavailable';
    assertKept(isSaid && /full/.test(String(answer.body.detail)), 'a full disk is told as such', answer.text);
    this.#refused.add(path);
    return false;
  }
}

class Server {
  readonly jindu: JinduProcess;
  readonly #requester: Requester;

  constructor(jindu: JinduProcess, port: number) {
    this.jindu = jindu;
    this.#requester = new Requester(port);
  }

  send(request: Parameters<Requester['send']>[0]): Promise<Answer> {
    return this.#requester.send(request);
  }

  get(path: string): Promise<Answer> {
    return this.#requester.send({ method: 'GET', path });
  }

  close(): void {
    this.#requester.close();
  }
}

/** A server on the file in `place`, while `work` runs. It is stopped then, unless it has ended by itself. */
async function withServer(
  place: string,
  folder: string,
  work: (server: Server) => Promise<void>,
): Promise<void> {
  const jindu = new JinduProcess({ url: urlIn(place), folder });
  try {
    const server = new Server(jindu, await jindu.port);
    await work(server);
    server.close();
    if (!jindu.hasEnded) await jindu.stop();
  } finally {
    if (!jindu.hasEnded) await jindu.kill();
  }
}

async function layFoundation(server: Server): Promise<void> {
  await server.send({
    method: 'PUT',
    path: '/v1/organizations/bureau',
    body: { name: '工程局', kind: 'authority' },
  });
  const body = { title: '工程', organizationId: 'bureau' };
  const { status } = await server.send({ method: 'PUT', path: '/v1/projects/works', body });
  assertKept(status === 201, 'there is a project to report on', `${status}`);
}

async function untilReady(server: Server): Promise<void> {
  const untilMs = performance.now() + recoveryMs;
  for (;;) {
    const { status, text } = await server.get('/readyz');
    if (status === 200) return;
    assertKept(performance.now() < untilMs, 'the server is ready when there is room again', text);
    await sleep(50);
  }
}

async function checkStandings(place: string): Promise<void> {
  const database = await openConfiguredDatabase(readConfig({ DATABASE_URL: urlIn(place) }));
  try {
    const { differing } = await rebuildStandings(database, { repair: false });
    assertKept(differing.length === 0, 'standings are kept as they are counted anew', differing);
  } finally {
    await database.close();
  }
}

async function stopped(jindu: JinduProcess) {
  await jindu.stop();
  return await jindu.ended;
}

function fill(file: string): void {
  try {
    writeFileSync(file, Buffer.alloc(64 * 1024 * 1024));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

function urlIn(place: string): string {
  return `file:${join(place, 'jindu.db')}`;
}
