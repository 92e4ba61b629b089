import fc from 'fast-check';
import type { Answer, Client } from '../support/index.ts';

/** One thing that somebody does; those that the rules refuse are part of the game. */
export type Step = { method: string; path: string; body?: object };

/** Of the projects on which steps are taken, in no order of their tree. */
export const ids = ['m', 'c', 'x', 'a', 'q', 'f'];
const anId = fc.constantFrom(...ids);
const aDay = fc.constantFrom('2023-03-31', '2023-06-30', '2023-07-01');
const aText = fc.oneof(
  fc.string({ minLength: 1, unit: 'grapheme' }),
  fc.constantFrom('岳屏', '🏗️', 'a"b\\\n\'', ' x '),
);
export const aStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .record({
        id: anId,
        parentId: fc.option(anId),
        title: aText,
        tags: fc.uniqueArray(anId),
        amount: fc.maxSafeNat(),
      })
      .map(({ id, amount, ...said }) => ({
        method: 'PUT',
        path: `/v1/projects/${id}`,
        body: {
          ...said,
          organizationId: 'yueping',
          budget: amount % 3 === 0 ? null : { amount: amount % 1_000_000_007, currency: 'CNY' },
          quantities: [{ code: 'households', value: 563, unit: '户' }],
          translations: { en: { title: said.title } },
        },
      })),
  },
  {
    weight: 3,
    arbitrary: fc
      .record({ id: anId, day: aDay, hundredths: fc.integer({ min: 0, max: 10_000 }), note: aText })
      .map(({ id, day, hundredths, note }) => ({
        method: 'PUT',
        path: `/v1/projects/${id}/reports/${day}`,
        body: {
          ...(hundredths % 4 === 0 ? { stated: '85%以上' } : { percent: hundredths / 100 }),
          quantities: hundredths % 3 === 0 ? [{ code: 'households', value: hundredths % 563 }] : [],
          citation: hundredths % 5 === 0 ? { title: note } : null,
          note,
          reason: '更正',
        },
      })),
  },
  fc.tuple(anId, aDay).map(([id, day]) => ({ method: 'DELETE', path: `/v1/projects/${id}/reports/${day}` })),
  fc.tuple(anId, aDay, fc.constantFrom('implementation', 'cancelled')).map(([id, day, status]) => ({
    method: 'PUT',
    path: `/v1/projects/${id}/statuses/${day}`,
    body: { status },
  })),
  anId.map((id) => ({ method: 'DELETE', path: `/v1/projects/${id}` })),
  anId.map((id) => ({ method: 'POST', path: `/v1/projects/${id}/restoration` })),
  aText.map((name) => ({ method: 'POST', path: '/v1/tokens', body: { name, scopes: ['read'] } })),
);

let keys = 0;

/** Sends a step; each `POST` with a key of its own. */
export async function take(client: Client, { method, path, body }: Step): Promise<Answer> {
  keys += 1;
  const headers = method === 'POST' ? { 'idempotency-key': `key-${keys}` } : {};
  return await client.send(method, path, { payload: body, headers });
}
