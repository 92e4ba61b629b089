export { saidOfAmount } from './amount-schemas.ts';
export { putAmount } from './amounts.ts';
export {
  type Funding,
  type FundingAmount,
  type FundingStatus,
  fundingStatuses,
} from './funding.ts';
export { meetingByAmount } from './meeting.ts';
export { fundingRoutes } from './routes.ts';
export { isSurelyNothing, isThere, type StatusTotal, statusOn, type Totals, totalsOn } from './rules.ts';
export * as fundingSchemas from './schemas.ts';
export { fundingAmountsIn, fundingIn, putFunding } from './service.ts';
export { fundingTables } from './table.ts';
export { MoneySumShape, moneySumShapeOf } from './totals-schemas.ts';
