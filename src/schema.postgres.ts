// What drizzle-kit compares with the last migration: every table, as PostgreSQL has it.
import { postgresEngine } from './database/postgres/columns.ts';
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
} = tablesOf(postgresEngine);
