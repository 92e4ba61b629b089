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
    { numRuns: 4 },
  );
}, 120_000);

test('a portfolio of today is what counting all anew by what is known now gives, whatever it weighs by', async () => {
  await using jindu = await testApp({ now: '2023-07-03T01:02:03.004Z' });
  await settleTianmashan(jindu.admin);
  const bases = fc.constantFrom('equal', 'weight', 'budget', 'quantity:households');
  const asked = fc.tuple(someQuestion, bases);
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(
      somePortfolio,
      fc.array(asked, { minLength: 3, maxLength: 3 }),
      async (projects, questions) => {
        runs += 1;
        await settle(jindu.admin, `run${runs}`, projects);
        jindu.clock.advance({ seconds: 1 });
        const knownAt = jindu.clock.now().toISOString();
        for (const [question, weightBasis] of questions) {
          for (const within of [undefined, 'tianmashan', `run${runs}-0`]) {
            const about = { ...question, within, weightBasis };
            const kept = await jindu.admin.get(addressOf(about));
            const counted = await jindu.admin.get(addressOf({ ...about, knownAt }));
            expect(counted.status, JSON.stringify(about)).toBe(kept.status);
            if (kept.status !== 200) continue;
            expect(counted.text, JSON.stringify(about)).toBe(
              JSON.stringify({ ...kept.body, knownAt: '' }).replace('"knownAt":""', `"knownAt":"${knownAt}"`),
            );
          }
        }
      },
    ),
    { numRuns: 4 },
  );
}, 120_000);

test('a portfolio as known at a moment is the one that was answered then', async () => {
  await using jindu = await testApp({ now: '2023-07-03T01:02:03.004Z' });
  const { admin, clock } = jindu;
  await settleTianmashan(admin);
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(somePortfolio, somePortfolio, async (first, second) => {
      runs += 1;
      const run = `run${runs}`;
      await settle(admin, run, first);
      const compareTo = '2023-06-29';
      const places = [undefined, 'tianmashan', 'yueping', `${run}-0`];
      // Of `kind` nothing is kept but that of now.
      const questions = places.flatMap((within) => [
        { within },
        { within, compareTo },
        { within, light: 'red' },
      ]);
      const asOf = clock.now().toISOString().slice(0, 10);
      const then = new Map<(typeof questions)[number], unknown>();
      for (const question of questions) then.set(question, await answer(admin, { ...question, asOf }));
      const knownAt = clock.now().toISOString();
      clock.advance({ seconds: 1 });
      await settle(
        admin,
        run,
        second.map((project, number) => ({ ...project, kind: first[number]?.kind ?? project.kind })),
      );
      await admin.put('/v1/organizations/tianmashan/light-rules', {
        ...{
          yellowBehind: runs,
          redBehind: 10 + runs,
          cadence: runs % 2 === 0 ? 'daily' : 'yearly',
          reason: '调整',
        },
      });
      await admin.patch('/v1/organizations/yueping', { parentId: runs % 2 === 0 ? 'tianmashan' : 'yanfeng' });
      clock.advance({ seconds: 1 });
      for (const question of questions) {
        const known = await answer(admin, { ...question, asOf, knownAt });
        expect({ ...known, knownAt: null }, JSON.stringify(question)).toEqual(then.get(question));
      }
    }),
    { numRuns: 4 },
  );
}, 120_000);
