import type { Kind } from './memory.ts';
import type { ReadUnit, WriteUnit } from './unit.ts';

export interface Remembered<Thing extends object> {
  /** The thing as this unit would read it; undefined if it has to be read. */
  recall(unit: ReadUnit, id: string): Thing | undefined;
  /**
   * To be asked once by whoever had to read the thing, before it goes to the trouble of keeping it: whether this unit
   * writes, or the thing was read not long ago as well. Of ten times as many things as are remembered, one is forgotten
   * before it is asked for again, and keeping it would cost more than it saves.
   */
  isWorthKeeping(unit: ReadUnit, id: string): boolean;
  /** To be told what the unit has read or written of it. The thing is never changed from then on. */
  keep(unit: ReadUnit, id: string, thing: Thing): void;
  /** To be told by whoever changes its rows, unless what is written is kept at once. */
  forget(unit: WriteUnit, id: string): void;
  forgetAll(unit: WriteUnit): void;
  /**
   * A kind of thing that is made of these, one of each, and holds as long: it is forgotten when something is written or
   * forgotten under the same id.
   */
  madeOfIt<Made extends object>(): Remembered<Made>;
}

/**
 * A kind of thing that is read on nearly every request and changes seldom, remembered by its id in each database that
 * allows it: one that other machines write does not, and then nothing is ever recalled. Of what is bulky, fewer are
 * where reading one again costs little.
 */
export function remembered<Thing extends object>({ isBulky = false } = {}): Remembered<Thing> {
  return of({ isBulky, made: [] });
}

function of<Thing extends object>(kind: Kind & { made: Kind[] }): Remembered<Thing> {
  return {
    recall: (unit, id) => unit.recollection?.get(kind, id) as Thing | undefined,
    isWorthKeeping: (unit, id) => unit.recollection?.isWorthKeeping(kind, id) ?? false,
    keep: (unit, id, thing) => unit.recollection?.set(kind, id, thing),
    forget: (unit, id) => unit.recollection?.forget(kind, id),
    forgetAll: (unit) => unit.recollection?.forget(kind, null),
    madeOfIt() {
      const made = { isBulky: false, made: [] };
      kind.made.push(made);
      return of(made);
    },
  };
}
