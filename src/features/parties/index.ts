export * as partyBodies from './bodies.ts';
export { meetingByStage } from './meeting.ts';
export {
  type DealStage,
  dealStages,
  type Party,
  type PartyStage,
  type PartyStageFacts,
  partyRoles,
} from './party.ts';
export { partyRoutes } from './routes.ts';
export {
  type InStage,
  inStageOn,
  isThereOn,
  isUnnamed,
  type StageThen,
  stageOn,
  unnamedOn,
} from './rules.ts';
export * as partySchemas from './schemas.ts';
export { putParty } from './service.ts';
export { findParty, partiesIn, partyInUse, partyStagesIn } from './store.ts';
export { partyTables } from './table.ts';
