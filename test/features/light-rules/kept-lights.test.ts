import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rebuildStandings } from '../../../src/features/progress/index.ts';
import { settleTianmashan, type TestApp, testApp } from '../../support/index.ts';

const ids = ['one', 'two', 'three', 'four'];
const owners = ['yanfeng', 'tianmashan', 'yueping', 'xianghejian'];
const anId = fc.constantFrom(...ids);
const anOwner = fc.constantFrom(...owners);

interface Step {
  method: string;
  path: string;
  body?: object;
}

const aStep: fc.Arbitrary<Step> = fc.oneof(
  fc
    .record({
      owner: anOwner,
      yellowBehind: fc.constantFrom(0, 5, 10),
      more: fc.constantFrom(0, 20),
      silentAfterDays: fc.constantFrom(3, 30, 90),
    })
    .map(({ owner, more, ...rules }) => ({
      method: 'PUT',
      path: `organizations/${owner}/light-rules`,
      body: { ...rules, redBehind: rules.yellowBehind + more },
    })),
  anOwner.map((owner) => ({ method: 'DELETE', path: `organizations/${owner}/light-rules` })),
  fc.tuple(fc.constantFrom('tianmashan', 'yueping'), fc.option(anOwner)).map(([id, parentId]) => ({
    method: 'PATCH',
    path: `organizations/${id}`,
    body: { parentId },
  })),
  fc.tuple(anId, anOwner).map(([id, organizationId]) => ({
    method: 'PATCH',
    path: `projects/${id}`,
    body: { organizationId },
  })),
  fc.tuple(anId, fc.constantFrom(null, 'weekly', 'none')).map(([id, cadence]) => ({
    method: 'PATCH',
    path: `projects/${id}`,
    body: { cadence },
  })),
  fc.tuple(anId, fc.constantFrom('implementation', 'completion', 'suspended')).map(([id, status]) => ({
    method: 'PATCH',
    path: `projects/${id}`,
    body: { status },
  })),
  fc
    .tuple(anId, fc.constantFrom('2023-05-31', '2023-06-30'), fc.constantFrom(0, 40, 60, 100))
    .map(([id, day, percent]) => ({
      method: 'PUT',
      path: `projects/${id}/reports/${day}`,
      body: { percent, reason: '复核' },
    })),
  fc.tuple(anId, fc.constantFrom(20, 80, 100)).map(([id, percent]) => ({
    method: 'PUT',
    path: `projects/${id}/plan`,
    body: {
      points: [
        { date: '2023-01-01', percent: 0 },
        { date: '2023-09-30', percent },
      ],
    },
  })),
);

const lights = ['green', 'yellow', 'red', 'grey', 'none'];

/** Of each project the light that a list finds it by; it is found by one only. */
async function foundBy(app: TestApp): Promise<Record<string, string[]>> {
  const found = Object.fromEntries(ids.map((id) => [id, [] as string[]]));
  for (const light of lights) {
    const { body } = await app.admin.get(`/v1/projects?light=${light}`);
    for (const { id } of body.items) found[id]?.push(light);
  }
  return found;
}

/** Of each project the light that is counted anew from all that was said. */
async function counted(app: TestApp): Promise<Record<string, string[]>> {
  const knownAt = app.clock.now().toISOString();
  const found: Record<string, string[]> = {};
  for (const id of ids) {
    const { body } = await app.admin.get(`/v1/projects/${id}/progress?knownAt=${knownAt}`);
    found[id] = [body.light ?? 'none'];
  }
  return found;
}

describe('the light that a list is filtered by', () => {
  test('is the one that is counted anew, on the day of a change and on days after it, whatever was changed', async () => {
    await using app = await testApp({ now: '2023-07-03T01:02:03.004Z' });
    await settleTianmashan(app.admin);
    for (const id of ids) {
      const body = { title: id, organizationId: 'yueping', parentId: id === 'one' ? null : 'one' };
      await app.admin.put(`/v1/projects/${id}`, body);
    }
    await fc.assert(
      fc.asyncProperty(fc.array(aStep, { minLength: 1, maxLength: 6 }), fc.nat(20), async (steps, days) => {
        for (const { method, path, body } of steps) {
          app.clock.advance({ seconds: 1 });
          const { status } = await app.admin.send(method, `/v1/${path}`, { payload: body });
          expect(status).toBeLessThan(500);
        }
        expect(await foundBy(app)).toEqual(await counted(app));
        app.clock.advance({ seconds: days * 86_400 });
        expect(await foundBy(app)).toEqual(await counted(app));
      }),
      { numRuns: 25, seed: 20230630 },
    );
    const opened = await app.database.open(app.clock);
    expect((await rebuildStandings(opened, { repair: false })).differing).toEqual([]);
    await opened.close();
  }, 60_000);
});
