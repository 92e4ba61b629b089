import { isDeepStrictEqual } from 'node:util';
import { openConfiguredDatabase } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { rebuildStandings } from '../../src/features/progress/index.ts';
import { type Client, idOf, mayBeKept, nameOf } from './client.ts';
import type { Place } from './place.ts';
import { organizationId, programmeId } from './project-writes.ts';
import { type Entry, RecordReader } from './record.ts';
import { Requester } from './requester.ts';
import { StoredState } from './stored-state.ts';
import { assertKept, says } from './violation.ts';
import type { Answer, Effect } from './write.ts';

/** Holds what a database has after a kill against what its clients were told, and against itself. */
export class Auditor {
  readonly #place: Place;
  readonly #clients: readonly Client[];
  readonly #record: RecordReader;
  readonly #state: StoredState;
  readonly #ownerOfMadeIds = new Map<string, Client>();
  #cursor = '';

  /** @param clients the first is the one that has laid the foundation */
  constructor(place: Place, clients: readonly Client[]) {
    this.#place = place;
    this.#clients = clients;
    this.#record = new RecordReader(place);
    this.#state = new StoredState(place);
  }

  /**
   * To be called when nobody writes. Afterwards nothing is open any more: each open write was found to be kept or not,
   * and sent again.
   */
  async audit(port: number): Promise<void> {
    const faults = await this.#place.faults();
    assertKept(faults.length === 0, 'the engine finds nothing wrong with its files', faults);
    const entries = await this.#record.newEntries();
    for (const entry of entries) this.#state.take(entry);
    await this.#state.check();
    const kept = this.#settleClients(entries);
    await this.#checkKeys(kept);
    await this.#checkStandings();
    await this.#checkAnswers(port, entries);
    for (const client of this.#clients) await client.askAgain(port, kept.has(client));
  }

  /** Answers whose open writes were kept. */
  #settleClients(entries: readonly Entry[]): Set<Client> {
    const entriesOf = new Map<Client, Entry[]>(this.#clients.map((client) => [client, []]));
    for (const entry of entries) {
      // Only the server's own doing: the token that it was configured with.
      if (entry.subjectType === 'token') continue;
      const owner = this.#ownerOf(entry);
      assertKept(owner !== undefined, 'what is in the record was asked for by somebody', entry);
      entriesOf.get(owner)?.push(entry);
    }
    const kept = new Set<Client>();
    for (const [client, found] of entriesOf) if (settle(client, found)) kept.add(client);
    return kept;
  }

  #ownerOf({ subjectType, subjectId, after }: Entry): Client | undefined {
    const [foundation] = this.#clients;
    if (subjectId === organizationId || subjectId === programmeId) return foundation;
    const [thing = ''] = subjectId.split('/');
    const known = this.#ownerOfMadeIds.get(thing);
    if (known !== undefined) return known;
    const isNamed = (name: string) =>
      this.#clients.find((client) => client.holdings.name === name.split('-', 1)[0]);
    const owner = isNamed(thing);
    if (owner !== undefined || subjectType !== 'project') return owner;
    const maker = isNamed(String(after.title));
    if (maker !== undefined) this.#ownerOfMadeIds.set(thing, maker);
    return maker;
  }

  /** There is an answer under a key exactly if what it answers was done. */
  async #checkKeys(kept: ReadonlySet<Client>): Promise<void> {
    const rows = await this.#place.rows<{ key: string; status: number | string; body: string }>(
      'select key, status, body from idempotency_keys',
    );
    const stored = new Map(rows.map((row) => [row.key, row]));
    let count = 0;
    for (const { holdings } of this.#clients) {
      for (const { write, answer } of holdings.answered) {
        const row = stored.get(write.request.key ?? '');
        assertKept(
          row !== undefined && Number(row.status) === answer.status && row.body === answer.text,
          `the answer under ${write.request.key} is kept as it was given, ${answer.text}`,
          row,
        );
        count += 1;
      }
    }
    for (const client of kept) {
      const key = client.open?.write.request.key;
      if (key === undefined) continue;
      assertKept(stored.has(key), `the answer under ${key} is kept with what it answers`, 'none');
      count += 1;
    }
    assertKept(stored.size === count, `there are ${count} answers under keys`, `${stored.size}`);
  }

  async #checkStandings(): Promise<void> {
    const database = await openConfiguredDatabase(readConfig({ DATABASE_URL: this.#place.url }));
    try {
      const { differing } = await rebuildStandings(database, { repair: false });
      assertKept(differing.length === 0, 'each project’s standing is kept as it is counted anew', differing);
    } finally {
      await database.close();
    }
  }

  /** The server gives what is stored: the feed every entry once and in order, and some things by their addresses. */
  async #checkAnswers(port: number, entries: readonly Entry[]): Promise<void> {
    const requester = new Requester(port);
    try {
      await this.#followFeed(requester, entries);
      for (const { holdings } of this.#clients) {
        const project = holdings.oneOf([...holdings.projects.values()]);
        if (project === undefined) continue;
        const found = await requester.send({ method: 'GET', path: `/v1/projects/${project.id}` });
        const { id, title, parentId, revision } = project;
        assertKept(
          says(found.body, { id, title, parentId, revision }),
          `${id} is read as it was written`,
          found,
        );
        const report = holdings.oneOf(project.reports);
        if (report === undefined) continue;
        const path = `/v1/projects/${id}/reports/${report.asOf}`;
        const { body } = await requester.send({ method: 'GET', path });
        const known = this.#state.newest.get(`${id}/${report.asOf}`);
        assertKept(
          isDeepStrictEqual(body, known) && says(body, { ...report }),
          `${path} is read as written`,
          body,
        );
      }
    } finally {
      requester.close();
    }
  }

  async #followFeed(requester: Requester, entries: readonly Entry[]): Promise<void> {
    const given: unknown[] = [];
    for (;;) {
      const path = `/v1/changes?limit=200${this.#cursor}`;
      const { body } = await requester.send({ method: 'GET', path });
      const { items, nextCursor } = body as { items: { sequence: number }[]; nextCursor: string };
      this.#cursor = `&cursor=${encodeURIComponent(nextCursor)}`;
      given.push(...items.map(({ sequence }) => sequence));
      if (items.length < 200) break;
    }
    const stored = entries.map(({ sequence }) => sequence);
    assertKept(isDeepStrictEqual(given, stored), `the feed gives the ${stored.length} new entries`, given);
  }
}

/**
 * Holds the entries of one client's things, in their order, to be those of all the writes that it was told of, and then
 * either all of those of its open write or none. Answers whether its open write was kept.
 */
function settle(client: Client, found: readonly Entry[]): boolean {
  const { acknowledged, open } = client;
  client.acknowledged = [];
  let index = 0;
  for (const { write, answer } of acknowledged) {
    for (const effect of write.effects) {
      const entry = found[index];
      assertKept(
        entry !== undefined && tellsOf(entry, effect, idOf(effect, answer)) && isAsAnswered(entry, answer),
        `the next entry is of the acknowledged ${nameOf(write)}, answered ${answer.text.slice(0, 600)}`,
        entry,
      );
      index += 1;
    }
  }
  const rest = found.slice(index);
  const effects = open !== null && mayBeKept(open) ? open.write.effects : [];
  const isWhole =
    rest.length === effects.length &&
    rest.every((entry, nth) =>
      tellsOf(entry, effects[nth] as Effect, effects[nth]?.subjectId ?? entry.subjectId),
    );
  assertKept(
    rest.length === 0 || isWhole,
    open === null
      ? 'nothing is in the record that was not acknowledged'
      : `of the open ${nameOf(open.write)}, answered ${open.answer?.text ?? 'nothing'}, all is kept or nothing`,
    rest,
  );
  client.settle(rest.length === 0 ? null : rest.map((entry) => entry.subjectId));
  return rest.length > 0;
}

function tellsOf(entry: Entry, { subjectType, action, after }: Effect, id: string): boolean {
  return (
    entry.subjectType === subjectType &&
    entry.subjectId === id &&
    entry.action === action &&
    says(entry.after, after)
  );
}

/** A batch answers with verdicts; all else with the thing itself. */
function isAsAnswered(entry: Entry, { body }: Answer): boolean {
  return Array.isArray(body.rows) || isDeepStrictEqual(entry.after, body);
}
