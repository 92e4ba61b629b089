interface Running<Answer> {
  /** Resolves when the answer is there, or the asking has failed. */
  done: Promise<unknown>;
  next: Promise<Answer> | null;
}

/**
 * Has those who ask the same at the same time share one answer. Whoever comes while it is being asked waits for the
 * next asking, with all others who do: the one under way may have begun before something that they must see. So at most
 * one asking of a key runs at a time, and nobody gets an answer that was begun before they asked.
 */
export class SharedAnswers<Answer> {
  readonly #running = new Map<string, Running<Answer>>();

  /** @param ask is called once for all who share its answer, or its error */
  async get(key: string, ask: () => Promise<Answer>): Promise<Answer> {
    const running = this.#running.get(key);
    if (running === undefined) return await this.#start(key, ask);
    running.next ??= running.done.then(() => this.#start(key, ask));
    return await running.next;
  }

  #start(key: string, ask: () => Promise<Answer>): Promise<Answer> {
    const answer = ask();
    const running: Running<Answer> = { done: answer, next: null };
    const end = () => {
      if (running.next === null) this.#running.delete(key);
    };
    running.done = answer.then(end, end);
    this.#running.set(key, running);
    return answer;
  }
}
