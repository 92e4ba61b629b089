export { postgresEngine } from './columns.ts';
export type { LocalServer } from './connection.ts';
export { type OpenPostgresOptions, openPostgresDatabase } from './postgres.ts';
