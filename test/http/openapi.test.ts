import { describe, expect, test } from 'vitest';
import { testApp } from '../support/index.ts';

type Json = Record<string, unknown>;

function referencesIn(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' ? [String(inner)] : referencesIn(inner),
  );
}

describe('the description', () => {
  test('is OpenAPI 3.1, needs no token, and refers only to what is in it', async () => {
    await using app = await testApp();
    const { status, body } = await app.stranger.get('/openapi.json');
    expect(status).toBe(200);
    expect(body.openapi).toMatch(/^3\.1\./);
    const components: Json = body.components.schemas;
    for (const reference of referencesIn(body)) {
      expect(reference).toMatch(/^#\/components\/schemas\/[A-Z]\w+$/);
      expect(components, reference).toHaveProperty(reference.split('/').at(-1) ?? '');
    }
    expect(Object.keys(components).filter((name) => /^def-/.test(name))).toEqual([]);
  });

  test('says of each protected operation how to authorize and how it refuses', async () => {
    await using app = await testApp();
    const { body } = await app.stranger.get('/openapi.json');
    for (const [path, operations] of Object.entries(body.paths as Record<string, Record<string, Json>>)) {
      if (!path.startsWith('/v1')) continue;
      for (const [method, operation] of Object.entries(operations)) {
        const { security, responses, requestBody } = operation as {
          security: Json[];
          responses: Json;
          requestBody?: Json;
        };
        expect(security, path).toEqual([{ token: [] }]);
        const statuses = ['400', '401', '403', '429', '500', '503'];
        expect(Object.keys(responses), `${method} ${path}`).toEqual(expect.arrayContaining(statuses));
        if (path.includes('{')) expect(responses, `${method} ${path}`).toHaveProperty('404');
        if (requestBody !== undefined) expect(responses, `${method} ${path}`).toHaveProperty('415');
      }
    }
  });

  test('says of each reading, of pictures too, that what was read is not sent again', async () => {
    await using app = await testApp();
    const { body } = await app.stranger.get('/openapi.json');
    for (const [path, { get }] of Object.entries(body.paths as Record<string, { get?: Json }>)) {
      if (!path.startsWith('/v1') || get === undefined) continue;
      const { responses, parameters } = get as { responses: Json; parameters: Json[] };
      expect(responses, path).toHaveProperty('304');
      expect(responses, path).toHaveProperty('200.headers.ETag');
      const names = parameters.map(({ name }) => name);
      expect(names, path).toContain('if-none-match');
    }
  });
});

describe('the documentation', () => {
  test('is served from here alone, without a script in the page itself', async () => {
    await using app = await testApp();
    const page = await app.stranger.get('/docs/');
    expect(page.status).toBe(200);
    const sources = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(sources.length).toBeGreaterThan(3);
    for (const source of sources) {
      expect(source).not.toMatch(/^(https?:)?\/\//);
      const { status } = await app.stranger.get(new URL(source, 'http://localhost/docs/').pathname);
      expect(status, source).toBe(200);
    }
    expect(page.text).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>[^<]*\S[^<]*<\/script>/);
  });
});
