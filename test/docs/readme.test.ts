import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DemoServer, startDemo } from '../support/demo-server.ts';
import { type Block, blocksOf, missingIn, readPage } from './page.ts';

/**
 * A block fenced `sh` is run, in the order of the page, by a shell with curl against a demo server of the page's own;
 * one fenced `bash` is not. What follows it as `json` must be in the answer, what follows as `text` must be all of it;
 * "…" stands for anything.
 */
describe.each(['README.md', 'README.zh.md'])('%s', (name) => {
  const blocks = blocksOf(readPage(name));
  const steps = blocks.flatMap((block, index) =>
    block.kind === 'sh' ? [{ line: block.line, script: block.text, shown: shownAfter(blocks, index) }] : [],
  );
  let demo: DemoServer;
  beforeAll(async () => {
    demo = await startDemo();
  }, 60_000);
  afterAll(async () => await demo.stop());

  test('begins where the demo leaves off: the curl line that it prints works as it stands', () => {
    const printed = demo.printed.split('\n').find((line) => line.trim().startsWith('curl '));
    const { status, stdout } = demo.run(`${printed} -sS`);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ percent: 85, qualifier: 'atLeast', low: 85, high: 100 });
  });

  test.each(steps)('line $line works on a fresh demo, and answers as is shown', ({ script, shown }) => {
    const { status, stdout, stderr } = demo.run(script);
    expect(stderr).toBe('');
    expect(status, stdout).toBe(0);
    if (shown?.kind === 'json')
      expect(missingIn(JSON.parse(stdout), JSON.parse(shown.text)), stdout).toBeNull();
    if (shown?.kind === 'text') expect(lines(stdout)).toEqual(lines(shown.text));
  });

  test('runs every curl that it shows', () => {
    const notRun = blocks.filter(({ kind, text }) => kind !== 'sh' && /\bcurl\b/.test(text));
    expect(notRun.map(({ line }) => line)).toEqual([]);
    expect(steps.filter(({ script }) => /\bcurl\b/.test(script)).length).toBeGreaterThan(10);
  });

  test('names the scripts of package.json, and no others', () => {
    const { scripts } = JSON.parse(readPage('package.json')) as { scripts: Record<string, string> };
    const named = [...readPage(name).matchAll(/(?:^|`|&& )npm (?:run )?([a-z]+)/gm)].map(
      ([, script]) => script ?? '',
    );
    for (const script of new Set(named)) if (script !== 'ci') expect(Object.keys(scripts)).toContain(script);
  });
});

test('the two READMEs show the same requests and the same answers, but for the words', () => {
  const requestsIn = (name: string) =>
    blocksOf(readPage(name))
      .filter(({ kind }) => kind === 'sh')
      .map(({ text }) => [...text.matchAll(/\/v1\/[\w/$:.-]*/g)].map(([path]) => path));
  expect(requestsIn('README.zh.md')).toEqual(requestsIn('README.md'));
});

function shownAfter(blocks: readonly Block[], index: number): Block | null {
  const next = blocks[index + 1];
  return next !== undefined && (next.kind === 'json' || next.kind === 'text') ? next : null;
}

function lines(text: string): string[] {
  return text
    .trim()
    .split('\n')
    .map((line) => line.trimEnd());
}
