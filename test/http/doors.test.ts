import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import Fastify from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import type { App } from '../../src/http/app.ts';
import { Doors, listeningAt } from '../../src/http/doors.ts';

async function serving(): Promise<{ app: App; port: number }> {
  const app = Fastify() as unknown as App;
  onTestFinished(() => app.close());
  await new Doors(app).listen('127.0.0.1', await listeningAt({ host: '127.0.0.1', port: 0 }));
  return { app, port: (app.server.address() as AddressInfo).port };
}

test('a crowd is let in within a few turns of the event loop', async () => {
  const { app, port } = await serving();
  let cameIn = 0;
  app.server.on('connection', () => (cameIn += 1));
  const sockets = Array.from({ length: 256 }, () => connect(port, '127.0.0.1'));
  let turns = 0;
  for (; cameIn < 256; turns += 1) await nextTurn();
  for (const socket of sockets) socket.destroy();
  // Through one door, one comes in a turn.
  expect(turns).toBeLessThan(128);
});

test('a stop closes all doors, and what has begun at any of them is answered before what the app needs is closed', async () => {
  const app = Fastify() as unknown as App;
  let isClosed = false;
  app.addHook('onClose', async () => {
    isClosed = true;
  });
  const begun = Promise.withResolvers<void>();
  const may = Promise.withResolvers<void>();
  let asked = 0;
  app.get('/', async () => {
    asked += 1;
    if (asked === 64) begun.resolve();
    await may.promise;
    return isClosed ? 'too late' : 'in time';
  });
  await new Doors(app).listen('127.0.0.1', await listeningAt({ host: '127.0.0.1', port: 0 }));
  const { port } = app.server.address() as AddressInfo;
  const answers = Array.from({ length: 64 }, async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } });
    return await answer.text();
  });
  await begun.promise;
  const closed = app.close();
  await nextTurn();
  const late = connect(port, '127.0.0.1');
  const [refusal] = (await once(late, 'error')) as [NodeJS.ErrnoException];
  may.resolve();
  expect(new Set(await Promise.all(answers))).toEqual(new Set(['in time']));
  await closed;
  expect(isClosed).toBe(true);
  expect(refusal.code).toBe('ECONNREFUSED');
});
