export { reportBatchRoutes } from './routes.ts';
export * as reportBatchSchemas from './schemas.ts';
