import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { oneConnection, ServerProcess } from './support/server-process.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'jindu-workers-test-'));
let databases = 0;

beforeAll(() => execFileSync(process.execPath, ['scripts/build.ts'], { cwd: root }), 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Two processes on one file, and six connections, which the system deals out to both. */
async function twoWorkers(env: Record<string, string> = {}) {
  databases += 1;
  const file = join(folder, `${databases}.db`);
  const server = new ServerProcess({
    DATABASE_URL: `file:${file}`,
    JINDU_WORKERS: '2',
    LOG_LEVEL: 'silent',
    ...env,
  });
  const connections = Array.from({ length: 6 }, oneConnection);
  onTestFinished(() => {
    for (const agent of connections) agent.destroy();
    server.child.kill('SIGKILL');
  });
  await server.started();
  return { server, file, connections, any: connections[0] as Agent };
}

const organization = (id: string, name = id) => ({ id, name, kind: 'other' });

/** Two hundred at once, over all connections: of each, its id if it was answered that it is kept, else null. */
function sendOrganizations(server: ServerProcess, connections: readonly Agent[]): Promise<string | null>[] {
  return Array.from({ length: 200 }, async (_, index) => {
    const id = `org-${index}`;
    const each = connections[index % connections.length] as Agent;
    const answer = await server
      .ask(each, 'PUT', `/v1/organizations/${id}`, organization(id))
      .catch(() => null);
    return answer?.status === 201 ? id : null;
  });
}

function keptIn(file: string): string[] {
  const database = new Sqlite(file, { readonly: true });
  const kept = database.prepare('SELECT id FROM organizations').pluck().all() as string[];
  database.close();
  return kept;
}

describe('two processes on one file', () => {
  test('answer every read with all that was answered before it, whichever of them it was', async () => {
    const { server, connections } = await twoWorkers();
    for (let turn = 0; turn < 60; turn += 1) {
      const writing = connections[turn % connections.length] as Agent;
      const put = await server.ask(writing, 'PUT', '/v1/organizations/one', organization('one', `${turn}`));
      expect(put.status).toBe(turn === 0 ? 201 : 200);
      const read = connections.map((each) => server.ask(each, 'GET', '/v1/organizations/one'));
      for (const answer of await Promise.all(read)) {
        expect(JSON.parse(answer.body).name).toBe(`${turn}`);
        expect(answer.headers.etag).toBe(put.headers.etag);
      }
    }
  });

  test('answer a write in the same words, with the id that the client gave it', async () => {
    const { server, connections } = await twoWorkers();
    const answers = await Promise.all(
      connections.map((each) => server.ask(each, 'POST', '/v1/organizations', { name: 'x', kinds: 'other' })),
    );
    const problems = answers.map(({ status, headers, body }) => {
      const { requestId, ...problem } = JSON.parse(body);
      expect(requestId).toBe(headers['x-request-id']);
      return { status, type: headers['content-type'], problem };
    });
    expect(problems[0]).toMatchObject({ status: 400, type: expect.stringMatching('problem\\+json') });
    for (const problem of problems) expect(problem).toEqual(problems[0]);
  });

  test('count every request once, and tell it for both', async () => {
    const { server, connections, any } = await twoWorkers();
    for (const each of connections) {
      await server.ask(each, 'PUT', '/v1/organizations/one', organization('one'));
      await server.ask(each, 'GET', '/v1/organizations/one');
    }
    const { body } = await server.ask(any, 'GET', '/metrics');
    const counted = [...body.matchAll(/^jindu_http_request_seconds_count\{route="\/v1\/[^}]*\} (\d+)$/gm)];
    expect(counted.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(2 * connections.length);
  });

  test('stop when they are told to: what was answered is kept, and the exit code is 0', async () => {
    const { server, file, connections } = await twoWorkers();
    const sent = sendOrganizations(server, connections);
    await Promise.any(sent);
    server.child.kill('SIGTERM');
    const answered = (await Promise.all(sent)).filter((id) => id !== null);
    expect(await server.exit).toMatchObject({ code: 0, err: '' });
    expect(answered.length).toBeGreaterThan(0);
    expect(keptIn(file)).toEqual(expect.arrayContaining(answered));
  });

  test('lose nothing when the one that reads is killed, and it is started again', async () => {
    const { server, file, connections } = await twoWorkers();
    const [, reading] = server.children() as [number, number];
    const sent = sendOrganizations(server, connections);
    await Promise.any(sent);
    process.kill(reading, 'SIGKILL');
    const answered = (await Promise.all(sent)).filter((id) => id !== null);
    expect(keptIn(file)).toEqual(expect.arrayContaining(answered));
    await expect.poll(() => server.children().length, { timeout: 10_000 }).toBe(2);
    expect(server.children()).not.toContain(reading);
    server.child.kill('SIGTERM');
    expect((await server.exit).code).toBe(0);
  });

  test('answer writes with 503 while the one that writes is away, read on, and then write again', async () => {
    const { server, connections } = await twoWorkers();
    await server.ask(connections[0] as Agent, 'PUT', '/v1/organizations/one', organization('one'));
    const [writing] = server.children() as [number];
    process.kill(writing, 'SIGKILL');
    await expect.poll(() => server.children()).not.toContain(writing);
    const put = () =>
      server.ask(connections[1] as Agent, 'PUT', '/v1/organizations/two', organization('two'));
    const away = await put().catch(put);
    expect(away).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(JSON.parse(away.body).code).toBe('storage_unavailable');
    expect((await server.ask(connections[1] as Agent, 'GET', '/v1/organizations/one')).status).toBe(200);
    expect((await server.ask(connections[1] as Agent, 'GET', '/readyz')).status).toBe(503);
    await expect.poll(async () => (await put()).status, { timeout: 10_000 }).toBe(201);
    server.child.kill('SIGTERM');
    expect((await server.exit).code).toBe(0);
  });
});

test('a start that fails in the first of them is told once, and is the end of all', async () => {
  const server = new ServerProcess({
    DATABASE_URL: `file:${folder}`,
    JINDU_WORKERS: '2',
    LOG_LEVEL: 'silent',
  });
  const { code, err } = await server.exit;
  expect(err).toMatch(/^Jindu cannot start: .+\n$/);
  expect(code).toBe(1);
});
