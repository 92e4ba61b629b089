import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvOf, prefersCsv } from '../../src/http/csv.ts';
import { preferred } from '../../src/http/negotiation.ts';
import { anOrganization, testApp } from '../support/index.ts';

const schema = {
  properties: {
    id: { type: 'string' },
    text: { type: ['string', 'null'] },
    amount: { type: 'number' },
    tags: { type: 'array' },
    period: { type: 'object', properties: { startDate: {}, endDate: {} } },
    budget: { anyOf: [{ $ref: 'Money' }, { type: 'null' }] },
    deep: { type: 'array' },
  },
};

const header = 'id,text,amount,tags,period.startDate,period.endDate,budget.amount,budget.currency,deep';

const components: Record<string, object> = { Money: { properties: { amount: {}, currency: {} } } };

function csv(items: readonly object[]): string {
  return csvOf(schema, items, (id) => components[id]);
}

function rowsOf(items: readonly object[]): string[][] {
  return parse(csv(items), { bom: true });
}

describe('a list as CSV', () => {
  test('begins with a byte-order mark and the columns of the schema', () => {
    expect(csv([])).toBe(`\ufeff${header}\r\n`);
  });

  test('gives nested fields a column each, joins lists, and leaves null empty', () => {
    const item = {
      id: 'a',
      text: null,
      amount: 0,
      tags: ['x', 'y'],
      period: { startDate: '2023-01-01', endDate: null },
      budget: null,
      deep: [{ code: 'households', value: 563 }],
    };
    const [, row] = rowsOf([item]);
    expect(row).toEqual([
      'a',
      '',
      '0',
      'x;y',
      '2023-01-01',
      '',
      '',
      '',
      '[{"code":"households","value":563}]',
    ]);
  });

  test('keeps any text as it is, quotes and line breaks included, unless a spreadsheet would run it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const read = rowsOf([{ id: 'a', text }])[1]?.[1];
        expect(read).toBe(/^'*[=+\-@\t\r]/.test(text) ? `'${text}` : text);
      }),
    );
  });

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '＝1+1', '=岳屏'])('makes text of %j', (text) => {
    const read = rowsOf([{ id: 'a', text }])[1]?.[1] ?? '';
    expect(read).not.toMatch(/^[=+\-@\t\r]/);
  });

  test('puts quotation marks around every line break, whichever kind, so that no reader begins a new row', () => {
    for (const text of ['a\nb', 'a\rb', 'a\r\nb', '\r=1']) {
      const [, record = ''] = csv([{ id: 'x', text }]).split(/^x,/m);
      expect(record).toMatch(/^"/);
    }
  });

  test('does not touch a negative number', () => {
    expect(rowsOf([{ id: 'a', amount: -1.5 }])[1]?.[2]).toBe('-1.5');
  });

  test('of the API is the same list, in Chinese as in English, with the next page linked', async () => {
    await using app = await testApp();
    await app.admin.put('/v1/organizations/a', anOrganization({ id: 'a', name: '岳屏社区, "A"区' }));
    await app.admin.put('/v1/organizations/b', anOrganization({ id: 'b', name: '=HYPERLINK("http://x")' }));
    const json = await app.admin.get('/v1/organizations?limit=2');
    const listed = await app.admin.get('/v1/organizations?limit=2', { accept: 'text/csv' });
    expect(listed.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(listed.headers.vary).toMatch(/accept/i);
    expect(listed.text.startsWith('\ufeffid,name,')).toBe(true);
    const read = parse(listed.text, { bom: true, columns: true }) as Record<string, string>[];
    expect(read.map((row) => row.id)).toEqual(json.body.items.map((item: { id: string }) => item.id));
    expect(read.map((row) => row.name)).toEqual(['岳屏社区, "A"区', `'=HYPERLINK("http://x")`]);
    const page = await app.admin.get('/v1/organizations?limit=1', { accept: 'text/csv' });
    expect(page.headers.link).toMatch(/^<\/v1\/organizations\?limit=1&cursor=[\w-]+>; rel="next"$/);
  });
});

describe('what the client likes best', () => {
  test.each([
    [undefined, false],
    ['*/*', false],
    ['application/json', false],
    ['text/csv', true],
    ['text/csv;q=0.5, application/json', false],
    ['application/json;q=0.5, text/csv', true],
    ['text/html', false],
    ['', false],
    ['garbage;;q=x,,', false],
  ])('with Accept: %s, CSV is %s', (accept, csv) => {
    expect(prefersCsv(accept)).toBe(csv);
  });

  test('is the first that is offered, where the header likes none', () => {
    expect(preferred('image/png', ['application/json', 'text/plain'])).toBe('application/json');
    expect(preferred('text/plain', ['application/json', 'text/plain'])).toBe('text/plain');
  });
});
