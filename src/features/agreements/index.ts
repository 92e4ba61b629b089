export type { Agreement, AgreementType, Amendment, Terms } from './agreement.ts';
export { amendmentRoutes } from './amendment-routes.ts';
export * as amendmentSchemas from './amendment-schemas.ts';
export { putAmendment } from './amendment-service.ts';
export { agreementRoutes } from './routes.ts';
export { isSignedOn, termsOn } from './rules.ts';
export * as agreementSchemas from './schemas.ts';
export { agreementsIn, amendmentsIn, partyInAgreement, putAgreement } from './service.ts';
export { agreementTables } from './table.ts';
