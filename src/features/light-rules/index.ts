export type { LightRuleFacts } from './light-rules.ts';
export { lightRuleRoutes } from './routes.ts';
export * as lightRuleSchemas from './schemas.ts';
export { putLightRules, type SettleRules } from './service.ts';
export { rulesInForce, rulesKnownAt } from './store.ts';
export { lightRuleTables } from './table.ts';
