import { defineConfig, type TestProjectConfiguration } from 'vitest/config';

/** What touches no database, looks at SQLite's file or at the process as a whole, or says itself which engines: run once. */
const once = [
  'test/{commands,docs,formulas,shared}/**/*.test.ts',
  'test/{config,process}.test.ts',
  'test/fuzz/groups.test.ts',
  'test/features/deals/{rules,funnel,funnel-picture}.test.ts',
  'test/features/pictures/money-label.test.ts',
  'test/features/report-batches/batch-thread.test.ts',
  'test/database/{backup,columns,drizzle-kit,memory,migrate,readable,storage-errors,whole-file,writing-thread}.test.ts',
];

/** What holds for PostgreSQL only. */
const onlyPostgres = 'test/database/postgres/**';

const shared = {
  pool: 'forks',
  // Files of one worker share what they import: several times faster, and no module of ours keeps state that matters.
  isolate: false,
  setupFiles: 'test/support/seed.ts',
  // For a machine that has other things to do; what hangs is not to hold up a run for long.
  testTimeout: 60_000,
  // What is polled for comes in milliseconds, and may take seconds on a machine that has other things to do.
  expect: { poll: { timeout: 10_000 } },
  // PGlite takes its time to start, more so on a machine that has other things to do.
  hookTimeout: 60_000,
} as const;

/** All that is left, on one engine; see test/support/engines.ts. */
function suiteOn(engine: 'sqlite' | 'pglite' | 'postgres'): TestProjectConfiguration {
  return {
    test: {
      ...shared,
      name: engine,
      include: ['test/**/*.test.ts'],
      exclude: engine === 'sqlite' ? [...once, onlyPostgres] : once,
      env: { JINDU_TEST_ENGINE: engine },
      ...(engine === 'postgres' ? { globalSetup: 'test/support/leave-no-schemas.ts' } : {}),
    },
  };
}

export default defineConfig({
  test: {
    maxWorkers: '100%',
    projects: [
      { test: { ...shared, name: 'once', include: once } },
      suiteOn('sqlite'),
      suiteOn('pglite'),
      ...(process.env.TEST_POSTGRES_URL ? [suiteOn('postgres')] : []),
    ],
  },
});
