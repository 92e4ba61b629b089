export { ensureFirstToken } from './first-token.ts';
export { identify } from './identify.ts';
export { tokenRoutes } from './routes.ts';
export * as tokenSchemas from './schemas.ts';
export { createToken } from './service.ts';
export { tokenTables } from './table.ts';
export type { Token, TokenFacts } from './token.ts';
