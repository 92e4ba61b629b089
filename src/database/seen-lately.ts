/**
 * Remembers of many ids that they were seen, in four bytes each: an id is forgotten when another falls into its place, so
 * some are sooner and some later, and one in four milliards is taken for another.
 */
export class SeenLately {
  readonly #marks: Uint32Array;

  /** @param ids how many are remembered, about */
  constructor(ids: number) {
    this.#marks = new Uint32Array(2 ** Math.ceil(Math.log2(ids)));
  }

  /** Whether this id was seen not long ago. From now on it was. */
  sees(id: string): boolean {
    const mark = markOf(id);
    const place = mark & (this.#marks.length - 1);
    const wasSeen = this.#marks[place] === mark;
    this.#marks[place] = mark;
    return wasSeen;
  }
}

/** FNV-1a over the letters, with its bits stirred: its lowest ones alone decide the place. */
function markOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at += 1) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
