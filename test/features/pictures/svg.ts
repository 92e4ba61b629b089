import { expect } from 'vitest';

/** The texts that are seen, in their order. */
export function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map((match) => match[1] ?? '');
}

/** The rows of the table of figures, as they are written. */
export function rowsOf(svg: string): string[] {
  const table = /<metadata>([\s\S]*)<\/metadata>/.exec(svg)?.[1] ?? '';
  return [...table.matchAll(/<(?:row|milestone) ([^>]*)\/>/g)].map((match) => match[1] ?? '');
}

export function descriptionOf(svg: string): string {
  return /<desc [^>]*>([^<]*)<\/desc>/.exec(svg)?.[1] ?? '';
}

/** Well-formed, every tag closed, nothing but what XML allows, no number that is none. */
export function expectWellFormed(svg: string): void {
  expect(svg.isWellFormed()).toBe(true);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML forbids
  expect(svg).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
  expect(svg).not.toMatch(/NaN|Infinity|undefined|\[object/);
  const open: string[] = [];
  const rest = svg.replace(
    /<(\/?)([a-zA-Z]+)((?:\s[^<>]*?)?)(\/?)>/g,
    (_tag, end, name, attributes, empty) => {
      expect(attributes.replace(/ [a-zA-Z-]+="[^"]*"/g, '').trim()).toBe('');
      if (end) expect(open.pop()).toBe(name);
      else if (!empty) open.push(name);
      return '';
    },
  );
  expect(open).toEqual([]);
  expect(rest.replace(/&(?:amp|lt|gt|quot|#39);/g, '')).not.toMatch(/[<>&]/);
}

/** Nothing loaded, nothing run, no ids but its own. */
export function expectSelfContained(svg: string): void {
  const styles = [...svg.matchAll(/<style>([^<]*)<\/style>/g)].map(([, rules]) => rules);
  const tags = [...svg.matchAll(/<[^>]*>/g)].map(([tag]) => tag);
  // What a title says is a text or the value of an attribute, whatever it says.
  const names = tags.map((tag) => tag.replaceAll(/"[^"]*"/g, '""'));
  expect(names.join('')).not.toMatch(/<script|<image|<foreignObject|href/);
  expect([...tags, ...styles].join('')).not.toMatch(/@import|url\((?!#)/);
  const id = /<svg [^>]*id="([^"]+)"/.exec(svg)?.[1] ?? '';
  for (const [, name] of svg.matchAll(/ id="([^"]+)"/g)) expect(name).toMatch(new RegExp(`^${id}`));
  for (const [, name] of svg.matchAll(/url\(#([^)]+)\)/g)) expect(svg).toContain(` id="${name}"`);
}
