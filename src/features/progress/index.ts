export { bringKeptUpToDate, markUpToDate } from './kept-state.ts';
export { rulesThen } from './light.ts';
export { type StandingOn, standingsOn, statedOf } from './many.ts';
export { type RebuildOutcome, rebuildStandings } from './rebuild.ts';
export { localeOf, progressRoutes } from './routes.ts';
export * as progressSchemas from './schemas.ts';
export { keptStateTables } from './table.ts';
