import { expect, test } from 'vitest';
import { SharedAnswers } from '../../src/shared/shared-answers.ts';

/** Asks that end when they are told to. */
function askings() {
  const begun: PromiseWithResolvers<number>[] = [];
  const ask = () => {
    const asking = Promise.withResolvers<number>();
    begun.push(asking);
    return asking.promise;
  };
  return { begun, ask };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('whoever comes while it is asked shares the next answer, which was begun after they came', async () => {
  const answers = new SharedAnswers<number>();
  const { begun, ask } = askings();
  const first = answers.get('token', ask);
  const later = [answers.get('token', ask), answers.get('token', ask)];
  await settled();
  expect(begun).toHaveLength(1);
  begun[0]?.resolve(1);
  expect(await first).toBe(1);
  await settled();
  expect(begun).toHaveLength(2);
  const last = answers.get('token', ask);
  begun[1]?.resolve(2);
  expect(await Promise.all(later)).toEqual([2, 2]);
  await settled();
  begun[2]?.resolve(3);
  expect(await last).toBe(3);
  await settled();
  expect(begun).toHaveLength(3);
});

test('a failure is told to those who shared it, and the next are asked for anew', async () => {
  const answers = new SharedAnswers<number>();
  const { begun, ask } = askings();
  const first = answers.get('token', ask);
  const second = answers.get('token', ask);
  begun[0]?.reject(new Error('away'));
  await expect(first).rejects.toThrow('away');
  await settled();
  begun[1]?.resolve(2);
  expect(await second).toBe(2);
});

test('different keys do not wait for each other', async () => {
  const answers = new SharedAnswers<number>();
  const { begun, ask } = askings();
  const one = answers.get('one', ask);
  const other = answers.get('other', ask);
  begun[1]?.resolve(2);
  expect(await other).toBe(2);
  begun[0]?.resolve(1);
  expect(await one).toBe(1);
});
