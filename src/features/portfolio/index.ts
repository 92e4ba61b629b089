export { portfolioRoutes } from './routes.ts';
export * as portfolioSchemas from './schemas.ts';
