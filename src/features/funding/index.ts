export { fundingTables } from './table.ts';
