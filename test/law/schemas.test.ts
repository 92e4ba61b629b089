import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, expect, test } from 'vitest';
import { testApp } from '../support/index.ts';

interface Component {
  $id: string;
  examples?: unknown[];
}

const app = await testApp();
const components = Object.values(app.app.getSchemas()) as Component[];

function strictAjv() {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    allowUnionTypes: true,
    strictRequired: false,
    multipleOfPrecision: 6,
  });
  addFormats.default(ajv);
  for (const component of components) ajv.addSchema(component);
  return ajv;
}

test('every schema of every route is one, with no word that means nothing', () => {
  const ajv = strictAjv();
  for (const { method, url, schema } of app.routes) {
    const responses = Object.values((schema.response ?? {}) as Record<string, object>);
    const parts = [schema.body, schema.querystring, schema.params, schema.headers, ...responses];
    for (const part of parts) {
      if (typeof part !== 'object' || part === null || 'content' in part) continue;
      expect(() => ajv.compile(part), `${method} ${url}`).not.toThrow();
    }
  }
});

test('every component that is named has a name of its own', () => {
  const names = components.map(({ $id }) => $id);
  expect(names.filter((name) => !/^[A-Z][A-Za-z]+$/.test(name))).toEqual([]);
});

test.each(
  components
    .filter(({ examples }) => examples !== undefined)
    .map((component) => [component.$id, component] as const),
)('the examples of %s are examples of it', (_id, component) => {
  const validate = strictAjv().getSchema(component.$id);
  for (const example of component.examples ?? []) {
    expect(validate?.(example), `${JSON.stringify(example)}: ${JSON.stringify(validate?.errors)}`).toBe(true);
  }
});

afterAll(() => app.close());
