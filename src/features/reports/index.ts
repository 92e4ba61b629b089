export type { Report, ReportFacts } from './report.ts';
export { reportRoutes } from './routes.ts';
export type { Said } from './rules.ts';
export * as reportSchemas from './schemas.ts';
export { ownReportOf, putReport, revisionsOfReports, spentOf } from './service.ts';
export {
  doneSinceInForce,
  momentsOfReport,
  newestDayOf,
  newestDaysInForce,
  newestInForce,
  newestPercents,
  quantitiesInForce,
  reportsInForce,
} from './store.ts';
export { reportTables } from './table.ts';
