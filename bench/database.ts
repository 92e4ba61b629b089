import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { type Database, openDatabase } from '../src/database/index.ts';
import { organizationSchemas, putOrganization } from '../src/features/organizations/index.ts';
import { planSchemas, putPlan } from '../src/features/plans/index.ts';
import { markUpToDate } from '../src/features/progress/index.ts';
import { projectSchemas, putProject, settleRulesWithin } from '../src/features/projects/index.ts';
import { putReport, reportSchemas } from '../src/features/reports/index.ts';
import type { App } from '../src/http/app.ts';
import type { Actor } from '../src/shared/actor.ts';
import { noExpectation } from '../src/shared/expectation.ts';
import {
  organizations,
  type Place,
  places,
  planBody,
  projectBody,
  randomFrom,
  reportBody,
  reportDays,
} from './portfolio.ts';

/** The secret with which everything is asked. */
export const secret = 'secret-of-the-benchmark-only';

const cache = fileURLToPath(new URL('.cache/', import.meta.url));
export const migrationsFolder = fileURLToPath(new URL('../migrations/sqlite', import.meta.url));
const actor: Actor = { tokenId: null, name: 'bench', scopes: ['admin'], organizationId: null };
const writesAtOnce = 500;

/**
 * The file of the portfolio's database, closed and ready. It is made once per shape of the tables and kept in
 * `.cache`; take a copy of it to write into.
 */
export async function portfolioFile(tell: (line: string) => void): Promise<string> {
  return await cached('portfolio', [], async (file) => {
    tell('building the database of 10,000 projects and 200,000 reports, once (about a minute)');
    await buildThroughServices(file, places());
  });
}

/**
 * A file of `.cache` that is made once, by `build`, per shape of the tables, portfolio and `more` files beside this one
 * on which it depends. What was made for another shape is removed.
 */
export async function cached(
  name: string,
  more: readonly string[],
  build: (file: string) => Promise<void>,
): Promise<string> {
  const file = `${cache}${name}-${fingerprint(more)}.db`;
  if (existsSync(file)) return file;
  mkdirSync(cache, { recursive: true });
  const others = readdirSync(cache).filter((other) => /-[0-9a-f]{12}\.db/.test(other));
  for (const other of others.filter((each) => each.startsWith(`${name}-`) && each !== basename(file)))
    rmSync(`${cache}${other}`);
  const unfinished = `${cache}unfinished-${name}.db`;
  for (const end of ['', '-wal', '-shm']) rmSync(`${unfinished}${end}`, { force: true });
  await build(unfinished);
  renameSync(unfinished, file);
  return file;
}

/** A copy to work on. */
export function copyOf(file: string, to: string): string {
  copyFileSync(file, to);
  return to;
}

/** The whole API on a file, in this process, without limits. */
export async function openApp(file: string): Promise<App> {
  const config = readConfig({
    DATABASE_URL: `file:${file}`,
    JINDU_ADMIN_TOKEN: secret,
    LOG_LEVEL: 'silent',
    JINDU_RATE_LIMIT_PER_TOKEN: '0',
    JINDU_RATE_LIMIT_PER_ADDRESS: '0',
    JINDU_MAX_EVENT_LOOP_DELAY_MS: '0',
  });
  return await buildApp({ config });
}

/**
 * Asks a sample of the projects twice: for what is kept of where they stand, and for the same counted from the history.
 * @throws Error where the two differ
 */
export async function assertKeptAsCounted(
  file: string,
  sampleSize: number,
  all: readonly Pick<Place, 'id' | 'level'>[] = places(),
): Promise<void> {
  const app = await openApp(file);
  const headers = { authorization: `Bearer ${secret}` };
  const random = randomFrom(7);
  const knownAt = new Date().toISOString();
  try {
    for (let i = 0; i < sampleSize; i += 1) {
      const among = i < sampleSize / 2 ? all.filter((place) => place.level < 2) : all;
      const { id } = among[Math.floor(random() * among.length)] as (typeof all)[number];
      const url = `/v1/projects/${id}/progress`;
      const kept = await app.inject({ url, headers });
      const counted = await app.inject({ url: `${url}?knownAt=${knownAt}`, headers });
      const countedNow = JSON.stringify({ ...counted.json(), knownAt: null });
      if (kept.statusCode !== 200 || kept.body !== countedNow) {
        throw new Error(`what is kept of ${id} is not what is counted:\n${kept.body}\n${counted.body}`);
      }
    }
  } finally {
    await app.close();
  }
}

/**
 * Makes the portfolio's database of `all` places, each after the one above it, through the very functions that the
 * routes call, so that what is kept is what the API would have kept. Every change has a second of its own.
 */
export async function buildThroughServices(file: string, all: readonly Place[]): Promise<void> {
  let nowMs = Date.parse('2023-04-01T00:00:00Z');
  const clock = {
    now() {
      nowMs += 1000;
      return new Date(nowMs);
    },
  };
  const database = await openDatabase({ file, migrationsFolder, clock });
  const today = '2025-01-01';

  await database.write(markUpToDate);
  await settlePortfolio(database, all);
  for (const [dayIndex, asOf] of reportDays.entries()) {
    nowMs = Math.max(nowMs, Date.parse(`${asOf}T01:00:00Z`));
    for (let from = 0; from < all.length; from += writesAtOnce) {
      const some = all.slice(from, from + writesAtOnce).map(async (place) => {
        const body = reportBody(place, dayIndex);
        if (body === null) return;
        const said = { projectId: place.id, asOf, facts: reportSchemas.factsFrom(body) };
        await database.write((unit) => putReport(unit, actor, said, noExpectation, today));
      });
      await Promise.all(some);
    }
  }
  await database.close();
}

/** The organizations, projects and plans of the portfolio, before anything is reported of them. */
export async function settlePortfolio(database: Database, all: readonly Place[] = places()): Promise<void> {
  await database.write(async (unit) => {
    for (const { id, body } of organizations()) {
      const facts = organizationSchemas.factsFrom(body as never);
      await putOrganization(unit, actor, id, facts, noExpectation, settleRulesWithin);
    }
  });
  for (let from = 0; from < all.length; from += writesAtOnce) {
    const some = all.slice(from, from + writesAtOnce).map((place) => {
      const facts = projectSchemas.factsFrom(projectBody(place) as never);
      return database.write((unit) => putProject(unit, actor, place.id, facts, noExpectation, '2023-04-01'));
    });
    await Promise.all(some);
  }
  for (const place of all) {
    const body = planBody(place);
    if (body === null) continue;
    await database.write((unit) =>
      putPlan(unit, actor, place.id, planSchemas.factsFrom(body), noExpectation),
    );
  }
}

/** Changes with the shape of the tables and with the portfolio. */
function fingerprint(more: readonly string[]): string {
  const hash = createHash('sha256');
  const migrations = readdirSync(migrationsFolder).filter((name) => name.endsWith('.sql'));
  for (const name of migrations.sort()) hash.update(readFileSync(`${migrationsFolder}/${name}`));
  for (const name of ['portfolio.ts', ...more])
    hash.update(readFileSync(fileURLToPath(new URL(name, import.meta.url))));
  return hash.digest('hex').slice(0, 12);
}
