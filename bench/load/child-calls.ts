import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A call to a process, and its answer. */
export interface Asked<Call> {
  readonly id: number;
  readonly call: Call;
}
export type Answered =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string };

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Calls into a process of its own that answers each, and ends with whoever started it. */
export class ChildCalls<Call> {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  /** @param script has `answerCalls` in it. */
  constructor(script: URL) {
    this.#child = fork(script);
    this.#child.on('message', (answered: Answered) => this.#settle(answered));
    this.#child.on('exit', (code, signal) => {
      const error = new Error(`the load generator ended (${signal ?? code})`);
      for (const waiting of this.#waiting.values()) waiting.reject(error);
    });
  }

  ask(call: Call): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      const asked: Asked<Call> = { id, call };
      // One that has ended would else end the benchmark with everything that it started still running.
      this.#child.send(asked, (error) => {
        if (error !== null) this.#settle({ id, error: error.message });
      });
    });
  }

  /** Ends the process at once; harmless when it has ended. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }

  #settle(answered: Answered): void {
    const waiting = this.#waiting.get(answered.id);
    this.#waiting.delete(answered.id);
    if ('error' in answered) waiting?.reject(new Error(answered.error));
    else waiting?.resolve(answered.value);
  }
}

/** The other end: answers every call of the parent process, and ends with it. */
export function answerCalls<Call>(perform: (call: Call) => Promise<unknown>): void {
  process.on('message', async ({ id, call }: Asked<Call>) => {
    let answered: Answered;
    try {
      answered = { id, value: await perform(call) };
    } catch (error) {
      answered = { id, error: error instanceof Error ? error.message : String(error) };
    }
    process.send?.(answered);
  });
  process.on('disconnect', () => process.exit(0));
}
