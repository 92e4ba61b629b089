import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeCursor, encodeCursor, pageRequest } from '../../src/http/paging.ts';
import { JinduError } from '../../src/shared/errors.ts';
import { anOrganization, type Client, testApp } from '../support/index.ts';

const key = fc.oneof(
  fc
    .string({ unit: 'grapheme', maxLength: 100 })
    .filter((text) => !text.includes('\0') && text.isWellFormed()),
  fc.maxSafeInteger(),
);
const cursor = fc.record({ sort: fc.constantFrom('id', '-id', 'name', '-updatedAt'), value: key, id: key });

describe('a cursor', () => {
  test('reads back as it was written', () => {
    fc.assert(
      fc.property(cursor, (written) => {
        expect(decodeCursor(encodeCursor(written))).toEqual(written);
      }),
    );
  });

  test('that somebody typed is none, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.base64String()), (text) => {
        const read = decodeCursor(text);
        expect(read === null || encodeCursor(read) === text).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ['not an array', '{"a":1}'],
    ['too short', '["id","a"]'],
    ['too long', '["id","a","b","c"]'],
    ['of another shape', '["id",{},"a"]'],
    ['null inside', '["id",null,"a"]'],
    ['beyond the safe integers', '["id",9007199254740993,"a"]'],
    ['a fraction', '["id",1.5,"a"]'],
    ['infinite', '["id",1e400,"a"]'],
    ['with a NUL', '["id","\\u0000","a"]'],
    ['with half of a surrogate pair', '["id","\\ud800","a"]'],
    ['written otherwise', '[ "id","a","b" ]'],
  ])('that is %s is none', (_why, json) => {
    expect(decodeCursor(Buffer.from(json).toString('base64url'))).toBeNull();
  });

  test('with a byte changed is none of this list, or another place in it, but never an error of ours', () => {
    fc.assert(
      fc.property(cursor, fc.nat(), fc.nat(255), (written, at, byte) => {
        const bytes = Buffer.from(encodeCursor(written));
        bytes[at % bytes.length] = byte;
        const query = { limit: 50, sort: written.sort, cursor: bytes.toString('latin1') };
        try {
          const { after } = pageRequest(query);
          expect(typeof after?.value).toBe('string');
        } catch (error) {
          expect(error).toBeInstanceOf(JinduError);
          expect((error as JinduError).code).toBe('validation_failed');
        }
      }),
    );
  });

  test('belongs to its order', () => {
    const made = encodeCursor({ sort: '-name', value: 'a', id: 'a' });
    expect(() => pageRequest({ limit: 50, sort: 'name', cursor: made })).toThrow(
      'belongs to the order -name',
    );
    expect(pageRequest({ limit: 50, sort: '-name', cursor: made })).toMatchObject({
      sort: 'name',
      descending: true,
    });
  });
});

describe('walking a list by its cursors', () => {
  async function walk(client: Client, path: string, between: () => Promise<unknown> = async () => undefined) {
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await client.get(cursor === null ? path : `${path}&cursor=${encodeURIComponent(cursor)}`);
      expect(page.status, page.text).toBe(200);
      ids.push(...page.body.items.map((item: { id: string }) => item.id));
      cursor = page.body.nextCursor;
      await between();
    } while (cursor !== null);
    return ids;
  }

  test('shows each item once, in order, from either end and by any sort', async () => {
    await using app = await testApp();
    const names = ['乙', '甲', '甲', '丙', 'b', 'a', 'a'];
    for (const [index, name] of names.entries()) {
      app.clock.advance({ seconds: index % 2 });
      await app.admin.put(`/v1/organizations/o${index}`, { name, kind: 'other' });
    }
    const all = names.map((_name, index) => `o${index}`);
    for (const sort of ['id', 'name', 'createdAt', 'updatedAt']) {
      const forth = await walk(app.admin, `/v1/organizations?limit=2&sort=${sort}`);
      const back = await walk(app.admin, `/v1/organizations?limit=3&sort=-${sort}`);
      expect([...forth].sort(), sort).toEqual(all);
      expect(back, sort).toEqual([...forth].reverse());
    }
  });

  test('neither repeats nor hides an item while others are inserted, changed and archived', async () => {
    await using app = await testApp();
    const steady = Array.from({ length: 12 }, (_, index) => `m${String(index * 2).padStart(2, '0')}`);
    const passing = Array.from({ length: 12 }, (_, index) => `m${String(index * 2 + 1).padStart(2, '0')}`);
    for (const id of [...steady, ...passing.slice(0, 6)]) {
      await app.admin.put(`/v1/organizations/${id}`, anOrganization({ id }));
    }
    let step = 0;
    const seen = await walk(app.admin, '/v1/organizations?limit=3&sort=id', async () => {
      const leaving = passing[step];
      const coming = passing[passing.length - 1 - step];
      step += 1;
      if (leaving !== undefined) await app.admin.delete(`/v1/organizations/${leaving}`);
      if (coming !== undefined)
        await app.admin.put(`/v1/organizations/${coming}`, anOrganization({ id: coming }));
    });
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => steady.includes(id))).toEqual(steady);
    expect(seen).toEqual([...seen].sort());
  });

  test('goes by the Link header too, which keeps the filters', async () => {
    await using app = await testApp();
    for (const name of ['岳屏一', '岳屏二', '肖家山']) {
      await app.admin.post('/v1/organizations', { name, kind: 'community' });
    }
    const first = await app.admin.get(`/v1/organizations?limit=1&sort=name&q=${encodeURIComponent('岳屏')}`);
    const next = /^<([^>]+)>; rel="next"$/.exec(first.headers.link ?? '')?.[1];
    const second = await app.admin.get(String(next));
    expect([...first.body.items, ...second.body.items].map((item) => item.name)).toEqual([
      '岳屏一',
      '岳屏二',
    ]);
    expect(second.headers.link).toBeUndefined();
    expect(second.body.nextCursor).toBeNull();
  });
});
