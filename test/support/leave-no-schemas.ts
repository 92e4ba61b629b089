import { openPatientConnection, rowsOf } from '../../src/database/postgres/connection.ts';

/** What the schemas of one run of the tests begin with; see `engines.ts`. */
export const runName = () => `jindu_${process.env.JINDU_TEST_RUN ?? process.pid}`;

/** Tells the workers whose schemas theirs are, and takes away at the end what they have left on the server. */
export default function setup(): () => Promise<void> {
  process.env.JINDU_TEST_RUN = String(process.pid);
  return async () => {
    const connection = await openPatientConnection(process.env.TEST_POSTGRES_URL as string);
    try {
      const left = await rowsOf(
        connection,
        'select nspname from pg_namespace where starts_with(nspname, $1)',
        [`${runName()}_`],
      );
      await connection.command('set client_min_messages = warning');
      for (const [name] of left) await connection.command(`drop schema ${name} cascade`);
    } finally {
      await connection.end();
    }
  };
}
