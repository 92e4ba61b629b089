import { describe, expect, test } from 'vitest';
import type { TestApp } from '../../support/index.ts';
import { inTalks, parties, publishedDeal, refusal, sixInTalks, xianghejian } from './urban-renewal.ts';

const one = `${parties}/one`;
const named = { name: '甲公司', role: 'interestedParty', splitFrom: 'in-talks', stage: 'inTalks' };

async function unnamedOn(jindu: TestApp, day: string) {
  const { count, unnamed } = (await jindu.admin.get(`${inTalks}?asOf=${day}`)).body;
  return [count, unnamed];
}

async function thereOn(jindu: TestApp, day: string): Promise<string[]> {
  const { items } = (await jindu.admin.get(`${parties}?asOf=${day}`)).body;
  return items.map(({ id }: { id: string }) => id);
}

describe('one of six unnamed companies that gets a name', () => {
  test('is told apart from that day on, and before it there are six of whom nobody is named', async () => {
    await using jindu = await publishedDeal();
    jindu.clock.set('2023-07-20T01:02:03.004Z');
    const { status, body } = await jindu.admin.put(one, { ...named, splitOn: '2023-07-10' });
    expect([status, body.splitFrom, body.splitOn]).toEqual([201, 'in-talks', '2023-07-10']);
    expect(await unnamedOn(jindu, '2023-07-20')).toEqual([6, 5]);
    expect(await unnamedOn(jindu, '2023-07-10')).toEqual([6, 5]);
    expect(await unnamedOn(jindu, '2023-07-09')).toEqual([6, 6]);
    expect(await unnamedOn(jindu, '2023-06-30')).toEqual([6, 6]);
    expect(await thereOn(jindu, '2023-07-10')).toEqual(['in-talks', 'one', 'xianghejian']);
    expect(await thereOn(jindu, '2023-07-09')).toEqual(['in-talks', 'xianghejian']);
    expect((await jindu.admin.get(`${one}?asOf=2023-07-09`)).status).toBe(404);
  });

  test('was not known to be one before we were told', async () => {
    await using jindu = await publishedDeal();
    jindu.clock.set('2023-07-20T01:02:03.004Z');
    await jindu.admin.put(one, { ...named, splitOn: '2023-07-10' });
    const { body } = await jindu.admin.get(`${inTalks}?asOf=2023-07-15&knownAt=2023-07-16T00:00:00Z`);
    expect([body.count, body.unnamed]).toEqual([6, 6]);
  });

  test('is told apart from the day that is spoken of, unless told, and stays so when it is said again', async () => {
    await using jindu = await publishedDeal();
    expect((await jindu.admin.put(one, named)).body.splitOn).toBe('2023-07-03');
    jindu.clock.advance({ days: 7 });
    const again = await jindu.admin.put(one, named);
    expect([again.headers['jindu-verdict'], again.body.splitOn]).toEqual(['unchanged', '2023-07-03']);
    const other = await jindu.admin.put(`${parties}/two`, { ...named, name: '乙公司', asOf: '2023-07-01' });
    expect(other.body.splitOn).toBe('2023-07-01');
    const corrected = await jindu.admin.patch(one, { splitOn: '2023-07-02' });
    expect(corrected.body.splitOn).toBe('2023-07-02');
  });

  test('leaves the others as many as they are, however often all six are counted again', async () => {
    await using jindu = await publishedDeal();
    await jindu.admin.put(one, named);
    const again = await jindu.admin.put(inTalks, sixInTalks);
    expect(again.headers['jindu-verdict']).toBe('unchanged');
    expect([again.body.count, again.body.unnamed]).toEqual([6, 5]);
    jindu.clock.advance({ days: 7 });
    const { asOf: _, ...weekly } = sixInTalks;
    expect((await jindu.admin.put(inTalks, weekly)).body.unnamed).toBe(5);
    expect((await jindu.admin.put(inTalks, { ...weekly, count: 8 })).body).toMatchObject({
      count: 8,
      unnamed: 7,
    });
  });

  test('may have its earlier stages told, without being there earlier', async () => {
    await using jindu = await publishedDeal();
    await jindu.admin.put(one, named);
    await jindu.admin.put(`${one}/stages/2023-06-30`, { stage: 'lead', since: '2023-03-01' });
    expect(await thereOn(jindu, '2023-06-30')).toEqual(['in-talks', 'xianghejian']);
    expect((await jindu.admin.get(`${one}/stages`)).body.items).toHaveLength(2);
  });

  test('is one of them again once it is archived', async () => {
    await using jindu = await publishedDeal();
    await jindu.admin.put(one, named);
    await jindu.admin.delete(one);
    expect(await unnamedOn(jindu, '2023-07-03')).toEqual([6, 6]);
    await jindu.admin.post(`${one}/restoration`);
    expect(await unnamedOn(jindu, '2023-07-03')).toEqual([6, 5]);
  });

  test.each([
    ['nobody', { splitFrom: 'nobody' }, 'unprocessable', '/splitFrom'],
    ['itself', { splitFrom: 'one' }, 'unprocessable', '/splitFrom'],
    ['one that has a name', { splitFrom: 'xianghejian' }, 'unprocessable', '/splitFrom'],
    ['them on a day to come', { splitOn: '2023-07-04' }, 'future_date', '/splitOn'],
    ['them before there were any', { splitOn: '2023-06-29' }, 'unprocessable', '/splitFrom'],
    ['nobody on a day', { splitFrom: null, splitOn: '2023-07-01' }, 'unprocessable', '/splitOn'],
    ['them without a name', { name: null, count: 2 }, 'unprocessable', '/splitFrom'],
  ])('is not told apart from %s', async (_what, said, code, pointer) => {
    await using jindu = await publishedDeal();
    const before = await jindu.rows();
    expect(refusal(await jindu.admin.put(one, { ...named, ...said }))).toEqual([422, code, pointer]);
    expect(await jindu.rows()).toEqual(before);
  });
});

describe('no more get a name', () => {
  async function twoOfTwo(): Promise<TestApp> {
    const jindu = await publishedDeal();
    await jindu.admin.put(inTalks, { ...sixInTalks, count: 2 });
    await jindu.admin.put(one, named);
    await jindu.admin.put(`${parties}/two`, { ...named, name: '乙公司' });
    return jindu;
  }

  test('than there are', async () => {
    await using jindu = await twoOfTwo();
    expect(await unnamedOn(jindu, '2023-07-03')).toEqual([2, 0]);
    const before = await jindu.rows();
    const third = await jindu.admin.put(`${parties}/three`, { ...named, name: '丙公司' });
    expect(refusal(third)).toEqual([422, 'unprocessable', '/splitFrom']);
    expect(await jindu.rows()).toEqual(before);
  });

  test('than are left by another count, by one taken back, or by one restored', async () => {
    await using jindu = await twoOfTwo();
    const before = await jindu.rows();
    const fewer = await jindu.admin.patch(inTalks, { count: 1 });
    expect(refusal(fewer)).toEqual([422, 'unprocessable', '/count']);
    const withdrawn = await jindu.admin.delete(`${inTalks}/stages/2023-06-30`);
    expect(refusal(withdrawn)).toEqual([422, 'unprocessable', '{asOf}']);
    expect(await jindu.rows()).toEqual(before);
    await jindu.admin.delete(one);
    await jindu.admin.put(inTalks, { ...sixInTalks, count: 1 });
    const restored = await jindu.admin.post(`${one}/restoration`);
    expect(refusal(restored)).toEqual([422, 'unprocessable', '/splitFrom']);
  });
});

test('those who are not named stay in use while one of them has a name', async () => {
  await using jindu = await publishedDeal();
  await jindu.admin.put(one, named);
  const before = await jindu.rows();
  expect((await jindu.admin.delete(inTalks)).body).toMatchObject({ code: 'conflict' });
  expect(await jindu.rows()).toEqual(before);
  await jindu.admin.patch(one, { splitFrom: null });
  expect((await jindu.admin.delete(inTalks)).status).toBe(200);
  expect((await jindu.admin.get(xianghejian)).status).toBe(200);
});
