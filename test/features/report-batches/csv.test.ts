import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { csvRows } from '../../../src/features/report-batches/csv.ts';
import { type Answer, aProject, settleTianmashan, type TestApp, testApp } from '../../support/index.ts';

let app: TestApp;
/** A project of its own for each test. */
let id: string;

beforeAll(async () => {
  app = await testApp();
  await settleTianmashan(app.admin);
});
afterAll(() => app.close());

async function made(): Promise<string> {
  const project = aProject({
    organizationId: 'yueping',
    quantities: [
      { code: 'households', value: 563, unit: '户' },
      { code: 'floor-area', value: 30000, unit: 'm²' },
    ],
  });
  expect((await app.admin.put(`/v1/projects/${project.id}`, project)).status).toBe(201);
  return project.id;
}

async function send(body: string | Buffer, query = '', type = 'text/csv'): Promise<Answer> {
  return await app.admin.post(`/v1/report-batches${query}`, body, { 'content-type': type });
}

const reportOf = async (day: string) => (await app.admin.get(`/v1/projects/${id}/reports/${day}`)).body;

async function refused(
  body: string | Buffer,
  type?: string,
): Promise<{ pointer: string; code: string; message: string; detail: string }> {
  const before = await app.rows();
  const answer = await send(body, '?atomic=false', type);
  expect(answer.body, answer.text).toMatchObject({ status: 400, code: 'validation_failed' });
  expect(await app.rows()).toEqual(before);
  return { ...answer.body.errors[0], detail: answer.body.detail };
}

describe('a CSV', () => {
  test('has a row a line and a field a column, and an empty cell says nothing', async () => {
    id = await made();
    const answer = await send(
      [
        'projectId,asOf,stated,percent,qualifier,note,reason,spent.amount,spent.currency,quantity:households,quantity:floor-area,citation.title,citation.url,citation.quote',
        `${id},2023-03-31,,12.5,about,"第一,二期",,0.29,CNY,100,0.5,,,`,
        `${id},2023-06-30,85%以上,,,,,,,478,,衡阳日报,https://example.org/a,"他说：""85%以上"""`,
        '',
      ].join('\r\n'),
    );
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body.rows).toEqual([
      { row: 2, projectId: id, asOf: '2023-03-31', verdict: 'created', problem: null },
      { row: 3, projectId: id, asOf: '2023-06-30', verdict: 'created', problem: null },
    ]);
    expect(await reportOf('2023-03-31')).toMatchObject({
      percent: 12.5,
      qualifier: 'about',
      stated: null,
      note: '第一,二期',
      reason: null,
      spent: { amount: 0.29, currency: 'CNY' },
      quantities: [
        { code: 'households', value: 100 },
        { code: 'floor-area', value: 0.5 },
      ],
      citation: null,
    });
    expect(await reportOf('2023-06-30')).toMatchObject({
      percent: 85,
      qualifier: 'atLeast',
      stated: '85%以上',
      note: null,
      spent: null,
      quantities: [{ code: 'households', value: 478 }],
      citation: { title: '衡阳日报', url: 'https://example.org/a', quote: '他说："85%以上"' },
    });
  });

  test('says the same as JSON does', async () => {
    id = await made();
    await send(`projectId,asOf,stated\n${id},2023-06-30,85%以上\n`);
    const json = await app.admin.post('/v1/report-batches', [
      { projectId: id, asOf: '2023-06-30', stated: '85%以上' },
    ]);
    expect(json.body.summary.unchanged).toBe(1);
  });

  test.each([
    ['commas', `projectId,asOf,note,percent\nID,2023-06-30,"a;b\tc",7`],
    ['semicolons', `projectId;asOf;note;percent\nID;2023-06-30;"a;b\tc";7`],
    ['tabs', `projectId\tasOf\tnote\tpercent\nID\t2023-06-30\t"a;b\tc"\t7`],
  ])('may be separated by %s', async (_name, body) => {
    id = await made();
    expect((await send(body.replace('ID', id))).body.summary.created).toBe(1);
    expect(await reportOf('2023-06-30')).toMatchObject({ note: 'a;b\tc', percent: 7 });
  });

  test.each(['\n', '\r\n', '\r'])('may end its lines with %j', async (end) => {
    id = await made();
    expect(
      (await send(['projectId,asOf,percent', `${id},2023-06-30,7`, ''].join(end))).body.summary.created,
    ).toBe(1);
  });

  test('counts lines as a spreadsheet does: empty ones too, and a line break in a cell begins none', async () => {
    id = await made();
    const body = `projectId,asOf,percent,note\r\n\r\n${id},2023-05-31,1,"一\r\n二\r\n三"\r\n,,,\r\n${id},2023-06-30,101,\r\n,,\r\n\r\n`;
    const answer = await send(body, '?atomic=false');
    expect(answer.body.rows.map(({ row, verdict }: Record<string, unknown>) => [row, verdict])).toEqual([
      [3, 'created'],
      [5, 'refused'],
    ]);
    expect((await reportOf('2023-05-31')).note).toBe('一\r\n二\r\n三');
  });

  test.each(['2023-06-30', '2023/6/30', '2023/06/30', '2023-6-30', '2023年6月30日', ' 2023/6/30 '])(
    'reads the day %j as a spreadsheet writes it',
    async (day) => {
      id = await made();
      const answer = await send(`projectId,asOf,percent\n${id},${day},7`);
      expect(answer.body.rows[0]).toMatchObject({ asOf: '2023-06-30', verdict: 'created' });
    },
  );

  test.each(['2023/2/30', '6/30/2023', '30.06.2023', '2023/6/30 0:00', '45107', '2023年上半年', '2023/6-30'])(
    'refuses the day %j',
    async (day) => {
      id = await made();
      const answer = await send(`projectId,asOf,percent\n${id},${day},7`, '?atomic=false');
      expect(answer.body.rows[0].problem).toMatchObject({
        code: 'validation_failed',
        errors: [{ pointer: '/asOf', code: 'format', message: 'must be a date that exists, as YYYY-MM-DD' }],
      });
    },
  );

  test('JSON has no such days', async () => {
    id = await made();
    const answer = await app.admin.post('/v1/report-batches', [
      { projectId: id, asOf: '2023/6/30', percent: 7 },
    ]);
    expect(answer.body.errors[0].pointer).toBe('/0/asOf');
  });

  test.each([
    ['85', 85],
    ['85%', 85],
    ['85 %', 85],
    ['85％', 85],
    [' 85.5 ', 85.5],
    ['0', 0],
    ['007', 7],
    ['100.00%', 100],
  ])('reads the percent %j', async (cell, percent) => {
    id = await made();
    expect((await send(`projectId,asOf,percent\n${id},2023-06-30,${cell}`)).body.summary.created).toBe(1);
    expect(await reportOf('2023-06-30')).toMatchObject({ percent, stated: null, qualifier: 'exact' });
  });

  test.each([
    ['percent', '85%以上', 'column stated'],
    ['percent', 'NaN', 'number'],
    ['percent', '1e1', 'number'],
    ['percent', '0x10', 'number'],
    ['percent', '８５', 'number'],
    ['percent', '85%%', 'number'],
    ['percent', '100.01', 'at most 100'],
    ['percent', '-0.5', 'at least 0'],
    ['percent', '33.333', 'decimals'],
    ['spent.amount', '1.29亿元', 'digits'],
    ['spent.amount', '"1,290,000"', 'digits'],
    ['spent.amount', '1.29E+08', 'digits'],
    ['spent.amount', '0.001', 'decimals'],
    ['spent.currency', 'RMB', 'ISO 4217'],
    ['quantity:households', '563户', 'digits'],
    ['quantity:households', '564', 'at most 563'],
    ['quantity:stairs', '1', 'households'],
    ['qualifier', 'atleast', 'did you mean'],
    ['citation.url', '衡阳日报', 'URL'],
    ['stated', '85', 'percent sign'],
  ])('refuses in the column %s the cell %s, naming the column', async (column, cell, hint) => {
    id = await made();
    const others = { 'spent.amount': '5', 'spent.currency': 'CNY', percent: '7' };
    const cells = Object.entries({ ...(column === 'stated' ? {} : others), [column]: cell });
    const body = `projectId,asOf,${cells.map(([name]) => name).join(',')}\n${id},2023-06-30,${cells.map(([, value]) => value).join(',')}`;
    const answer = await send(body, '?atomic=false');
    const { problem } = answer.body.rows[0];
    expect(problem.errors, answer.text).toMatchObject([{ pointer: `/${column}` }]);
    expect(problem.errors[0].message).toContain(hint);
  });

  test('names the column that would be needed', async () => {
    id = await made();
    const answer = await send(
      `projectId,asOf,spent.amount\n${id},2023-06-30,5\n,2023-06-30,5`,
      '?atomic=false',
    );
    const pointers = answer.body.rows.map((row: { problem: { errors: { pointer: string }[] } }) =>
      row.problem.errors.map((error) => error.pointer),
    );
    expect(pointers).toEqual([['/spent.currency'], ['/projectId', '/spent.currency']]);
  });

  test('tells both what cannot be read in a row and what is not valid in it', async () => {
    id = await made();
    const answer = await send(
      `projectId,asOf,percent,spent.amount,spent.currency\nYueping,2023-06-30,eighty,1千,CNY`,
      '?atomic=false',
    );
    const { problem } = answer.body.rows[0];
    expect(problem.errors.map((error: { pointer: string }) => error.pointer)).toEqual([
      '/percent',
      '/spent.amount',
      '/projectId',
    ]);
    expect(problem.detail).toMatch(/^percent must be a number.* \(and 2 more\)$/);
  });

  test('all or nothing: one refused row of many and nothing is written', async () => {
    id = await made();
    const before = await app.rows();
    const answer = await send(`projectId,asOf,percent\n${id},2023-05-31,1\n${id},2023-06-30,101\n`);
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toMatchObject([{ pointer: 'line:3/percent' }]);
    expect(answer.body.detail).toContain('row 3: percent must be at most 100');
    expect(await app.rows()).toEqual(before);
  });

  test('of ours is read back as it was said', async () => {
    id = await made();
    const notes = ['=1+1', '-5', '@a', "'=x", "''+y", "'plain", '+86 734', '备注'];
    for (const [at, note] of notes.entries()) {
      await app.admin.put(`/v1/projects/${id}/reports/2023-06-0${at + 1}`, { percent: at, note });
    }
    const list = await app.admin.get(`/v1/projects/${id}/reports`, { accept: 'text/csv' });
    const kept = ['projectId', 'asOf', 'percent', 'qualifier', 'note'];
    const [header = [], ...lines] = list.text
      .replace('\ufeff', '')
      .trim()
      .split('\r\n')
      .map((line) => line.split(','));
    const places = kept.map((name) => header.indexOf(name));
    const body = [kept, ...lines.map((cells) => places.map((place) => cells[place]))]
      .map((cells) => cells.join(','))
      .join('\r\n');
    expect((await send(body)).body.summary).toMatchObject({ unchanged: notes.length });
  });
});

describe('the encoding of a CSV', () => {
  const gbk = (text: string) =>
    Buffer.from([...text].flatMap((character) => gbkBytes[character] ?? [character.charCodeAt(0)]));
  const gbkBytes: Record<string, number[]> = {
    备: [0xb1, 0xb8],
    注: [0xd7, 0xa2],
    以: [0xd2, 0xd4],
    上: [0xc9, 0xcf],
  };
  const body = () => `projectId,asOf,stated,note\r\n${id},2023-06-30,85%以上,备注\r\n`;

  test.each(['text/csv', 'text/csv; charset=utf-8', 'text/csv;charset="UTF-8"', 'TEXT/CSV; header=present'])(
    '%s is UTF-8, with a byte-order mark or without',
    async (type) => {
      for (const mark of ['', '\ufeff']) {
        id = await made();
        expect((await send(mark + body(), '', type)).body.summary.created).toBe(1);
        expect(await reportOf('2023-06-30')).toMatchObject({ stated: '85%以上', note: '备注' });
      }
    },
  );

  test.each(['gb18030', 'GBK', 'gb2312', '"gb18030"'])(
    'charset=%s is what Excel saves on a Chinese Windows',
    async (charset) => {
      id = await made();
      expect((await send(gbk(body()), '', `text/csv; charset=${charset}`)).body.summary.created).toBe(1);
      expect(await reportOf('2023-06-30')).toMatchObject({ stated: '85%以上', note: '备注' });
    },
  );

  test('that is not said and is not UTF-8 is refused, saying what to do', async () => {
    id = await made();
    for (const type of ['text/csv', 'text/csv; charset=utf-8']) {
      const fault = await refused(gbk(body()), type);
      expect(fault).toMatchObject({ pointer: 'line:2', code: 'encoding' });
      expect(fault.detail).toContain('charset=gb18030');
      expect(fault.detail).toContain('save the file as UTF-8');
    }
  });

  test('that is said and is another is refused', async () => {
    id = await made();
    const fault = await refused(
      Buffer.concat([Buffer.from('projectId,asOf,note\n'), Buffer.from([0xff, 0xff])]),
      'text/csv; charset=gb18030',
    );
    expect(fault).toMatchObject({ pointer: '', code: 'encoding' });
  });

  test('half a surrogate pair is no UTF-8', async () => {
    id = await made();
    const half = Buffer.concat([
      Buffer.from(`projectId,asOf,percent,note\n${id},2023-06-30,1,`),
      Buffer.from([0xed, 0xa0, 0x80]),
    ]);
    expect(await refused(half)).toMatchObject({ pointer: 'line:2', code: 'encoding' });
  });

  test('characters beyond the first plane come through wherever the file is cut', async () => {
    id = await made();
    const note = '𠮷'.repeat(2000);
    const lines = Array.from(
      { length: 28 },
      (_, at) => `${id},2023-06-${String(at + 1).padStart(2, '0')},1,${'x'.repeat(at)}${note}`,
    );
    expect((await send(`projectId,asOf,percent,note\n${lines.join('\n')}`)).body.summary.created).toBe(28);
    for (const day of ['2023-06-05', '2023-06-20', '2023-06-28'])
      expect((await reportOf(day)).note).toMatch(/^x*𠮷{2000}$/u);
  });
});

describe('a CSV that cannot be read', () => {
  test.each([
    ['asOf,percent', ['line:1/projectId', 'missing_column', 'missing']],
    ['projectId,percent', ['line:1/asOf', 'missing_column', 'missing']],
    ['', ['line:1/projectId', 'missing_column', 'missing']],
    ['projectId,asOf,percnt', ['line:1/percnt', 'unknown_column', 'did you mean "percent"']],
    ['projectid,asOf', ['line:1/projectid', 'unknown_column', 'did you mean "projectId"']],
    ['projectId,asOf,spent', ['line:1/spent', 'unknown_column', 'not a known column']],
    [
      'projectId,asOf,quantity:House Holds',
      ['line:1/quantity:House Holds', 'unknown_column', 'quantity:households'],
    ],
    ['projectId,asOf,revision', ['line:1/revision', 'unknown_column', 'made by the server']],
    ['projectId,asOf,percent,percent', ['line:1/percent', 'repeated', 'once']],
    ['项目,日期,进度', ['line:1/项目', 'unknown_column', 'not a known column']],
    ['projectId;asOf,percent', ['line:1/projectId;asOf', 'unknown_column', '']],
  ])('with the header %j is refused, naming the column', async (header, [pointer, code, hint]) => {
    id = await made();
    const fault = await refused(`${header}\n${id},2023-06-30,5\n`);
    expect(fault).toMatchObject({ pointer, code });
    expect(fault.message).toContain(hint);
    expect(fault.detail).toContain('line 1');
  });

  test.each([
    [`ID,2023-06-30,1,a"b`, 'line:2/note', 'quote'],
    [`ID,2023-06-30,1,"a"b`, 'line:2/note', 'quote'],
    [`ID,2023-06-30,1,"a`, 'line:2/note', 'quote'],
    [`ID,2023-06-29,1,"x\ny"\n\nID,2023-06-30,1"5,b`, 'line:4/percent', 'quote'],
    [`ID,2023-06-30,1,a,b`, 'line:2/5', 'unknown_column'],
    [`ID,2023-06-30,1,"${'x'.repeat(32_768)}"`, 'line:2/note', 'maxLength'],
    [`ID,2023-06-30,1,"${'x\n'.repeat(200_000)}`, 'line:2/note', 'maxLength'],
    [`ID,2023-06-30,1,a\u0000b`, 'line:2/note', 'text'],
    [`ID\u0000,2023-06-30,1,b`, 'line:2/projectId', 'text'],
  ])(
    'cannot be read at %#: it is refused as a whole, naming line and column',
    async (lines, pointer, code) => {
      id = await made();
      const fault = await refused(
        `projectId,asOf,percent,note\n${id},2023-05-31,1,\n`.replace(/\n.*\n$/, '\n') +
          lines.replaceAll('ID', id),
      );
      expect(fault).toMatchObject({ pointer, code });
      const [line, column] = pointer.slice('line:'.length).split('/');
      expect(fault.detail).toContain(`line ${line}, column ${column}`);
    },
  );

  test('a note too long for a report, not for a cell, is a fault of its row alone', async () => {
    id = await made();
    const body = `projectId,asOf,percent,note\n${id},2023-05-31,1,${'x'.repeat(10_001)}\n${id},2023-06-30,1,`;
    const answer = await send(body, '?atomic=false');
    expect(answer.body.summary).toMatchObject({ created: 1, refused: 1 });
    expect(answer.body.rows[0].problem.errors).toMatchObject([{ pointer: '/note', code: 'maxLength' }]);
  });

  test('columns without a name and without a cell are none', async () => {
    id = await made();
    expect(
      (await send(`projectId,asOf,percent,,\n${id},2023-06-30,1,,\n${id},2023-05-31\n`, '?atomic=false')).body
        .rows,
    ).toMatchObject([
      { verdict: 'created' },
      { verdict: 'refused', problem: { errors: [{ pointer: '/percent', code: 'required' }] } },
    ]);
    expect(await refused(`projectId,asOf,percent,\n${id},2023-06-30,1,x`)).toMatchObject({
      pointer: 'line:2/4',
      code: 'unknown_column',
    });
  });
});

test('any cells that are put in quotation marks as they should be come through as they are', async () => {
  const cell = fc
    .string({ unit: 'grapheme' })
    .filter((text) => text.trim() !== '' && !text.includes('\u0000') && !/^'+[=+\-@\t\r]/.test(text));
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(cell, cell), { minLength: 1 }),
      fc.constantFrom(',', ';', '\t'),
      fc.constantFrom('\n', '\r\n'),
      async (cells, separator, end) => {
        const header = ['projectId', 'asOf', 'note', 'reason'].join(separator);
        const lines = cells.map(([note, reason]) =>
          ['a', '2023-06-30', quoted(note), quoted(reason)].join(separator),
        );
        const rows = await csvRows(Buffer.from([header, ...lines].join(end)));
        expect(rows.map((row) => row.value)).toEqual(
          cells.map(([note, reason]) => ({ projectId: 'a', asOf: '2023-06-30', note, reason })),
        );
        expect(rows.map((row) => row.row)).toEqual(cells.map((_, at) => at + 2));
      },
    ),
  );
});

test('whatever text is sent as CSV is read or refused, and nothing else is thrown', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({
        unit: fc.constantFrom('a', ',', ';', '"', '\n', '\r', '\t', ' ', '备', '%', '\u0000'),
        maxLength: 40,
      }),
      async (text) => {
        try {
          for (const row of await csvRows(Buffer.from(`projectId,asOf,note,percent\n${text}`)))
            expect(row.row).toBeGreaterThan(1);
        } catch (error) {
          expect(error).toMatchObject({
            code: 'validation_failed',
            errors: [{ pointer: expect.stringMatching(/^line:\d+\/./) }],
          });
        }
      },
    ),
    { numRuns: 300 },
  );
});
