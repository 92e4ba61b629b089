import type { Engine } from './database/index.ts';
import { agreementTables } from './features/agreements/index.ts';
import { changeTables } from './features/changes/index.ts';
import { dealTables } from './features/deals/index.ts';
import { fundingTables } from './features/funding/index.ts';
import { lightRuleTables } from './features/light-rules/index.ts';
import { milestoneTables } from './features/milestones/index.ts';
import { organizationTables } from './features/organizations/index.ts';
import { partyTables } from './features/parties/index.ts';
import { planTables } from './features/plans/index.ts';
import { keptStateTables } from './features/progress/index.ts';
import { projectTables } from './features/projects/index.ts';
import { reportTables } from './features/reports/index.ts';
import { tokenTables } from './features/tokens/index.ts';
import { idempotencyTables } from './http/idempotency.ts';

/** Every table there is, as the engine has it. */
export function tablesOf(engine: Engine) {
  return {
    ...organizationTables(engine),
    ...lightRuleTables(engine),
    ...projectTables(engine),
    ...reportTables(engine),
    ...planTables(engine),
    ...milestoneTables(engine),
    ...partyTables(engine),
    ...agreementTables(engine),
    ...fundingTables(engine),
    ...dealTables(engine),
    ...keptStateTables(engine),
    ...changeTables(engine),
    ...tokenTables(engine),
    ...idempotencyTables(engine),
  };
}
