import { buildApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';

// Jindu itself, but with a commit of its own for each change: what the same work costs without commits in groups.
const app = await buildApp({ config: readConfig(process.env), groupLimit: 1 });
const address = await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`  API   ${address}\n`);
