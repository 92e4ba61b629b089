import { expect, test } from 'vitest';
import type { LocalServer } from '../../src/database/postgres/index.ts';
import { JinduError } from '../../src/shared/errors.ts';
import { addEntry, entryNames } from './entries.ts';
import { postgresEntryDatabase, rejectionOf, schemaOfTest } from './scratch.ts';

/** The same server, of which the connection breaks while `isCut` says so, when it has done what was sent with `word`. */
function cutAfter(server: LocalServer, word: string, isCut: () => boolean): LocalServer {
  return {
    connect() {
      const line = server.connect();
      let isDue = false;
      const [write, push] = [line.write.bind(line), line.push.bind(line)];
      line.write = (bytes: Uint8Array, ...more: unknown[]) => {
        isDue ||= isCut() && Buffer.from(bytes).includes(word);
        return write(bytes, ...(more as []));
      };
      line.push = (bytes: Uint8Array | null) => {
        if (!isDue || bytes === null) return push(bytes);
        line.destroy(new Error('cut'));
        return false;
      };
      return line;
    },
  };
}

test('whoever loses the server in the middle of a commit is told that it is open whether it was kept', async () => {
  const schema = await schemaOfTest('pglite');
  let isCut = false;
  const server = cutAfter(schema.server as LocalServer, 'COMMIT\0', () => isCut);
  const database = await postgresEntryDatabase(server);
  await database.write((unit) => addEntry(unit, { name: 'before' }));
  isCut = true;
  const refusal = await rejectionOf(database.write((unit) => addEntry(unit, { name: 'open' })));
  isCut = false;
  expect(await entryNames(database)).toEqual(['before', 'open']);
  expect(refusal).toMatchObject({
    code: 'storage_unavailable',
    detail: expect.stringContaining('it is not known whether'),
  });
});

test('whoever loses the server before the commit is told that nothing was done, and nothing was', async () => {
  const schema = await schemaOfTest('pglite');
  let isCut = false;
  const server = cutAfter(schema.server as LocalServer, 'insert into', () => isCut);
  const database = await postgresEntryDatabase(server);
  isCut = true;
  const refusal = await rejectionOf(database.write((unit) => addEntry(unit, { name: 'gone' })));
  isCut = false;
  expect(refusal).toMatchObject({ code: 'storage_unavailable' });
  expect((refusal as { detail: string }).detail).not.toContain('not known');
  expect(await entryNames(database)).toEqual([]);
});

test('whoever shares a group with a refused work is not told of that refusal when the server is lost', async () => {
  const schema = await schemaOfTest('pglite');
  let isCut = false;
  const server = cutAfter(schema.server as LocalServer, 'theirs', () => isCut);
  const database = await postgresEntryDatabase(server);
  isCut = true;
  const outcomes = await Promise.allSettled([
    database.write((unit) => addEntry(unit, { name: 'ours' })),
    database.write(async (unit) => {
      await addEntry(unit, { name: 'theirs' }).catch(() => undefined);
      throw new JinduError('progress_falls', '80 % is less than 90 %');
    }),
  ]);
  isCut = false;
  const [ours] = outcomes;
  // On a machine that is slow just now they are in groups of their own.
  if (ours?.status === 'rejected') expect(ours.reason).toMatchObject({ code: 'storage_unavailable' });
  expect(await entryNames(database)).toEqual(ours?.status === 'fulfilled' ? ['ours'] : []);
});
