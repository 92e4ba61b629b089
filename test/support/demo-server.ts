import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../../src/commands/demo.ts', import.meta.url));

/** What `npm run demo` starts, without the build, on a free port. */
export interface DemoServer {
  readonly printed: string;
  readonly token: string;
  /** Runs a shell script in the demo's folder, with the token in `T`; `localhost:3000` is the demo. */
  run(script: string): { status: number | null; stdout: string; stderr: string };
  stop(): Promise<void>;
}

/** @param folder where its files lie; a new one that is removed with it, unless told */
export async function startDemo(folder?: string): Promise<DemoServer> {
  const place = folder ?? mkdtempSync(join(tmpdir(), 'jindu-demo-'));
  const server = spawn(process.execPath, [command], {
    cwd: place,
    env: { PATH: process.env.PATH, PORT: '0', LOG_LEVEL: 'silent' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  const printed = await printedAtStart(server);
  const address = /API {3}http:\/\/([\w.:]+)\/v1/.exec(printed)?.[1] ?? '';
  const token = /export T=(\S+)/.exec(printed)?.[1] ?? '';
  return {
    printed,
    token,
    run: (script) =>
      spawnSync('sh', ['-euc', script.replaceAll('localhost:3000', address)], {
        cwd: place,
        env: { PATH: process.env.PATH, T: token },
        encoding: 'utf8',
        timeout: 15_000,
      }),
    async stop() {
      server.kill('SIGTERM');
      await ended;
      if (folder === undefined) rmSync(place, { recursive: true, force: true });
    },
  };
}

async function printedAtStart(server: ChildProcess): Promise<string> {
  return await new Promise((resolve, reject) => {
    let printed = '';
    let complaint = '';
    server.stdout?.on('data', (piece: Buffer) => {
      printed += piece.toString();
      if (/\n {2}curl .*\n/.test(printed)) resolve(printed);
    });
    server.stderr?.on('data', (piece: Buffer) => {
      complaint += piece.toString();
    });
    server.once('exit', (code) => reject(new Error(`the demo ended with ${code}: ${complaint}`)));
  });
}
