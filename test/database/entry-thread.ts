// What the tests have carried out in a writing thread: adds entries in one unit of work, and ends it in several ways.
import { setTimeout as sleep } from 'node:timers/promises';
import { carryOutTasks } from '../../src/database/index.ts';
import { JinduError } from '../../src/shared/errors.ts';
import { addEntry } from './entries.ts';

export interface EntryTask {
  add: string[];
  /** Between one entry and the next. */
  pauseMs?: number;
  end?: 'throws' | 'throws where nobody listens' | 'refuses' | 'dies';
}

export interface EntryOutcome {
  now: string;
  settings: unknown;
  positions: number[];
}

carryOutTasks(async (database, input, settings) => {
  const { add, pauseMs = 0, end } = input as EntryTask;
  const outcome: EntryOutcome = await database.write(async (unit) => {
    const positions: number[] = [];
    for (const name of add) {
      const [added] = await addEntry(unit, { name });
      positions.push(added?.position ?? 0);
      await sleep(pauseMs);
    }
    if (end === 'throws') throw new TypeError('thrown in the thread');
    if (end === 'refuses') {
      const errors = [{ pointer: '/add', code: 'no', message: 'no' }];
      const cause = new Error('the cause');
      throw new JinduError('unprocessable', 'refused in the thread', errors, {
        cause,
        extensions: { rows: 1 },
      });
    }
    if (end === 'throws where nobody listens') {
      setImmediate(() => {
        throw new RangeError('thrown where nobody listens');
      });
      await sleep(60_000);
    }
    // In a thread that is the end of the thread.
    if (end === 'dies') process.exit(7);
    return { now: unit.now, settings, positions };
  });
  return { outcome };
});
