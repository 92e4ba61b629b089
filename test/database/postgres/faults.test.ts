import { setTimeout as sleep } from 'node:timers/promises';
import { eq, sql } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import type { Database } from '../../../src/database/index.ts';
import { openPatientConnection, rowsOf } from '../../../src/database/postgres/connection.ts';
import { JinduError } from '../../../src/shared/errors.ts';
import type { PostgresSchema } from '../../support/engines.ts';
import { unreliable } from '../../support/unreliable.ts';
import { addEntry, entryNames, entryTables } from '../entries.ts';
import {
  postgresOfTests as engine,
  unreliablePlace as place,
  postgresEntryDatabase,
  rejectionOf,
  schemaOfTest,
} from '../scratch.ts';

const add = (database: Database, name: string) => database.write((unit) => addEntry(unit, { name }));
const away = { code: 'storage_unavailable' };

/** Makes the server refuse the name, with this code, for so many times; answers how often it was tried. */
async function refuse(schema: PostgresSchema, name: string, code: string, refusals: number) {
  // What a sequence has given out stays given out, whatever becomes of the transaction.
  await schema.run(`
    create sequence tries;
    create function refuse() returns trigger language plpgsql as $$ begin
      if nextval('tries') <= ${refusals} then raise exception using errcode = '${code}'; end if;
      return new;
    end $$;
    create trigger refuse before insert on entries for each row when (new.name = '${name}')
      execute function refuse()`);
  return async () => (await schema.query('select last_value from tries'))[0]?.[0];
}

describe('a server that is away', () => {
  test('fails reads, writes and readiness at once, and serves them again when it is back', async () => {
    const { way, database } = await place();
    await add(database, 'before');
    await way.stop();
    const refused = [add(database, 'lost'), entryNames(database), database.ready()].map(rejectionOf);
    expect(await Promise.all(refused)).toMatchObject([away, away, away]);
    await way.start();
    await database.ready();
    await add(database, 'after');
    expect(await entryNames(database)).toEqual(['before', 'after']);
  });

  test('in the middle of a write keeps nothing of it, and those who wait behind are told at once', async () => {
    const { way, database } = await place();
    const { promise: mayGoOn, resolve: goOn } = Promise.withResolvers<void>();
    const { promise: hasBegun, resolve: begins } = Promise.withResolvers<void>();
    const writing = database.write(async (unit) => {
      await addEntry(unit, { name: 'half' });
      begins();
      await mayGoOn;
      await addEntry(unit, { name: 'whole' });
    });
    await hasBegun;
    const waiting = [add(database, 'behind'), add(database, 'behind too')].map(rejectionOf);
    await way.stop();
    goOn();
    expect(await rejectionOf(writing)).toMatchObject(away);
    expect(await Promise.all(waiting)).toMatchObject([away, away]);
    await way.start();
    await database.ready();
    expect(await entryNames(database)).toEqual([]);
  });

  test('in the middle of a read fails that read alone', async () => {
    const { way, database } = await place();
    await add(database, 'one');
    const reading = database.read(async (unit) => {
      const { entries } = entryTables(unit.engine);
      await unit.db.select().from(entries);
      await way.stop();
      await way.start();
      return await unit.db.select().from(entries);
    });
    expect(await rejectionOf(reading)).toMatchObject(away);
    expect(await entryNames(database)).toEqual(['one']);
  });

  test('at the start is told in plain words, without the password', async () => {
    const schema = await schemaOfTest(engine);
    const way = await unreliable(schema.server);
    await way.stop();
    const refusal = await rejectionOf(postgresEntryDatabase(way.server));
    expect(refusal).toBeInstanceOf(JinduError);
    expect(refusal).toMatchObject({ ...away, detail: 'The database server cannot be reached.' });
  });
});

describe('a collision with somebody else', () => {
  test.each(['40001', '40P01'])('(%s) is tried again, and nobody hears of it', async (code) => {
    const { schema, database } = await place();
    const tries = await refuse(schema, 'late', code, 3);
    await Promise.all([add(database, 'first'), add(database, 'late'), add(database, 'last')]);
    expect(await entryNames(database)).toEqual(['first', 'late', 'last']);
    expect(await tries()).toBe(4);
  });

  test('that does not end is given up after six tries, and keeps nobody else from writing', async () => {
    const { schema, database } = await place();
    const tries = await refuse(schema, 'never', '40001', 1_000);
    expect(await rejectionOf(add(database, 'never'))).toMatchObject(away);
    expect(await tries()).toBe(6);
    await add(database, 'next');
    expect(await entryNames(database)).toEqual(['next']);
  });
});

// What needs a second session beside the first.
if (engine === 'postgres') {
  describe('a server of its own', () => {
    test('that ends all sessions, as when it is stopped, costs no later read or write', async () => {
      const { schema, database } = await place();
      await add(database, 'before');
      await schema.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = 'jindu' and pid <> pg_backend_pid() and query like '%entries%'`,
      );
      expect(await entryNames(database)).toEqual(['before']);
      await add(database, 'after');
      await database.ready();
    });

    test('that has fallen silent is not waited for by who asks whether all is well', async () => {
      const { way, database } = await place();
      await add(database, 'before');
      way.freeze();
      const startedMs = performance.now();
      expect(await rejectionOf(database.ready())).toMatchObject(away);
      expect(performance.now() - startedMs).toBeLessThan(8_000);
      await way.stop();
      await way.start();
      await database.ready();
    });

    test('that finds a deadlock ends one of the two, which is tried again', async () => {
      const { schema, database } = await place();
      await add(database, 'contended');
      const other = await openPatientConnection(schema.server);
      // So that it is the other one that finds it.
      await other.command(`set deadlock_timeout = '20s'; begin`);
      await rowsOf(other, `update entries set note = 'theirs' where name = 'contended'`);
      const ours = database.write((unit) => {
        const { entries } = entryTables(unit.engine);
        return unit.db
          .update(entries)
          .set({ note: sql`${entries.note} || ' and ours'` })
          .where(eq(entries.name, 'contended'));
      });
      await sleep(200);
      await rowsOf(other, 'select at from write_turn where id = 1 for update');
      await other.command('commit');
      await other.end();
      await ours;
      expect(await schema.query('select note from entries')).toEqual([['theirs and ours']]);
    });

    test('that is asked for a commit before it is on the disk is overruled', async () => {
      const schema = await schemaOfTest(engine);
      const url = new URL(String(schema.server));
      url.searchParams.set('options', `${url.searchParams.get('options')} -c synchronous_commit=off`);
      const database = await postgresEntryDatabase(url.href);
      for (const run of [database.read.bind(database), database.write.bind(database)]) {
        expect(await run((unit) => unit.db.all(sql`show synchronous_commit`))).toEqual([
          { synchronous_commit: 'on' },
        ]);
      }
    });
  });
}
