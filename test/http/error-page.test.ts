import { expect, test } from 'vitest';
import { errorCatalogue } from '../../src/shared/errors.ts';
import { testApp } from '../support/index.ts';

test('the type of a problem leads to the place of the page that explains its code, without a token', async () => {
  await using app = await testApp();
  const { type, code } = (await app.stranger.get('/v1/projects')).body;
  expect(code).toBe('unauthenticated');
  const [path, anchor] = type.split('#');
  const page = await app.stranger.get(path);
  expect(page.status).toBe(200);
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(page.text).toContain(`<section id="${anchor}">`);
});

test('the page has every code of the catalogue, each once, with its status', async () => {
  await using app = await testApp();
  const { text } = await app.stranger.get('/docs/errors');
  const sections = [...text.matchAll(/<section id="(\w+)"><h2><code>\1<\/code> <small>(\d+)<\/small>/g)];
  expect(sections.map(([, code, status]) => [code, Number(status)])).toEqual(
    Object.entries(errorCatalogue).map(([code, { status }]) => [code, status]),
  );
});

test('the page loads nothing, so that it is whole offline and under the strict policy', async () => {
  await using app = await testApp();
  const { text, headers } = await app.stranger.get('/docs/errors');
  expect(text).not.toMatch(/<script|<img|<link|\bsrc=|url\(|https?:/);
  expect(headers['content-security-policy']).toContain("default-src 'none'");
});
