import type { Milliseconds } from './units.ts';
import { withinLimit } from './within-limit.ts';

interface Closer {
  readonly name: string;
  readonly close: () => unknown;
}

/** What could not be closed in time or at all. */
export interface ClosingFault {
  readonly name: string;
  readonly error: unknown;
}

/**
 * Closes what was opened, in reverse order, each within a time limit, never stopping at a fault.
 * Unlike `AsyncDisposableStack` a part that hangs cannot hold up the rest, and each fault keeps its name.
 */
export class ClosingStack {
  readonly #closers: Closer[] = [];
  readonly #timeoutMs: Milliseconds;
  #closing: Promise<ClosingFault[]> | undefined;

  /** @param timeoutMs how long one part may take to close; 5 s unless told, half of systemd's common 10 s stop limit. */
  constructor(timeoutMs: Milliseconds = 5_000) {
    this.#timeoutMs = timeoutMs;
  }

  /** @throws Error when the stack is already closing: what is opened then would never be closed. */
  push(name: string, close: () => unknown): void {
    if (this.#closing !== undefined) throw new Error(`cannot open ${name} while closing`);
    this.#closers.push({ name, close });
  }

  /** Closes everything once; further calls wait for the same end. Never rejects: faults are the answer. */
  close(): Promise<ClosingFault[]> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<ClosingFault[]> {
    const faults: ClosingFault[] = [];
    const late = () => new Error(`did not close within ${this.#timeoutMs} ms`);
    for (let closer = this.#closers.pop(); closer !== undefined; closer = this.#closers.pop()) {
      try {
        await withinLimit(closed(closer.close), this.#timeoutMs, late);
      } catch (error) {
        faults.push({ name: closer.name, error });
      }
    }
    return faults;
  }
}

/** Also of one that throws at once. */
async function closed(close: () => unknown): Promise<void> {
  await close();
}
