import type { Milliseconds } from '@maque/kit';

/** A question to another process, of which one is open at a time. Late answers to earlier ones are known by their number. */
export class OpenQuestion<Answer> {
  #asked = 0;
  #resolve: ((answer: Answer | null) => void) | undefined;

  /**
   * @param send sends the question with its number.
   * @returns the answer; null when it does not come in time, or the last question is still open.
   */
  ask(send: (id: number) => void, timeoutMs: Milliseconds): Promise<Answer | null> {
    if (this.#resolve !== undefined) return Promise.resolve(null);
    this.#asked += 1;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.giveUp(), timeoutMs);
      this.#resolve = (answer) => {
        clearTimeout(timer);
        this.#resolve = undefined;
        resolve(answer);
      };
      send(this.#asked);
    });
  }

  answer(id: number, answer: Answer): void {
    if (id === this.#asked) this.#resolve?.(answer);
  }

  /** Nobody will answer. */
  giveUp(): void {
    this.#resolve?.(null);
  }
}
