import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Instant } from '../shared/clock.ts';
import type { Engine } from './columns.ts';
import type { GatheredKind, GatheredRow, Gathering } from './gathered.ts';
import type { Recollection } from './memory.ts';
import type { Db, WriteUnit } from './unit.ts';
import { Unit } from './unit-scope.ts';

/** For how long a work may keep the process busy before `breathe` lets others have their turn. */
const breathAfterMs = 8;

const noWait = Promise.resolve();

/** Since when the process has been busy with write works, and how often the group that runs now has let others in. */
export interface BusySpell {
  sinceMs: number;
  breaths: number;
}

export class RunningWriteUnit extends Unit implements WriteUnit {
  readonly writes = true;
  readonly #spell: BusySpell;
  readonly #gathering: Gathering;

  constructor(
    owner: object,
    engine: Engine,
    db: Db,
    now: Instant,
    spell: BusySpell,
    gathering: Gathering,
    recollect?: () => Recollection,
  ) {
    super(owner, engine, db, now, recollect);
    this.#spell = spell;
    this.#gathering = gathering;
  }

  gather(kind: GatheredKind, row: GatheredRow): Promise<void> {
    this.assertRunning();
    return this.#gathering.gather(kind, row);
  }

  breathe(): Promise<void> {
    return performance.now() - this.#spell.sinceMs < breathAfterMs ? noWait : this.#breathe();
  }

  async #breathe(): Promise<void> {
    await nextTurn();
    this.#spell.sinceMs = performance.now();
    this.#spell.breaths += 1;
  }
}
