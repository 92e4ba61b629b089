export { anOrganization, aProject } from './builders.ts';
export { type Answer, Client } from './client.ts';
export { readersWait, testEngine } from './engines.ts';
export type { RouteFacts } from './route-facts.ts';
export { TestApp, testApp } from './test-app.ts';
export { newDatabase, SqliteFile, type TestDatabase } from './test-database.ts';
export { organizationsOfTianmashan, settleTianmashan, settleYuepingRenovation } from './tianmashan.ts';
