import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { secret } from './database.ts';
import type { Answered, Load } from './load.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Servers run on the first core and the load on the second, so that neither takes the other's time. */
const isPinned = availableParallelism() >= 2 && hasTaskset();
export const pinning = isPinned ? 'server on core 0, load on core 1' : 'not pinned';

/** Until what is hot is compiled, which a slow machine takes ten seconds for: a server runs for months. */
export const warmUpSeconds = 12;

export interface Server {
  readonly port: number;
  readonly pid: number;
  /** What its process has used of the processor so far, in seconds; null where the system does not tell. */
  cpuSeconds(): number | null;
  /** What its process has had read from the disk, and written to it, so far, in bytes; null where nobody tells. */
  disk(): { read: number; written: number } | null;
  /** What its process holds of the memory, in MB. */
  memory(): { resident: number; own: number } | null;
  stop(): Promise<void>;
}

/**
 * The built server as production runs it, but for the settings given.
 * @param core the one that it is kept on; null leaves it to the system
 */
export async function startJindu(
  main: string,
  databaseFile: string,
  settings: Record<string, string> = {},
  core: number | null = 0,
): Promise<Server> {
  const env = {
    PATH: process.env.PATH,
    HOST: '127.0.0.1',
    PORT: '0',
    DATABASE_URL: `file:${databaseFile}`,
    JINDU_ADMIN_TOKEN: secret,
    LOG_LEVEL: 'warn',
    ...settings,
  };
  return await started(pinned(core, [...nodeOptions(), main]), env, / {2}API +http:\/\/[^:]+:(\d+)/);
}

/** The same from its sources, with a commit of its own for each change. */
export async function startOneByOne(
  databaseFile: string,
  settings: Record<string, string> = {},
): Promise<Server> {
  return await startJindu(`${here}one-by-one.ts`, databaseFile, settings);
}

export const unlimited = {
  JINDU_RATE_LIMIT_PER_TOKEN: '0',
  JINDU_RATE_LIMIT_PER_ADDRESS: '0',
  JINDU_MAX_EVENT_LOOP_DELAY_MS: '0',
};

/** How the bare server commits reports: see `bench/bare.ts`. */
export type BareCommits = 'single' | 'grouped' | 'sameRows';

export async function startBare(databaseFile: string, commits: BareCommits): Promise<Server> {
  return await started(
    pinned(0, [`${here}bare.ts`, databaseFile, commits]),
    { PATH: process.env.PATH },
    /http:\/\/[^:]+:(\d+)/,
  );
}

/** Sends loads, one at a time. */
export class LoadGenerator {
  readonly #child: ChildProcess;
  readonly #ended = new AbortController();

  constructor() {
    const [command, args] = pinned(1, [`${here}load.ts`]);
    this.#child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#child.once('exit', () => this.#ended.abort(new Error('the process that sends the load has ended')));
  }

  async send(load: Omit<Load, 'headers'>): Promise<Answered> {
    this.#child.send({ ...load, headers: { authorization: `Bearer ${secret}` } } satisfies Load);
    const [answered] = await once(this.#child, 'message', { signal: this.#ended.signal });
    return answered as Answered;
  }

  stop(): void {
    this.#child.kill();
  }
}

/** Seconds from the start of the process to its first answer to a question about a project. */
export async function secondsToFirstAnswer(
  main: string,
  databaseFile: string,
  path: string,
): Promise<number> {
  const startedMs = performance.now();
  const server = await startJindu(main, databaseFile);
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    headers: { authorization: `Bearer ${secret}` },
  });
  await answer.arrayBuffer();
  const seconds = (performance.now() - startedMs) / 1000;
  await server.stop();
  if (answer.status !== 200) throw new Error(`the first answer was ${answer.status}`);
  return seconds;
}

async function started(
  [command, args]: [string, string[]],
  env: NodeJS.ProcessEnv,
  ready: RegExp,
): Promise<Server> {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<number>((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const port = ready.exec(said)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${said}`)));
  });
  const pid = child.pid as number;
  return {
    port,
    pid,
    cpuSeconds: () => cpuSecondsOf(pid),
    disk: () => diskOf(pid),
    memory: () => memoryOf(pid),
    async stop() {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

function pinned(core: number | null, nodeArguments: string[]): [string, string[]] {
  return isPinned && core !== null
    ? ['taskset', ['-c', String(core), process.execPath, ...nodeArguments]]
    : [process.execPath, nodeArguments];
}

/** Those of `npm start`, and for profiling those of `BENCH_NODE_OPTIONS`: `JINDU` would be taken for a setting. */
function nodeOptions(): string[] {
  const { scripts } = JSON.parse(readFileSync(`${here}../package.json`, 'utf8')) as {
    scripts: { start: string };
  };
  const words = `${scripts.start} ${process.env.BENCH_NODE_OPTIONS ?? ''}`.split(' ');
  return words.filter((word) => word.startsWith('--'));
}

function hasTaskset(): boolean {
  try {
    execFileSync('taskset', ['-c', '1', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function cpuSecondsOf(pid: number): number | null {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const nanoseconds = threads.map((thread) =>
      Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
    );
    return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e9;
  } catch {
    return null;
  }
}

function diskOf(pid: number): { read: number; written: number } | null {
  try {
    const said = readFileSync(`/proc/${pid}/io`, 'utf8');
    const bytes = (name: string) => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(said)?.[1]);
    return { read: bytes('read_bytes'), written: bytes('write_bytes') };
  } catch {
    return null;
  }
}

function memoryOf(pid: number): { resident: number; own: number } | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const megabytes = (name: string) =>
      (Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1024) / 1e6;
    return { resident: megabytes('VmRSS'), own: megabytes('RssAnon') };
  } catch {
    return null;
  }
}
