import { afterAll, describe, test } from 'vitest';
import { openGround } from './ground.ts';
import { msPerRun, searchOperation } from './search.ts';
import { searchSettings, timeLimitMs } from './settings.ts';

const ground = await openGround();
const settings = searchSettings(20);

describe('whatever is sent to it, an operation answers what it declares, and a refusal writes nothing:', () => {
  test.each(ground.description.operations.map((operation) => [operation.id, operation] as const))(
    '%s',
    async (_id, operation) => {
      await searchOperation(ground, operation, settings);
    },
    timeLimitMs(settings.runs, msPerRun),
  );
});

afterAll(() => ground.close());
