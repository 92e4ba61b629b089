import { spawnSync } from 'node:child_process';

/** Where CI wants to read how many tests there were. */
const report = process.env.TEST_REPORT;

/** All that has to be right before a change goes in; what CI runs. Stops at nothing, and says at the end what failed. */
const steps: [name: string, command: string][] = [
  ['format and lint', 'biome check --error-on-warnings .'],
  ['types', 'tsc --noEmit'],
  ['imports', 'depcruise src --output-type err'],
  ['migrations', 'node scripts/migrations.ts --check'],
  ['openapi drift', 'node scripts/openapi.ts --check'],
  ['openapi lint', 'redocly lint docs/openapi.json --config redocly.yaml'],
  [
    'tests',
    report === undefined
      ? 'vitest run'
      : `vitest run --reporter=default --reporter=json --outputFile.json=${report}`,
  ],
];

const failed: string[] = [];
for (const [name, command] of steps) {
  process.stdout.write(`\n── ${name}: ${command}\n`);
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  const { status } = spawnSync(command, { shell: true, stdio: 'inherit', env });
  if (status !== 0) failed.push(name);
}
process.stdout.write(failed.length === 0 ? '\nall right\n' : `\nfailed: ${failed.join(', ')}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
