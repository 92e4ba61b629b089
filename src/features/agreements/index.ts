export { agreementTables } from './table.ts';
