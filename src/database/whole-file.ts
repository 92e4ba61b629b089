import { access, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Has `make` make a database file, which must not be there yet, under another name in the same folder; the folder is
 * made. It gets its own name when that has ended well and is on the disk; otherwise nothing is left of it.
 */
export async function makeWholeFile<T>(file: string, make: (unfinished: string) => Promise<T>): Promise<T> {
  await assertAbsent(file);
  await mkdir(dirname(file), { recursive: true });
  const unfinished = `${file}.unfinished-${process.pid}`;
  try {
    await (await open(unfinished, 'wx', 0o600)).close();
    const made = await make(unfinished);
    await assertWhole(unfinished);
    await flush(unfinished);
    await assertAbsent(file);
    await rename(unfinished, file);
    await flush(dirname(file));
    return made;
  } catch (error) {
    for (const suffix of ['', '-journal', '-wal', '-shm']) {
      await rm(unfinished + suffix, { force: true });
    }
    throw error;
  }
}

/** A database that is closed on a full disk leaves what is new in the log beside it, which is not given the name. */
async function assertWhole(unfinished: string): Promise<void> {
  const logs = await Promise.all(
    ['-journal', '-wal'].map((suffix) => stat(unfinished + suffix).catch(() => null)),
  );
  if (logs.some((log) => log !== null && log.size > 0)) {
    throw new Error('The new file could not be finished: there may be no room for it on the disk.');
  }
}

async function assertAbsent(file: string): Promise<void> {
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (isThere) {
    throw new Error(`There is already a file ${file}.`);
  }
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
