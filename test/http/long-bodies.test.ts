import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { type TestApp, testApp } from '../support/index.ts';

const token = 'admin-token-of-the-tests';
const chunk = `400\r\n${' '.repeat(1024)}\r\n`;

interface Sender extends Disposable {
  socket: Socket;
  received(): string;
}

/** A request whose body has begun and does not end; an app that closes waits for it as long as it is not disposed of. */
async function sender(app: TestApp, path: string, secret: string): Promise<Sender> {
  if (!app.app.server.listening) await app.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  let received = '';
  socket.on('data', (data: Buffer) => (received += data.toString()));
  socket.on('error', () => undefined);
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${secret}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}`,
  );
  return { socket, received: () => received, [Symbol.dispose]: () => socket.destroy() };
}

test('who is refused before the body has ended is answered, and the connection is closed', async () => {
  await using app = await testApp();
  using refused = await sender(app, '/v1/report-batches', 'nobody-has-this-one');
  const { socket, received } = refused;
  // Whoever is still sending when it is closed meets an error first, and is closed all the same.
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const sending = setInterval(() => socket.write(chunk), 5);
  await closed;
  clearInterval(sending);
  expect(received()).toMatch(/^HTTP\/1\.1 401 .*\r\nconnection: close\r\n/s);
});

test('a connection whose short body was not wanted can be used again', async () => {
  await using app = await testApp();
  await app.app.listen({ host: '127.0.0.1', port: 0 });
  const short = `POST /v1/tokens HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`;
  const { port } = app.app.server.address() as AddressInfo;
  const client = connect(port, '127.0.0.1');
  let answers = '';
  client.on('data', (data: Buffer) => (answers += data.toString()));
  client.write(short);
  await expect.poll(() => answers.match(/HTTP\/1\.1 401 /g)?.length).toBe(1);
  client.write(short);
  await expect.poll(() => answers.match(/HTTP\/1\.1 401 /g)?.length).toBe(2);
  client.destroy();
});

test('of large bodies eight are read at once, and the ninth is refused with 503 until one of them has ended', async () => {
  await using app = await testApp();
  using open = new DisposableStack();
  const begun = async () => open.use(await sender(app, '/v1/report-batches', token));
  const nine = await Promise.all(Array.from({ length: 9 }, begun));
  const answered = () => nine.filter(({ received }) => received() !== '');
  // Which of them it is that came too late is settled where their tokens are looked up.
  await expect.poll(() => answered().length).toBe(1);
  expect(answered()[0]?.received()).toMatch(/^HTTP\/1\.1 503 .*\r\nretry-after: 2\r\n/s);
  const small = await app.admin.post('/v1/report-batches', []);
  expect(small.status).toBe(400);

  const [reader] = nine.filter(({ received }) => received() === '') as [Sender];
  reader.socket.write('2\r\n[]\r\n0\r\n\r\n');
  await expect.poll(reader.received).toMatch(/^HTTP\/1\.1 400 /);
  expect(answered()).toHaveLength(2);
  const next = await begun();
  next.socket.write('2\r\n[]\r\n0\r\n\r\n');
  await expect.poll(next.received).toMatch(/^HTTP\/1\.1 400 /);
});
