export { changeRoutes } from './routes.ts';
export * as changeSchemas from './schemas.ts';
export { type ReportRevision, recordChange, revisionKey, type Told } from './service.ts';
export { newestInstant } from './store.ts';
export { changeTables } from './table.ts';
