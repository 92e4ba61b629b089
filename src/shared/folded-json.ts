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

/** In the place of a value: JSON escapes it as well. */
const gap = '\0';

/** Of an answer there are as many outlines as ways in which parts of it are null or empty. */
const outlines = new LRUCache<string, readonly string[]>({ max: 1_000 });

/**
 * Goes through the answer byte by byte, which takes a quarter of the time that a pattern does: some 9 µs.
 * @param json as `JSON.stringify` writes it, without a space; in UTF-8
 */
export function fold(json: Uint8Array): FoldedJson {
  const [outline, values] = [new Bytes(json.length), new Bytes(json.length + 1)];
  for (let at = 0; at < json.length; ) {
    const end = endOfScalar(json, at);
    if (end > at && json[end] !== colon) {
      outline.add(0);
      if (values.length > 0) values.add(lineFeed);
      while (at < end) values.add(json[at++] as number);
    } else {
      const next = end > at ? end : at + 1;
      while (at < next) outline.add(json[at++] as number);
    }
  }
  return { outline: pieces(outline.toString()), values: values.toString() };
}

const [quote, backslash, colon, lineFeed] = [0x22, 0x5c, 0x3a, 0x0a];
const [minus, plus, point, zero, nine] = [0x2d, 0x2b, 0x2e, 0x30, 0x39];
const [exponent, exponentInCapitals] = [0x65, 0x45];

/** Where the text or the number ends that begins there; the same place if none does. */
function endOfScalar(json: Uint8Array, from: number): number {
  const first = json[from] as number;
  let at = from;
  if (first === quote) {
    at += 1;
    while (at < json.length && json[at] !== quote) at += json[at] === backslash ? 2 : 1;
    return at + 1;
  }
  if (first === minus || isDigit(first)) {
    do at += 1;
    while (at < json.length && isOfNumber(json[at] as number));
  }
  return at;
}

function isDigit(byte: number): boolean {
  return byte >= zero && byte <= nine;
}

function isOfNumber(byte: number): boolean {
  return (
    isDigit(byte) ||
    byte === point ||
    byte === minus ||
    byte === plus ||
    byte === exponent ||
    byte === exponentInCapitals
  );
}

function pieces(text: string): readonly string[] {
  let outline = outlines.get(text);
  if (outline === undefined) {
    outline = text.split(gap);
    outlines.set(text, outline);
  }
  return outline;
}

/** A text that grows byte by byte, with a letter for each. */
class Bytes {
  readonly #bytes: Buffer;
  length = 0;

  constructor(atMost: number) {
    this.#bytes = Buffer.allocUnsafe(atMost);
  }

  add(byte: number): void {
    this.#bytes[this.length++] = byte;
  }

  toString(): string {
    return this.#bytes.toString('latin1', 0, this.length);
  }
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
