export { type StandingOn, standingsOn, statedOf } from './many.ts';
export { type RebuildOutcome, rebuildStandings } from './rebuild.ts';
export { localeOf, progressRoutes } from './routes.ts';
export * as progressSchemas from './schemas.ts';
