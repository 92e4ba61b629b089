import { readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isThere, pathOf, readPage } from './page.ts';

const pages = [
  ...['README.md', 'README.zh.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
  ...readdirSync(pathOf('docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

describe.each(pages)('%s', (name) => {
  const page = readPage(name);

  test('links only to what is there', () => {
    const links = [...page.matchAll(/\]\((?!https?:|mailto:)([^)#\s]+)[^)]*\)/g)].map(([, to]) => to ?? '');
    const broken = links.filter((to) => !isThere(normalize(join(dirname(name), to))));
    expect(broken).toEqual([]);
  });

  test('names only files of the project that are there', () => {
    const named = [...page.matchAll(/`((?:src|test|docs|bench|scripts|migrations)\/[\w./-]+)`/g)].map(
      ([, path]) => path ?? '',
    );
    expect(named.filter((path) => !isThere(path))).toEqual([]);
  });
});

test('every record of a decision is numbered, dated and says what it must', () => {
  const records = pages.filter((name) => name.startsWith('docs/decisions/'));
  for (const [index, name] of records.sort().entries()) {
    expect(name).toMatch(new RegExp(`/${String(index + 1).padStart(4, '0')}-[a-z0-9-]+\\.md$`));
    const page = readPage(name);
    expect(page, name).toMatch(
      /^# .+\n\n- Date: \d{4}-\d\d-\d\d\n- Status: (accepted|superseded by \[\d{4}\]\(.+\))\n/,
    );
    for (const part of ['Context', 'Decision', 'Consequences'])
      expect(page, name).toContain(`\n## ${part}\n`);
  }
});

test('every runtime dependency has its reason on record, and nothing else has', () => {
  const { dependencies } = JSON.parse(readPage('package.json')) as { dependencies: Record<string, string> };
  const rows = readPage('docs/decisions/0001-stack-and-dependencies.md').match(/^\| `.+$/gm) ?? [];
  const explained = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  );
  expect(explained.sort()).toEqual(Object.keys(dependencies).sort());
});
