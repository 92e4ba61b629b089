import fc from 'fast-check';
import type { InjectOptions } from 'fastify';
import { curlLine } from './curl.ts';
import type { Operation } from './description.ts';
import type { Ground } from './ground.ts';
import { type Arrived, faultsOf } from './judge.ts';
import { goodRequestsFor, requestsFor, type Sent } from './requests.ts';
import { howToRepeat, type SearchSettings, searchParameters } from './settings.ts';

/** How long one run may take, on a busy machine. */
export const msPerRun = 100;

/** Requests that are sent one after the other to what the reference data has become by those before. */
type Course = Sent[];

/**
 * Sends the operation whatever may be sent, after up to two good writes of any operation, and holds each answer to the
 * description and to the law. What is wrong is thrown, as the shortest course of `curl` lines that shows it.
 */
export async function searchOperation(
  ground: Ground,
  operation: Operation,
  settings: SearchSettings,
): Promise<void> {
  const { description, values } = ground;
  const writes = description.operations.filter(({ method }) => method !== 'GET');
  const before = fc.oneof(...writes.map((write) => goodRequestsFor(write, description, values)));
  const asked = requestsFor(operation, description, values, Object.keys(ground.secrets));
  const course: fc.Arbitrary<Course> = fc
    .tuple(fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(before, { maxLength: 2 })), asked)
    .map(([earlier, last]) => [...earlier, last]);
  await holdEach(ground, course, settings, `test/fuzz/operations.test.ts -t ${operation.id}`);
}

async function holdEach(
  ground: Ground,
  course: fc.Arbitrary<Course>,
  settings: SearchSettings,
  place: string,
) {
  const property = fc.asyncProperty(course, (requests) => followCourse(ground, requests));
  const { failed, counterexample, errorInstance, numShrinks, counterexamplePath } = await fc.check(
    property,
    searchParameters(settings, msPerRun),
  );
  if (!failed) return;
  const lines = (counterexample?.[0] ?? []).map(curlLine);
  throw new Error(
    [
      errorInstance instanceof Error ? errorInstance.message : String(errorInstance),
      '',
      'on the data of test/fuzz/ground.ts:',
      ...lines.map((line) =>
        line.length > 20_000 ? `${line.slice(0, 20_000)}… (${line.length} characters)` : line,
      ),
      '',
      `found at ${counterexamplePath}, made shorter ${numShrinks} times; again with`,
      howToRepeat(settings, place),
    ].join('\n'),
  );
}

async function followCourse(ground: Ground, course: Course): Promise<void> {
  const { writes, app } = ground;
  let isTouched = false;
  try {
    await writes.written();
    for (const sent of course) {
      const { arrived, written } = await ask(ground, sent);
      isTouched ||= written !== null;
      const faults = faultsOf(ground.description, sent, arrived);
      if (written !== null && arrived.status >= 400) faults.push(`it is refused, and yet ${written}`);
      if (written !== null && sent.operation.method === 'GET')
        faults.push(`it only reads, and yet ${written}`);
      if (written !== null && arrived.status < 300)
        faults.push(...(await faultsAfter(ground, sent, arrived)));
      if (faults.length > 0) throw new Error(described(sent, arrived, faults, app.log.takeErrors()));
    }
  } finally {
    app.log.takeErrors();
    if (isTouched) await writes.restore();
  }
}

async function ask(ground: Ground, sent: Sent): Promise<{ arrived: Arrived; written: string | null }> {
  return { arrived: await send(ground, sent), written: await ground.writes.written() };
}

/** Sends the request to the app, and resolves with what arrives. */
export async function send(ground: Ground, sent: Sent): Promise<Arrived> {
  const secret = ground.secrets[sent.as];
  const { contentType = null, bytes } = sent.body ?? {};
  const { statusCode, headers, body } = await ground.app.app.inject({
    method: sent.operation.method as NonNullable<InjectOptions['method']>,
    url: sent.address,
    headers: {
      ...(secret ? { authorization: `Bearer ${secret}` } : {}),
      ...(contentType === null ? {} : { 'content-type': contentType }),
      ...sent.headers,
    },
    ...(bytes === undefined ? {} : { payload: bytes }),
  });
  return { status: statusCode, headers, text: body };
}

/** What was accepted must not spoil what reads it. */
async function faultsAfter(ground: Ground, sent: Sent, arrived: Arrived): Promise<string[]> {
  const faults: string[] = [];
  for (const read of readsAfter(ground, sent, arrived)) {
    const { arrived: answer } = await ask(ground, read);
    for (const fault of faultsOf(ground.description, read, answer)) {
      faults.push(`after it, ${read.operation.method} ${read.address} (${read.headers.accept}): ${fault}`);
    }
  }
  return faults;
}

function readsAfter(ground: Ground, sent: Sent, arrived: Arrived): Sent[] {
  const [, room = '', id, asOf] =
    /^\/v1\/([^/]+)\/([^/?]+)(?:\/[^/]+\/([^/?]+))?/.exec(String(arrived.headers.location ?? sent.address)) ??
    [];
  const params: Record<string, string> = {};
  if (id !== undefined) params.id = id;
  if (asOf !== undefined) params.asOf = asOf;
  return ground.description.operations
    .filter(
      ({ method, path }) => method === 'GET' && (path.startsWith(`/v1/${room}`) || path === '/v1/changes'),
    )
    .filter(({ path }) =>
      [...path.matchAll(/\{(\w+)\}/g)].every(([, name]) => params[name ?? ''] !== undefined),
    )
    .flatMap((operation) =>
      (operation.answers[200]?.media ?? []).map((accept) => ({
        operation,
        address: operation.path.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? ''),
        params,
        query: [],
        headers: { accept },
        body: null,
        as: 'admin',
      })),
    );
}

function described(
  sent: Sent,
  arrived: Arrived,
  faults: string[],
  errors: { [field: string]: unknown }[],
): string {
  return [
    `${sent.operation.id}: ${faults.join('\n  and ')}`,
    `it was answered ${arrived.status} ${arrived.text.slice(0, 600)}`,
    ...errors.map((error) => `logged: ${JSON.stringify(error).slice(0, 3_000)}`),
  ].join('\n');
}
