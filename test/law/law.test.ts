import { parse } from 'csv-parse/sync';
import { afterAll, describe, expect, test } from 'vitest';
import { errorCatalogue } from '../../src/shared/errors.ts';
import type { Answer } from '../support/index.ts';
import { badBodiesOf } from './bad-bodies.ts';
import { examplesWith } from './examples.ts';
import { ask, type Operation } from './operation.ts';
import { settled } from './settled.ts';

const { app, operations, outsider, fresh } = await settled();
const document = app.app.swagger() as unknown as {
  paths: Record<string, Record<string, { responses: Record<string, { description: string }> }>>;
};
const seen: { operation: Operation; answer: Answer }[] = [];

const isNot =
  (...accesses: string[]) =>
  (operation: Operation) =>
    !accesses.includes(operation.access);
const isProtected = isNot('public');
const isRead = (url: string) => operations.some((other) => other.method === 'GET' && other.url === url);
const named = (chosen: Operation[]) => chosen.map((operation) => [operation.operationId, operation] as const);
const each = (chosen: (operation: Operation) => unknown) => test.each(named(operations.filter(chosen)));

async function asked(
  client: Parameters<typeof ask>[0],
  operation: Operation,
  others?: Parameters<typeof ask>[2],
) {
  const answer = await ask(client, operation, others);
  seen.push({ operation, answer });
  return answer;
}

/** A refusal in the one form that refusals have, after which everything is as it was. */
async function expectRefusal(
  answering: () => Promise<Answer>,
  expected: { status: number; code?: string; pointer?: string | RegExp },
): Promise<Answer> {
  const before = await app.rows();
  const answer = await answering();
  const { status, body } = answer;
  expect(status, answer.text).toBe(expected.status);
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(Object.keys(body).slice(0, 8)).toEqual(
    'type title status code detail instance requestId errors'.split(' '),
  );
  const known = errorCatalogue[body.code as keyof typeof errorCatalogue];
  expect(body).toMatchObject({
    status: known.status,
    title: known.title,
    requestId: answer.headers['x-request-id'],
  });
  expect(body.type).toMatch(new RegExp(`errors#${body.code}$`));
  if (expected.code !== undefined) expect(body.code).toBe(expected.code);
  if (expected.pointer !== undefined) {
    const pointers: string[] = body.errors.map((error: { pointer: string }) => error.pointer);
    const { pointer } = expected;
    const isThere = pointers.some((each) =>
      typeof pointer === 'string' ? each === pointer : pointer.test(each),
    );
    expect(isThere, `${pointer} among ${JSON.stringify(body.errors)}`).toBe(true);
  }
  expect(await app.rows(), 'nothing is written').toEqual(before);
  return answer;
}

/** What two refusals have in common must be all but whom they answered. */
function comparable({ status, headers, text }: Answer) {
  const { 'x-request-id': _id, date: _date, 'content-length': _length, ...others } = headers;
  const body = JSON.parse(text);
  return { status, headers: others, text: JSON.stringify({ ...body, instance: null, requestId: null }) };
}

describe('every route', () => {
  test('that is not hidden is an operation, and says who may use it', () => {
    const nameless = app.routes.filter(
      ({ schema }) => schema.hide !== true && schema.operationId === undefined,
    );
    expect(nameless.map(({ method, url }) => `${method} ${url}`)).toEqual([]);
    expect(operations.filter(({ access }) => access === 'nobody')).toEqual([]);
    expect(operations.filter(({ url, access }) => url.startsWith('/v1') && access === 'public')).toEqual([]);
  });

  test('has an id of its own, a summary and a tag that is described', () => {
    const ids = operations.map(({ operationId }) => operationId);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    const tags = (app.app.swagger() as { tags?: { name: string }[] }).tags?.map(({ name }) => name);
    for (const { operationId, schema } of operations) {
      expect(operationId).toMatch(/^[a-z]+[A-Za-z]*$/);
      expect(schema.summary, operationId).toMatch(/^\S.{5,}[^.\s]$/);
      expect(tags, operationId).toContain(schema.tags?.[0]);
    }
  });

  test('has an example here, and every example has its route', () => {
    const ids = operations.map(({ operationId }) => operationId);
    expect(Object.keys(examplesWith({ tokenId: 'any' })).sort()).toEqual([...ids].sort());
  });
});

describe('asked as in its example', () => {
  each(() => true)('%s answers what it declares', async (_id, operation) => {
    await using written = await fresh();
    const answer = await asked(written.admin, operation);
    expect(answer.status, answer.text).toBeLessThan(300);
    expect(answer.headers['x-request-id']).toBeDefined();
    if (answer.status === 201) expect(answer.body.revision ?? 1, answer.text).toBe(1);
  });

  each(({ method }) => method === 'GET')(
    '%s writes nothing, has an entity tag, and is not sent again',
    async (_id, operation) => {
      const before = await app.rows();
      const answer = await asked(app.admin, operation);
      expect(await app.rows()).toEqual(before);
      if (operation.operationId === 'getMetrics') return;
      expect(answer.headers.etag).toMatch(/^"[\w-]+"$/);
      const again = await asked(app.admin, operation, {
        headers: { 'if-none-match': String(answer.headers.etag) },
      });
      expect([again.status, again.text]).toEqual([304, '']);
      const head = await app.admin.send('HEAD', operation.address());
      expect([head.status, head.text]).toEqual([200, '']);
      expect(head.headers['content-type']).toBe(answer.headers['content-type']);
    },
  );
});

describe('without the right to it', () => {
  each(isProtected)('%s refuses who sends no token, and who sends a wrong one', async (_id, operation) => {
    await expectRefusal(() => asked(app.stranger, operation), { status: 401, code: 'unauthenticated' });
    const wrong = app.clientWith('jindu_wrong');
    await expectRefusal(() => asked(wrong, operation), { status: 401, code: 'unauthenticated' });
  });

  each(isNot('public', 'read'))('%s refuses who has the scope below only', async (_id, operation) => {
    const ladder = ['read', 'report', 'write', 'admin'] as const;
    const below = ladder[ladder.indexOf(operation.access as 'write') - 1] ?? 'read';
    const lesser = await app.actor({ scopes: [below] });
    await expectRefusal(() => asked(lesser, operation), { status: 403, code: 'forbidden' });
  });

  each((operation) => isProtected(operation) && operation.config.unbound === true)(
    '%s refuses who is bound to an organization',
    async (_id, operation) => {
      await expectRefusal(() => asked(outsider, operation), { status: 403, code: 'forbidden' });
    },
  );

  each(({ url }) => url.includes(':'))(
    '%s answers an outsider as if it were not there',
    async (_id, operation) => {
      const foreign = await expectRefusal(() => asked(outsider, operation), {
        status: 404,
        code: 'not_found',
      });
      const asThough = operation.createsUnderId
        ? () => outsider.get(operation.address({ id: 'no-such-thing' }))
        : () => asked(outsider, operation, { params: { id: 'no-such-thing' } });
      const missing = await expectRefusal(asThough, { status: 404 });
      expect(comparable(foreign)).toEqual(comparable(missing));
    },
  );

  each(({ url, access, config }) => access !== 'public' && !url.includes(':') && config.unbound !== true)(
    '%s shows nothing to an outsider and takes nothing from one',
    async (_id, operation) => {
      const before = await app.rows();
      const answer = await asked(outsider, operation);
      expect(await app.rows()).toEqual(before);
      if (operation.method !== 'GET') return;
      expect(answer.status).toBe(200);
      expect(answer.text).not.toMatch(/yanfeng|tianmashan|yueping|clerk/);
    },
  );
});

describe('of what is not there', () => {
  each(({ url, createsUnderId }) => url.includes(':') && !createsUnderId)(
    '%s answers 404',
    async (_id, operation) => {
      await expectRefusal(() => asked(app.admin, operation, { params: { id: 'no-such-thing' } }), {
        status: 404,
      });
    },
  );

  each(({ url }) => url.includes(':'))(
    '%s names the part of the path that can be nothing',
    async (_id, operation) => {
      for (const [name] of operation.url.matchAll(/:\w+/g)) {
        const param = name.slice(1);
        for (const wrong of ['Not_a-slug', '2023-02-30', 'x'.repeat(65), '天马山']) {
          if (param !== 'asOf' && wrong.startsWith('2023')) continue;
          const params = { [param]: wrong };
          await expectRefusal(() => asked(app.admin, operation, { params }), {
            status: 400,
            pointer: `{${param}}`,
          });
        }
      }
    },
  );
});

describe('with a bad request', () => {
  each(isProtected)('%s refuses a parameter that it does not know', async (_id, operation) => {
    const answering = () => asked(app.admin, operation, { query: 'limt=5' });
    await expectRefusal(answering, { status: 400, code: 'validation_failed', pointer: '?limt' });
  });

  each(({ body }) => body !== undefined)(
    '%s refuses a body that is not valid, and names the field',
    async (_id, operation) => {
      for (const { payload, pointer, status = 400 } of badBodiesOf(operation)) {
        await expectRefusal(() => asked(app.admin, operation, { payload }), { status, pointer });
      }
    },
  );

  each(({ body }) => body !== undefined)('%s refuses to go without a body', async (_id, operation) => {
    const answering = () => app.admin.send(operation.method, operation.address());
    await expectRefusal(answering, { status: 400, code: 'validation_failed', pointer: '' });
  });

  each(({ body }) => body !== undefined)('%s refuses media that it does not read', async (_id, operation) => {
    for (const contentType of [
      'text/html',
      'application/xml',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'garbage',
    ]) {
      const headers = { 'content-type': contentType };
      const answering = () => asked(app.admin, operation, { payload: 'x', headers });
      await expectRefusal(answering, { status: 415, code: 'unsupported_media_type' });
    }
  });

  each((operation) => operation.reads('if-match'))(
    '%s refuses to write over another revision',
    async (_id, operation) => {
      const stale = () => asked(app.admin, operation, { headers: { 'if-match': '"999-abcdefgh"' } });
      await expectRefusal(stale, { status: 412, code: 'precondition_failed' });
      const weak = () => asked(app.admin, operation, { headers: { 'if-match': 'W/"1"' } });
      await expectRefusal(weak, { status: 412, code: 'precondition_failed' });
      const garbled = () => asked(app.admin, operation, { headers: { 'if-match': '1' } });
      await expectRefusal(garbled, { status: 400, pointer: 'header:if-match' });
    },
  );

  each(({ method, url }) => ['PUT', 'PATCH', 'DELETE'].includes(method) && isRead(url))(
    '%s can be made to depend on what was read',
    (_id, operation) => {
      expect(operation.reads('if-match')).toBe(true);
    },
  );
});

describe('a POST', () => {
  each(({ method, url }) => method === 'POST' && !url.endsWith('/restoration'))(
    '%s is done once under its key',
    async (_id, operation) => {
      expect(operation.reads('idempotency-key')).toBe(true);
      await using written = await fresh();
      const headers = { 'idempotency-key': 'the-same' };
      const first = await asked(written.admin, operation, { headers });
      const rows = await written.rows();
      const again = await asked(written.admin, operation, { headers });
      expect(again.status).toBe(first.status);
      expect(again.headers['idempotency-replayed']).toBe('true');
      expect(again.headers.location).toBe(first.headers.location);
      expect(again.headers['jindu-verdict']).toBe(first.headers['jindu-verdict']);
      const { secret: _, ...body } = first.body;
      expect(again.body).toMatchObject(body);
      const other = await asked(written.admin, operation, {
        headers,
        payload: operation.example?.otherBody ?? {},
      });
      expect(other.body.code, other.text).toBe('idempotency_mismatch');
      expect(await written.rows()).toEqual(rows);
    },
  );
});

describe('a list', () => {
  const lists = each(({ isList }) => isList);

  lists('%s refuses pages that are none', async (_id, operation) => {
    for (const query of [
      'limit=0',
      'limit=201',
      'limit=x',
      'limit=1.5',
      'sort=colour',
      'cursor=typed',
      'cursor=',
    ]) {
      const pointer = `?${query.split('=')[0]}`;
      await expectRefusal(() => asked(app.admin, operation, { query }), { status: 400, pointer });
    }
  });

  lists('%s is the same in pages as in one, by every sort', async (_id, operation) => {
    for (const sort of operation.querySchema.properties?.sort?.enum ?? []) {
      const all = (await asked(app.admin, operation, { query: `sort=${sort}&limit=200` })).body.items;
      const paged: unknown[] = [];
      let cursor = '';
      do {
        const page = await asked(app.admin, operation, { query: `sort=${sort}&limit=1${cursor}` });
        paged.push(...page.body.items);
        expect(page.body.items.length).toBeLessThanOrEqual(1);
        const { nextCursor } = page.body;
        if (nextCursor !== null) expect(page.headers.link).toContain(`cursor=${nextCursor}`);
        cursor = nextCursor === null || page.body.items.length === 0 ? '' : `&cursor=${nextCursor}`;
      } while (cursor !== '');
      expect(paged, sort).toEqual(all);
      expect(all.length, 'the example shows something').toBeGreaterThan(0);
    }
  });

  lists('%s is given as CSV too, a row for each item', async (_id, operation) => {
    const { body } = await asked(app.admin, operation);
    const csv = await asked(app.admin, operation, { headers: { accept: 'text/csv' } });
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    const [header, ...rows] = parse(csv.text, { bom: true }) as string[][];
    expect(rows).toHaveLength(body.items.length);
    for (const name of Object.keys(body.items[0])) {
      expect(
        header?.some((column) => column === name || column.startsWith(`${name}.`)),
        name,
      ).toBe(true);
    }
  });
});

describe('an address', () => {
  const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'];
  const addresses = new Map<string, Operation[]>();
  for (const operation of operations) {
    addresses.set(operation.url, [...(addresses.get(operation.url) ?? []), operation]);
  }

  test.each([...addresses])('%s refuses other methods and says which it has', async (_url, there) => {
    const has = there.map(({ method }) => method);
    const allow = [...has, ...(has.includes('GET') ? ['HEAD'] : [])].sort();
    for (const method of methods.filter((each) => !has.includes(each))) {
      const answering = () => app.admin.send(method, there[0]?.address() ?? '', { payload: {} });
      const answer = await expectRefusal(answering, { status: 405, code: 'method_not_allowed' });
      expect(answer.headers.allow?.split(', ').sort()).toEqual(allow);
    }
  });

  test('is the same however its letters are written, and another one with a letter more', async () => {
    const refusing = (method: string, address: string) => () =>
      app.stranger.send(method, address, { payload: {} });
    const there = await expectRefusal(
      refusing('POST', '/v1/pro%6Aects/yueping-estate-renovation/%70rogress?x=1'),
      {
        status: 405,
        code: 'method_not_allowed',
      },
    );
    expect(there.headers.allow).toBe('GET, HEAD');
    for (const address of [
      '/v1/projects/a/b/progress',
      '/v1/projects//progress',
      '/v1/progress',
      '/v1xprojects',
    ])
      await expectRefusal(refusing('POST', address), { status: 404, code: 'not_found' });
    const { status, headers, text } = await app.admin.send('HEAD', '/v1/report-batches', {});
    expect([status, headers.allow, text]).toEqual([405, 'POST', '']);
  });
});

describe('a public installation', () => {
  test('lets a stranger do what a reader may, and no more', async () => {
    await using published = await fresh({ JINDU_PUBLIC_READ: 'true' });
    for (const operation of operations.filter(({ method }) => method === 'GET')) {
      const mayRead = ['public', 'read'].includes(operation.access) && operation.config.unbound !== true;
      const { status } = await ask(published.stranger, operation);
      expect(status, operation.operationId).toBe(mayRead ? 200 : 401);
    }
    const rows = await published.rows();
    for (const operation of operations.filter(({ isWrite }) => isWrite)) {
      expect((await ask(published.stranger, operation)).status, operation.operationId).toBe(401);
    }
    expect(await published.rows()).toEqual(rows);
  });
});

describe('the description', () => {
  test('has every answer that was seen here, refusals with their codes', () => {
    const missing = new Set<string>();
    for (const { operation, answer } of seen) {
      if (answer.status === 304 || operation.schema.hide === true) continue;
      const path = operation.url.replace(/:(\w+)/g, '{$1}');
      const declared = document.paths[path]?.[operation.method.toLowerCase()]?.responses[answer.status];
      const code: string | undefined = answer.status >= 400 ? answer.body.code : undefined;
      if (declared === undefined || (code !== undefined && !declared.description.includes(`\`${code}\``))) {
        missing.add(`${operation.operationId} ${answer.status} ${code ?? ''}`);
      }
    }
    expect([...missing].sort()).toEqual([]);
  });
});

afterAll(() => app.close());
