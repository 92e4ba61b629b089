import type { App } from './app.ts';

/** Part of the server's options: what arrives on an open connection while the server stops is answered, not refused. */
export const stopOptions = { return503OnClosing: false } as const;

/** How long a connection may bring a further request after the last one was answered. */
const lastCallMs = 25;

/** The requests that are being answered now. */
export interface RequestsInFlight {
  readonly count: number;
}

/**
 * Makes `app.close()` wait for the requests that have begun, and for nothing else: each answer from then on closes its
 * connection, and when none is left to be answered, so do the connections that are merely open. Without it a client
 * that keeps its connection, or a browser that opens one in advance, holds the stop up for more than a minute.
 * To be called before any other hook is added. `app.close()` still waits for handlers that wait for something
 * themselves: those end their waiting in a `preClose` hook.
 */
export function closeConnectionsOnStop(app: App): RequestsInFlight {
  const inFlight = { count: 0 };
  let stopping = false;
  let lastCall: NodeJS.Timeout | undefined;

  app.addHook('onRequest', (_request, reply, done) => {
    inFlight.count++;
    reply.raw.once('close', requestEnded);
    done();
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (stopping) reply.header('connection', 'close');
    done();
  });
  app.addHook('preClose', (done) => {
    stopping = true;
    closeWhenIdle();
    done();
  });
  app.addHook('onClose', async () => clearTimeout(lastCall));
  return inFlight;

  // Also heard where the client has gone before it was answered.
  function requestEnded() {
    inFlight.count--;
    if (stopping) closeWhenIdle();
  }

  function closeWhenIdle() {
    if (inFlight.count > 0) return;
    clearTimeout(lastCall);
    lastCall = setTimeout(() => {
      if (inFlight.count === 0) app.server.closeAllConnections();
    }, lastCallMs);
  }
}
