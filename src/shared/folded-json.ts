import { LRUCache } from 'lru-cache';

/**
 * A JSON text that is kept to be sent again. Most of such an answer is the same in thousands of others: names, braces,
 * nulls. So its texts and numbers are kept apart, and the outline that they stand in once for all answers that have it.
 * An answer of 1,600 bytes takes some 500 then, and putting it together takes two microseconds.
 *
 * All of it is UTF-8 with a letter for each byte: the engine keeps such a text in half the memory of one with a single
 * letter beyond Latin in it.
 */
export interface FoldedJson {
  /** What stands before each value, and after the last. */
  readonly outline: readonly string[];
  /** A line each: JSON escapes line feeds. */
  readonly values: string;
}

const value = /"(?:[^"\\]|\\.)*"(:?)|-?\d[\d.eE+-]*/g;

/** In the place of a value: JSON escapes it as well. */
const gap = '\0';

/** Of an answer there are as many outlines as ways in which parts of it are null or empty. */
const outlines = new LRUCache<string, readonly string[]>({ max: 1_000 });

/** @param json as `JSON.stringify` writes it, without a space */
export function fold(json: string): FoldedJson {
  const values: string[] = [];
  const text = Buffer.from(json)
    .toString('latin1')
    .replace(value, (found, isName) => {
      if (isName) return found;
      values.push(found);
      return gap;
    });
  let outline = outlines.get(text);
  if (outline === undefined) {
    outline = text.split(gap);
    outlines.set(text, outline);
  }
  return { outline, values: values.join('\n') };
}

/** The bytes of the answer as it was written. */
export function unfold({ outline, values }: FoldedJson): Buffer {
  let text = '';
  let from = 0;
  for (const [index, piece] of outline.entries()) {
    text += piece;
    if (index === outline.length - 1) break;
    const end = values.indexOf('\n', from);
    text += end === -1 ? values.slice(from) : values.slice(from, end);
    from = end + 1;
  }
  return Buffer.from(text, 'latin1');
}
