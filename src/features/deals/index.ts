export type { SetStage } from './deal.ts';
export * as dealFunnelSchemas from './funnel-schemas.ts';
export { meetByKnownFacts } from './meeting.ts';
export { dealRoutes } from './routes.ts';
export * as dealSchemas from './schemas.ts';
export * as dealSetStageSchemas from './set-stage-schemas.ts';
export { dealTables } from './table.ts';
