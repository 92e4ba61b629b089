import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Setting, settings } from '../../src/config.ts';
import { pathOf, readPage } from './page.ts';

const all = Object.values<Setting<unknown>>(settings);
const page = readPage('docs/configuration.md');

test('the page on configuration has each setting in order, with its default and what it does, and no other', () => {
  const rows = page.split('\n').filter((line) => /^\| `[A-Z_]+` \|/.test(line));
  expect(rows).toEqual(
    all.map(({ name, default: text, secret, description }) => {
      const shown = text === null ? 'none' : text === '' ? 'empty' : `\`${text}\``;
      return `| \`${name}\` | ${shown} | ${secret ? 'yes' : ''} | ${description} |`;
    }),
  );
});

test('no page names a setting that there is not', () => {
  const known = all.flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name]));
  const docs = readdirSync(pathOf('docs'), { recursive: true, encoding: 'utf8' }).map(
    (name) => `docs/${name}`,
  );
  const pages = ['README.md', 'README.zh.md', 'CONTRIBUTING.md', 'Dockerfile', ...docs].filter((name) =>
    /\.md$|^Dockerfile$/.test(name),
  );
  const shownAsWrong = ['JINDU_PUBLC_READ'];
  const unknown = pages.flatMap((name) =>
    [...readPage(name).matchAll(/\bJINDU_[A-Z_]*[A-Z]\b/g)]
      .map(([named]) => named)
      .filter((named) => !known.includes(named) && !shownAsWrong.includes(named))
      .map((named) => `${name}: ${named}`),
  );
  expect(unknown).toEqual([]);
});
