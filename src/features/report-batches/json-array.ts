const quote = '"'.charCodeAt(0);
const backslash = '\\'.charCodeAt(0);
const comma = ','.charCodeAt(0);
const openBracket = '['.charCodeAt(0);
const closeBracket = ']'.charCodeAt(0);
const openBrace = '{'.charCodeAt(0);
const closeBrace = '}'.charCodeAt(0);
const space: ReadonlySet<number | undefined> = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** Whether the first character that is no white space begins an array. */
export function beginsArray(bytes: Buffer): boolean {
  return bytes[afterSpace(bytes, 0)] === openBracket;
}

/**
 * The items of a JSON array, one after the other and not yet parsed, so that a large one need not be parsed in one go.
 * The bytes are valid JSON if, and only if, every item is and the generator returns true: false says that the array
 * does not end where the bytes do.
 * @param bytes begin an array
 */
export function* arrayItems(bytes: Buffer): Generator<Buffer, boolean> {
  let from = afterSpace(bytes, 0) + 1;
  const first = afterSpace(bytes, from);
  if (bytes[first] === closeBracket) return endsAfter(bytes, first);
  for (;;) {
    const end = endOfItem(bytes, from);
    if (end === bytes.length) return false;
    yield bytes.subarray(from, end);
    if (bytes[end] === closeBracket) return endsAfter(bytes, end);
    from = end + 1;
  }
}

/** Where the comma or the bracket stands that ends the item; the length of all if there is none. */
function endOfItem(bytes: Buffer, from: number): number {
  let depth = 0;
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === quote) at = endOfText(bytes, at);
    else if (byte === openBracket || byte === openBrace) depth += 1;
    else if (depth === 0 && (byte === comma || byte === closeBracket)) return at;
    else if (byte === closeBracket || byte === closeBrace) depth -= 1;
  }
  return bytes.length;
}

/** Where the quotation mark stands that ends the text which begins here. */
function endOfText(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(quote, from + 1); at !== -1; at = bytes.indexOf(quote, at + 1)) {
    let escapes = 0;
    while (bytes[at - 1 - escapes] === backslash) escapes += 1;
    if (escapes % 2 === 0) return at;
  }
  return bytes.length;
}

function endsAfter(bytes: Buffer, at: number): boolean {
  return afterSpace(bytes, at + 1) === bytes.length;
}

function afterSpace(bytes: Buffer, from: number): number {
  let at = from;
  while (space.has(bytes[at])) at += 1;
  return at;
}
