import cluster from 'node:cluster';
import { writeSync } from 'node:fs';
import nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';
import closeWithGrace from 'close-with-grace';
import { type Config, ConfigError, readConfig } from './config.ts';
import type { App } from './http/app.ts';
import { Doors, listeningAt } from './http/doors.ts';
import { nodeVersionFault } from './node-version.ts';
import { JinduError } from './shared/errors.ts';
import { onToldToStop, partOfThisProcess, tellReady, type WorkersPart } from './workers/part.ts';
import { runWorkers } from './workers/primary.ts';

/** npm passes on the Ctrl-C that the terminal has sent already: what follows so soon is the same signal again. */
const sameSignalMs = 300;

/** What a command does that starts the server and more. */
export interface StartOptions {
  /** The settings to start with; those of the process unless told. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Done before the database is opened for the server; answers what to start with. If it fails, nothing is started. */
  prepare?: (config: Config) => Promise<Config>;
  /** Lines to be printed below the places, told the address of the server and the token that is shown this once. */
  more?: (url: string, firstAdminToken: string | null) => string[];
}

/**
 * Starts the server and prints where it is, or says why it cannot and ends the process. To be called before anything
 * that imports the database is loaded: on a Node that is too old, that would end the process without a word.
 */
export async function start({ env = process.env, prepare, more }: StartOptions = {}): Promise<void> {
  const fault = nodeVersionFault(process.versions);
  if (fault !== null) fail(fault);
  keepCompiled();
  const config = readConfigOrFail(env);
  // What is done before the start is done once.
  if (config.workers > 1 && cluster.isPrimary && prepare === undefined) {
    return await runWorkers(config).catch((error) => fail(`Jindu cannot start: ${explain(error, config)}`));
  }
  const part = await partOfThisProcess();
  const building = build(config, part, prepare);
  const stopping = stopOnSignal(building, config, part);
  try {
    const app = await building;
    if (stopping.aborted) return;
    await new Doors(app).listen(config.host, part?.listening ?? (await listeningAt(config)));
    const print = () => printPlaces(app, config, more);
    if (part === null) print();
    else tellReady(part.speaks ? print : () => undefined);
  } catch (error) {
    await building.then((app) => app.close()).catch(() => undefined);
    fail(`Jindu cannot start: ${explain(error, config)}`);
  }
}

/**
 * What Node has compiled of the bundle is kept beside it for the next start, or, where that may not be written, is not
 * kept. The sources are compiled anew each time: who changes them starts them once.
 */
function keepCompiled(): void {
  if (import.meta.url.endsWith('.js')) {
    nodeModule.enableCompileCache(fileURLToPath(new URL('.compiled', import.meta.url)));
  }
}

async function build(
  config: Config,
  part: WorkersPart | null,
  prepare: StartOptions['prepare'],
): Promise<App> {
  const prepared = (await prepare?.(config)) ?? config;
  const { buildApp } = await import('./app.ts');
  return await buildApp({ config: prepared, part });
}

function readConfigOrFail(env: NonNullable<StartOptions['env']>): Config {
  try {
    return readConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return fail(`Jindu cannot start, because of its settings (see docs/configuration.md):\n${error.message}`);
  }
}

function printPlaces(app: App, config: Config, more: StartOptions['more']): void {
  const url = config.publicUrl ?? urlOf(app, config.host);
  const lines = [
    `Jindu is ready.`,
    `  API   ${url}/v1`,
    `  Docs  ${url}/docs`,
    `  Data  ${config.database.shown}`,
  ];
  if (app.firstAdminToken !== null) {
    lines.push('', 'The admin token, shown this once only:', `  ${app.firstAdminToken}`);
  }
  if (more !== undefined) lines.push('', ...more(url, app.firstAdminToken));
  process.stdout.write(`${lines.join('\n')}\n\n`);
}

function urlOf(app: App, host: string): string {
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/**
 * Ends the process in order when it is asked to, or when an error was caught by nobody: no further connection is taken,
 * the requests that have begun are answered, what was written is on the disk, the database is closed. A second signal,
 * or a stop that takes too long, ends it at once.
 */
function stopOnSignal(
  building: Promise<App>,
  { stopTimeoutMs }: Config,
  part: WorkersPart | null,
): AbortSignal {
  const stopping = new AbortController();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let firstAt: number | undefined;

  const grace = closeWithGrace(
    {
      delay: stopTimeoutMs,
      logger: false,
      // Signals are counted here; the others in the list are for the debugger and for faults that no code survives.
      skip: [
        ...signals,
        ...(['SIGQUIT', 'SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGSEGV', 'SIGUSR2'] as const),
        'beforeExit',
      ],
      onTimeout: () => complain(`Jindu did not stop within ${stopTimeoutMs} ms and is ended.`),
      onSecondError: (error) => complain(`Jindu met another error while it stopped: ${String(error)}`),
    },
    async ({ err }) => {
      stopping.abort();
      if (err !== undefined) complain(`Jindu stops: nobody caught this error. ${err.stack ?? err}`);
      const app = await building.catch(() => null);
      if (err !== undefined) app?.log.fatal({ err }, 'stopping: nobody caught an error');
      await app?.close();
    },
  );
  if (part !== null) {
    onToldToStop(() => grace.close());
    return stopping.signal;
  }
  for (const signal of signals) {
    process.on(signal, () => {
      const now = performance.now();
      if (firstAt === undefined) {
        firstAt = now;
        grace.close();
      } else if (now - firstAt > sameSignalMs) {
        fail(`Jindu was told to stop again and ends at once.`);
      }
    });
  }
  return stopping.signal;
}

/** What went wrong, for the one who started the process; with all its places where it is the program's own fault. */
function explain(error: unknown, { host, port }: Config): string {
  if (!(error instanceof Error)) return String(error);
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return `port ${port} of ${host} is in use; set PORT to another, or to 0 for any.`;
  if (code === 'EACCES' && syscall === 'listen')
    return `this user may not listen on port ${port} of ${host}.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `HOST ${host} is no address of this machine.`;
  const isForeseen = error instanceof JinduError || syscall !== undefined || error.constructor === Error;
  if (!isForeseen) return error.stack ?? error.message;
  const words = error instanceof JinduError ? error.detail : error.message;
  return error.cause instanceof Error ? `${words} (${error.cause.message})` : words;
}

function complain(text: string): void {
  writeSync(2, `${text}\n`);
}

function fail(text: string): never {
  complain(text);
  process.exit(1);
}
