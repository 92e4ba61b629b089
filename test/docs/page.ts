import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);

export function pathOf(name: string): string {
  return fileURLToPath(new URL(name, root));
}

export function readPage(name: string): string {
  return readFileSync(pathOf(name), 'utf8');
}

export function isThere(name: string): boolean {
  return existsSync(pathOf(name));
}

/** A piece of a page that is fenced by ```. */
export interface Block {
  /** What stands after the opening fence: `sh`, `json`, `http`. */
  kind: string;
  text: string;
  /** The line of the page on which its text begins. */
  line: number;
  /** The last heading before it. */
  heading: string;
}

export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | null = null;
  let heading = '';
  for (const [index, line] of page.split('\n').entries()) {
    const fence = /^```(\w*)$/.exec(line);
    if (open !== null && fence !== null) {
      blocks.push(open);
      open = null;
    } else if (open !== null) {
      open.text += `${line}\n`;
    } else if (fence !== null) {
      open = { kind: fence[1] ?? '', text: '', line: index + 2, heading };
    } else {
      heading = /^#+ (.+)$/.exec(line)?.[1] ?? heading;
    }
  }
  return blocks;
}

/**
 * What of `shown` is not in `actual`, or null if all of it is. An object may have more fields than are shown; a list has
 * as many items as are shown, or more where the last one shown is "…"; the text "…" stands for anything.
 */
export function missingIn(actual: unknown, shown: unknown, place = ''): string | null {
  if (shown === '…') return null;
  if (Array.isArray(shown)) {
    if (!Array.isArray(actual)) return `${place || '/'} is no list`;
    const hasMore = shown.at(-1) === '…';
    const items = hasMore ? shown.slice(0, -1) : shown;
    if (hasMore ? actual.length < items.length : actual.length !== items.length) {
      return `${place || '/'} has ${actual.length} items`;
    }
    return firstMissing(items.map((item, index) => missingIn(actual[index], item, `${place}/${index}`)));
  }
  if (shown !== null && typeof shown === 'object') {
    if (actual === null || typeof actual !== 'object') return `${place || '/'} is no object`;
    const fields = actual as Record<string, unknown>;
    return firstMissing(
      Object.entries(shown).map(([name, value]) =>
        name in fields ? missingIn(fields[name], value, `${place}/${name}`) : `${place}/${name} is not there`,
      ),
    );
  }
  return Object.is(actual, shown)
    ? null
    : `${place || '/'} is ${JSON.stringify(actual)}, not ${JSON.stringify(shown)}`;
}

function firstMissing(found: (string | null)[]): string | null {
  return found.find((each) => each !== null) ?? null;
}
