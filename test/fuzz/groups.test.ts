import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { curlLine } from './curl.ts';
import { openGround, writers } from './ground.ts';
import { goodRequestsFor, requestsFor, type Sent } from './requests.ts';
import { send } from './search.ts';
import { howToRepeat, searchParameters, searchSettings, timeLimitMs } from './settings.ts';

const ground = await openGround();
const { app, description, values, writes } = ground;
const settings = searchSettings(25);

/** Those that make ids or secrets of their own, or that take from somebody the right to write. */
const neverTheSame = ['createProject', 'createOrganization', 'createToken', 'revokeToken'];
const operations = description.operations.filter(
  ({ id, method }) => method !== 'GET' && !neverTheSame.includes(id),
);

const aRequest = fc.oneof(
  { weight: 3, arbitrary: fc.oneof(...operations.map((each) => goodRequestsFor(each, description, values))) },
  fc.oneof(...operations.map((each) => requestsFor(each, description, values, ['admin']))),
);

const someRequests = fc
  .array(aRequest, { minLength: 2, maxLength: writers.length })
  .map((all) => all.map((sent, index): Sent => ({ ...sent, as: writers[index] ?? 'admin' })));

interface Entry {
  sequence: number;
  actor: { name: string };
}

async function newestEntries(): Promise<Entry[]> {
  return (await app.admin.get('/v1/changes?sort=-sequence&limit=200')).body.items;
}

const recordedAtStart = (await newestEntries())[0]?.sequence ?? 0;

/** Who has written, in the order in which they have. */
async function whoWrote(): Promise<string[]> {
  const entries = (await newestEntries()).filter(({ sequence }) => sequence > recordedAtStart).reverse();
  return [...new Set(entries.map(({ actor }) => actor.name))];
}

/** Sends all at once, and then, to what was there before, one after the other those that have written. */
async function hold(requests: Sent[]): Promise<void> {
  try {
    const answers = await Promise.all(requests.map((sent) => send(ground, sent)));
    const order = await whoWrote();
    const together = await app.rows();
    await writes.restore();
    const statusOf = (name: string) => answers[requests.findIndex(({ as }) => as === name)]?.status ?? 0;
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
    expect(order.filter((name) => statusOf(name) >= 400)).toEqual([]);
    const again: number[] = [];
    for (const name of order) {
      const sent = requests.find(({ as }) => as === name);
      if (sent !== undefined) again.push((await send(ground, sent)).status);
    }
    expect(again).toEqual(order.map(statusOf));
    expect(await app.rows()).toEqual(together);
  } finally {
    await writes.restore();
  }
}

describe('writes that come at once and are committed together', () => {
  test(
    'leave what they would have left one after the other, and those that are refused leave nothing',
    async () => {
      const { failed, counterexample, errorInstance } = await fc.check(
        fc.asyncProperty(someRequests, hold),
        searchParameters(settings, 200),
      );
      const lines = (counterexample?.[0] ?? []).map((sent) => `${curlLine(sent).slice(0, 4_000)} &`);
      const found = [String(errorInstance), ...lines, howToRepeat(settings, 'test/fuzz/groups.test.ts')];
      expect(failed ? found.join('\n') : '').toBe('');
    },
    timeLimitMs(settings.runs, 200),
  );
});

afterAll(() => ground.close());
