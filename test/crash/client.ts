import type { Holdings } from './holdings.ts';
import { nextWrite } from './next-write.ts';
import { NoAnswer, Requester } from './requester.ts';
import { assertKept, says } from './violation.ts';
import type { Answer, Effect, Write } from './write.ts';

/** A write that was acknowledged. */
export interface Acknowledged {
  write: Write;
  answer: Answer;
}

/** A write of which nobody was told what became of it. */
export interface Open {
  write: Write;
  /** What the server said, if it said anything at all. */
  answer: Answer | null;
}

/** How a 503 is worded that leaves it open whether the change was kept. All others say that nothing was done. */
const saysItIsOpen = /not known/;

/**
 * Sends one write after the other, each when the one before has been answered, and holds every answer against what was
 * to be expected. So when the server is killed, at most one of its writes is open.
 */
export class Client {
  readonly holdings: Holdings;
  /** Those with effects since the last audit, in their order. */
  acknowledged: Acknowledged[] = [];
  open: Open | null = null;
  readonly counts = { acknowledged: 0, unchanged: 0, refused: 0, open: 0, openAndKept: 0, retried: 0 };

  constructor(holdings: Holdings) {
    this.holdings = holdings;
  }

  /** Writes until the server, or its database, is no longer there. */
  async writeUntilKilled(port: number): Promise<void> {
    const requester = new Requester(port);
    try {
      while (await this.#write(requester, nextWrite(this.holdings)));
    } finally {
      requester.close();
    }
  }

  /** Writes these. Resolves with whether all of them were answered. */
  async writeAll(port: number, writes: readonly Write[]): Promise<boolean> {
    const requester = new Requester(port);
    try {
      for (const write of writes) if (!(await this.#write(requester, write))) return false;
      return true;
    } finally {
      requester.close();
    }
  }

  /**
   * Takes note of whether the open write was found to be kept, with the ids of what it has made.
   * @param ids of its effects; null if nothing of it is there
   */
  settle(ids: readonly string[] | null): void {
    if (this.open === null || ids === null) return;
    this.counts.openAndKept += 1;
    for (const [index, effect] of this.open.write.effects.entries()) this.holdings.take(effect, ids[index]);
  }

  /**
   * Sends the open write again, as any script would, and one that was answered under a key before: neither is done a
   * second time, and both are answered as they were or would have been.
   * @param wasKept whether the open write was found to be kept
   */
  async askAgain(port: number, wasKept: boolean): Promise<void> {
    const requester = new Requester(port);
    const { open } = this;
    this.open = null;
    try {
      const known = this.holdings.oneOf(this.holdings.answered);
      if (known !== undefined) await this.#askForKnown(requester, known);
      if (open !== null) await this.#askForOpen(requester, open.write, wasKept);
    } finally {
      requester.close();
    }
  }

  async #write(requester: Requester, write: Write): Promise<boolean> {
    try {
      const answer = await requester.send(write.request);
      if (answer.body.code === 'storage_unavailable') return this.#leaveOpen({ write, answer });
      this.#judge(write, false, answer);
      this.#note(write, answer);
      return true;
    } catch (error) {
      if (error instanceof NoAnswer) return this.#leaveOpen({ write, answer: null });
      throw error;
    }
  }

  #leaveOpen(open: Open): false {
    this.open = open;
    this.counts.open += 1;
    return false;
  }

  async #askForKnown(requester: Requester, { write, answer }: Acknowledged): Promise<void> {
    this.counts.retried += 1;
    const again = await requester.send(write.request);
    assertKept(
      again.replayed && again.text === answer.text && again.status === answer.status,
      `${write.request.key} is answered as before, ${answer.status} ${answer.text}`,
      again,
    );
    assertKept(
      again.location === answer.location && again.verdict === answer.verdict,
      `${write.request.key} is answered with ${answer.location} and ${answer.verdict} as before`,
      again,
    );
  }

  async #askForOpen(requester: Requester, write: Write, wasKept: boolean): Promise<void> {
    this.counts.retried += 1;
    const answer = await requester.send(write.request);
    this.#judge(write, wasKept, answer);
    const isReplay = wasKept && write.request.key !== undefined && write.effects.length > 0;
    assertKept(answer.replayed === isReplay, `${nameOf(write)} is ${isReplay ? '' : 'not '}replayed`, answer);
    if (!wasKept) this.#note(write, answer);
    else if (isReplay) this.holdings.answered.push({ write, answer });
  }

  #judge(write: Write, wasKept: boolean, answer: Answer): void {
    const expected = wasKept ? write.again : write.expected;
    const found = { status: answer.status, verdict: answer.verdict, code: answer.body.code ?? null };
    assertKept(
      found.status === expected.status && found.verdict === expected.verdict && found.code === expected.code,
      `${nameOf(write)} is answered ${JSON.stringify(expected)}`,
      { ...found, text: answer.text },
    );
    const [effect] = write.effects;
    if (effect === undefined) return;
    if (write.request.path.startsWith('/v1/report-batches')) judgeBatch(write, wasKept, answer);
    else
      assertKept(says(answer.body, effect.after), `${nameOf(write)} is answered with what it says`, answer);
  }

  #note(write: Write, answer: Answer): void {
    const { effects, request } = write;
    if (effects.length === 0) {
      this.counts[answer.status < 300 ? 'unchanged' : 'refused'] += 1;
      return;
    }
    this.counts.acknowledged += 1;
    this.acknowledged.push({ write, answer });
    if (request.key !== undefined) this.holdings.answered.push({ write, answer });
    for (const effect of effects) this.holdings.take(effect, idOf(effect, answer));
  }
}

/** Whether the client may have been left without knowledge: after any other answer, it was told that nothing was done. */
export function mayBeKept({ answer }: Open): boolean {
  return answer === null || saysItIsOpen.test(String(answer.body.detail));
}

export function idOf({ subjectId }: Effect, { body }: Answer): string {
  return subjectId ?? String(body.id);
}

export function nameOf({ request }: Write): string {
  const key = request.key === undefined ? '' : ` under ${request.key}`;
  return `${request.method} ${request.path}${key} ${JSON.stringify(request.body ?? '').slice(0, 300)}`;
}

/** A batch that was kept and comes again without a key says nothing new. */
function judgeBatch(write: Write, wasKept: boolean, { body }: Answer): void {
  const isNews = !wasKept || write.request.key !== undefined;
  const count = (action: string) => write.effects.filter((effect) => effect.action === action).length;
  const summary = isNews
    ? { created: count('created'), corrected: count('corrected') }
    : { created: 0, corrected: 0 };
  assertKept(
    says(body.summary, summary),
    `${nameOf(write)} comes to ${JSON.stringify(summary)}`,
    body.summary,
  );
}
