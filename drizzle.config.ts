import { defineConfig } from 'drizzle-kit';

/** For drizzle-kit called by hand, on the default engine. `npm run migration` makes the migrations of both. */
export default defineConfig({
  dialect: 'sqlite',
  schema: './src/schema.sqlite.ts',
  out: './migrations/sqlite',
});
