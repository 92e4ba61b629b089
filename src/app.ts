import { fileURLToPath } from 'node:url';
import type { Config, DatabasePlace } from './config.ts';
import {
  type CommittedGroup,
  type Database,
  type Migrates,
  openDatabase,
  openReadableDatabase,
  type ReadableDatabase,
  type ReadUnit,
} from './database/index.ts';
import type { LocalServer } from './database/postgres/index.ts';
import {
  agreementRoutes,
  agreementSchemas,
  amendmentRoutes,
  partyInAgreement,
} from './features/agreements/index.ts';
import { changeRoutes, changeSchemas, newestInstant } from './features/changes/index.ts';
import {
  dealFunnelSchemas,
  dealRoutes,
  dealSchemas,
  dealSetStageSchemas,
  meetByKnownFacts,
} from './features/deals/index.ts';
import { fundingRoutes, fundingSchemas } from './features/funding/index.ts';
import { healthRoutes } from './features/health/index.ts';
import { lightRuleRoutes, lightRuleSchemas } from './features/light-rules/index.ts';
import { milestoneRoutes, milestoneSchemas } from './features/milestones/index.ts';
import {
  organizationRoutes,
  organizationSchemas,
  organizationScope,
} from './features/organizations/index.ts';
import { partyInUse, partyRoutes, partySchemas } from './features/parties/index.ts';
import { planRoutes, planSchemas } from './features/plans/index.ts';
import { portfolioRoutes, portfolioSchemas } from './features/portfolio/index.ts';
import { bringKeptUpToDate, progressRoutes, progressSchemas } from './features/progress/index.ts';
import { projectInUse, projectRoutes, projectSchemas, settleRulesWithin } from './features/projects/index.ts';
import { reportBatchRoutes, reportBatchSchemas } from './features/report-batches/index.ts';
import {
  momentsOfReport,
  reportRoutes,
  reportSchemas,
  revisionsOfReports,
} from './features/reports/index.ts';
import { ensureFirstToken, identify, tokenRoutes, tokenSchemas } from './features/tokens/index.ts';
import type { App } from './http/app.ts';
import { authenticate } from './http/authentication.ts';
import { tagEntities } from './http/entity-tags.ts';
import { explainErrors } from './http/error-page.ts';
import { handOverWrites, takeHandedOver } from './http/handing-over.ts';
import { shedLoad } from './http/load-shedding.ts';
import { answerRequestIds, type LogDestination } from './http/logging.ts';
import { closeOnUnreadBodies } from './http/long-bodies.ts';
import { answerWithoutRoute } from './http/methods.ts';
import { createMetrics, registerMetrics } from './http/metrics.ts';
import * as moneyFigureSchemas from './http/money-figures.ts';
import { describeRoutes } from './http/openapi.ts';
import { answerProblems } from './http/problems.ts';
import * as commonSchemas from './http/schemas.ts';
import { limitRates, setSecurityHeaders } from './http/security.ts';
import { createServer } from './http/server.ts';
import { closeConnectionsOnStop } from './http/stop.ts';
import { type Clock, systemClock } from './shared/clock.ts';
import { version } from './version.ts';
import { metricsOfAll, type WorkersPart } from './workers/part.ts';

const schemas = [
  commonSchemas,
  moneyFigureSchemas,
  organizationSchemas,
  lightRuleSchemas,
  projectSchemas,
  reportSchemas,
  planSchemas,
  reportBatchSchemas,
  milestoneSchemas,
  agreementSchemas,
  partySchemas,
  fundingSchemas,
  progressSchemas,
  portfolioSchemas,
  dealSchemas,
  dealSetStageSchemas,
  dealFunnelSchemas,
  changeSchemas,
  tokenSchemas,
];

export interface AppOptions {
  config: Config;
  clock?: Clock;
  logDestination?: LogDestination;
  /** A PostgreSQL server in this process, which takes the place of the one that the configuration names. */
  postgresServer?: LocalServer | undefined;
  /** How many changes may share one commit on SQLite; the benchmarks compare with 1. */
  groupLimit?: number;
  /** From which length on, in bytes, a batch of reports is large; the tests have even the smallest be so. */
  largeBatchBytes?: number;
  /** What this process does where there are several; null for one that is alone. */
  part?: WorkersPart | null;
  /** Called when everything but the routes is there: the tests add their own checks of every answer. */
  beforeRoutes?: (app: App) => Promise<void> | void;
}

/**
 * The whole API on an open, migrated database. Closing the app answers what is in flight and closes the database.
 * `firstAdminToken` is the secret that an empty database was given, to be shown once; null at every later start.
 */
export async function buildApp({
  config,
  clock = systemClock,
  logDestination,
  postgresServer,
  groupLimit,
  largeBatchBytes,
  part = null,
  beforeRoutes,
}: AppOptions): Promise<App> {
  const metrics = createMetrics();
  const database = await openConfiguredDatabase(config, clock, {
    onGroup: metrics.countGroup,
    server: postgresServer,
    groupLimit,
  });
  const firstAdminToken = await ensureFirstToken(database, { adminToken: config.adminToken });

  const app = createServer({ logLevel: config.logLevel, logDestination, trustProxy: config.trustProxy });
  app.addHook('onClose', () => database.close());
  app.decorate('firstAdminToken', firstAdminToken);
  await countAnewWhereNeeded(app, database);

  const inFlight = closeConnectionsOnStop(app);
  answerRequestIds(app);
  answerProblems(app);
  if (part?.does === 'reading') handOverWrites(app, part.socket);
  if (part?.does === 'writing') takeHandedOver(app, part.socket);
  closeOnUnreadBodies(app);
  shedLoad(app, config);
  await setSecurityHeaders(app, { corsOrigins: config.corsOrigins });
  const limits = await limitRates(
    app,
    { perAddressPerMinute: config.rateLimitPerAddress, perTokenPerMinute: config.rateLimitPerToken },
    database.sharedCounts,
  );
  limits.perAddress();
  authenticate(app, { identify: (secret) => identify(database, secret), publicRead: config.publicRead });
  limits.perToken();
  tagEntities(app);
  answerWithoutRoute(app);
  commonSchemas.addComponents(app, schemas);
  await describeRoutes(app, { version, publicUrl: config.publicUrl });
  explainErrors(app);
  await beforeRoutes?.(app);

  registerMetrics(app, { metrics, inFlight, database, ofAll: part === null ? null : metricsOfAll });
  healthRoutes(app, database);
  organizationRoutes(app, database, { inUseBy: organizationInUse, followMove: settleRulesWithin });
  lightRuleRoutes(app, database, settleRulesWithin);
  projectRoutes(app, database, config.timeZone);
  reportRoutes(app, database, config.timeZone);
  await reportBatchRoutes(app, database, config.timeZone, largeBatchBytes);
  planRoutes(app, database);
  milestoneRoutes(app, database, config.timeZone, { meet: meetByKnownFacts });
  partyRoutes(app, database, config.timeZone, { inUseBy: partyInAgreement });
  agreementRoutes(app, database, config.timeZone);
  amendmentRoutes(app, database, config.timeZone);
  fundingRoutes(app, database, config.timeZone);
  progressRoutes(app, database, config.timeZone);
  portfolioRoutes(app, database, config.timeZone);
  dealRoutes(app, database, config.timeZone);
  changeRoutes(app, database, { scope: organizationScope, momentsOfReport, revisionsOfReports });
  tokenRoutes(app, database);
  return app;
}

/** What of any feature still needs an organization. */
async function organizationInUse(unit: ReadUnit, organizationId: string): Promise<string | null> {
  return (await projectInUse(unit, organizationId)) ?? (await partyInUse(unit, organizationId));
}

/** What an earlier version has kept says less than this one reads, or something else: then it is counted anew first. */
async function countAnewWhereNeeded(app: App, database: Database): Promise<void> {
  const onBegin = () =>
    app.log.info('what is kept of the projects was made by an earlier version; it is counted anew first');
  const outcome = await bringKeptUpToDate(database, onBegin);
  if (outcome === null) return;
  const { projects, differing } = outcome;
  app.log.info({ projects, putRight: differing.length }, 'what is kept of the projects is counted anew');
}

/** The database that the configuration names, migrated, its clock not behind what is recorded in it. */
export async function openConfiguredDatabase(
  config: Config,
  clock: Clock = systemClock,
  {
    onGroup = () => undefined,
    server,
    groupLimit,
    migrates,
  }: {
    onGroup?: (group: CommittedGroup) => void;
    server?: LocalServer | undefined;
    groupLimit?: number | undefined;
    migrates?: Migrates;
  } = {},
): Promise<Database> {
  const { database: place, backupsKept } = config;
  const longestWaitMs = longestWaitOf(config);
  const migrationsFolder = migrationsOf(place);
  const database =
    place.engine === 'sqlite'
      ? await openDatabase({
          ...{ file: place.file, migrationsFolder, clock, backupsKept, migrates, onGroup, longestWaitMs },
          hasOtherProcesses: config.workers > 1,
          ...(groupLimit === undefined ? {} : { groupLimit }),
        })
      : await (await loadPostgres()).openPostgresDatabase({
          server: server ?? place.url,
          migrationsFolder,
          clock,
          migrates,
          onGroup,
          longestWaitMs,
        });
  const newest = await database.read(newestInstant);
  if (newest !== null) database.raiseClock(newest);
  return database;
}

/** A change waits in a queue, so a server that cannot keep up is not seen by how long its turns last. */
function longestWaitOf({ maxEventLoopDelayMs }: Config): number {
  return maxEventLoopDelayMs === 0 ? Number.POSITIVE_INFINITY : 3 * maxEventLoopDelayMs;
}

/** The database at a place, only to be read: it must be at the last migration, and nothing of it is changed. */
export async function openReadable(
  place: DatabasePlace,
  clock: Clock = systemClock,
  server?: LocalServer | undefined,
): Promise<ReadableDatabase> {
  const migrationsFolder = migrationsOf(place);
  if (place.engine === 'sqlite') return openReadableDatabase({ file: place.file, migrationsFolder, clock });
  const { openPostgresDatabase } = await loadPostgres();
  return await openPostgresDatabase({
    server: server ?? place.url,
    migrationsFolder,
    clock,
    migrates: 'none',
  });
}

function migrationsOf({ engine }: DatabasePlace): string {
  return fileURLToPath(new URL(`../migrations/${engine}`, import.meta.url));
}

/** Only where it is needed: most run on SQLite. */
function loadPostgres() {
  return import('./database/postgres/index.ts');
}

declare module 'fastify' {
  interface FastifyInstance {
    firstAdminToken: string | null;
  }
}
