import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';

/**
 * Writes docs/openapi.json from the running routes; with `--check` it writes nothing and exits with 1 if the page
 * differs, so that no change of what clients see goes in unread.
 */
const file = fileURLToPath(new URL('../docs/openapi.json', import.meta.url));
const database = { engine: 'sqlite', file: ':memory:', shown: '' } as const;
const config = { ...readConfig({ LOG_LEVEL: 'silent' }), database };
const app = await buildApp({ config });
await app.ready();
const text = `${JSON.stringify(app.swagger(), null, 2)}\n`;
await app.close();

if (!process.argv.includes('--check')) {
  writeFileSync(file, text);
} else if (readFileSync(file, 'utf8') !== text) {
  process.stderr.write(
    'docs/openapi.json differs from the routes: run npm run openapi and read the difference\n',
  );
  process.exitCode = 1;
}
