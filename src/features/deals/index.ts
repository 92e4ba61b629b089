export { dealTables } from './table.ts';
