export { type DealStage, dealStages } from './party.ts';
export { partyTables } from './table.ts';
