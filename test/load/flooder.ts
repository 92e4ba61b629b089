import autocannon from 'autocannon';
import { type AskerName, askers } from '../../bench/requests.ts';
import { quantile } from './figures.ts';

/**
 * The clients of a flood, in a process of their own: so many connections, each of which sends its next request as soon
 * as the last one is answered, and does not heed `Retry-After`.
 */
export interface Flood {
  port: number;
  asker: AskerName | 'search';
  /** What is asked for is another in each. */
  turn: number;
  connections: number;
  seconds: number;
  secret: string;
}

/** How a flood was answered. */
export interface Flooded {
  statuses: Record<string, { count: number; p50: number; p99: number; longest: number }>;
  /** Of all connections, those that had an answer: of one that is never let in, nothing else tells. */
  answered: number;
  /** Of the answers with 503. */
  withoutRetryAfter: number;
  /** Connections that failed, and requests that nobody answered. */
  errors: number;
}

process.on('message', async (flood: Flood) => {
  process.send?.(await run(flood));
});

async function run({ port, asker, turn, connections, seconds, secret }: Flood): Promise<Flooded> {
  const ask = asker === 'search' ? searcher() : askers[asker](turn);
  const times: Record<string, number[]> = {};
  const answered = new Set<unknown>();
  let withoutRetryAfter = 0;
  const options: autocannon.Options = {
    url: `http://127.0.0.1:${port}`,
    connections,
    duration: seconds,
    timeout: 60,
    headers: { authorization: `Bearer ${secret}` },
    requests: [
      {
        setupRequest(request) {
          const { method, path, body } = ask();
          const headers = { ...request.headers, ...(body && { 'content-type': 'application/json' }) };
          return { ...request, method, path, body, headers } as typeof request;
        },
      },
    ],
    setupClient(client) {
      client.on('headers', (({ statusCode, headers }: { statusCode: number; headers: string[] }) => {
        if (statusCode === 503 && !headers.some((name) => name.toLowerCase() === 'retry-after')) {
          withoutRetryAfter += 1;
        }
      }) as never);
    },
  };
  const { errors } = await new Promise<autocannon.Result>((resolve, reject) => {
    const cannon = autocannon(options, (error, result) => (error ? reject(error) : resolve(result)));
    cannon.on('response', (client, status, _bytes, milliseconds) => {
      answered.add(client);
      times[status] ??= [];
      times[status].push(milliseconds);
    });
  });
  const statuses = Object.fromEntries(
    Object.entries(times).map(([status, each]) => [
      status,
      { count: each.length, p50: quantile(each, 0.5), p99: quantile(each, 0.99), longest: quantile(each, 1) },
    ]),
  );
  return { statuses, answered: answered.size, withoutRetryAfter, errors };
}

/** Searches the titles of all projects for what is in few of them: the dearest question that a reader can ask. */
function searcher(): () => { method: 'GET'; path: string; body?: string } {
  let asked = 0;
  return () => {
    asked += 1;
    const words = encodeURIComponent(`改造 ${asked % 100}-estate-0${asked % 9}-zone-07`);
    return { method: 'GET', path: `/v1/projects?q=${words}&limit=50` };
  };
}
