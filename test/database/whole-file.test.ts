import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeWholeFile } from '../../src/database/index.ts';
import { rejectionOf, scratchFolder } from './scratch.ts';

describe('a new file', () => {
  test('gets its name, and its folder, when it is made, and not before', async () => {
    const folder = scratchFolder();
    const file = join(folder, 'new', 'jindu.db');
    const made = await makeWholeFile(file, async (unfinished) => {
      writeFileSync(unfinished, 'whole');
      expect(readdirSync(join(folder, 'new'))).not.toContain('jindu.db');
      return 'made';
    });
    expect(made).toBe('made');
    expect(readdirSync(join(folder, 'new'))).toEqual(['jindu.db']);
    expect(readFileSync(file, 'utf8')).toBe('whole');
  });

  test('that cannot be made leaves nothing', async () => {
    const folder = scratchFolder();
    const refusal = await rejectionOf(
      makeWholeFile(join(folder, 'jindu.db'), async (unfinished) => {
        writeFileSync(`${unfinished}-wal`, 'changes');
        throw new Error('in the middle');
      }),
    );
    expect(refusal).toMatchObject({ message: 'in the middle' });
    expect(readdirSync(folder)).toEqual([]);
  });

  test('does not get its name while some of it is in the log beside it', async () => {
    const folder = scratchFolder();
    const refusal = await rejectionOf(
      makeWholeFile(join(folder, 'jindu.db'), async (unfinished) => {
        writeFileSync(`${unfinished}-wal`, 'changes');
      }),
    );
    expect(String(refusal)).toContain('The new file could not be finished');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('never takes the place of one that came meanwhile', async () => {
    const folder = scratchFolder();
    const file = join(folder, 'jindu.db');
    const refusal = await rejectionOf(
      makeWholeFile(file, async () => writeFileSync(file, "somebody else's")),
    );
    expect(String(refusal)).toContain(`There is already a file ${file}.`);
    expect(readdirSync(folder)).toEqual(['jindu.db']);
    expect(readFileSync(file, 'utf8')).toBe("somebody else's");
  });
});
