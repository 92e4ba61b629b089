import { parentPort, workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';

/**
 * A thread of its own, with a connection of its own: moves the log into the file each time it is told `move`, and says
 * so, whether or not it went well; told `end`, it closes. What a reader still needs stays in the log until the next time.
 */
const connection = new Sqlite(workerData as string, { fileMustExist: true });
connection.pragma('synchronous = FULL');
// It reads no table.
connection.pragma('cache_size = -64');

parentPort?.on('message', (told: 'move' | 'end') => {
  if (told === 'end') {
    connection.close();
    parentPort?.close();
    return;
  }
  try {
    connection.pragma('wal_checkpoint(PASSIVE)');
  } catch {
    // On a full or failing disk the log stays as it is; whoever writes next is told by the disk itself.
  }
  parentPort?.postMessage('moved');
});
