import { MINUTE, type Milliseconds } from '@maque/kit';
import type { Examination } from './alert-facts.ts';

// The most that a keeper keeps.
const MOST_PROCESSES = 64;

// Long enough for a rule that wants its value for ten seconds, and for who looks every ten; the process itself is gone.
const HELD_MS: Milliseconds = MINUTE;

/** What processes found out about themselves on their way out, for as long as it takes to tell it. */
export class RecentExaminations {
  readonly #byProcess = new Map<string, { readonly examination: Examination; readonly atMs: Milliseconds }>();

  /** @param nowMs monotonic. */
  add(examination: Examination, nowMs: Milliseconds): void {
    const { process } = examination;
    if (!this.#byProcess.has(process) && this.#byProcess.size >= MOST_PROCESSES) return;
    this.#byProcess.set(process, { examination, atMs: nowMs });
  }

  recent(nowMs: Milliseconds): Examination[] {
    for (const [process, { atMs }] of this.#byProcess) {
      if (nowMs - atMs >= HELD_MS) this.#byProcess.delete(process);
    }
    return [...this.#byProcess.values()].map(({ examination }) => examination);
  }
}
