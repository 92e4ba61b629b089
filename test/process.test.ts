import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { nodeVersionFault } from '../src/node-version.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'jindu-process-'));
const secret = 'admin-token-of-the-process-tests';
let file: string;
let databases = 0;

beforeAll(() => execFileSync(process.execPath, ['scripts/build.ts'], { cwd: root }), 60_000);
beforeEach(() => {
  file = join(folder, `${++databases}.db`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A process that was started as production starts it. */
interface Running {
  child: ChildProcess;
  output: { out: string; err: string };
  exit: Promise<{ code: number | null; out: string; err: string }>;
}

function run(
  script: string,
  args: string[],
  env: Record<string, string>,
  nodeOptions: string[] = [],
): Running {
  const child = spawn(process.execPath, [...nodeOptions, `dist/${script}`, ...args], {
    cwd: root,
    env: { HOST: '127.0.0.1', PORT: '0', DATABASE_URL: `file:${file}`, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const output = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (more) => (output.out += more));
  child.stderr.setEncoding('utf8').on('data', (more) => (output.err += more));
  const exit = once(child, 'close').then(([code]) => ({ code: code as number | null, ...output }));
  return { child, output, exit };
}

interface Server extends Running {
  port: number;
  agent: Agent;
}

async function started(env: Record<string, string> = {}, nodeOptions: string[] = []): Promise<Server> {
  const running = run('main.js', [], { JINDU_ADMIN_TOKEN: secret, ...env }, nodeOptions);
  let ended = false;
  void running.exit.then(() => (ended = true));
  for (;;) {
    const port = / {2}API {3}http:\/\/[^:]+:(\d+)\/v1\n/.exec(running.output.out)?.[1];
    if (port !== undefined && running.output.out.includes('\n\n')) {
      const agent = new Agent({ keepAlive: true });
      onTestFinished(() => agent.destroy());
      return { ...running, port: Number(port), agent };
    }
    if (ended) throw new Error(`the server did not start: ${running.output.err}`);
    await sleep(10);
  }
}

function open(
  { port, agent }: Server,
  method: string,
  path: string,
  token: string | null = secret,
): ClientRequest {
  const headers = {
    'content-type': 'application/json',
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  };
  return request({ port, agent, method, path, headers });
}

async function answerOf(sent: ClientRequest) {
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}

async function ask(server: Server, method: string, path: string, body?: object, token?: string | null) {
  const sent = open(server, method, path, token);
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  return await answerOf(sent);
}

/** The request that has begun and the question itself: however slow the machine is, the server has both. */
async function untilTwoAreInFlight(server: Server): Promise<void> {
  for (;;) {
    const { body } = await ask(server, 'GET', '/metrics');
    if (/^jindu_http_requests_in_flight (?:[2-9]|\d\d)$/m.test(body)) return;
    await sleep(20);
  }
}

/** A request of which the server has everything but the end of the body. */
async function begun(server: Server): Promise<{ end: () => ReturnType<typeof answerOf> }> {
  const sent = open(server, 'PUT', '/v1/organizations/slow');
  sent.on('error', () => undefined);
  sent.write('{"name":"slow",');
  await untilTwoAreInFlight(server);
  return {
    end: () => {
      sent.end('"kind":"other"}');
      return answerOf(sent);
    },
  };
}

describe('a start', () => {
  test('prints the admin token once, on the empty database, and never logs it', async () => {
    const first = await started({ JINDU_ADMIN_TOKEN: '', LOG_LEVEL: 'trace' });
    const token = /The admin token, shown this once only:\n {2}(jindu_\S+)\n/.exec(first.output.out)?.[1];
    expect((await ask(first, 'GET', '/v1/organizations', undefined, token)).status).toBe(200);
    first.child.kill('SIGTERM');
    const { out } = await first.exit;
    expect(out.split(token ?? '')).toHaveLength(2);

    const second = await started({ JINDU_ADMIN_TOKEN: '' });
    expect((await ask(second, 'GET', '/v1/organizations', undefined, token)).status).toBe(200);
    expect(second.output.out).not.toMatch(/token|jindu_/i);
  });

  test('prints where the API, the docs and the data are, and serves them from the bundle', async () => {
    const server = await started({ LOG_LEVEL: 'silent' });
    const url = `http://127.0.0.1:${server.port}`;
    expect(server.output.out).toBe(
      `Jindu is ready.\n  API   ${url}/v1\n  Docs  ${url}/docs\n  Data  ${file}\n\n`,
    );
    for (const path of ['/healthz', '/readyz', '/openapi.json', '/docs/', '/docs/static/swagger-ui.css']) {
      expect((await ask(server, 'GET', path, undefined, null)).status, path).toBe(200);
    }
    expect((await ask(server, 'GET', '/metrics')).body).toContain('jindu_http_requests_in_flight 1\n');
  });

  test('prints the public address where one is set', async () => {
    const running = run('main.js', [], {
      JINDU_PUBLIC_URL: 'https://jindu.example.org/',
      LOG_LEVEL: 'silent',
    });
    await expect
      .poll(() => running.output.out, { timeout: 15_000 })
      .toContain('  API   https://jindu.example.org/v1\n');
  });

  test('with faults in the configuration tells all of them and exits with 1', async () => {
    const { exit } = run('main.js', [], {
      PORT: '-1',
      JINDU_PUBLC_READ: 'true',
      JINDU_ADMIN_TOKEN: 'hunter2',
    });
    expect(await exit).toEqual({
      code: 1,
      out: '',
      err: [
        'Jindu cannot start, because of its settings (see docs/configuration.md):',
        'JINDU_PUBLC_READ is no setting of Jindu; did you mean JINDU_PUBLIC_READ?',
        'PORT is "-1"; it must be a whole number from 0 to 65535',
        'JINDU_ADMIN_TOKEN must be 24 to 200 of the characters A-Z a-z 0-9 - . _ ~ + / =',
        '',
      ].join('\n'),
    });
  });

  test('on a port that is in use says so in one line and exits with 1', async () => {
    const { port } = await started();
    file = `${file}.other`;
    const { code, err } = await run('main.js', [], { PORT: String(port) }).exit;
    expect({ code, err }).toEqual({
      code: 1,
      err: `Jindu cannot start: port ${port} of 127.0.0.1 is in use; set PORT to another, or to 0 for any.\n`,
    });
  });

  test.each<[string, () => void, RegExp]>([
    [
      'a file that is no database',
      () => writeFileSync(file, 'not a database, but text of some length\n'.repeat(200)),
      /damaged/,
    ],
    [
      'a folder that is a file',
      () => {
        writeFileSync(join(folder, 'a-file'), '');
        file = join(folder, 'a-file', 'x.db');
      },
      /EEXIST|ENOTDIR/,
    ],
    [
      'a database of others',
      () => new Sqlite(file).exec('CREATE TABLE accounts (id)').close(),
      /none of ours/,
    ],
  ])('on %s says so in one line and exits with 1', async (_what, make, words) => {
    make();
    const { code, err } = await run('main.js', [], {}).exit;
    expect(err).toMatch(/^Jindu cannot start: .+\n$/);
    expect(err).toMatch(words);
    expect(code).toBe(1);
  });

  test('on a database that is newer than the program says so in one line and exits with 1', async () => {
    const server = await started();
    server.child.kill('SIGTERM');
    await server.exit;
    const database = new Sqlite(file);
    database.exec(
      `INSERT INTO applied_migrations (tag, hash, applied_at) VALUES ('9999_later', 'x', '2099-01-01')`,
    );
    database.close();
    const { code, err } = await run('main.js', [], {}).exit;
    expect(err).toMatch(/^Jindu cannot start: The database is newer than this program: .*9999_later.*\n$/);
    expect(code).toBe(1);
  });
});

test('a server that stands still lets a thousand clients wait, and turns none away for a second', async () => {
  const { port, child } = await started();
  child.kill('SIGSTOP');
  const sockets = Array.from({ length: 1_000 }, () => connect(port, '127.0.0.1'));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  // Whom the system turns away for want of room tries again after a second, or after three.
  const connected = sockets.map((socket) => once(socket, 'connect', { signal: AbortSignal.timeout(900) }));
  const ends = await Promise.allSettled(connected);
  child.kill('SIGCONT');
  expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1_000);
});

describe('a stop', () => {
  test('answers what has begun, takes no further connection, and exits with 0', async () => {
    const server = await started();
    const slow = await begun(server);
    server.child.kill('SIGTERM');
    await sleep(200);
    const late = await ask({ ...server, agent: new Agent() }, 'GET', '/healthz').catch(({ code }) => code);
    expect(late).toBe('ECONNREFUSED');
    const { status, headers } = await slow.end();
    expect({ status, connection: headers.connection }).toEqual({ status: 201, connection: 'close' });
    expect(await server.exit).toMatchObject({ code: 0, err: '' });
  });

  test('keeps every write that was answered', async () => {
    const server = await started();
    const ids = Array.from({ length: 300 }, (_, index) => `org-${index}`);
    const sent = ids.map(async (id) => {
      const answer = await ask(server, 'PUT', `/v1/organizations/${id}`, { name: id, kind: 'other' }).catch(
        () => null,
      );
      return answer?.status === 201 ? id : null;
    });
    await Promise.any(sent);
    server.child.kill('SIGTERM');
    const answered = (await Promise.all(sent)).filter((id) => id !== null);
    expect((await server.exit).code).toBe(0);
    const database = new Sqlite(file, { readonly: true });
    const kept = database.prepare("SELECT id FROM organizations WHERE id LIKE 'org-%'").pluck().all();
    database.close();
    expect(kept).toEqual(expect.arrayContaining(answered));
    expect(answered.length).toBeGreaterThan(0);
  });

  test('does not wait for those who only hold a connection or wait for changes', async () => {
    const server = await started();
    await ask(server, 'GET', '/healthz');
    const silent = connect(server.port, '127.0.0.1');
    silent.on('error', () => undefined);
    await once(silent, 'connect');
    const { nextCursor } = JSON.parse((await ask(server, 'GET', '/v1/changes')).body);
    const waiting = ask(server, 'GET', `/v1/changes?wait=30&cursor=${nextCursor}`);
    await sleep(300);
    const asked = performance.now();
    server.child.kill('SIGTERM');
    expect((await waiting).status).toBe(200);
    expect((await server.exit).code).toBe(0);
    expect(performance.now() - asked).toBeLessThan(5_000);
  });

  test('is not forced by the second SIGINT that npm sends after the terminal’s own', async () => {
    const server = await started();
    const slow = await begun(server);
    server.child.kill('SIGINT');
    await sleep(20);
    server.child.kill('SIGINT');
    await sleep(100);
    expect((await slow.end()).status).toBe(201);
    expect((await server.exit).code).toBe(0);
  });

  test('is forced by a second signal', async () => {
    const server = await started();
    await begun(server);
    server.child.kill('SIGTERM');
    await sleep(500);
    server.child.kill('SIGTERM');
    expect(await server.exit).toMatchObject({
      code: 1,
      err: 'Jindu was told to stop again and ends at once.\n',
    });
  });

  test('that takes longer than it may is forced', async () => {
    const server = await started({ JINDU_STOP_TIMEOUT_MS: '300' });
    await begun(server);
    server.child.kill('SIGTERM');
    expect(await server.exit).toMatchObject({
      code: 1,
      err: 'Jindu did not stop within 300 ms and is ended.\n',
    });
  });

  test('during the start is one that went well', async () => {
    const running = run('main.js', [], {});
    await sleep(150);
    running.child.kill('SIGTERM');
    const { code, err } = await running.exit;
    expect({ code: code ?? 0, err }).toEqual({ code: 0, err: '' });
  });

  test('because of an error that nobody caught answers what has begun, logs it, and exits with 1', async () => {
    const fault = `process.once('SIGUSR2', () => { throw new Error('a fault of ours') })`;
    const server = await started({}, ['--import', `data:text/javascript,${encodeURIComponent(fault)}`]);
    const slow = await begun(server);
    server.child.kill('SIGUSR2');
    await sleep(100);
    expect((await slow.end()).status).toBe(201);
    const { code, out, err } = await server.exit;
    expect(code).toBe(1);
    expect(err).toContain('a fault of ours');
    const line = out.split('\n').find((each) => each.includes('"fatal"'));
    expect(JSON.parse(line ?? '{}')).toMatchObject({ level: 'fatal', err: { message: 'a fault of ours' } });
  });
});

describe('npm run backup', () => {
  test('copies the database while it is served, says so, and exits with 0', async () => {
    const server = await started();
    await ask(server, 'PUT', '/v1/organizations/yueping', { name: '岳屏社区', kind: 'community' });
    const copy = join(folder, 'copies', 'copy.db');
    const { code, out, err } = await run('backup.js', [copy], {}).exit;
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^Copied .+\.db to .+copy\.db: [\d.]+ MB in [\d.]+ s\.\n$/);
    file = copy;
    const restored = await started();
    expect((await ask(restored, 'GET', '/v1/organizations/yueping')).status).toBe(200);
  });

  test('onto a file that is there, or of a database that is not, says why and exits with 1', async () => {
    const server = await started();
    const onto = await run('backup.js', [file], {}).exit;
    expect(onto).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^The backup of .+ failed: .+\n$/),
    });
    expect((await ask(server, 'GET', '/readyz')).status).toBe(200);
    file = join(folder, 'no-such.db');
    const nothing = await run('backup.js', [join(folder, 'nothing.db')], {}).exit;
    expect(nothing).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^The backup of .+ failed: .+\n$/),
    });
  });

  test('without a file to copy to says how it is used and exits with 2', async () => {
    expect(await run('backup.js', [], {}).exit).toEqual({
      code: 2,
      out: '',
      err: 'Usage: npm run backup -- FILE\n',
    });
  });
});

test('a Node with a Node-API older than 10 is refused by its version, others are not', () => {
  expect(nodeVersionFault({ node: '20.20.2', napi: '9' })).toBe(
    'Jindu needs Node >= 22.14 (this is 20.20.2)',
  );
  expect(nodeVersionFault({ node: '8.0.0' })).toBe('Jindu needs Node >= 22.14 (this is 8.0.0)');
  expect(nodeVersionFault({ node: '22.14.0', napi: '10' })).toBeNull();
  expect(nodeVersionFault(process.versions)).toBeNull();
});
