export {
  type DealStage,
  dealStages,
  type Party,
  type PartyStage,
  type PartyStageFacts,
  partyRoles,
} from './party.ts';
export {
  type InStage,
  inStageOn,
  isThereOn,
  isUnnamed,
  type StageThen,
  stageOn,
  unnamedOn,
} from './rules.ts';
export { findParty, partiesIn, partyStagesIn } from './store.ts';
export { partyTables } from './table.ts';
