import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadDemo } from '../../src/demo/load.ts';
import { type ErrorCode, errorCatalogue } from '../../src/shared/errors.ts';
import { type Answer, newDatabase, type TestApp, type TestDatabase, testApp } from '../support/index.ts';
import { blocksOf, missingIn, readPage } from './page.ts';

/** A code for which no request is shown, because it takes too many requests, too large a one, or a fault to get it. */
const withoutRequest = new Set<string>([
  'payload_too_large',
  'request_timeout',
  'too_deep',
  'rate_limited',
  'internal',
  'overloaded',
  'storage_unavailable',
] satisfies ErrorCode[]);

const page = readPage('docs/errors.md');
const sections = page
  .split(/^## /m)
  .slice(1)
  .map((text) => ({ code: text.split('\n', 1)[0] ?? '', text }));
const entries = Object.entries(errorCatalogue);

let demo: TestDatabase;

beforeAll(async () => {
  demo = await newDatabase();
  const database = await demo.open();
  await loadDemo(database);
  await database.close();
});
afterAll(() => demo.remove());

test('docs/errors.md explains every code of the catalogue, in its order, and no other', () => {
  expect(sections.map(({ code }) => code)).toEqual(entries.map(([code]) => code));
});

describe.each(entries)('the section of %s', (code, { status, title, meaning }) => {
  const text = textOf(code);

  test('has the status, the title and the meaning that the catalogue gives it', () => {
    expect(text).toContain(`\n\n**${status}** · ${title}\n\n${meaning}\n\n`);
  });

  test('says what to do', () => {
    expect(text).toMatch(/^What to do: [a-zA-Z`].*\.\)?$/m);
  });
});

test.each(entries.filter(([code]) => !withoutRequest.has(code)))(
  'the request that is shown for %s is refused with it, as is shown',
  async (code, { status, title }) => {
    await using app = await testApp({ from: demo, now: '2026-11-24T00:00:00.000Z' });
    const blocks = blocksOf(textOf(code));
    const answers: Answer[] = [];
    for (const { kind, text } of blocks) if (kind === 'http') answers.push(await sent(app, text));
    const refusal = answers.pop();
    for (const before of answers) expect(before.status, before.text).toBeLessThan(300);
    expect(refusal?.body).toMatchObject({ code, status, title });
    const shown = blocks.find(({ kind }) => kind === 'json');
    expect(missingIn(refusal?.body, JSON.parse(shown?.text ?? 'null'))).toBeNull();
  },
);

function textOf(code: string): string {
  return sections.find((section) => section.code === code)?.text ?? '';
}

/** Sends a request as the page writes it: the method and the path, headers, and on the last line the body. */
async function sent(app: TestApp, text: string): Promise<Answer> {
  const [first = '', ...lines] = text.trim().split('\n');
  const [method = '', path = ''] = first.split(' ');
  const headers: Record<string, string> = {};
  let payload: string | undefined;
  for (const line of lines) {
    const [, name, value] = /^([A-Z][\w-]+): (.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) payload = line;
    else headers[name.toLowerCase()] = value;
  }
  if (headers.authorization?.endsWith('<a token with the scope read>') === true) {
    const { authorization: _, ...rest } = headers;
    return await (await app.actor({ scopes: ['read'] })).send(method, path, { payload, headers: rest });
  }
  return await app.admin.send(method, path, { payload, headers });
}
