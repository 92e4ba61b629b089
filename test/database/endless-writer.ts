// Adds entries from many sides until it is killed, and prints the name of each one as soon as it has been answered.
import { writeSync } from 'node:fs';
import { openDatabase } from '../../src/database/index.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { addEntry } from './entries.ts';

const [file = '', migrationsFolder = ''] = process.argv.slice(2);
const database = await openDatabase({ file, migrationsFolder, clock: systemClock });

async function addFor(side: number): Promise<never> {
  for (let count = 0; ; count += 1) {
    const name = `entry ${count} of side ${side}`;
    await database.write((unit) => addEntry(unit, { name }));
    writeSync(1, `${name}\n`);
  }
}

await Promise.all([addFor(1), addFor(2), addFor(3), addFor(4)]);
