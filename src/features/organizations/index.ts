export { type Organization, type OrganizationFacts, titleOf } from './organization.ts';
export { organizationRoutes } from './routes.ts';
export { assertOrganizationInUse } from './rules.ts';
export * as organizationSchemas from './schemas.ts';
export {
  getOrganization,
  namedOrganization,
  putOrganization,
  referredOrganization,
  seesOrganization,
} from './service.ts';
export {
  organizationScope,
  organizationsKnownWithin,
  organizationsWithin,
  placeKnownAt,
  withinOrganization,
} from './store.ts';
export { organizationTables } from './table.ts';
