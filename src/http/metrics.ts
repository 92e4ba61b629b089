import { Type } from '@sinclair/typebox';
import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { CommittedGroup, Database } from '../database/index.ts';
import type { App } from './app.ts';
import type { RequestsInFlight } from './stop.ts';

/** The figures of one app. */
export interface Metrics {
  readonly registry: Registry;
  /** To be told of every group of writes when it has been committed. */
  countGroup(group: CommittedGroup): void;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const groupWrites = new Histogram({
    name: 'jindu_database_group_writes',
    help: 'How many writes were committed together.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
    registers: [registry],
  });
  const commitSeconds = new Histogram({
    name: 'jindu_database_commit_seconds',
    help: 'How long a commit took, the disk included.',
    buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1],
    registers: [registry],
  });
  const groupSeconds = new Histogram({
    name: 'jindu_database_group_seconds',
    help: 'How long a group of writes took, its commit included.',
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5],
    registers: [registry],
  });
  return {
    registry,
    countGroup(group) {
      groupWrites.observe(group.writes);
      commitSeconds.observe(group.commitSeconds);
      groupSeconds.observe(group.seconds);
    },
  };
}

/**
 * Counts every request, and answers `GET /metrics` with the figures of the process, the requests and the database as
 * Prometheus text. To be called before the routes that are to be counted.
 */
export function registerMetrics(
  app: App,
  options: {
    metrics: Metrics;
    inFlight: RequestsInFlight;
    database: Database;
    /** Where there are several processes: the figures of all of them. */
    ofAll: (() => Promise<string>) | null;
  },
): void {
  const { registry } = options.metrics;
  if (options.ofAll !== null) {
    AggregatorRegistry.setRegistries([registry]);
    new AggregatorRegistry();
  }
  countRequests(app, registry, options.inFlight);
  countDatabase(registry, options.database);
  for (const metric of processRegistry().getMetricsAsArray()) registry.registerMetric(metric as never);
  app.get(
    '/metrics',
    {
      config: { access: 'read', unbound: true },
      schema: {
        operationId: 'getMetrics',
        tags: ['operations'],
        summary: 'Figures of the process, the requests and the database, for Prometheus',
        response: {
          200: {
            description: 'Prometheus text, version 0.0.4.',
            content: { 'text/plain': { schema: Type.String() } },
          },
        },
      },
    },
    async (_request, reply) =>
      reply.type(registry.contentType).send(await (options.ofAll ?? (() => registry.metrics()))()),
  );
}

function countRequests(app: App, registry: Registry, inFlight: RequestsInFlight): void {
  const seconds = new Histogram({
    name: 'jindu_http_request_seconds',
    help: 'How long requests took until their answer was sent, by route pattern, method and status.',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  new Gauge({
    name: 'jindu_http_requests_in_flight',
    help: 'Requests that are being answered now, this one included.',
    registers: [registry],
    collect() {
      this.set(inFlight.count);
    },
  });
  // Finding the right series by its labels takes longer than counting, and there are only so many.
  const series = new Map<string, { observe(seconds: number): void }>();
  app.addHook('onResponse', (request, reply, done) => {
    if (request.isHandedOver) {
      done();
      return;
    }
    const route = request.routeOptions.url ?? 'none';
    const key = `${reply.statusCode} ${request.method} ${route}`;
    let one = series.get(key);
    if (one === undefined) {
      one = seconds.labels({ route, method: request.method, status: reply.statusCode });
      series.set(key, one);
    }
    one.observe(reply.elapsedTime / 1000);
    done();
  });
}

function countDatabase(registry: Registry, database: Database): void {
  const figures = database.metrics;
  gauge('jindu_database_queue_depth', 'Writes that wait or run now.', () => figures.queueDepth);
  counter('jindu_database_reads_total', 'Units of reading.', () => figures.reads);
  counter('jindu_database_writes_total', 'Units of writing that were kept.', () => figures.writes);
  counter('jindu_database_failed_writes_total', 'Units of writing that failed.', () => figures.failedWrites);
  counter(
    'jindu_database_refused_writes_total',
    'Writes refused at a full queue.',
    () => figures.refusedWrites,
  );

  function gauge(name: string, help: string, read: () => number) {
    new Gauge({ name, help, registers: [registry], collect: collectWith(read) });
  }
  function counter(name: string, help: string, read: () => number) {
    new Counter({ name, help, registers: [registry], collect: collectWith(read) });
  }
  function collectWith(read: () => number) {
    return function collect(this: Gauge | Counter) {
      this.reset();
      this.inc(read());
    };
  }
}

let ofProcess: Registry | undefined;

/** The figures of the process, of which there is one however many apps it runs. */
function processRegistry(): Registry {
  if (ofProcess === undefined) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess });
  }
  return ofProcess;
}
