import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { Agent, createServer, type IncomingMessage, request as send } from 'node:http';
import { JinduError } from '../shared/errors.ts';
import type { App } from './app.ts';

/** Tells the process that writes from which address the client came. Only its own socket is believed. */
const addressHeader = 'jindu-client-address';

/** What belongs to one connection and not to what is sent over it. */
const ofConnection = [
  'connection',
  'keep-alive',
  'transfer-encoding',
  'expect',
  'upgrade',
  'proxy-connection',
];

/**
 * Hands every request that may write, and the question whether it can be written, to the process at `socket`, and its
 * answer back, both as they are; here nothing of it is looked at. To be called after the hooks that name and count
 * requests, and before all others. While the other process is away, the answer is 503 `storage_unavailable`.
 */
export function handOverWrites(app: App, socket: string): void {
  const agent = new Agent({ keepAlive: true });
  app.addHook('onClose', async () => agent.destroy());
  app.addHook('onRequest', (request, reply, done) => {
    const { raw } = request;
    const isRead = raw.method === 'GET' || raw.method === 'HEAD';
    if (isRead && raw.url !== '/readyz') {
      done();
      return;
    }
    const headers: Record<string, string | string[] | undefined> = {
      ...raw.headers,
      'x-request-id': request.id,
      [addressHeader]: raw.socket.remoteAddress,
    };
    for (const name of ofConnection) delete headers[name];
    if (raw.headers['transfer-encoding'] !== undefined) headers['transfer-encoding'] = 'chunked';
    const sent = send({ socketPath: socket, agent, method: raw.method, path: raw.url, headers });
    sent.once('response', (answer) => {
      reply.hijack();
      request.isHandedOver = true;
      reply.raw.writeHead(answer.statusCode as number, headersOf(answer));
      answer.pipe(reply.raw);
      answer.once('error', () => reply.raw.destroy());
    });
    sent.once('error', (cause) => {
      if (reply.sent) return;
      reply.header('retry-after', 1);
      done(new JinduError('storage_unavailable', 'the process that writes is away', [], { cause }));
    });
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) sent.destroy();
    });
    raw.pipe(sent);
  });
}

/**
 * Answers at `socket` what others hand over, as if the client had come here.
 * To be called before the app is ready; it goes on until the app is closed.
 */
export function takeHandedOver(app: App, socket: string): void {
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    const value = request.headers[addressHeader];
    delete request.headers[addressHeader];
    // One request at a time comes over a connection, from whichever client it is.
    Object.defineProperty(request.socket, 'remoteAddress', { value, configurable: true });
    app.routing(request, response);
  });
  app.addHook('onReady', async () => {
    // One that was killed has left it behind.
    rmSync(socket, { force: true });
    server.listen({ path: socket, exclusive: true });
    await once(server, 'listening');
  });
  app.addHook('onClose', async () => {
    server.close();
    server.closeAllConnections();
  });
}

function headersOf({ rawHeaders }: IncomingMessage): string[] {
  const headers: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name, value] = [rawHeaders[at] as string, rawHeaders[at + 1] as string];
    if (!ofConnection.includes(name.toLowerCase())) headers.push(name, value);
  }
  return headers;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Another process answers it, counts it and logs it. */
    isHandedOver: boolean;
  }
}
