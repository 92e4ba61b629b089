// Opens a database, which migrates it, says so, and closes it again.
import { writeSync } from 'node:fs';
import { openDatabase } from '../../src/database/index.ts';
import { systemClock } from '../../src/shared/clock.ts';

const [file = '', migrationsFolder = ''] = process.argv.slice(2);
const database = await openDatabase({ file, migrationsFolder, clock: systemClock });
writeSync(1, 'open\n');
await database.close();
