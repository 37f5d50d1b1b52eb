/** Milliseconds between two reports while all is well. */
export const pollIntervalMs = 2_000;
/** The longest pause while the server does not answer: short enough to see it come back, long enough to let it. */
const maxPauseMs = 30_000;

/** Pause before the next question after so many failures in a row: 2, 4, 8, 16, 30 s. */
export function pollPauseMs(failures: number): number {
  return Math.min(maxPauseMs, pollIntervalMs * 2 ** failures);
}

export interface StatusPollerOptions<Answer> {
  ask(): Promise<Answer>;
  onAnswer(answer: Answer): void;
  onFailure(error: unknown): void;
  /** Runs `work` in `ms` milliseconds; gives what takes that back. */
  schedule(work: () => void, ms: number): () => void;
  /** Whether nobody can see the page. */
  isHidden(): boolean;
}

/** Asks again and again, one question at a time: slower while there are failures, not at all while hidden. */
export class StatusPoller<Answer> {
  readonly #options: StatusPollerOptions<Answer>;
  #failures = 0;
  #asking = false;
  #stopped = false;
  #cancel: (() => void) | undefined;

  constructor(options: StatusPollerOptions<Answer>) {
    this.#options = options;
  }

  /** Asks now, whatever was planned; also to be called when the page becomes visible. */
  async askNow(): Promise<void> {
    if (this.#asking || this.#stopped) return;
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#options.isHidden()) return;
    this.#asking = true;
    const report = await this.#options.ask().then(
      (answer) => {
        this.#failures = 0;
        return () => this.#options.onAnswer(answer);
      },
      (error: unknown) => {
        this.#failures += 1;
        return () => this.#options.onFailure(error);
      },
    );
    this.#asking = false;
    if (this.#stopped) return;
    // Planned before it is told, so that who hears of an ended session can stop it.
    this.#cancel = this.#options.schedule(() => void this.askNow(), pollPauseMs(this.#failures));
    report();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }
}
