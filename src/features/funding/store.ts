import { datedStatements, revisedThings } from '../../database/index.ts';
import type { Funding, FundingAmount } from './funding.ts';
import { fundingTables } from './table.ts';

export const fundingLines = revisedThings<Funding>((engine) => fundingTables(engine).funding);

/** What was said of how much had come by a day. */
export const fundingAmounts = datedStatements<FundingAmount, 'projectId' | 'fundingId' | 'status'>(
  (engine) => fundingTables(engine).fundingAmounts,
  ['projectId', 'fundingId', 'status'],
);
