import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rebuildStandings } from '../../src/features/progress/index.ts';
import { howToRepeat, searchParameters, searchSettings, timeLimitMs } from '../fuzz/settings.ts';
import { settleTianmashan, type TestApp, testApp } from '../support/index.ts';
import { differences, pointDifferences } from './answers.ts';
import { plainProgress } from './plain-progress.ts';
import { type Move, projects, someMoves } from './steps.ts';
import { World } from './world.ts';

const settings = searchSettings(20);

/** An answer is counted when it is first asked for, kept when it is again, and then told from what is kept. */
const timesAsked = ['first', 'again', 'once more'];

/** In what the answers differ from the plain count of the same history, once a step has been taken. */
async function differing(world: World, { ask }: Move): Promise<string[]> {
  const { history, nowMs, today } = world;
  const found: string[] = [];
  for (const number of projects) {
    const plain = plainProgress(history, world.idOf(number), today, nowMs);
    for (const time of timesAsked) {
      const { body } = await world.ask(number, 'progress');
      found.push(...differences(body, plain).map((each) => `${number} now, ${time}: ${each}`));
    }
  }
  const { moments } = history;
  const momentMs = momentAsked(moments, ask, nowMs);
  const day = ask.day === null ? null : world.dayOf(ask.day);
  const query = new URLSearchParams();
  if (day !== null) query.set('asOf', day);
  if (momentMs !== null) query.set('knownAt', new Date(momentMs).toISOString());
  const { status, body } = await world.ask(ask.project, `progress?${query}`);
  if (day !== null && day > today) return status === 422 ? found : [...found, 'a day to come is answered'];
  const plain = plainProgress(history, world.idOf(ask.project), day ?? today, momentMs ?? nowMs);
  const all = differences(body, plain);
  return [...found, ...all.map((each) => `${ask.project} ${query}: ${each}`)];
}

/** Just then, just before or just after something was told; null: all that is known. */
function momentAsked(
  moments: readonly number[],
  { moment, offsetMs }: Move['ask'],
  nowMs: number,
): number | null {
  if (moment === null) return null;
  return Math.min((moments[moment % moments.length] ?? 0) + offsetMs, nowMs);
}

/** In what the curves differ from the plain count of each of their days. */
async function differingCurves(world: World): Promise<string[]> {
  const found: string[] = [];
  for (const number of projects) {
    const { body } = await world.ask(number, 'progress/history');
    for (const point of body.actual) {
      const plain = plainProgress(world.history, world.idOf(number), point.date, world.nowMs);
      found.push(...pointDifferences(point, plain).map((each) => `${number} curve ${point.date}: ${each}`));
    }
  }
  return found;
}

describe('where a project stands', () => {
  test(
    'is what a plain count over all that was accepted says, after every step, on any day, as known at any moment',
    async () => {
      await using jindu = await testApp({ now: '2023-07-03T01:02:03.004Z', env: { LOG_LEVEL: 'error' } });
      await settleTianmashan(jindu.admin);
      let runs = 0;
      const property = fc.asyncProperty(someMoves, async (moves) => {
        runs += 1;
        const world = await World.create(jindu, `run-${runs}`);
        for (const move of moves) {
          jindu.clock.advance({ seconds: move.after });
          const wrong = [...(await world.take(move.step)), ...(await differing(world, move))];
          if (wrong.length > 0) throw new Error(`after ${JSON.stringify(move)}:\n${wrong.join('\n')}`);
        }
        const wrong = await differingCurves(world);
        if (wrong.length > 0) throw new Error(wrong.join('\n'));
      });
      const { failed, counterexample, errorInstance } = await fc.check(
        property,
        searchParameters(settings, 1_000),
      );
      const steps = (counterexample?.[0] ?? []).map((move) => JSON.stringify(move));
      const lines = [String(errorInstance), 'the steps:', ...steps, howToRepeat(settings, 'test/model')];
      expect(failed ? lines.join('\n') : '').toBe('');
      expect(await keptOtherwise(jindu)).toEqual([]);
    },
    timeLimitMs(settings.runs, 1_000),
  );
});

/** The projects of which something else is kept than a rebuild would keep. */
async function keptOtherwise({ database, clock }: TestApp): Promise<string[]> {
  const opened = await database.open(clock);
  const { differing } = await rebuildStandings(opened, { repair: false });
  await opened.close();
  return differing;
}
