export { planRoutes } from './routes.ts';
export * as planSchemas from './schemas.ts';
export { putPlan } from './service.ts';
export { plansInForce } from './store.ts';
export { planTables } from './table.ts';
