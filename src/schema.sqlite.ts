// What drizzle-kit compares with the last migration: every table, as SQLite has it.
import { sqliteEngine } from './database/index.ts';
import { tablesOf } from './tables.ts';

export const {
  organizations,
  organizationTree,
  organizationPlaces,
  lightRules,
  projects,
  projectTags,
  projectTree,
  projectSearches,
  projectRevisions,
  projectStatusEntries,
  projectStandings,
  projectBaselines,
  reports,
  plans,
  milestones,
  parties,
  partyStages,
  agreements,
  agreementAmendments,
  funding,
  fundingAmounts,
  setStages,
  keptState,
  changes,
  tokens,
  idempotencyKeys,
} = tablesOf(sqliteEngine);
