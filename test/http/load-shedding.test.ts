import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { type TestApp, testApp } from '../support/index.ts';

const path = '/v1/organizations';

async function connections(app: TestApp, count: number): Promise<Socket[]> {
  if (!app.app.server.listening) await app.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.app.server.address() as AddressInfo;
  const sockets = Array.from({ length: count }, () => connect(port, '127.0.0.1'));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  return sockets;
}

function asking(address: string): string {
  return `GET ${address} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer admin-token-of-the-tests\r\n\r\n`;
}

/** The heads of so many answers, as one text. */
async function answersOn(sockets: readonly Socket[], each: number): Promise<string> {
  const received = sockets.map(() => '');
  for (const [index, socket] of sockets.entries()) {
    socket.on('data', (chunk: Buffer) => (received[index] += chunk.toString()));
  }
  await expect.poll(() => heads(received.join('')).length, { timeout: 15_000 }).toBe(each * sockets.length);
  for (const socket of sockets) socket.destroy();
  return received.join('');
}

function heads(received: string, status = '\\d{3}'): string[] {
  return received.match(new RegExp(`HTTP/1\\.1 ${status} `, 'g')) ?? [];
}

test('of many requests that arrive together, as many are taken as can be answered soon, and the rest is refused with 503 and Retry-After', async () => {
  await using app = await testApp({ env: { JINDU_MAX_EVENT_LOOP_DELAY_MS: '1' } });
  const sockets = await connections(app, 800);
  const [probe] = await connections(app, 1);
  for (const socket of sockets) socket.write(asking(path));
  probe?.write(asking('/healthz'));
  const health = answersOn([probe as Socket], 1);
  const received = await answersOn(sockets, 1);

  const refused = heads(received, '503').length;
  expect(heads(received, '200').length).toBeGreaterThan(0);
  expect(refused).toBeGreaterThan(0);
  expect(heads(received, '200').length + refused).toBe(800);
  expect(received.match(/\r\nretry-after: 2\r\n/g)).toHaveLength(refused);
  expect(received.match(/"code":"overloaded"/g)).toHaveLength(refused);
  expect(heads(await health, '200')).toHaveLength(1);
  expect((await app.admin.get(path)).status).toBe(200);
});

test('of many requests that arrive together, those that would keep the others for long wait in a line, and a watcher does not', async () => {
  await using app = await testApp({ env: { JINDU_MAX_EVENT_LOOP_DELAY_MS: '15000' } });
  let letIn = 0;
  app.app.server.on('connection', () => (letIn += 1));
  const sockets = await connections(app, 800);
  const [probe] = await connections(app, 1);
  await expect.poll(() => letIn).toBe(801);
  let answered = 0;
  for (const socket of sockets) socket.on('data', (chunk) => (answered += heads(chunk.toString()).length));
  for (const socket of sockets) socket.write(asking(path));
  probe?.write(asking('/healthz'));
  await answersOn([probe as Socket], 1);
  const answeredBefore = answered;
  await expect.poll(() => answered, { timeout: 15_000 }).toBe(800);
  for (const socket of sockets) socket.destroy();
  expect(answeredBefore).toBeLessThan(800);
});

test('of one connection that asks on without waiting for its answers, the fifth request is refused with 503', async () => {
  await using app = await testApp();
  const sockets = await connections(app, 1);
  sockets[0]?.write(asking(path).repeat(20));
  const received = await answersOn(sockets, 20);
  expect(heads(received, '200')).toHaveLength(4);
  expect(heads(received, '503')).toHaveLength(16);
});
