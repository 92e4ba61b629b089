import { afterAll, onTestFinished, TestRunner } from 'vitest';
import { buildApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import type { App } from '../../src/http/app.ts';
import type { Scope } from '../../src/shared/actor.ts';
import { checkAnswers } from './checked-answers.ts';
import { Client } from './client.ts';
import { LogCapture } from './log-capture.ts';
import { keepRoutes, type RouteFacts } from './route-facts.ts';
import { TestClock } from './test-clock.ts';
import { newDatabase, type TestDatabase } from './test-database.ts';

export interface TestAppOptions {
  /** Settings by their names in the environment, over the tests' own. Undefined takes one away. */
  env?: Record<string, string | undefined>;
  /**
   * The database to start from: `migrated` (default) is empty but for the admin's token, `new` does not exist yet; or a
   * copy of one that nothing has open.
   */
  from?: 'migrated' | 'new' | TestDatabase;
  /** A database that somebody else looks after: this app works on it beside others, and does not remove it. */
  on?: TestDatabase;
  now?: string;
  /** From which length on a batch of reports is large; as in production unless told. */
  largeBatchBytes?: number;
}

export interface ActorOptions {
  scopes?: Scope[];
  organizationId?: string | null;
  expiresAt?: string | null;
  name?: string;
}

const adminSecret = 'admin-token-of-the-tests';

/**
 * The app as in production, through its one factory, on a database of its own. What differs: where it is, the clock,
 * where the log goes, no rate limits and no load shedding unless asked for, and every answer is held to its schema.
 */
export class TestApp implements AsyncDisposable {
  readonly app: App;
  readonly clock: TestClock;
  readonly log: LogCapture;
  readonly database: TestDatabase;
  readonly routes: readonly RouteFacts[];
  /** May do everything everywhere. */
  readonly admin: Client;
  /** Sends no token. */
  readonly stranger: Client;
  readonly #isGuest: boolean;

  constructor(parts: {
    app: App;
    clock: TestClock;
    log: LogCapture;
    database: TestDatabase;
    routes: RouteFacts[];
    isGuest: boolean;
  }) {
    this.app = parts.app;
    this.clock = parts.clock;
    this.log = parts.log;
    this.database = parts.database;
    this.routes = parts.routes;
    this.#isGuest = parts.isGuest;
    this.admin = this.clientWith(adminSecret);
    this.stranger = this.clientWith(null);
  }

  clientWith(secret: string | null): Client {
    return new Client(this.app, secret);
  }

  /** Somebody with a token of their own, made by the admin. */
  async actor(options: ActorOptions = {}): Promise<Client> {
    const { scopes = ['admin'], organizationId = null, expiresAt = null, name = 'an actor' } = options;
    const made = await this.admin.post('/v1/tokens', { name, scopes, organizationId, expiresAt });
    if (made.status !== 201) throw new Error(`no actor could be made: ${made.text}`);
    return this.clientWith(made.body.secret);
  }

  /** What is stored, to be compared with what is stored later. */
  rows(): Promise<Record<string, string>> {
    return this.database.rows();
  }

  async close(): Promise<void> {
    await this.app.close();
    if (!this.#isGuest) await this.database.remove();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

export async function testApp(options: TestAppOptions = {}): Promise<TestApp> {
  const app = await openTestApp(options.on ?? (await databaseFrom(options)), options);
  failOnErrorsIn(app);
  return app;
}

async function databaseFrom({ from = 'migrated' }: TestAppOptions): Promise<TestDatabase> {
  if (from === 'new') return await newDatabase();
  return await (from === 'migrated' ? await migratedDatabase() : from).copy();
}

/** An error that is logged and that the test does not take from the log fails the test, beside its own failures. */
function failOnErrorsIn({ log }: TestApp): void {
  const checkLog = () => {
    const errors = log.takeErrors();
    if (errors.length > 0) throw new Error(`errors in the log: ${JSON.stringify(errors, null, 2)}`);
  };
  if (TestRunner.getCurrentTest() !== undefined) onTestFinished(checkLog);
  else afterAll(checkLog);
}

async function openTestApp(database: TestDatabase, options: TestAppOptions): Promise<TestApp> {
  const clock = new TestClock(options.now ?? '2023-07-03T01:02:03.004Z');
  const log = new LogCapture();
  const routes: RouteFacts[] = [];
  const config = readConfig({
    DATABASE_URL: database.url,
    JINDU_ADMIN_TOKEN: adminSecret,
    JINDU_RATE_LIMIT_PER_TOKEN: '0',
    JINDU_RATE_LIMIT_PER_ADDRESS: '0',
    JINDU_MAX_EVENT_LOOP_DELAY_MS: '0',
    ...options.env,
  });
  const app = await buildApp({
    config,
    clock,
    logDestination: log,
    postgresServer: database.server,
    ...(options.largeBatchBytes === undefined ? {} : { largeBatchBytes: options.largeBatchBytes }),
    beforeRoutes: async (app) => {
      keepRoutes(app, routes);
      checkAnswers(app);
    },
  });
  await app.ready();
  return new TestApp({ app, clock, log, database, routes, isGuest: options.on !== undefined });
}

let migrated: Promise<TestDatabase> | undefined;

/** Migrated once per worker, by an app of its own; a copy costs less than migrating again. */
function migratedDatabase(): Promise<TestDatabase> {
  migrated ??= (async () => {
    const database = await newDatabase();
    // Long ago, since the clock of a database never goes back behind what is recorded in it.
    const { app } = await openTestApp(database, { now: '2000-01-01T00:00:00.000Z' });
    await app.close();
    return database;
  })();
  return migrated;
}
