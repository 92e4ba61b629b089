import { datedStatements, revisedThings } from '../../database/index.ts';
import type { Agreement, Amendment } from './agreement.ts';
import { agreementTables } from './table.ts';

export const agreements = revisedThings<Agreement>((engine) => agreementTables(engine).agreements);

/** Amendments are reasoned by what the parties agreed (`rationale`); `reason` is why a record of one was changed. */
export const amendments = datedStatements<Amendment, 'projectId' | 'agreementId'>(
  (engine) => agreementTables(engine).agreementAmendments,
  ['projectId', 'agreementId'],
);
