import pg from 'pg';
import { JinduError } from '../../shared/errors.ts';
import { Connection, connectionTo, type LocalServer, settleSession } from './connection.ts';
import { asFailureToConnect } from './errors.ts';

/** How many may wait for a connection before further ones are refused. */
const waitingLimit = 10_000;

/** A connection that was made for a rush is not kept for ever. */
const idleMs = 300_000;

/**
 * Connections that are made when they are needed, at most so many at a time, and kept. Each serves one unit after the
 * other; whoever comes when all are busy waits in line.
 */
export class ConnectionPool {
  readonly #pool: pg.Pool;

  constructor(server: string | LocalServer, size: number) {
    this.#pool = new pg.Pool({
      ...connectionTo(server),
      Client: Connection as unknown as new () => pg.ClientBase,
      max: size,
      idleTimeoutMillis: idleMs,
      onConnect: (client) => settleSession(client as Connection),
    });
    // One that is lost while nobody has it is replaced when it is needed.
    this.#pool.on('error', () => undefined);
  }

  /** Whoever is given a connection gives it back. Rejects with why none can be made, as the outside may see it. */
  async lease(): Promise<Connection> {
    if (this.#pool.waitingCount >= waitingLimit) {
      throw new JinduError('overloaded', 'Too many requests are waiting for the database.');
    }
    try {
      return (await this.#pool.connect()) as unknown as Connection;
    } catch (error) {
      throw asFailureToConnect(error);
    }
  }

  /** @param isSpent the connection is ended, and another takes its place when one is needed */
  release(connection: Connection, isSpent = false): void {
    (connection as unknown as pg.PoolClient).release(isSpent || !connection.isOpen);
  }

  /** Resolves when all have been given back and ended. */
  async close(): Promise<void> {
    await this.#pool.end();
  }
}
