import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { SharedCounts } from '../../../src/database/index.ts';
import { sharedRateLimitStore } from '../../../src/http/shared-rate-limit.ts';
import { type Client, testApp } from '../../support/index.ts';
import { postgresEntryDatabase, postgresOfTests, schemaOfTest } from '../scratch.ts';

const perToken = (max: string) => ({ env: { JINDU_RATE_LIMIT_PER_TOKEN: max } });
const perAddress = (max: string) => ({ env: { JINDU_RATE_LIMIT_PER_ADDRESS: max } });

const ask = (client: Client) => client.get('/v1/organizations');

async function remainingOf(client: Client): Promise<number> {
  return Number((await ask(client)).headers['ratelimit-remaining']);
}

async function askTimes(client: Client, times: number): Promise<void> {
  for (let asked = 0; asked < times; asked += 1) await ask(client);
}

/** Asks a few times a second until it is as it should be, and answers how often it asked. */
async function asksUntil(isSo: () => Promise<boolean>): Promise<number> {
  for (let asked = 1; ; asked += 1) {
    if ((await isSo()) || asked === 30) return asked;
    await sleep(300);
  }
}

describe('a rate limit, with several processes on one database', () => {
  test('counts what all of them are sent', async () => {
    await using one = await testApp(perToken('100'));
    await using other = await testApp({ on: one.database, ...perToken('100') });
    const reader = await one.actor({ scopes: ['read'] });
    const atOther = other.clientWith(reader.secret);
    await askTimes(reader, 85);
    await askTimes(atOther, 10);
    expect(await asksUntil(async () => (await remainingOf(atOther)) <= 5)).toBeLessThan(20);
    expect(await asksUntil(async () => (await ask(reader)).status === 429)).toBeLessThan(15);
    expect(await asksUntil(async () => (await ask(atOther)).status === 429)).toBeLessThan(15);
  });

  test('also counts together what one address sends to all of them', async () => {
    await using one = await testApp(perAddress('50'));
    await using other = await testApp({ on: one.database, ...perAddress('50') });
    for (let guess = 0; guess < 49; guess += 1) await ask(one.clientWith(`guess-${guess}`));
    expect(await asksUntil(async () => (await ask(other.stranger)).status === 429)).toBeLessThan(20);
  });

  test('tells the others what came while it told them, though nothing comes after it', async () => {
    const database = await postgresEntryDatabase((await schemaOfTest(postgresOfTests)).server);
    const counts = database.sharedCounts as SharedCounts;
    const count = () => store.incr('somebody', () => undefined, 60_000, 100);
    let times = 0;
    const Store = sharedRateLimitStore({
      add: (added, windowMs) => {
        times += 1;
        if (times === 1) count();
        return counts.add(added, windowMs);
      },
    });
    const store = new Store({} as never);
    count();
    const inAll = async () => (await counts.add(new Map([['somebody', 0]]), 60_000)).get('somebody')?.count;
    await expect.poll(inAll).toBe(2);
  });

  test('begins anew for a key whose minute is over', async () => {
    await using app = await testApp(perToken('1000'));
    const reader = await app.actor({ scopes: ['read'] });
    await askTimes(reader, 100);
    const asked = await asksUntil(async () => {
      await app.database.run("update request_counts set since = since - interval '60 seconds'");
      return (await remainingOf(reader)) > 900;
    });
    expect(asked).toBeLessThan(30);
  });

  test('is held by each for itself while the counts cannot be shared', async () => {
    await using app = await testApp(perToken('2'));
    const reader = await app.actor({ scopes: ['read'] });
    await app.database.run('drop table request_counts');
    const statuses = [];
    for (let sent = 0; sent < 3; sent += 1) {
      statuses.push((await ask(reader)).status);
      await sleep(500);
    }
    expect(statuses).toEqual([200, 200, 429]);
  });
});
