import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Client, settleTianmashan, testApp } from '../../support/index.ts';
import { settle, somePortfolio, someQuestion } from './random-portfolio.ts';

const addressOf = (asked: Record<string, string | undefined>) => {
  const said = Object.entries(asked).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `/v1/portfolio?${new URLSearchParams(said)}`;
};

async function answer(client: Client, asked: Record<string, string | undefined>) {
  const { status, body, text } = await client.get(addressOf(asked));
  expect(status, text).toBe(200);
  return body;
}

test('a portfolio summed by the database is the one that is counted row by row, to the byte', async () => {
  await using jindu = await testApp({ now: '2023-07-03T01:02:03.004Z' });
  await settleTianmashan(jindu.admin);
  const bound = await jindu.actor({ scopes: ['read'], organizationId: 'tianmashan' });
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(
      somePortfolio,
      fc.array(someQuestion, { minLength: 2, maxLength: 2 }),
      async (projects, questions) => {
        runs += 1;
        await settle(jindu.admin, `run${runs}`, projects);
        const places = [undefined, 'tianmashan', 'yueping', `run${runs}-0`];
        for (const question of [{}, ...questions]) {
          for (const within of places) {
            for (const client of [jindu.admin, bound]) {
              const asked = { ...question, within };
              if (client === bound && (await client.get(addressOf(asked))).status === 404) continue;
              // They all weigh one, which is to weigh alike; by their own weights they are read one by one.
              const summed = await answer(client, asked);
              const counted = await answer(client, { ...asked, weightBasis: 'weight' });
              expect(counted.rollUp.weightBasis).toBe('weight');
              const alike = { ...counted, rollUp: { ...counted.rollUp, weightBasis: 'equal' } };
              expect(JSON.stringify(summed), JSON.stringify(asked)).toBe(JSON.stringify(alike));
            }
          }
        }
      },
    ),
    { numRuns: 6 },
  );
}, 120_000);
